"""Every address of the gateway, and who may ask there: what a view of its own opens, and what is open to all, with the reason.

An address that one command answers (`Area.answers`) is found by itself; every other is a row here, or the walk fails.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from contracts import (
    accounts,
    audit,
    client_sessions,
    directory,
    member_import,
    organisations,
    rooms,
    scheduler,
    second_factor,
    session_participants,
    single_sign_on,
    text_notices,
    waiting,
    waiting_areas,
)
from contracts.command import Command
from gateway.api import AREAS, asking

MEMBER, ITS_GUEST, ITS_DIRECTORY, ITS_CLIENT = "member", "guest", "directory", "client"
_ASKED_BY = {asking.member: MEMBER, asking.guest: ITS_GUEST}
# what views of their own ask, and for whom
HAND_WRITTEN: dict[str, tuple[Command, str]] = {
    "GET /api/me": (accounts.GET_ORGANISATION, MEMBER),
    "DELETE /api/sign-ins/current": (accounts.SIGN_OUT, MEMBER),
    "POST /api/me/second-factor": (second_factor.BEGIN_SECOND_FACTOR, MEMBER),
    "GET /api/organisation": (accounts.GET_ORGANISATION, MEMBER),
    "PATCH /api/organisation": (organisations.CHANGE_ORGANISATION, MEMBER),
    "DELETE /api/clinics/<id:clinic_id>": (organisations.REMOVE_CLINIC, MEMBER),
    "POST /api/members/import": (member_import.CHECK_MEMBER_IMPORT, MEMBER),
    "GET /api/rooms/<id:room_id>": (rooms.GET_ROOM, MEMBER),
    "PATCH /api/rooms/<id:room_id>": (rooms.CHANGE_ROOM, MEMBER),
    "DELETE /api/rooms/<id:room_id>": (rooms.REMOVE_ROOM, MEMBER),
    "GET /api/settings/rooms": (rooms.GET_INHERITED_SETTINGS, MEMBER),
    "PATCH /api/settings/rooms": (rooms.CHANGE_INHERITED_SETTINGS, MEMBER),
    "PATCH /api/clinics/<id:clinic_id>/settings/rooms": (rooms.CHANGE_INHERITED_SETTINGS, MEMBER),
    "PUT /api/sign-in-provider": (single_sign_on.SET_PROVIDER, MEMBER),
    "POST /api/sign-in-provider/domains/prove": (single_sign_on.PROVE_DOMAIN, MEMBER),
    "POST /api/sign-ins/oidc/connect": (single_sign_on.START_PROVIDER_SIGN_IN, MEMBER),
    "GET /api/audit/export": (audit.EXPORT_AUDIT, MEMBER),
    "GET /api/waiting-areas/<id:area_id>": (waiting_areas.GET_AREA, MEMBER),
    "PATCH /api/waiting-areas/<id:area_id>": (waiting_areas.CHANGE_AREA, MEMBER),
    "GET /fhir/Location": (rooms.LIST_ROOMS, MEMBER),
    "GET /fhir/Location/<id:room_id>": (rooms.GET_ROOM, MEMBER),
    "GET /fhir/Appointment": (scheduler.LIST_SESSIONS, MEMBER),
    "GET /fhir/Appointment/<id:session_id>": (scheduler.GET_SESSION, MEMBER),
    "GET /api/caller": (waiting.GET_CALLER, ITS_GUEST),
    "POST /api/caller/leave": (waiting.LEAVE, ITS_GUEST),
    "POST /api/caller/messages": (waiting.WRITE, ITS_GUEST),
    "POST /api/caller/worse": (waiting.FEEL_WORSE, ITS_GUEST),
    "GET /api/caller/text-me": (text_notices.GET_TEXTS_OFFERED, ITS_GUEST),
    "POST /api/caller/text-me": (waiting.ASK_TEXT, ITS_GUEST),
    "POST /api/caller/text-me/code": (waiting.CONFIRM_TEXT, ITS_GUEST),
    "DELETE /api/caller/text-me": (waiting.GIVE_UP_TEXT, ITS_GUEST),
}
# what a directory asks by SCIM, with a bearer token that nobody else has
SCIM: dict[str, Command] = {
    "GET /scim/v2/Users": directory.FIND_DIRECTORY_USERS,
    "POST /scim/v2/Users": directory.ADD_DIRECTORY_USER,
    "POST /scim/v2/Users/.search": directory.FIND_DIRECTORY_USERS,
    "GET /scim/v2/Users/<id:id>": directory.GET_DIRECTORY_USER,
    "PUT /scim/v2/Users/<id:id>": directory.REPLACE_DIRECTORY_USER,
    "PATCH /scim/v2/Users/<id:id>": directory.CHANGE_DIRECTORY_USER,
    "DELETE /scim/v2/Users/<id:id>": directory.REMOVE_DIRECTORY_USER,
    "GET /scim/v2/Groups": directory.FIND_DIRECTORY_GROUPS,
    "POST /scim/v2/Groups": directory.ADD_DIRECTORY_GROUP,
    "POST /scim/v2/Groups/.search": directory.FIND_DIRECTORY_GROUPS,
    "GET /scim/v2/Groups/<id:id>": directory.GET_DIRECTORY_GROUP,
    "PUT /scim/v2/Groups/<id:id>": directory.REPLACE_DIRECTORY_GROUP,
    "PATCH /scim/v2/Groups/<id:id>": directory.CHANGE_DIRECTORY_GROUP,
    "DELETE /scim/v2/Groups/<id:id>": directory.REMOVE_DIRECTORY_GROUP,
    "POST /scim/v2/.search": directory.FIND_DIRECTORY_USERS,
    **{
        f"GET /scim/v2/{place}": directory.RESOLVE_DIRECTORY_TOKEN
        for place in (
            "ServiceProviderConfig", "ResourceTypes", "ResourceTypes/<name>", "Schemas", "Schemas/<name>", "<path:rest>",
        )
    },
}  # fmt: skip
# what a program asks by the Session API v1, with a token that only API clients have
SESSION_API: dict[str, Command] = {
    "GET /v1/sessions": client_sessions.LIST_CLIENT_SESSIONS,
    "POST /v1/sessions": client_sessions.CREATE_CLIENT_SESSION,
    "GET /v1/sessions/<id:session_id>": client_sessions.GET_CLIENT_SESSION,
    "PUT /v1/sessions/<id:session_id>": client_sessions.CHANGE_CLIENT_SESSION,
    "DELETE /v1/sessions/<id:session_id>": client_sessions.CANCEL_CLIENT_SESSION,
    "GET /v1/sessions/<id:session_id>/summary": client_sessions.SUMMARISE_CLIENT_SESSION,
    "GET /v1/sessions/<id:session_id>/participants": session_participants.LIST_PARTICIPANTS,
    "POST /v1/sessions/<id:session_id>/participants": session_participants.ADD_PARTICIPANTS,
    "GET /v1/participants/<id:participant_id>": session_participants.GET_PARTICIPANT,
    "PUT /v1/participants/<id:participant_id>": session_participants.CHANGE_PARTICIPANT,
    "DELETE /v1/participants/<id:participant_id>": session_participants.REMOVE_PARTICIPANT,
    "GET /v1/user/team": client_sessions.GET_CLIENT_TEAM,
    "GET /v1/waiting/<id:team_id>": waiting.LIST_CALLERS,
    "GET /v1/waiting/<id:team_id>/queue/<id:queue_id>": waiting.LIST_CALLERS,
    "GET /v1/waiting/<id:team_id>/calls/<id:call_id>": waiting.GET_CALLER,
}
# open to whoever comes, and why
OPEN: dict[str, str] = {
    "POST /api/sign-ins": "who signs in is nobody yet; a password is asked for",
    "POST /api/sign-ins/finish": "the second step of signing in, by its secret",
    "POST /api/sign-ins/security-key/begin": "the second step of signing in, by its secret",
    "POST /api/sign-ins/security-key": "the second step of signing in, by its secret and a key",
    "GET /api/sign-ins/provider": "who signs in is nobody yet; says which provider a domain has",
    "GET /api/sign-ins/oidc/start": "sends a browser to its provider",
    "GET /sign-in/with/<id:organisation_id>": "sends a browser to its provider",
    "GET /sign-in/callback": "who comes back from a provider is nobody yet; by its secret",
    "POST /api/lost-links": "says the same to everybody",
    "POST /api/sms/inbound": "by the signature of the provider of texts",
    "POST /api/sms/status/<token>": "by the signature of the provider of texts",
    "POST /api/mail/bounces": "by the secret of who brings reports of mail servers",
    "POST /api/sign-ups": "who signs up is nobody yet; refused where strangers may not",
    "POST /api/sign-ups/look": "by the secret of a link",
    "POST /api/sign-ups/finish": "by the secret of a link",
    "POST /api/member-invites/look": "by the secret of a mail",
    "POST /api/member-invites/accept": "by the secret of a mail",
    "POST /api/password-resets": "says the same to everybody",
    "POST /api/password-resets/finish": "by the secret of a mail",
    "GET /api/join/<token>": "by the secret of a mail",
    "GET /api/join/room/<room_link>": "by the link of a room",
    "GET /api/join/area/<area_link>": "by the link of a Waiting Area",
    "GET /calendar/<secret>.ics": "by the secret of a member's calendar feed, who made it for that",
    "POST /api/join/area/<area_link>/arrivals": "by the link of a Waiting Area; who arrives waits",
    "POST /api/join/area/<area_link>/opened": "by the link of a Waiting Area",
    "POST /api/join/<token>/arrivals": "by the secret of a mail",
    "POST /api/join/room/<room_link>/arrivals": "by the link of a room; who arrives waits",
    "POST /api/join/<token>/opened": "by the secret of a mail",
    "POST /api/join/room/<room_link>/opened": "by the link of a room",
    "POST /oauth2/token": "by the secret of an API client",
    "POST /v1/auth/token": "by the secret of an API client",
    **{
        f"{method} /v1/{rest}": "no address"
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        for rest in ("", "<path:rest>")
    },
    "GET /api/openapi.json": "the description of the API",
    "GET /api/asyncapi.json": "the description of the events",
    "GET /api/docs": "the description of the API, for people",
    "GET /fhir/metadata": "what can be asked in FHIR",
    **{
        f"{method} /fhir/<path:rest>": "no resource, or one that can only be read"
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    },
    "GET /docs/errors": "the kinds of error",
    "GET /healthz": "whether the process lives, without more",
    "GET /readyz": "whether the process is ready, without more",
}
# pages are frames without anybody's data: what fills them is asked for under /api
PAGES = "web."


@dataclass(frozen=True)
class Address:
    """One method of one rule. `command` and `asked_by` are None where it is open to all."""

    method: str
    rule: Rule
    command: Command | None
    asked_by: str | None

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def is_page(self) -> bool:
        return self.rule.endpoint.startswith(PAGES)


def addresses(app: Flask) -> tuple[list[Address], list[str]]:
    """Every address that is in a table, and those that are in none."""
    doors = {name: door for module in AREAS for name, door in module.area.doors.items()}
    known, unknown = [], []
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            name = f"{method} {rule.rule}"
            if name in HAND_WRITTEN:
                known.append(Address(method, rule, *HAND_WRITTEN[name]))
            elif name in SCIM:
                known.append(Address(method, rule, SCIM[name], ITS_DIRECTORY))
            elif name in SESSION_API:
                known.append(Address(method, rule, SESSION_API[name], ITS_CLIENT))
            elif name in OPEN or rule.endpoint.startswith(PAGES):
                known.append(Address(method, rule, None, None))
            elif name in doors and doors[name].asked_by in _ASKED_BY:
                known.append(Address(method, rule, doors[name].command, _ASKED_BY[doors[name].asked_by]))
            else:
                unknown.append(name)
    return known, unknown


def path_of(address: Address, app: Flask, values: dict[str, Any]) -> str:
    """The address with its parts filled."""
    return app.url_map.bind("localhost").build(address.rule.endpoint, values, method=address.method)
