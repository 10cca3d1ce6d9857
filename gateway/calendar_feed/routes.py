"""The address of a calendar feed. Whoever has it reads: it is kept out of logs, and guessing is slowed."""

import hashlib
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, Response, request

from contracts import calendar_feed, invitations, rooms, scheduler
from contracts.actor import PUBLIC, Actor
from contracts.errors import NotFound
from contracts.fields import instant_text
from gateway.api import asking
from gateway.calendar_feed.written import READ_AGAIN_AFTER, Words, calendar_bytes
from gateway.web.pages import TEXTS
from gateway.wrong_links import who_asks
from plumbing import clock

_BEFORE = timedelta(days=31)
# scheduler.LIST_SESSIONS looks through no more than a year at once; who has more sessions than so many pages has the first
_LONGEST, _MOST_PAGES = timedelta(days=366), 5


def register(app: Flask) -> None:
    """`GET /calendar/<secret>.ics`."""
    blueprint = Blueprint("calendar_feed_file", __name__)
    blueprint.get("/calendar/<secret>.ics")(read_feed)
    app.register_blueprint(blueprint)


def read_feed(secret: str) -> Response:
    """The sessions that its member hosts, from a month ago until almost a year ahead. 404 for an address that opens none (any more)."""
    known = _known(secret)
    actor = Actor(
        kind="member",
        id=known["member_id"],
        organisation_id=known["organisation_id"],
        roles=(known["role"],),
        clinic_ids=tuple(known["clinic_ids"]),
    )
    places = {room["id"]: room for room in asking.ask(rooms.LIST_ROOMS, {}, actor)["items"]}
    settings = asking.ask(invitations.GET_MAIL_SETTINGS, {}, actor)
    language = TEXTS.choose([known["language"]], None)
    words = Words(
        gettext=TEXTS.translations(language).gettext,
        base_url=asking.hall().settings.base_url.rstrip("/"),
        titled=lambda clinic_id: known["titles"] and not _neutral(settings, clinic_id),
    )
    body = calendar_bytes(_sessions(actor), places, words)
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="housecall.ics"'
    response.headers["Cache-Control"] = f"private, max-age={int(READ_AGAIN_AFTER.total_seconds())}"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _known(secret: str) -> dict[str, Any]:
    hall = asking.hall()
    who = who_asks(None, request.remote_addr)
    hall.wrong_links.check(who)
    try:
        found: dict[str, Any] = asking.ask(calendar_feed.RESOLVE_CALENDAR_FEED, {"secret": secret[:128]}, PUBLIC)
    except NotFound:
        hall.wrong_links.note(who)
        raise
    return found


def _sessions(actor: Actor) -> list[dict[str, Any]]:
    begin = clock.now() - _BEFORE
    asked: dict[str, Any] = {
        "starts_from": instant_text(begin),
        "starts_until": instant_text(begin + _LONGEST),
        "host_member_id": actor.id,
    }
    found: dict[str, dict[str, Any]] = {}
    further: dict[str, Any] = {}
    for _ in range(_MOST_PAGES):
        page = asking.ask(scheduler.LIST_SESSIONS, {**asked, **further}, actor)
        found.update((session["id"], session) for session in page["items"])
        if not page.get("cursor"):
            break
        further = {"cursor": page["cursor"]}
    return list(found.values())


def _neutral(settings: dict[str, Any], clinic_id: str | None) -> bool:
    """As its clinic has it, else the organisation."""
    own = (each for each in settings["clinics"] if each["clinic_id"] == clinic_id)
    chosen = next(own, settings["organisation"])
    return bool(chosen["neutral"])
