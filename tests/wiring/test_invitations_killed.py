"""A process that is killed in the middle of sending: no mail is lost, and none that was recorded is sent again."""

from typing import Any

import pytest

from contracts import invitations
from plumbing.ids import new_id
from services.invitations.clerk import MOST_UNRECORDED
from services.invitations.postman import CONNECTIONS
from tests.patience import eventually
from tests.unit.invitations.mail_server import MailServer
from tests.wiring import clinic
from tests.wiring.clinic import ROOM, SMITH

INVITATIONS, PEOPLE = 6, 50


@pytest.mark.timeout(180)
def test_each_mail_is_taken_and_none_that_was_recorded_is_taken_twice(
    tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]
) -> None:
    mail = MailServer()
    addresses = {f"p{one}-{each}@example.com" for one in range(INVITATIONS) for each in range(PEOPLE)}
    folder = tmp_path_factory.mktemp("killed")
    with mail.running(), clinic.clinic(folder, backing, mail.uri) as (stage, _, settings):
        kept = clinic.database(stage)["invitations"]
        with stage.running("services.invitations", "invitations", **settings) as first:
            for one in range(INVITATIONS):
                typed = ",".join(f"p{one}-{each}@example.com" for each in range(PEOPLE))
                stage.ask(
                    invitations.SEND_INVITATION, {"room_id": ROOM, "recipients": typed}, SMITH, command_id=new_id()
                )
            eventually(lambda: len(mail.taken) >= 100, what="a hundred mails", seconds=60)
            first.kill()
            first.wait()
        taken_before = mail.times_taken()
        assert len(taken_before) < len(addresses), "it had sent everything before it was killed"
        recorded = {
            person["address"]
            for invitation in kept.find()
            for person in invitation["recipients"]
            if person["delivery"] == "taken"
        }
        assert recorded <= set(taken_before), "a mail was recorded that the mail server does not have"
        assert len(set(taken_before) - recorded) <= MOST_UNRECORDED * CONNECTIONS
        with stage.running("services.invitations", "invitations", **settings):
            left = {"due_at": {"$type": "date"}}
            eventually(lambda: kept.count_documents(left) == 0, what="all the others", seconds=90)
        taken = mail.times_taken()
        assert set(taken) == addresses
        assert {address for address in recorded if taken[address] != 1} == set()
        twice = {address for address, times in taken.items() if times > 1}
        assert twice <= set(taken_before) - recorded
        for address in twice:
            same = {mail.message["Message-ID"] for mail in mail.taken if mail.to == address}
            assert len(same) == 1
