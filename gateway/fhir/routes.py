"""The addresses of FHIR R5: each asks who it is, reads what they may see, and shows it as resources."""

import re
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, request

from contracts import rooms, scheduler
from contracts.actor import Actor
from contracts.errors import Invalid, NotFound, Refused
from contracts.fields import instant_text as written
from gateway.api import asking
from gateway.fhir import answers, capability, searching
from gateway.fhir.answers import answer
from gateway.fhir.shown import appointment, appointment_status, bundle, location

PREFIX = "/fhir"
# scheduler.LIST_SESSIONS answers no more at once
_MOST_SESSIONS = 1000
_SERVED = re.compile(r"metadata|(Location|Appointment)(/[^/]+)?")


class NotSupported(Refused):
    """FHIR is read here; what changes something is asked of the REST API."""

    status = 405
    title = "This can only be read here"


def register(app: Flask) -> None:
    """The routes under `/fhir`."""
    blueprint = Blueprint("fhir", __name__, url_prefix=PREFIX)
    answers.register(blueprint)
    blueprint.get("/metadata")(metadata)
    blueprint.get("/Location")(find_locations)
    blueprint.get("/Location/<id:room_id>")(read_location)
    blueprint.get("/Appointment")(find_appointments)
    blueprint.get("/Appointment/<id:session_id>")(read_appointment)
    blueprint.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])(nothing)
    app.register_blueprint(blueprint)


def metadata() -> Response:
    """For everybody."""
    return answer(capability.statement(_base()))


def read_location(room_id: str) -> Response:
    """One room."""
    return answer(location(asking.ask(rooms.GET_ROOM, {"room_id": room_id}, asking.member()), _base()))


def find_locations() -> Response:
    """The rooms that the reader may see."""
    actor = asking.member()
    wanted = searching.only(request.args.to_dict(flat=False), capability.LOCATION)
    shown = [location(room, _base()) for room in asking.ask(rooms.LIST_ROOMS, {}, actor)["items"]]
    return _page([one for one in shown if _fits(one, wanted)])


def read_appointment(session_id: str) -> Response:
    """One session."""
    actor = asking.member()
    session = asking.ask(scheduler.GET_SESSION, {"session_id": session_id}, actor)
    return answer(appointment(session, _rooms(actor).get(session["room_id"]), _base()))


def find_appointments() -> Response:
    """Sessions by date (from today on without one), place, practitioner and status, soonest first."""
    actor = asking.member()
    wanted = searching.only(request.args.to_dict(flat=False), capability.APPOINTMENT)
    earliest, latest = searching.bounds(wanted.get("date", []))
    asked: dict[str, Any] = {
        "starts_from": written(earliest) if earliest else None,
        "starts_until": written(latest) if latest else None,
    }
    for name, ours, kind in (("location", "room_id", "Location"), ("practitioner", "host_member_id", "Practitioner")):
        if name in wanted:
            asked[ours] = searching.reference(name, _once(name, wanted[name]), kind)
    found = asking.ask(scheduler.LIST_SESSIONS, asked, actor)["items"]
    if len(found) >= _MOST_SESSIONS:
        raise Invalid(
            errors=[{"pointer": "/date", "detail": f"This finds {_MOST_SESSIONS} or more: ask for fewer days."}]
        )
    # the scheduler finds what overlaps; FHIR's date is that of the start
    starts = [one for one in found if earliest is None or one["planned"]["starts_at"] >= written(earliest)]
    known = _rooms(actor)
    shown = [appointment(one, known.get(one["room_id"]), _base()) for one in starts if _has_status(one, wanted)]
    return _page([one for one in shown if _is_one_of("_id", one["id"], wanted)])


def nothing(rest: str) -> Response:
    """No address of ours, or one that can only be read."""
    if request.method not in ("GET", "HEAD") and _SERVED.fullmatch(rest):
        raise NotSupported
    raise NotFound


def _page(found: list[dict[str, Any]]) -> Response:
    page = searching.page(request.args.to_dict())
    end = page.offset + page.count
    links = {"self": _address(page.offset, page.count)}
    if end < len(found):
        links["next"] = _address(end, page.count)
    if page.offset:
        links["previous"] = _address(max(0, page.offset - page.count), page.count)
    return answer(bundle(found[page.offset : end], len(found), links, _base()))


def _address(offset: int, count: int) -> str:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("_offset", "_count")]
    return f"{_base()}{request.path}?{urlencode([*kept, ('_count', count), ('_offset', offset)])}"


def _fits(place: dict[str, Any], wanted: dict[str, list[str]]) -> bool:
    begins = [tuple(text.casefold() for text in value.split(",")) for value in wanted.get("name", [])]
    named = all(place["name"].casefold().startswith(some) for some in begins)
    return named and _is_one_of("_id", place["id"], wanted) and _is_one_of("status", place["status"], wanted)


def _has_status(session: dict[str, Any], wanted: dict[str, list[str]]) -> bool:
    return _is_one_of("status", appointment_status(session), wanted)


def _is_one_of(name: str, value: str, wanted: dict[str, list[str]]) -> bool:
    """Commas are or, repetition is and (R5 §3.2.1.5.7); a token may name its system."""
    return all(value in {one.rpartition("|")[2] for one in text.split(",")} for text in wanted.get(name, []))


def _once(name: str, values: list[str]) -> str:
    if len(values) != 1:
        raise Invalid(errors=[{"pointer": f"/{name}", "detail": "Give this once."}])
    return values[0]


def _rooms(actor: Actor) -> dict[str, dict[str, Any]]:
    return {room["id"]: room for room in asking.ask(rooms.LIST_ROOMS, {}, actor)["items"]}


def _base() -> str:
    return asking.hall().settings.base_url.rstrip("/")
