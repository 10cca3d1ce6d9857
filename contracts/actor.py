"""Who is asking: the signed statement that travels with every command."""

from dataclasses import asdict, dataclass
from typing import Any, Self

KINDS = ("public", "guest", "member", "api_client", "system")
ROLES = ("owner", "admin", "coordinator", "provider", "reporter")


@dataclass(frozen=True)
class Actor:
    """`kind`: `public` (nobody in particular), `guest` (came by a link), `member` (signed in), `api_client` (OAuth2), `system`
    (one of our own processes, by its own decision). Ids only, but for the `name` of a member or API client, which guests are shown anyway.

    A guest's `caller_id` and `device_id` are set once they have arrived; `room_id`, `recipient_id`, `invitation_id` and
    `session_id` say what their link opens.

    An API client's `clinic_ids` bind it to them; empty, it comes for the whole organisation.

    `origin_id` names where they ask from, and tells nothing to who has not the audit log (docs/adr/0013-the-audit-log.md).
    `following`: a screen reads for them, `begins` to show a topic or `goes_on` with what has changed.
    """

    kind: str
    id: str
    organisation_id: str | None = None
    roles: tuple[str, ...] = ()
    clinic_ids: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    name: str | None = None
    sign_in_id: str | None = None
    room_id: str | None = None
    caller_id: str | None = None
    device_id: str | None = None
    recipient_id: str | None = None
    invitation_id: str | None = None
    session_id: str | None = None
    origin_id: str | None = None
    following: str | None = None

    def reaches(self, clinic_id: str | None) -> bool:
        """Whether what belongs to this clinic may be theirs at all: an API client can be bound to some clinics, nobody else is so."""
        return not is_bound(self) or clinic_id in self.clinic_ids

    def claims(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items() if value}

    @classmethod
    def from_claims(cls, claims: dict[str, Any]) -> Self:
        """From JSON; claims that this version does not know are ignored."""
        known = cls.__dataclass_fields__
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in claims.items() if key in known
        }
        return cls(**values)


def is_bound(actor: Actor) -> bool:
    """Whether it is an API client that comes for some clinics only."""
    return actor.kind == "api_client" and bool(actor.clinic_ids)


PUBLIC = Actor(kind="public", id="public")


def system(process: str) -> Actor:
    """The actor of a process that acts by itself (a timer, a heard event)."""
    return Actor(kind="system", id=process)
