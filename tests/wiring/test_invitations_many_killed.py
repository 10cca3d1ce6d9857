"""A thousand mails on their way while replicas are killed at moments drawn by lot: none is lost, none that was recorded repeats."""

import random
from contextlib import ExitStack
from functools import partial
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

INVITATIONS, PEOPLE, KILLS = 10, 100, 2


@pytest.mark.timeout(240)
def test_a_thousand_mails_survive_replicas_that_are_killed_by_lot(
    tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any], record_property: Any
) -> None:
    mail = MailServer()
    everyone = {f"p{one}-{each}@example.com" for one in range(INVITATIONS) for each in range(PEOPLE)}
    lot = random.Random()
    folder = tmp_path_factory.mktemp("many_killed")
    settled: dict[str, int] = {}
    with mail.running(), clinic.clinic(folder, backing, mail.uri) as (stage, _, settings), ExitStack() as running:
        kept = clinic.database(stage)["invitations"]

        def start() -> Any:
            return running.enter_context(stage.running("services.invitations", "invitations", **settings))

        replicas = [start(), start()]
        for one in range(INVITATIONS):
            typed = ",".join(f"p{one}-{each}@example.com" for each in range(PEOPLE))
            asked = {"room_id": ROOM, "recipients": typed}
            stage.ask(invitations.SEND_INVITATION, asked, SMITH, command_id=new_id())
        for _ in range(KILLS):
            wanted = min(len(mail.taken) + lot.randrange(20, 200), len(everyone))
            eventually(partial(_has, mail, wanted), what=f"{wanted} mails", seconds=60)
            victim = replicas.pop(lot.randrange(len(replicas)))
            victim.kill()
            victim.wait()
            recorded = _recorded(kept)
            times = mail.times_taken()
            assert recorded <= set(times), "a mail was recorded that the mail server does not have"
            settled = {address: settled.get(address, times[address]) for address in recorded}
            replicas.append(start())
        left = {"due_at": {"$type": "date"}}
        eventually(lambda: kept.count_documents(left) == 0, what="all the others", seconds=90)
    times = mail.times_taken()
    assert set(times) == everyone
    assert {address: times[address] for address in settled} == settled, "a mail was sent again that had been recorded"
    repeated = {address for address, count in times.items() if count > 1}
    record_property("repeated", len(repeated))
    print(f"{len(repeated)} of {len(everyone)} mails were taken twice, after {KILLS} kills")
    assert len(repeated) <= KILLS * MOST_UNRECORDED * CONNECTIONS
    for address in repeated:
        assert len({each.message["Message-ID"] for each in mail.taken if each.to == address}) == 1


def _has(mail: MailServer, count: int) -> bool:
    return len(mail.taken) >= count


def _recorded(kept: Any) -> set[str]:
    return {
        person["address"]
        for invitation in kept.find()
        for person in invitation["recipients"]
        if person["delivery"] == "taken"
    }
