"""Every topic of the live connection, asked for by everybody as the live process asks: the same table of permissions, and the same wall."""

import pytest

from contracts import accounts, availability, invitations, rooms, scheduler, waiting, waiting_areas, waiting_handovers
from contracts.actor import PUBLIC, ROLES, Actor
from contracts.command import Command
from contracts.errors import Forbidden, NotFound, Refused
from gateway.live import topics
from gateway.live.audiences import Owners
from gateway.live.reading import Reading
from plumbing.ids import new_id
from tests.wiring.front import Front
from tests.wiring.house import is_listed

pytest_plugins = ["tests.wiring.front_fixtures"]
# what each topic reads first; a topic without a row is found by the test below
READ_BY: dict[str, Command] = {
    "rooms": rooms.LIST_ROOMS,
    "room": rooms.GET_ROOM,
    "waiting": waiting.LIST_CALLERS,
    "areas": waiting_areas.LIST_AREAS,
    "sessions": scheduler.LIST_SESSIONS,
    "invitation": invitations.GET_INVITATION,
    "caller": waiting.GET_CALLER,
    "organisation": accounts.GET_ORGANISATION,
    "members": accounts.LIST_MEMBERS,
    "on_duty": availability.LIST_ON_DUTY,
    "handovers": waiting_handovers.LIST_HANDOVERS,
}
WITH_ID = {"room": "room_id", "invitation": "invitation_id"}


@pytest.fixture(scope="module")
def reading(front: Front) -> Reading:
    return Reading(front.app.extensions["housecall"].rpc, Owners())


def test_every_topic_is_in_the_table() -> None:
    assert READ_BY.keys() == topics._WITHOUT_ID | topics._WITH_ID


def shown(reading: Reading, name: str, id: str | None, actor: Actor) -> str:
    """What comes of subscribing: `shown`, or the kind of the refusal."""
    topic = topics.parse(f"{name}:{id}" if id else name)
    try:
        topics.check_follows(actor, topic)
        reading.topic(topic, actor)
    except Refused as refused:
        return type(refused).__name__
    return "shown"


@pytest.mark.parametrize("name", READ_BY)
def test_a_topic_is_shown_to_whom_the_table_lists_and_to_nobody_else(front: Front, reading: Reading, name: str) -> None:
    ours = front.ours.id
    guest = Actor("guest", "phone", ours, room_id=new_id(), caller_id=new_id(), device_id="phone")
    everybody = [Actor("member", new_id(), ours, roles=(role,)) for role in ROLES]
    everybody += [guest, Actor("member", new_id(), ours), Actor("api_client", "program", ours), PUBLIC]
    for actor in everybody:
        follows = (name == "caller") == (actor.kind == "guest")
        found = shown(reading, name, new_id() if name in WITH_ID else None, actor)
        if follows and is_listed(READ_BY[name], actor):
            assert found in ("shown", NotFound.__name__), actor
        else:
            assert found == Forbidden.__name__, actor


@pytest.mark.parametrize("name", WITH_ID)
def test_another_organisations_thing_is_no_topic(front: Front, reading: Reading, name: str) -> None:
    assert shown(reading, name, front.theirs.ids[WITH_ID[name]], front.ours.owner) == NotFound.__name__
    assert shown(reading, name, front.theirs.ids[WITH_ID[name]], front.theirs.owner) == "shown"


def test_a_guest_of_another_organisation_has_no_place_here(front: Front, reading: Reading) -> None:
    theirs = front.theirs.ids
    guest = Actor("guest", "phone", front.ours.id, room_id=theirs["room_id"], caller_id=theirs["caller_id"])
    assert shown(reading, "caller", None, guest) == NotFound.__name__
