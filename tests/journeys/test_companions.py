"""An interpreter, their client and a host in one call; and the link of a clinician."""

import email
import email.policy
from typing import Any

from tests.journeys.client import Guest, Mailbox, Member, address, eventually, text_of


def test_an_interpreter_gets_in_with_their_client_and_goes_with_them(
    stack: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    to, ali, jones = address(), address(), address()
    room = provider.meeting_room()
    roles = [
        {"address": ali, "role": "interpreter", "for_address": to},
        {"address": jones, "role": "clinician"},
    ]
    sent = provider.invite(room["id"], f"{to}, {ali}, {jones}", roles=roles)["invitation"]
    mia_id, ali_id, _ = (recipient["id"] for recipient in sent["recipients"])
    assert [recipient["role"] for recipient in sent["recipients"]] == ["client", "interpreter", "clinician"]
    with (
        Guest(stack, mailbox.join_link(to)) as mia,
        Guest(stack, mailbox.join_link(ali)) as interpreter,
        Guest(stack, mailbox.join_link(jones)) as clinician,
    ):
        assert "as an interpreter" in text_of_mail(mailbox, ali)
        assert "as a clinician" in text_of_mail(mailbox, jones)
        assert "come as" not in text_of_mail(mailbox, to)
        hello = interpreter.hello()
        assert (hello["role"], hello["sign_in_for"]) == ("interpreter", None)
        assert mia_id not in str(hello)
        assert to not in str(hello)
        waits = interpreter.arrive("Ali")
        seen = provider.get(f"/api/callers/{waits['id']}")
        assert (seen["recipient_id"], seen["for_recipient_id"]) == (ali_id, mia_id)
        assert provider.request("POST", f"/api/callers/{waits['id']}/accept", {}).status_code == 409
        client = mia.arrive("Mia Keller")
        host = provider.live()
        assert host.ask(type="call.join", room_id=room["id"])["type"] == "reply"
        provider.post(f"/api/callers/{client['id']}/accept")
        for guest in (mia, interpreter):
            caller_id = (client if guest is mia else waits)["id"]
            is_in(provider, caller_id, "admitted")
            assert guest.live().ask(type="call.join")["type"] == "reply"
            is_in(provider, caller_id, "in_call")
        mia.post("/api/caller/leave")
        is_in(provider, waits["id"], "left")
        assert clinician.hello()["sign_in_for"] == f"/rooms/{room['id']}"
        refused = clinician.request("POST", f"/api{clinician.path}/arrivals", {"display_name": "Dr Jones"})
        assert refused.status_code == 403


def text_of_mail(mailbox: Mailbox, to: str) -> str:
    message = email.message_from_bytes(mailbox.mail_to(to)["raw"], policy=email.policy.default)
    return " ".join(text_of(message).split())


def is_in(provider: Member, caller_id: str, state: str) -> None:
    eventually(lambda: provider.get(f"/api/callers/{caller_id}")["state"], lambda now: now == state, f"{state}")
