"""The addresses of the Session API v1: each says who asks, and passes commands on."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Blueprint, Flask, Response, request

from contracts import client_sessions, session_participants, waiting
from contracts.actor import Actor
from contracts.errors import Forbidden, NotFound, Refused
from gateway.api import asking, oauth2
from gateway.session_api import asked, refusals, shown

PREFIX = "/v1"
_GRANTS = (oauth2.CLIENT_CREDENTIALS, oauth2.REFRESH_TOKEN, oauth2.AUTHORIZATION_CODE)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_DONE = {"ok": True}
# of a thousand participants each, and so no more sessions than can be named at once
_MOST_PAGES = 10
View = Callable[..., Response]


def register(app: Flask) -> None:
    """The routes under `/v1`; what is none of them is refused in the same form."""
    app.register_blueprint(create_blueprint())


def create_blueprint() -> Blueprint:
    """Every route, and one for all that is none."""
    blueprint = Blueprint("session_api", __name__, url_prefix=PREFIX)
    refusals.register(blueprint)
    for rule, views in _ROUTES.items():
        for method, view in views.items():
            blueprint.add_url_rule(rule, f"{method} {rule}", view, methods=[method])

    @blueprint.route("/", methods=_METHODS, defaults={"rest": ""})
    @blueprint.route("/<path:rest>", methods=_METHODS)
    def strange(rest: str) -> Response:
        """No address of ours, or one that is asked otherwise."""
        for pattern, methods in _PATTERNS:
            if pattern.fullmatch(f"/{rest}") and request.method not in methods:
                return refusals.not_allowed(methods)
        raise NotFound("There is no such address.")

    return blueprint


def token() -> Response:
    """A token for a secret, or for a refresh token and the secret."""
    return oauth2.answered(_GRANTS)


def add_session() -> Response:
    """A session with its participants; all that is sent is looked at before anything is made."""
    actor, given = asking.api_client(), asked.body()
    wanted, people = asked.new_session(given), asked.participants(given.get("participants"))
    made = asking.ask(client_sessions.CREATE_CLIENT_SESSION, wanted, actor)
    try:
        added = _add(made["id"], people, actor)
    except Refused:
        # who is told that it failed will ask again: nothing half-made is left in a calendar
        with suppress(Refused):
            asking.ask(client_sessions.CANCEL_CLIENT_SESSION, {"session_id": made["id"]}, actor)
        raise
    return _answer(shown.session(made, added))


def list_sessions() -> Response:
    """The client's own, a page of them."""
    actor, wanted = asking.api_client(), asked.page()
    if request.args.get("state"):
        wanted["session_ids"] = in_state(request.args["state"], actor)
    found = asking.ask(client_sessions.LIST_CLIENT_SESSIONS, wanted, actor)
    ids = [each["id"] for each in found["items"]]
    people = _participants(actor, session_ids=ids, removed=asked.flag("deleted_participants")) if ids else []
    of: dict[str, list[dict[str, Any]]] = {id: [] for id in ids}
    for each in people:
        of[each["session_id"]].append(each)
    content = [shown.session(each, of[each["id"]]) for each in found["items"]]
    return _answer(
        {"content": content, "page": wanted["page"], "page_size": wanted["page_size"], "more": found["more"]}
    )


def get_session(session_id: str) -> Response:
    """One that was not cancelled."""
    actor = asking.api_client()
    return _answer(shown.session(_session(session_id, actor), _of_session(session_id, actor)))


def change_session(session_id: str) -> Response:
    """Another name, picture or time, until it is over."""
    actor = asking.api_client()
    wanted = asked.changed_session(asked.body())
    _session(session_id, actor)
    view = asking.ask(client_sessions.CHANGE_CLIENT_SESSION, {"session_id": session_id, **wanted}, actor)
    return _answer(shown.session(view, _of_session(session_id, actor)))


def cancel_session(session_id: str) -> Response:
    """Before it begins; it is not found from then on."""
    actor = asking.api_client()
    _session(session_id, actor)
    asking.ask(client_sessions.CANCEL_CLIENT_SESSION, {"session_id": session_id}, actor)
    return _answer(_DONE)


def summarise_session(session_id: str) -> Response:
    """Planned and actual times, and when each came and went."""
    actor = asking.api_client()
    found = asking.ask(client_sessions.SUMMARISE_CLIENT_SESSION, {"session_id": session_id}, actor)
    if found["session"]["state"] == "cancelled":
        raise NotFound
    return _answer(shown.summary(found, _of_session(session_id, actor)))


def list_participants(session_id: str) -> Response:
    """Those of a session, as a JSON array."""
    actor = asking.api_client()
    _session(session_id, actor)
    return _answer([shown.participant(each) for each in _of_session(session_id, actor)])


def add_participant(session_id: str) -> Response:
    """One more, until it is over."""
    actor, wanted = asking.api_client(), asked.participant(asked.body())
    return _answer(shown.participant(_add(session_id, [wanted], actor)[0]))


def get_participant(participant_id: str) -> Response:
    """One; who was removed only where that is asked for."""
    found = _participant(participant_id, asking.api_client())
    if found["removed_at"] and not asked.flag("deleted_participants"):
        raise NotFound
    return _answer(shown.participant(found))


def change_participant(participant_id: str) -> Response:
    """Another name, role, picture or state."""
    actor, wanted = asking.api_client(), asked.participant(asked.body(), changed=True)
    payload = {"participant_id": participant_id, **wanted}
    return _answer(shown.participant(asking.ask(session_participants.CHANGE_PARTICIPANT, payload, actor)))


def remove_participant(participant_id: str) -> Response:
    """For good, and their link with them."""
    asking.ask(session_participants.REMOVE_PARTICIPANT, {"participant_id": participant_id}, asking.api_client())
    return _answer(_DONE)


def get_team() -> Response:
    """The clinic of the client."""
    team = asking.ask(client_sessions.GET_CLIENT_TEAM, {}, asking.api_client())
    return _answer({"team_id": team["clinic_id"], "name": team["name"]})


def list_waiting(team_id: str, queue_id: str | None = None) -> Response:
    """The calls that wait now in a clinic that the client reaches, longest waiting first; of one queue, where it is named."""
    actor = asking.api_client()
    own = _team(team_id, actor)
    found = asking.ask(waiting.LIST_CALLERS, {}, actor)["items"]
    calls = [shown.call(each, team_id) for each in found if each["state"] == "waiting" and _is_of(each, team_id, own)]
    return _answer([each for each in calls if queue_id in (None, each["waitingQueueId"])])


def get_call(team_id: str, call_id: str) -> Response:
    """One call, also when it is answered or over."""
    actor = asking.api_client()
    own = _team(team_id, actor)
    found = asking.ask(waiting.GET_CALLER, {"caller_id": call_id}, actor)
    if not _is_of(found, team_id, own):
        raise NotFound
    return _answer(shown.call(found, team_id))


def _team(team_id: str, actor: Actor) -> bool:
    """Whether it is the clinic that the client's sessions are of. Raises Forbidden for one that it does not reach."""
    own: str = asking.ask(client_sessions.GET_CLIENT_TEAM, {}, actor)["clinic_id"]
    if not actor.reaches(team_id):
        raise Forbidden("This client is not for that team.")
    return team_id == own


def _is_of(caller: dict[str, Any], team_id: str, own: bool) -> bool:
    """Who waits in a room is of the client's own clinic, who came by a Waiting Area of that area's."""
    return bool(caller["clinic_id"] == team_id if caller.get("clinic_id") else own)


def _session(session_id: str, actor: Actor) -> dict[str, Any]:
    """The client's own. Raises NotFound for one that was cancelled."""
    found: dict[str, Any] = asking.ask(client_sessions.GET_CLIENT_SESSION, {"session_id": session_id}, actor)
    if found["state"] == "cancelled":
        raise NotFound
    return found


def _participant(participant_id: str, actor: Actor) -> dict[str, Any]:
    found: dict[str, Any] = asking.ask(session_participants.GET_PARTICIPANT, {"participant_id": participant_id}, actor)
    return found


def _of_session(session_id: str, actor: Actor) -> list[dict[str, Any]]:
    return _participants(actor, session_ids=[session_id], removed=asked.flag("deleted_participants"))


def _participants(actor: Actor, **which: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asking.ask(session_participants.LIST_PARTICIPANTS, which, actor)["items"]
    return found


def in_state(state: str, actor: Actor) -> list[str]:
    """The sessions of which somebody has this state. Raises BadRequest where there are too many to look through."""
    found: set[str] = set()
    further: dict[str, Any] = {}
    for _ in range(_MOST_PAGES):
        page = asking.ask(session_participants.LIST_PARTICIPANTS, {"state": state, **further}, actor)
        found.update(each["session_id"] for each in page["items"])
        if not page.get("cursor"):
            return sorted(found)
        further = {"cursor": page["cursor"]}
    raise refusals.BadRequest(
        "More participants have this state than can be looked through. Ask without state, by start_time and end_time."
    )


def _add(session_id: str, people: list[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    if not people:
        return []
    wanted = {"session_id": session_id, "participants": people}
    found: list[dict[str, Any]] = asking.ask(session_participants.ADD_PARTICIPANTS, wanted, actor)["items"]
    return found


def _answer(value: Any) -> Response:
    response = asking.reply(value)
    response.headers["Cache-Control"] = "no-store"
    return response


_ROUTES: dict[str, dict[str, View]] = {
    "/auth/token": {"POST": token},
    "/sessions": {"GET": list_sessions, "POST": add_session},
    "/sessions/<id:session_id>": {"GET": get_session, "PUT": change_session, "DELETE": cancel_session},
    "/sessions/<id:session_id>/summary": {"GET": summarise_session},
    "/sessions/<id:session_id>/participants": {"GET": list_participants, "POST": add_participant},
    "/participants/<id:participant_id>": {
        "GET": get_participant,
        "PUT": change_participant,
        "DELETE": remove_participant,
    },
    "/user/team": {"GET": get_team},
    "/waiting/<id:team_id>": {"GET": list_waiting},
    "/waiting/<id:team_id>/queue/<id:queue_id>": {"GET": list_waiting},
    "/waiting/<id:team_id>/calls/<id:call_id>": {"GET": get_call},
}
_PATTERNS = [(re.compile(re.sub("<[^>]+>", "[^/]+", rule)), list(views)) for rule, views in _ROUTES.items()]
