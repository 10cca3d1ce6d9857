"""A notice is one mail however often it is asked for, and its link is kept only until it is on its way."""

from typing import Any

import pytest

from contracts import invitations
from contracts.actor import Actor
from contracts.errors import Forbidden
from plumbing.ids import new_id
from tests.patience import eventually
from tests.unit.invitations.mail_server import MailServer
from tests.wiring import clinic
from tests.wiring.clinic import ORGANISATION, SMITH


def test_a_notice_asked_for_twice_is_one_mail_and_its_link_is_forgotten(
    tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]
) -> None:
    server = MailServer()
    folder = tmp_path_factory.mktemp("notices")
    with (
        server.running(),
        clinic.clinic(folder, backing, server.uri) as (stage, _, settings),
        stage.running("services.invitations", "invitations", **settings),
    ):
        link = f"{clinic.BASE_URL}/welcome#{new_id()}"
        asked = {
            "kind": "member_invited",
            "address": "jones@example.com",
            "language": "en",
            "values": {"organisation": "Northside", "sender": "Olive Owner"},
            "link": link,
        }
        wish, ourselves = new_id(), Actor("system", "media", ORGANISATION)
        for _ in range(2):
            stage.ask(invitations.SEND_NOTICE, asked, ourselves, command_id=wish)
        with pytest.raises(Forbidden):
            stage.ask(invitations.SEND_NOTICE, asked, SMITH)
        database = clinic.database(stage)

        def taken() -> bool:
            kept = database["invitations"].find_one({"_id": wish})
            return bool(kept["recipients"][0]["delivery"] == "taken")

        eventually(taken, what="the mail is taken")
        assert server.times_taken()["jones@example.com"] == 1
        everything = str([list(database[name].find()) for name in database.list_collection_names()])
        assert link not in everything
