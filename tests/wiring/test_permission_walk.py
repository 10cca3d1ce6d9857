"""Every command of every service, tried by everybody: the table of permissions, and the wall between organisations."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

from contracts import catalogue
from contracts.actor import PUBLIC, ROLES, Actor
from contracts.command import Command
from contracts.errors import Forbidden, Invalid, NotFound, Refused
from contracts.permissions import TABLE
from plumbing.ids import new_id
from tests.contracts.shapes import Shape, read
from tests.wiring.house import MISPLACED, House, aimed_at, ask, is_listed
from tests.wiring.one_service import Stage
from tests.wiring.two_replicas import ourselves

pytest_plugins = ["tests.wiring.front_fixtures"]
COMMANDS = [
    command for speaker in (*catalogue.SERVICES, "media_node") for command in catalogue.commands(speaker).values()
]
SCOPES = {row.scope for row in TABLE.values() if row.scope}
AT_ONCE = 16


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
        Actor("api_client", "of some clinics", ours, scopes=tuple(SCOPES), clinic_ids=(new_id(),)),
        ourselves(ours),
        PUBLIC,
    ]


def walked(stage: Stage, commands: list[Command]) -> list[tuple[str, str, str]]:
    """(command, actor, kind of refusal) of each that did not get what the table says."""

    def outcome(asked: tuple[Command, Actor]) -> str:
        try:
            ask(stage, asked[0], MISPLACED, asked[1])
        except Refused as refused:
            return type(refused).__name__
        return "done"

    walk = [(command, actor) for command in commands for actor in everybody()]
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        found = list(crowd.map(outcome, walk))
    return [
        (command.name, f"{actor.kind} {actor.roles or actor.id}", kind)
        for (command, actor), kind in zip(walk, found, strict=True)
        if kind != (Invalid if is_listed(command, actor) else Forbidden).__name__
    ]


def test_every_command_refuses_everybody_whom_the_table_does_not_list(every: Stage) -> None:
    assert walked(every, COMMANDS) == []


def strangers(command: Command, house: House, theirs: dict[str, str]) -> list[Actor]:
    """Whom the table lists, of another organisation, each claiming in their statement what a link would open."""
    guest = Actor(
        "guest", "phone", house.id, room_id=theirs["room_id"], caller_id=theirs["caller_id"], device_id="phone"
    )
    each = [house.owner, guest]
    each += [Actor("api_client", "client", house.id, scopes=tuple(SCOPES)), ourselves(house.id)]
    return [actor for actor in each if is_listed(command, actor)]


def answer(stage: Stage, command: Command, payload: dict[str, Any], actor: Actor) -> tuple[Any, ...]:
    """The kind of a refusal with all that it says, or the reply."""
    try:
        return "done", ask(stage, command, payload, actor)
    except Refused as refused:
        return type(refused).__name__, refused.detail, refused.extra


def test_another_organisations_things_look_to_every_command_as_if_there_were_none(every: Stage) -> None:
    ours, theirs = House(every, "Ours"), House(every, "Theirs")
    theirs.furnish()
    nothing = {name: new_id() for name in theirs.ids}
    tried, told_apart = [], []
    for speaker in catalogue.SERVICES:
        for command in catalogue.commands(speaker).values():
            shape = Shape(speaker, f"command.{command.method}.request", command.request)
            recordings = shape.recordings()
            # every shape must be recorded, but tests/contracts says so
            if not recordings:
                continue
            theirs_named, nothing_named = (deepcopy(shape.content(read(recordings[-1]))) for _ in range(2))
            if not aimed_at(theirs_named, theirs.ids):
                continue
            aimed_at(nothing_named, nothing)
            for actor in strangers(command, ours, theirs.ids):
                tried.append(command.name)
                found = answer(every, command, theirs_named, actor)
                if found[0] == NotFound.__name__:
                    continue
                if found != answer(every, command, nothing_named, actor) or any(
                    id in str(found) for id in theirs.ids.values()
                ):
                    told_apart.append((command.name, actor.kind, found))
    assert len(set(tried)) > 20
    assert told_apart == []
