"""The entrypoints of invitations that fill files of their own; `services.invitations.service` puts them together."""

from typing import Protocol

from plumbing.services import Call, Caller
from services.invitations.store import InvitationsStore


class Sending(Protocol):
    """What they need of the process's postman."""

    def wake(self) -> None:
        """There is something new to send."""

    def hash_of_link(self, recipient_id: str, generation: int) -> str:
        """What is stored of a recipient's link."""


class Entrypoints:
    """What each of them stands on."""

    store: InvitationsStore
    calls: Caller
    mail: Sending


def is_member(call: Call) -> bool:
    """Whether a person asks who is signed in."""
    return call.actor.kind == "member"
