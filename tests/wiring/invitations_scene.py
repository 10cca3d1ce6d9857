"""Two processes of invitations with everybody they meet, and what tests ask of them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from contracts import invitations
from contracts.actor import PUBLIC, Actor
from contracts.command import Command
from contracts.errors import Refused
from plumbing.ids import new_id
from tests.patience import eventually
from tests.unit.invitations.mail_server import MailServer
from tests.wiring import clinic
from tests.wiring.clinic import ROOM, SMITH
from tests.wiring.one_service import Events, Neighbours, Stage

LINK = re.compile(re.escape(clinic.BASE_URL) + r"/join/([A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])")


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    server = MailServer(answer_rcpt=lambda address: "550 5.1.1 No such mailbox" if "bounce" in address else None)
    with server.running():
        yield server


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any], mail: MailServer
) -> Iterator[tuple[Stage, Neighbours]]:
    folder = tmp_path_factory.mktemp("invitations")
    module = "services.invitations"
    with (
        clinic.clinic(folder, backing, mail.uri) as (stage, neighbours, settings),
        stage.running(module, "invitations", **settings),
        stage.running(module, "invitations", **settings),
    ):
        yield stage, neighbours


@pytest.fixture
def stage(opened: tuple[Stage, Neighbours]) -> Stage:
    return opened[0]


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    made = Events(stage.amqp_uri, "invitations")
    yield made
    made.close()


def address(word: str = "mia") -> str:
    return f"{word}-{new_id()[-12:]}@example.com"


def send(stage: Stage, recipients: str, actor: Actor = SMITH, command_id: str = "", **more: Any) -> dict[str, Any]:
    asked = {"room_id": ROOM, "recipients": recipients, "title": "My first call", "message": "Please come.", **more}
    sent: dict[str, Any] = stage.ask(invitations.SEND_INVITATION, asked, actor, command_id=command_id or new_id())
    return sent


def read(stage: Stage, sent: dict[str, Any], actor: Actor = SMITH) -> dict[str, Any]:
    asked = {"invitation_id": sent["invitation"]["id"]}
    return dict(stage.ask(invitations.GET_INVITATION, asked, actor))


def of_recipient(sent: dict[str, Any], place: int = 0) -> dict[str, str]:
    return {
        "invitation_id": sent["invitation"]["id"],
        "recipient_id": sent["invitation"]["recipients"][place]["id"],
    }


def token_in(mail: MailServer, to: str, times: int = 1) -> str:
    """The token in the newest mail to this address, once so many have come."""
    eventually(lambda: mail.times_taken()[to] == times, what=f"{times} mails to the address")
    newest = [taken for taken in mail.taken if taken.to == to][-1]
    body = newest.message.get_body(("plain",))
    assert body is not None
    found = LINK.findall(body.get_content())
    assert len(found) == 1
    return str(found[0])


def open_link(stage: Stage, token: str, seen_by: str | None = None, actor: Actor = PUBLIC) -> dict[str, Any]:
    return dict(stage.ask(invitations.OPEN_LINK, {"token": token, "seen_by": seen_by}, actor))


def refusal(stage: Stage, command: Command, asked: dict[str, Any], actor: Actor) -> Refused:
    with pytest.raises(Refused) as refused:
        stage.ask(command, asked, actor, command_id=new_id())
    return refused.value


def eventually_sent(stage: Stage, sent: dict[str, Any]) -> dict[str, Any]:
    def settled(view: dict[str, Any]) -> bool:
        return all(person["delivery"] != "queued" for person in view["recipients"])

    return eventually(lambda: read(stage, sent), settled, what="every mail has its fate")
