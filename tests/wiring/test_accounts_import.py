"""Members brought by a table, in processes of accounts that die on the way; invitations are played by the test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts import accounts, invitations, member_import, rooms
from contracts.actor import Actor
from contracts.errors import Forbidden, Invalid, NotFound
from plumbing.ids import new_id
from tests.backing import make_virtual_host, remove_virtual_host
from tests.patience import eventually
from tests.wiring.one_service import Events, Neighbours, Stage
from tests.wiring.test_accounts import address, get_plan, organisation
from tests.wiring.two_replicas import member, refusal, two_replicas


def send_notice(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    return {"ok": True}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    replies = {rooms.GET_PLAN: get_plan, invitations.SEND_NOTICE: send_notice}
    with two_replicas("accounts", tmp_path_factory.mktemp("imports"), backing, replies) as made:
        yield made


def people(stage: Stage, made: dict[str, Any]) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = []
    cursor = None
    while not listed or cursor:
        asked = {"limit": 200, "cursor": cursor}
        page = stage.ask(accounts.LIST_MEMBERS, asked, member(made["id"], "owner"), timeout=20.0)
        listed += page["items"]
        cursor = page["cursor"]
    return listed


def finished(stage: Stage, begun: dict[str, Any], who: Actor) -> dict[str, Any]:
    def now() -> dict[str, Any] | None:
        found: dict[str, Any] = stage.ask(member_import.GET_MEMBER_IMPORT, {"import_id": begun["id"]}, who)
        return found if found["state"] == "done" else None

    return eventually(now, what="the import is done", seconds=100) or {}


def test_a_dry_run_does_nothing_and_the_import_does_what_it_said(stage: Stage) -> None:
    made = organisation(stage, clinic_name="North")
    admin = member(made["id"], "admin")
    ann, bo = address(), address()
    text = f"email,name,role,clinics\n{ann},Ann,provider,north\n{bo},Bo,captain,\n{ann.upper()},Ann,admin,\n"
    said = stage.ask(member_import.CHECK_MEMBER_IMPORT, {"text": text}, admin)
    assert [row["will"] for row in said["rows"]] == ["invite", "refuse", "refuse"]
    assert len(people(stage, made)) == 1
    done = finished(stage, stage.ask(member_import.IMPORT_MEMBERS, {"text": text}, admin), admin)
    assert (done["total"], done["done"], done["counts"]) == (3, 3, {"invite": 1, "refuse": 2})
    assert [row["line"] for row in done["refused"]] == [3, 4]
    (new,) = [each for each in people(stage, made) if each["email"] == ann]
    assert (new["state"], new["role"], new["clinic_ids"]) == ("invited", "provider", [made["clinics"][0]["id"]])
    again = stage.ask(member_import.CHECK_MEMBER_IMPORT, {"text": text}, admin)
    assert [row["will"] for row in again["rows"]] == ["unchanged", "refuse", "refuse"]
    changed = f"email,role\n{ann},coordinator\n"
    finished(stage, stage.ask(member_import.IMPORT_MEMBERS, {"text": changed}, admin), admin)
    assert next(each["role"] for each in people(stage, made) if each["email"] == ann) == "coordinator"


def test_only_who_runs_the_organisation_imports_and_sees_its_imports(stage: Stage) -> None:
    made, other = organisation(stage), organisation(stage)
    text = f"email,role\n{address()},provider\n"
    for role in ("coordinator", "provider", "reporter"):
        refusal(Forbidden, stage, member_import.IMPORT_MEMBERS, {"text": text}, member(made["id"], role))
    begun = stage.ask(member_import.IMPORT_MEMBERS, {"text": text}, member(made["id"], "admin"))
    elsewhere = member(other["id"], "owner")
    refusal(NotFound, stage, member_import.GET_MEMBER_IMPORT, {"import_id": begun["id"]}, elsewhere)
    refused = refusal(Invalid, stage, member_import.CHECK_MEMBER_IMPORT, {"text": "name\nAnn\n"}, elsewhere)
    assert refused.extra["line"] == 1


@pytest.mark.timeout(300)
def test_hundreds_of_members_come_once_each_though_every_process_is_killed_on_the_way(
    tmp_path: Path, backing: dict[str, Any]
) -> None:
    host = make_virtual_host(backing)
    stage = Stage(tmp_path, host.uri, backing["mongo_uri"], f"test_{new_id()[-12:]}_")
    neighbours = Neighbours(host.uri, stage.verify)
    for command, reply in ((rooms.GET_PLAN, get_plan), (invitations.SEND_NOTICE, send_notice)):
        neighbours.answer(command, reply)
    neighbours.start()
    stage.migrate("accounts")
    addresses = [address() for _ in range(300)]
    text = "email,role\n" + "".join(f"{each},provider\n" for each in addresses)
    try:
        with stage.running("services.accounts", "accounts") as first:
            events = Events(stage.amqp_uri, "accounts")
            made = organisation(stage)
            admin = member(made["id"], "admin")
            wish = new_id()
            for _ in range(2):
                begun = stage.ask(member_import.IMPORT_MEMBERS, {"text": text}, admin, command_id=wish, timeout=20.0)
            eventually(lambda: len(people(stage, made)) > 50, what="some have come")
            first.kill()
            first.wait()
        with stage.running("services.accounts", "accounts"):
            done = finished(stage, begun, admin)
            assert done["counts"] == {"invite": 300}
            assert {each["email"] for each in people(stage, made)} >= set(addresses)
            assert len(people(stage, made)) == 301

            def invited() -> list[str]:
                return [event["subject"] for event in events.heard() if event["type"] == "member.invited"]

            eventually(lambda: len(invited()) == 300, what="each is said to be invited", seconds=30)
            assert len(set(invited())) == 300

            def written() -> set[str]:
                told = [asked for name, asked, _ in neighbours.asked if name == "invitations.send_notice"]
                return {asked["address"] for asked in told}

            eventually(lambda: written() == set(addresses), what="each is written to", seconds=60)
            events.close()
    finally:
        neighbours.stop()
        stage.close()
        remove_virtual_host(host)
