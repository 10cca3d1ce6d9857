"""What a guest's page asks for: who invites, and to be announced. Reading a link never spends it."""

from typing import Any

import marshmallow as ma
from flask import Response, request

from contracts import accounts, guests, waiting, waiting_areas
from contracts.actor import Actor
from contracts.command import Nothing, Request, View
from contracts.errors import NotFound, NotSignedIn
from contracts.fields import Instant, name_text
from contracts.room_settings import EntryField
from contracts.scheduler import SessionTimes
from gateway.api import asking, bodies
from gateway.api.area import Area
from gateway.links import OpenedLink, open_link
from gateway.wrong_links import who_asks

area = Area("join", "For guests: what a link opens, and arriving by it")
_PERSONAL, _ROOM, _AREA = "/join/<token>", "/join/room/<room_link>", "/join/area/<area_link>"


class Hello(View):
    """Who invites, to what and when, how to reach the clinic, and what the room asks. Nothing about anybody else.

    `role` is what the guest comes as; for whom a carer or interpreter comes is not said. `sign_in_for`: where a clinician goes on, who
    takes part as the member that they sign in as. A Waiting Area that is closed says why (`closed_by`), when it opens (`opens_at`, in its
    `zone`), or its message. Null where a link has none. `return_url`: where the guest goes on when it is over. `consent_version` goes with the arrival, once the text was accepted.
    """

    organisation_name = ma.fields.String(required=True)
    room_name = ma.fields.String(required=True)
    room_open = ma.fields.Boolean(required=True)
    sender_name = ma.fields.String(required=True, allow_none=True)
    invited_name = ma.fields.String(required=True, allow_none=True)
    role = ma.fields.String(required=True, validate=ma.validate.OneOf(guests.ROLES))
    sign_in_for = ma.fields.String(required=True, allow_none=True)
    title = ma.fields.String(required=True)
    message = ma.fields.String(required=True)
    planned = ma.fields.Nested(SessionTimes, required=True, allow_none=True)
    language = ma.fields.String(required=True)
    return_url = ma.fields.String(required=True, allow_none=True)
    return_label = ma.fields.String(required=True, allow_none=True)
    contact_phone = ma.fields.String(required=True, allow_none=True)
    contact_email = ma.fields.String(required=True, allow_none=True)
    entry_fields = ma.fields.List(ma.fields.Nested(EntryField), required=True)
    consent_text = ma.fields.String(required=True)
    consent_version = ma.fields.String(required=True, allow_none=True)
    waiting_content = ma.fields.String(required=True)
    emergency_text = ma.fields.String(required=True)
    closed_by = ma.fields.String(required=True, allow_none=True, validate=ma.validate.OneOf(waiting_areas.CLOSED_BY))
    opens_at = Instant(required=True, allow_none=True)
    zone = ma.fields.String(required=True, allow_none=True)
    closed_message = ma.fields.String(required=True)


class Arrival(Request):
    display_name = name_text(required=True)
    device_test = ma.fields.Nested(waiting.DeviceTest, load_default=None, allow_none=True)
    language = waiting.Arrive._declared_fields["language"]
    answers = waiting.Arrive._declared_fields["answers"]
    consent_version = waiting.Arrive._declared_fields["consent_version"]


def _hello(link: str) -> Response:
    cookies = asking.hall().identity.cookies
    device_id = cookies.device(request.cookies)
    invitation, actor = _read(link, device_id)
    organisation = asking.ask(accounts.GET_ORGANISATION, {}, actor)
    door = asking.ask(waiting.GET_DOOR, {"room_id": actor.room_id}, actor)
    response = asking.reply(hello_view(invitation, door, organisation))
    if device_id is None:
        cookies.give_device(response)
    return response


def opened_by(link: str, seen_by: str) -> OpenedLink:
    """As open_link; raises TooMany for who has tried too many that are none."""
    hall = asking.hall()
    who = who_asks(hall.identity.cookies.device(request.cookies), request.remote_addr)
    hall.wrong_links.check(who)
    try:
        return open_link(hall.rpc, link, seen_by=seen_by)
    except NotFound:
        hall.wrong_links.note(who)
        raise


def _read(link: str, device_id: str | None) -> tuple[dict[str, Any] | None, Actor]:
    """What a personal link says, and the guest. Raises NotFound for a dead one, but not to who waits by it already."""
    try:
        opened = opened_by(link, seen_by="machine")
    except NotFound:
        staying = who_stays(link)
        if staying is None:
            raise
        return None, staying
    return opened.invitation, opened.guest(device_id or "new")


def who_stays(link: str) -> Actor | None:
    """Whoever came by the link of a room or Waiting Area that was rotated since, and has not left: a new link puts nobody out."""
    if not link.startswith(("room/", "area/")):
        return None
    try:
        guest = asking.hall().identity.guest(request.cookies, link)
        place = asking.ask(waiting.GET_CALLER, {"caller_id": guest.caller_id}, guest)
    except (NotSignedIn, NotFound):
        return None
    return None if place["state"] == "left" else guest


def hello_view(invitation: dict[str, Any] | None, door: dict[str, Any], organisation: dict[str, Any]) -> dict[str, Any]:
    """The parts of what was read that a stranger with the link may see."""
    invited = invitation or {}
    role = invited.get("role", guests.CLIENT)
    return {
        "organisation_name": organisation["name"],
        "room_name": door["room_name"],
        "room_open": door["room_state"] == "open",
        "sender_name": invited.get("sender_name"),
        "invited_name": invited.get("invited_name"),
        "role": role,
        "sign_in_for": f"/rooms/{invited['room_id']}" if role == guests.CLINICIAN else None,
        "title": invited.get("title", ""),
        "message": invited.get("message", ""),
        "planned": invited.get("planned"),
        "language": invited.get("language") or organisation["language"],
        "return_url": invited.get("return_url"),
        "return_label": invited.get("return_label"),
        "contact_phone": organisation.get("contact_phone"),
        "contact_email": organisation.get("contact_email"),
        **{name: door[name] for name in ("entry_fields", "consent_text", "consent_version", "waiting_content")},
        **{name: door.get(name) for name in ("closed_by", "opens_at", "zone")},
        "emergency_text": door.get("emergency_text") or "",
        "closed_message": door.get("closed_message") or "",
    }


def _arrive(link: str) -> Response:
    given = bodies.json_object(request)
    opened = opened_by(link, seen_by="person")
    cookies = asking.hall().identity.cookies
    response = asking.reply(None, 201)
    device_id = cookies.device(request.cookies) or cookies.give_device(response)
    caller = asking.ask(waiting.ARRIVE, _arrival(given, opened), opened.guest(device_id))
    cookies.set_guest(response, link, opened.guest(device_id, caller["id"]))
    response.set_data(asking.reply(caller).get_data())
    return response


def _arrival(given: dict[str, Any], opened: OpenedLink) -> dict[str, Any]:
    """What the guest says about themselves, with what their link says; the service refuses fields that nobody knows."""
    ours = {"room_id", "invited_name", "role", "for_recipient_id", "planned_at"}
    known = {name: value for name, value in given.items() if name not in ours}
    invited = opened.invitation or {}
    said = {name: invited.get(name) for name in ("invited_name", "for_recipient_id")}
    if invited.get("planned"):
        # only where there is something to say: a waiting service of the version before knows no such word
        said["planned_at"] = invited["planned"]["starts_at"]
    return {**known, **said, "room_id": opened.room_id, "role": invited.get("role", guests.CLIENT)}


def _opened(link: str) -> Response:
    bodies.json_object(request)
    opened_by(link, seen_by="person")
    return asking.nothing()


@area.blueprint.route(_PERSONAL, methods=["GET"])
@area.blueprint.response(200, Hello)
def hello(token: str) -> Response:
    """What a personal link opens."""
    return _hello(token)


@area.blueprint.route(_ROOM, methods=["GET"])
@area.blueprint.response(200, Hello)
def hello_room(room_link: str) -> Response:
    """What a room link opens."""
    return _hello(f"room/{room_link}")


@area.blueprint.route(_AREA, methods=["GET"])
@area.blueprint.response(200, Hello)
def hello_area(area_link: str) -> Response:
    """What the link of a Waiting Area opens."""
    return _hello(f"area/{area_link}")


@area.blueprint.route(f"{_PERSONAL}/arrivals", methods=["POST"])
@area.described(Arrival, waiting.CallerView, _PERSONAL, status=201)
def arrive(token: str) -> Response:
    """Take a place in the queue. The same link on the same device has the same place again."""
    return _arrive(token)


@area.blueprint.route(f"{_ROOM}/arrivals", methods=["POST"])
@area.described(Arrival, waiting.CallerView, _ROOM, status=201)
def arrive_in_room(room_link: str) -> Response:
    """Take a place in the queue of the room."""
    return _arrive(f"room/{room_link}")


@area.blueprint.route(f"{_AREA}/arrivals", methods=["POST"])
@area.described(Arrival, waiting.CallerView, _AREA, status=201)
def arrive_in_area(area_link: str) -> Response:
    """Take a place in the queue of the Waiting Area. A closed one refuses (409) and says when it opens, or its message."""
    return _arrive(f"area/{area_link}")


@area.blueprint.route(f"{_PERSONAL}/opened", methods=["POST"])
@area.described(Nothing, None, _PERSONAL, status=204)
def opened(token: str) -> Response:
    """A person, not a mail scanner, has this page before them."""
    return _opened(token)


@area.blueprint.route(f"{_ROOM}/opened", methods=["POST"])
@area.described(Nothing, None, _ROOM, status=204)
def opened_room(room_link: str) -> Response:
    """A person has the room's page before them."""
    return _opened(f"room/{room_link}")


@area.blueprint.route(f"{_AREA}/opened", methods=["POST"])
@area.described(Nothing, None, _AREA, status=204)
def opened_area(area_link: str) -> Response:
    """A person has the area's page before them."""
    return _opened(f"area/{area_link}")
