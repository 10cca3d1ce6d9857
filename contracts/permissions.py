"""Who may do what: one table, read by every entrypoint and walked by the tests.

A row says which kinds of actor and which roles may ask at all. What belongs to whom (the own User Room, the own clinic, the
own caller) is decided by the rules of the service that owns it; another organisation's things are never found.
"""

from dataclasses import dataclass

from contracts.actor import Actor

STAFF = frozenset({"owner", "admin", "coordinator", "provider", "reporter"})
RUNS_IT = frozenset({"owner", "admin"})
RECEIVES = frozenset({"owner", "admin", "coordinator", "provider"})
HOSTS = frozenset({"owner", "admin", "provider", "coordinator"})
# who must add a second step before anything else, instead of their role (docs/adr/0025-a-second-step-can-be-required.md)
UNSECURED = "unsecured"
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """`roles` of members; `kinds` of actor beside members; `scope` that an API client needs (None: no API client).

    `by_clinic`: the service shows and changes only what is of the clinics that an API client is bound to. Where it does not, a
    client that is bound to any is refused.
    """

    roles: frozenset[str] = NOBODY
    kinds: frozenset[str] = NOBODY
    scope: str | None = None
    by_clinic: bool = False


_SYSTEM = frozenset({"system"})
_ANYBODY = frozenset({"public", "guest", "member", "api_client", "system"})

TABLE: dict[str, Row] = {
    # accounts
    "organisation.create": Row(kinds=_SYSTEM),
    # a guest's page says which organisation invites and how to reach it; the gateway passes nothing else on
    "organisation.read": Row(STAFF | {UNSECURED}, frozenset({"system", "guest"}), "organisation:read", by_clinic=True),
    # what it costs is the owner's to decide
    "organisation.change_plan": Row(frozenset({"owner"}), _SYSTEM),
    "organisation.change": Row(RUNS_IT),
    "member.add": Row(RUNS_IT, _SYSTEM),
    "member.read": Row(STAFF, _SYSTEM, "members:read", by_clinic=True),
    "member.change": Row(RUNS_IT, _SYSTEM),
    "member.import": Row(RUNS_IT),
    # a directory may do much: only an owner lets one in
    "directory.connect": Row(frozenset({"owner"})),
    "directory.resolve": Row(kinds=frozenset({"public"})),
    "directory.provision": Row(scope="scim"),
    "clinic.add": Row(RUNS_IT, _SYSTEM),
    "clinic.change": Row(RUNS_IT),
    # each for themselves; a reporter receives nobody
    "availability.set": Row(RECEIVES),
    # by an address, and by the token of the link that came of it, whoever brings it
    "sign_up.ask": Row(kinds=frozenset({"public"})),
    "sign_up.finish": Row(kinds=frozenset({"public"})),
    "sign_in.open": Row(kinds=frozenset({"public", "member"})),
    "sign_in.resolve": Row(kinds=frozenset({"public"})),
    "sign_in.read": Row(STAFF),
    # who signs everybody in is the owner's to decide, and whose a domain is, the operator's
    "sign_in_provider.change": Row(frozenset({"owner"})),
    "sign_in_provider.confirm_domain": Row(kinds=_SYSTEM),
    # a member who is signed in connects the own account
    "sign_in_provider.use": Row(STAFF, frozenset({"public"})),
    # by the token of a mail, whoever brings it
    "member.join": Row(STAFF, frozenset({"public"})),
    "password.reset": Row(STAFF, frozenset({"public"})),
    "password.change": Row(STAFF),
    "second_factor.change": Row(STAFF | {UNSECURED}),
    "profile.change": Row(STAFF),
    # each for themselves; and by the secret of its address, whoever brings it
    "calendar_feed.keep": Row(RECEIVES),
    "calendar_feed.resolve": Row(kinds=frozenset({"public"})),
    # programs that come by OAuth 2.0: made by who runs the organisation; by a secret or a token, whoever brings it
    "api_client.keep": Row(RUNS_IT),
    "api_client.open": Row(kinds=frozenset({"public"})),
    "sign_in.end": Row(STAFF | {UNSECURED}),
    # who looked at what is the owner's to see, and to answer for
    "audit.read": Row(frozenset({"owner"})),
    "audit.change": Row(frozenset({"owner"})),
    # rooms
    "plan.read": Row(STAFF, _SYSTEM, "organisation:read", by_clinic=True),
    "plan.preview": Row(RUNS_IT, _SYSTEM, "organisation:read"),
    "plan.take": Row(kinds=_SYSTEM),
    "settings.read": Row(STAFF, _SYSTEM, "rooms:read"),
    "settings.change": Row(RUNS_IT, _SYSTEM, "rooms:write"),
    "room.read": Row(STAFF, frozenset({"system", "guest"}), "rooms:read", by_clinic=True),
    "room.create": Row(RUNS_IT, _SYSTEM, "rooms:write", by_clinic=True),
    "room.change": Row(HOSTS, NOBODY, "rooms:write", by_clinic=True),
    "room.hand_over": Row(frozenset({"owner"})),
    "room.remove": Row(RUNS_IT, NOBODY, "rooms:write", by_clinic=True),
    "room.resolve_link": Row(kinds=_ANYBODY, roles=STAFF),
    # invitations
    "invitation.send": Row(RECEIVES, NOBODY, "invitations:write", by_clinic=True),
    "invitation.read": Row(STAFF - {"reporter"}, _SYSTEM, "invitations:read", by_clinic=True),
    "notice.send": Row(kinds=_SYSTEM),
    "invitation.open": Row(kinds=frozenset({"public", "guest", "member"}), roles=STAFF),
    # by the proof that it comes from who carries mails or texts
    "delivery.report": Row(kinds=frozenset({"public"})),
    # scheduler
    "session.create": Row(RECEIVES, _SYSTEM, "sessions:write", by_clinic=True),
    "session.read": Row(STAFF, frozenset({"system", "guest"}), "sessions:read", by_clinic=True),
    "session.change": Row(RECEIVES, _SYSTEM, "sessions:write", by_clinic=True),
    # the Session API v1: a client's own sessions, and who takes part
    "client_session.read": Row(NOBODY, _SYSTEM, "sessions:read", by_clinic=True),
    "client_session.write": Row(scope="sessions:write", by_clinic=True),
    # waiting
    "caller.arrive": Row(kinds=frozenset({"guest"})),
    "caller.read": Row(RECEIVES, frozenset({"guest", "system"}), "waiting:read", by_clinic=True),
    "caller.receive": Row(RECEIVES),
    # whose handover it is the service decides
    "caller.hand_over": Row(HOSTS),
    "caller.leave": Row(kinds=frozenset({"guest"})),
    "caller.write": Row(kinds=frozenset({"guest"})),
    "caller.presence": Row(kinds=frozenset({"guest"})),
    "caller.place": Row(kinds=frozenset({"guest"})),
    "caller.check": Row(kinds=_SYSTEM),
    # Waiting Areas; whose clinic it is the service decides
    "area.read": Row(RECEIVES, NOBODY, "waiting:read", by_clinic=True),
    "area.change": Row(RUNS_IT),
    "area.suspend": Row(RUNS_IT | {"coordinator"}),
    "area.resolve_link": Row(kinds=_ANYBODY, roles=STAFF),
    # media
    "seat.reserve": Row(kinds=_SYSTEM),
    "call.join": Row(HOSTS, frozenset({"guest"})),
    "call.read": Row(RECEIVES, frozenset({"guest", "system"}), "calls:read"),
    "call.host": Row(HOSTS),
    # media node
    "node.run": Row(kinds=_SYSTEM),
    "seat.unmute": Row(HOSTS, frozenset({"guest", "system"})),
    # integrations
    "webhook.keep": Row(RUNS_IT),
    "event.read": Row(RUNS_IT, NOBODY, "events:read"),
}

SCOPES_OF_ALL_CLINICS = {row.scope for row in TABLE.values() if row.scope} - {
    row.scope for row in TABLE.values() if row.by_clinic
}
"""Of no use to an API client that is bound to some clinics."""


def allowed(permission: str, actor: Actor) -> bool:
    """Whether this actor may ask for it at all. A permission without a row is a defect: KeyError."""
    row = TABLE[permission]
    if actor.kind == "member":
        return bool(row.roles.intersection(actor.roles))
    if actor.kind == "api_client":
        return row.scope is not None and row.scope in actor.scopes and (row.by_clinic or not actor.clinic_ids)
    return actor.kind in row.kinds
