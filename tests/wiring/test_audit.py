"""The audit log over real processes of accounts and waiting, a real broker and database: nothing is lost, doubled, shown to others or changed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from contracts import accounts, audit, organisations, rooms, scheduler, waiting
from contracts.actor import PUBLIC, ROLES, Actor
from contracts.catalogue import SERVICES
from contracts.errors import Forbidden, Invalid, NotSignedIn
from contracts.events import exchange_name, sequence_text
from plumbing.clock import now
from plumbing.ids import new_id
from plumbing.records import BEGINS, GOES_ON
from services.rooms.plans import plan_view
from services.rooms.policies import read_policies
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import kept_by, member, ourselves, refusal, two_replicas

PASSWORD = "correct horse battery"
NETWORK, BROWSER = "203.0.113.9", "Firefox"
ROOM = new_id()


def get_plan(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    policy = read_policies().version(None)
    return plan_view(policy, policy.plan(payload["name"]))


def get_room(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    kind = {"id": ROOM, "kind": "meeting", "name": "Reception", "state": "open", "settings": {"entry_fields": []}}
    return {**kind, "may_host": True, "may_receive": actor.kind == "member"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    played = {
        rooms.GET_PLAN: get_plan,
        rooms.GET_ROOM: get_room,
        rooms.LIST_ROOMS: lambda _, actor: {"items": [get_room({}, actor)]},
    }
    with two_replicas("accounts", tmp_path_factory.mktemp("audit"), backing, played) as made:
        made.migrate("waiting")
        with made.running("services.waiting", "waiting"):
            yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "accounts")
    yield opened
    opened.close()


@pytest.fixture
def owner(stage: Stage) -> Actor:
    """The owner of an organisation of their own, signed in from a known place."""
    email = f"{new_id()}@example.com"
    known = {"email": email, "name": "Olive Owner", "password": PASSWORD}
    asked = {"name": "Example Health", "plan": "Clinic", "zone": "UTC", "owner": known}
    stage.ask(accounts.CREATE_ORGANISATION, asked, ourselves())
    place = {"network": NETWORK, "browser": BROWSER}
    refusal(NotSignedIn, stage, accounts.SIGN_IN, {"email": email, "password": "wrong", **place}, PUBLIC)
    opened = stage.ask(accounts.SIGN_IN, {"email": email, "password": PASSWORD, **place}, PUBLIC)
    found = stage.ask(accounts.RESOLVE_SIGN_IN, {"token": opened["token"], **place}, PUBLIC)
    who = found["member"]
    return Actor(
        "member", who["id"], who["organisation_id"], roles=("owner",), name=who["name"], sign_in_id=found["sign_in_id"],
        origin_id=found["origin_id"],
    )  # fmt: skip


def read(stage: Stage, reader: Actor, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stage.ask(audit.LIST_AUDIT, {"limit": 200, **asked}, reader)["items"]
    return found


def entries(stage: Stage, reader: Actor, count: int, **asked: Any) -> list[dict[str, Any]]:
    return eventually(lambda: read(stage, reader, **asked), lambda found: len(found) == count, f"{count} of {asked}")


def envelope(source: str, who: Actor, **changes: Any) -> dict[str, Any]:
    thing = new_id()
    known = {
        "specversion": "1.0", "id": new_id(), "source": f"/{source}", "type": "room.renamed", "subject": f"room/{thing}",
        "time": now().isoformat(), "organisationid": who.organisation_id, "sequence": sequence_text(1), "actorid": who.id,
        "originid": who.origin_id, "data": {"room_id": thing},
    }  # fmt: skip
    return {**known, **changes}


def arrived(stage: Stage, organisation_id: str) -> str:
    device = new_id()
    guest = Actor("guest", device, organisation_id, room_id=ROOM, device_id=device)
    caller: str = stage.ask(waiting.ARRIVE, {"room_id": ROOM, "display_name": "Mia K."}, guest, command_id=new_id())[
        "id"
    ]
    return caller


def test_what_a_member_did_is_an_entry_of_who_what_when_and_from_where(stage: Stage, owner: Actor) -> None:
    stage.ask(organisations.CHANGE_ORGANISATION, {"whom_to_ask": "Rita at the desk"}, owner, command_id=new_id())
    (entry,) = entries(stage, owner, 1, what="organisation.changed")
    assert entry["who"] == {"id": owner.id, "kind": "member", "name": "Olive Owner"}
    assert entry["origin"] == {"sign_in_id": owner.sign_in_id, "network": NETWORK, "browser": BROWSER}
    assert (entry["how"], entry["subject"]) == ("did", f"organisation/{owner.organisation_id}")
    assert entry["data"]["changed"] == ["whom_to_ask"]


def test_every_service_is_heard(stage: Stage, events: Events, owner: Actor) -> None:
    for source in SERVICES:
        events.publish(exchange_name(source), "room.renamed", envelope(source, owner))
    entries(stage, owner, len(SERVICES), what="room.renamed")


def test_signing_in_and_failing_to_are_entries_with_the_place(stage: Stage, owner: Actor) -> None:
    (opened,) = entries(stage, owner, 1, what="sign_in.opened")
    (failed,) = entries(stage, owner, 1, what="sign_in.failed")
    assert opened["who"]["id"] == owner.id
    assert (failed["how"], failed["subject_name"]) == ("failed", "Olive Owner")
    assert [each["origin"]["network"] for each in (opened, failed)] == [NETWORK, NETWORK]


def test_whose_data_a_member_saw_is_an_entry_before_they_have_it(stage: Stage, owner: Actor) -> None:
    callers = {arrived(stage, str(owner.organisation_id)) for _ in range(3)}
    shown = stage.ask(waiting.LIST_CALLERS, {"room_id": ROOM}, owner)["items"]
    assert {each["id"] for each in shown} == callers
    (entry,) = entries(stage, owner, 1, what="caller.seen")
    assert (entry["how"], entry["data"]["count"]) == ("saw", 3)
    assert set(entry["subjects"]) == {*(f"caller/{each}" for each in callers), f"room/{ROOM}"}
    assert entry["origin"]["network"] == NETWORK
    assert "Mia" not in str(entry)


def test_a_screen_is_one_entry_however_often_it_changes(stage: Stage, owner: Actor) -> None:
    caller = arrived(stage, str(owner.organisation_id))
    stage.ask(waiting.LIST_CALLERS, {}, replace(owner, following=BEGINS))
    for _ in range(5):
        stage.ask(waiting.GET_CALLER, {"caller_id": caller}, replace(owner, following=GOES_ON))
    # told after what went on, so that it is heard after it
    stage.ask(waiting.GET_CALLER, {"caller_id": caller}, owner)
    found = entries(stage, owner, 2, what="caller.seen")
    assert sorted(bool(each["data"].get("following")) for each in found) == [False, True]


def test_who_is_refused_by_their_role_is_an_entry(stage: Stage, owner: Actor) -> None:
    reporter = member(str(owner.organisation_id), "reporter")
    refusal(Forbidden, stage, waiting.LIST_CALLERS, {"room_id": ROOM}, reporter)
    (entry,) = entries(stage, owner, 1, how="refused")
    assert entry["who"]["id"] == reporter.id
    assert (entry["data"]["command"], entry["subject"]) == ("waiting.list_callers", f"room/{ROOM}")


def test_nobody_but_an_owner_reads_it_and_only_their_own(stage: Stage, owner: Actor) -> None:
    entries(stage, owner, 1, what="sign_in.opened")
    for role in set(ROLES) - {"owner"}:
        for command in (audit.LIST_AUDIT, audit.EXPORT_AUDIT, audit.GET_AUDIT_POLICY):
            refusal(Forbidden, stage, command, {}, member(str(owner.organisation_id), role))
    stranger = member(new_id(), "owner")
    assert read(stage, stranger, who=owner.id) == []
    assert read(stage, stranger, subject=f"member/{owner.id}") == []


def test_reading_and_exporting_it_are_entries(stage: Stage, owner: Actor) -> None:
    read(stage, owner, subject="caller/somebody")
    stage.ask(audit.EXPORT_AUDIT, {}, owner)
    (looked,) = read(stage, owner, what="audit.seen", subject="caller/somebody")
    assert looked["data"] == {"subject": "caller/somebody"}
    assert len(read(stage, owner, what="audit.exported")) == 1


def test_how_long_it_is_kept_is_the_owners_and_an_entry(stage: Stage, owner: Actor) -> None:
    assert stage.ask(audit.GET_AUDIT_POLICY, {}, owner) == {"keep_days": audit.USUAL_KEEP_DAYS}
    refusal(Invalid, stage, audit.CHANGE_AUDIT_POLICY, {"keep_days": 29}, owner)
    refusal(Forbidden, stage, audit.CHANGE_AUDIT_POLICY, {"keep_days": 90}, replace(owner, roles=("admin",)))
    assert stage.ask(audit.CHANGE_AUDIT_POLICY, {"keep_days": 90}, owner) == {"keep_days": 90}
    (entry,) = entries(stage, owner, 1, what="audit.policy_changed")
    assert (entry["data"]["keep_days"], entry["data"]["keep_days_before"]) == (90, audit.USUAL_KEEP_DAYS)


def test_no_event_carries_where_somebody_was(stage: Stage, events: Events, owner: Actor) -> None:
    stage.ask(organisations.CHANGE_ORGANISATION, {"whom_to_ask": "Rita"}, owner, command_id=new_id())
    ours = eventually(
        lambda: [each for each in events.heard() if each.get("organisationid") == owner.organisation_id],
        lambda found: any(each["type"] == "organisation.changed" for each in found),
    )
    assert NETWORK not in str(ours)
    assert BROWSER not in str(ours)


def test_commands_that_show_patients_are_marked() -> None:
    shown = (
        waiting.LIST_CALLERS, waiting.GET_CALLER, scheduler.LIST_SESSIONS, scheduler.GET_SESSION,
    )  # fmt: skip
    assert {command.reads for command in shown} == {"caller", "session"}


@pytest.mark.timeout(120)
def test_a_process_killed_while_it_hears_loses_none_and_doubles_none(
    stage: Stage, events: Events, owner: Actor
) -> None:
    said = [envelope("rooms", owner, type="room.locked") for _ in range(600)]
    with kept_by(stage, "accounts") as database, stage.running("services.accounts", "accounts") as third:
        ours = {"organisation_id": owner.organisation_id, "what": "room.locked"}
        for each in said:
            events.publish(exchange_name("rooms"), each["type"], each)
        eventually(lambda: database["audit"].count_documents(ours) >= 100, what="it has begun")
        third.kill()
        third.wait()
        assert database["audit"].count_documents(ours) < len(said), "all was kept before it was killed"
        eventually(lambda: database["audit"].count_documents(ours) == len(said), what="all are kept", seconds=60)
        kept = {each["_id"] for each in database["audit"].find(ours)}
    assert kept == {each["id"] for each in said}
