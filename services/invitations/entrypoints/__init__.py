"""The entrypoints of invitations that fill files of their own; `services.invitations.service` puts them together."""

from plumbing.services import Call, Caller
from services.invitations.store import InvitationsStore


class Entrypoints:
    """What each of them stands on."""

    store: InvitationsStore
    calls: Caller


def is_member(call: Call) -> bool:
    """Whether a person asks who is signed in."""
    return call.actor.kind == "member"
