"""What a reader may see of a room and do in it: the rules of whom a room belongs to, beside the table of permissions."""

from contracts.actor import Actor
from contracts.errors import Forbidden, NotFound
from contracts.permissions import HOSTS, RECEIVES
from services.rooms.room import MEETING, USER, Room
from services.rooms.settings import Inherited, effective

# A User Room comes with every member who may host; a reporter only reads figures.
ROLES_WITH_USER_ROOM = HOSTS


def may_host(room: Room, actor: Actor) -> bool:
    """May enter the room and accept people: its owner in a User Room, every hosting member in a Meeting Room."""
    if actor.kind != "member" or not HOSTS.intersection(actor.roles):
        return False
    return room.kind == MEETING or (room.owner_member_id == actor.id and not room.owner_gone)


def may_receive(room: Room, actor: Actor) -> bool:
    """Sees the room's queue, invites to it and messages those who wait.

    Coordinators do so for every room of the organisation. An API client acts for the organisation, as far as its scopes go.
    """
    if actor.kind == "api_client":
        return actor.reaches(room.clinic_id)
    if actor.kind != "member" or not RECEIVES.intersection(actor.roles):
        return False
    return may_host(room, actor) or "coordinator" in actor.roles


def may_change(room: Room, actor: Actor) -> bool:
    """May rename, lock, and give it a new link: who may host; an API client only what is shared, the Meeting Rooms."""
    shared = actor.kind == "api_client" and room.kind == MEETING and actor.reaches(room.clinic_id)
    return may_host(room, actor) or shared


def found_for(room: Room | None, actor: Actor) -> Room:
    """The room, for a reader of its organisation.

    Raises NotFound where there is none, for a guest whose link opens another, and for an API client that is bound to other clinics.
    """
    if room is None or not visible_to([room], actor):
        raise NotFound
    return room


def visible_to(rooms: list[Room], actor: Actor) -> list[Room]:
    """Those that the reader may see: all of the organisation, a guest the one that their link opens, an API client those of its clinics."""
    return [
        room for room in rooms if (actor.kind != "guest" or actor.room_id == room.id) and actor.reaches(room.clinic_id)
    ]


def changeable_by(room: Room, actor: Actor) -> Room:
    """The room, for whom may change it. Raises Forbidden for the others, and NotFound for who does not see it."""
    found_for(room, actor)
    if not may_change(room, actor):
        whose = "Only its owner may change a User Room." if room.kind == USER else ""
        raise Forbidden(whose)
    return room


def room_view(
    room: Room, actor: Actor, meeting_rooms_renamed: bool, inherited: Inherited | None = None
) -> dict[str, object]:
    """As contracts.rooms.RoomView. A guest is not told how many others there are: the counts are 0 for them."""
    counted = actor.kind != "guest"
    return {
        "id": room.id,
        "organisation_id": room.organisation_id,
        "kind": room.kind,
        "name": room.name,
        "owner_member_id": room.owner_member_id,
        "owner_gone": room.owner_gone,
        "link": room.link,
        "locked": room.locked,
        "state": room.state,
        "waiting": room.occupancy.waiting if counted else 0,
        "in_call": room.occupancy.in_call if counted else 0,
        "may_host": may_host(room, actor),
        "may_receive": may_receive(room, actor),
        "may_rename": may_change(room, actor) and (room.kind == USER or meeting_rooms_renamed),
        "clinic_id": room.clinic_id,
        "settings": effective(inherited, room.clinic_id, room.settings),
        "version": room.version,
        "created_at": room.created_at,
    }


def in_menu_order(rooms: list[Room], actor: Actor) -> list[Room]:
    """The reader's own User Room, the Meeting Rooms in the order they were made, then the others' User Rooms by name."""

    def order(room: Room) -> tuple[int, float, str, str]:
        if room.kind == MEETING:
            return (1, room.created_at.timestamp(), "", room.id)
        return (0 if room.owner_member_id == actor.id else 2, 0.0, room.name.casefold(), room.id)

    return sorted(rooms, key=order)
