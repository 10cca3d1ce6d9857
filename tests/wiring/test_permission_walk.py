"""Every command of every service, tried by everybody: the table of permissions, and the wall between organisations."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import pytest

from contracts import accounts, catalogue, invitations, media, media_node, rooms, waiting
from contracts.actor import PUBLIC, ROLES, Actor
from contracts.command import Command
from contracts.errors import Forbidden, Invalid, NotFound, Refused
from contracts.permissions import TABLE
from plumbing.ids import new_id
from tests.contracts.shapes import Shape, read
from tests.patience import eventually
from tests.wiring.every_service import NODE, every_service
from tests.wiring.one_service import Stage
from tests.wiring.two_replicas import member, ourselves

COMMANDS = [
    command for speaker in (*catalogue.SERVICES, "media_node") for command in catalogue.commands(speaker).values()
]
SCOPES = {row.scope for row in TABLE.values() if row.scope}
AT_ONCE = 16
# no request has it, so whoever may ask at all is told so
MISPLACED = {"no_such_field": 1}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with every_service(tmp_path_factory.mktemp("every"), backing) as made:
        yield made


def ask(stage: Stage, command: Command, payload: dict[str, Any], actor: Actor) -> Any:
    service = media_node.service_name(NODE) if command.service == "media_node" else None
    return stage.ask(command, payload, actor, service=service, timeout=20.0)


def everybody() -> list[Actor]:
    """One of each kind and role, without and with every scope."""
    ours = new_id()
    staff = [Actor("member", new_id(), ours, roles=(role,)) for role in ROLES]
    return [
        *staff,
        Actor("member", new_id(), ours),
        Actor("member", new_id(), ours, roles=("stranger",)),
        Actor("guest", "device", ours, room_id=new_id(), device_id="device"),
        Actor("api_client", "without", ours),
        *(Actor("api_client", f"may {scope}", ours, scopes=(scope,)) for scope in sorted(SCOPES)),
        ourselves(ours),
        PUBLIC,
    ]


def is_listed(command: Command, actor: Actor) -> bool:
    row = TABLE[command.permission]
    if actor.kind == "member":
        return any(role in row.roles for role in actor.roles)
    return row.scope in actor.scopes if actor.kind == "api_client" else actor.kind in row.kinds


def test_every_command_refuses_everybody_whom_the_table_does_not_list(stage: Stage) -> None:
    def outcome(asked: tuple[Command, Actor]) -> tuple[str, str, str]:
        command, actor = asked
        with pytest.raises(Refused) as refused:
            ask(stage, command, MISPLACED, actor)
        return command.name, f"{actor.kind} {actor.roles or actor.id}", type(refused.value).__name__

    walk = [(command, actor) for command in COMMANDS for actor in everybody()]
    expected = [Invalid if is_listed(command, actor) else Forbidden for command, actor in walk]
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        found = list(crowd.map(outcome, walk))
    wrong = [row for row, kind in zip(found, expected, strict=True) if row[2] != kind.__name__]
    assert wrong == []


class House:
    """An organisation with one of everything, and somebody who runs it."""

    def __init__(self, stage: Stage, name: str) -> None:
        self._stage = stage
        owner = {"email": f"{new_id()}@example.com", "name": "Olive Owner", "password": "correct horse battery"}
        asked = {"name": name, "plan": "premium", "owner": owner}
        made = stage.ask(accounts.CREATE_ORGANISATION, asked, ourselves(), timeout=20.0)
        self.id: str = made["id"]
        (known,) = stage.ask(accounts.LIST_MEMBERS, {}, member(self.id, "owner"))["items"]
        self.owner = member(self.id, "owner", known["id"])
        self.room_id = eventually(self._user_room, what="the owner's User Room is there")
        self.ids = {"member_id": known["id"], "clinic_id": made["clinics"][0]["id"], "room_id": self.room_id}

    def furnish(self) -> None:
        """An invitation with a session, a guest who was let in, and a call."""
        ask, room_id = self._stage.ask, self.room_id
        planned = {"local_start": "2027-06-01T10:00", "zone": "Europe/Berlin", "minutes": 30}
        asked = {"room_id": room_id, "recipients": "mia@example.com", "planned": planned}
        sent = ask(invitations.SEND_INVITATION, asked, self.owner, timeout=20.0)["invitation"]
        self.ids |= {"invitation_id": sent["id"], "session_id": sent["session_id"]}
        self.ids["recipient_id"] = sent["recipients"][0]["id"]
        guest = Actor("guest", "phone", self.id, room_id=room_id, device_id="phone")
        caller = ask(waiting.ARRIVE, {"room_id": room_id, "display_name": "Mia"}, guest, timeout=20.0)
        self.ids["caller_id"] = caller["id"]

        def seat() -> dict[str, Any] | None:
            try:
                return dict(ask(media.JOIN_CALL, {"room_id": room_id, "device_id": "desk"}, self.owner, timeout=20.0))
            except Refused:
                return None

        taken = eventually(seat, what="a node takes the call") or {}
        self.ids |= {"call_id": taken["call_id"], "participant_id": taken["participant_id"]}

    def _user_room(self) -> str:
        listed = self._stage.ask(rooms.LIST_ROOMS, {}, self.owner)["items"]
        return next((room["id"] for room in listed if room["owner_member_id"] == self.owner.id), "")


def aimed_at(payload: dict[str, Any], ids: dict[str, str]) -> bool:
    """Put the ids of one organisation's things in a request; whether it names any."""
    named = {name: ids[name] for name, value in payload.items() if name in ids and value is not None}
    payload |= named
    return bool(named)


def strangers(command: Command, house: House, theirs: dict[str, str]) -> list[Actor]:
    """Whom the table lists, of another organisation, each claiming in their statement what a link would open."""
    guest = Actor(
        "guest", "phone", house.id, room_id=theirs["room_id"], caller_id=theirs["caller_id"], device_id="phone"
    )
    every = [house.owner, guest]
    every += [Actor("api_client", "client", house.id, scopes=tuple(SCOPES)), ourselves(house.id)]
    return [actor for actor in every if is_listed(command, actor)]


def answer(stage: Stage, command: Command, payload: dict[str, Any], actor: Actor) -> tuple[Any, ...]:
    """The kind of a refusal with all that it says, or the reply."""
    try:
        return "done", ask(stage, command, payload, actor)
    except Refused as refused:
        return type(refused).__name__, refused.detail, refused.extra


def test_another_organisations_things_look_to_every_command_as_if_there_were_none(stage: Stage) -> None:
    ours, theirs = House(stage, "Ours"), House(stage, "Theirs")
    theirs.furnish()
    nothing = {name: new_id() for name in theirs.ids}
    tried, told_apart = [], []
    for speaker in catalogue.SERVICES:
        for command in catalogue.commands(speaker).values():
            shape = Shape(speaker, f"command.{command.method}.request", command.request)
            recordings = shape.recordings()
            assert recordings, f"{command.name} is not recorded, see tests/contracts"
            theirs_named, nothing_named = (deepcopy(shape.content(read(recordings[-1]))) for _ in range(2))
            if not aimed_at(theirs_named, theirs.ids):
                continue
            aimed_at(nothing_named, nothing)
            for actor in strangers(command, ours, theirs.ids):
                tried.append(command.name)
                found = answer(stage, command, theirs_named, actor)
                if found[0] == NotFound.__name__:
                    continue
                if found != answer(stage, command, nothing_named, actor) or any(
                    id in str(found) for id in theirs.ids.values()
                ):
                    told_apart.append((command.name, actor.kind, found))
    assert len(set(tried)) > 20
    assert told_apart == []
