"""A mail server that puts a mail off: the host is told what is in the way, and the mail goes out by itself."""

from typing import Any

from tests.patience import eventually
from tests.unit.invitations.mail_server import MailServer
from tests.wiring.invitations_scene import address, events, eventually_sent, mail, opened, read, send, stage
from tests.wiring.one_service import Events, Stage

__all__ = ["events", "mail", "opened", "stage"]


def delivery_of(view: dict[str, Any]) -> tuple[str, str | None]:
    person = view["recipients"][0]
    return person["delivery"], person["delivery_problem"]


def test_a_greylisted_mail_is_shown_as_delayed_and_goes_out_by_itself(
    stage: Stage, mail: MailServer, events: Events
) -> None:
    to, open_door = address("later"), list[bool]()
    mail.answer_rcpt = lambda asked: "451 4.7.1 Greylisted" if asked == to and not open_door else None
    sent = send(stage, to)
    eventually(lambda: delivery_of(read(stage, sent)), lambda found: found == ("queued", "put_off"), what="the delay")
    open_door.append(True)
    assert delivery_of(eventually_sent(stage, sent)) == ("taken", None)
    assert mail.times_taken()[to] == 1
    said = lambda: [event for event in events.heard() if event["type"] == "invitation.delayed"]  # noqa: E731
    heard = eventually(said, what="the event of the delay")
    assert [event["data"]["recipient_id"] for event in heard] == [sent["invitation"]["recipients"][0]["id"]]
