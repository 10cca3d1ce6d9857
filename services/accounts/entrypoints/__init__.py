"""The entrypoints of accounts that fill files of their own; `services.accounts.service` puts them together."""

from typing import Protocol

from contracts.errors import Conflict
from plumbing.services import Call, Caller, off_hub
from services.accounts import member
from services.accounts.member import ACTIVE, INVITED, Member
from services.accounts.passwords import check_password, hash_password
from services.accounts.store import AccountsStore


class Safe(Protocol):
    """What of the process's settings they need."""

    key: bytes
    base_url: str


class Entrypoints:
    """What each of them stands on."""

    store: AccountsStore
    calls: Caller
    safe: Safe

    @property
    def key(self) -> bytes:
        """Of what only accounts may make or read again."""
        return self.safe.key

    @property
    def base_url(self) -> str:
        """Where browsers find the gateway."""
        return self.safe.base_url

    def keep_member(self, new: Member, password: str | None, state: str, call: Call, pointer: str) -> Member:
        """A new member. Raises Conflict at `pointer` when the address is somebody's, Invalid for a password that is none."""
        password_hash = None
        if password:
            off_hub(check_password, password, (new.name, new.email))
            password_hash = off_hub(hash_password, password)
        new = member.with_password(new, password_hash, state)
        events = {ACTIVE: (member.added(new),), INVITED: (member.invited(new),)}.get(state, ())
        try:
            kept: Member = self.store.members.create(new, *events, actor=call.actor)
        except Conflict as taken:
            if taken.extra.get("fields") != ["email_key"]:
                raise
            detail = "This address belongs to a member already."
            raise Conflict(detail, errors=[{"pointer": pointer, "detail": detail}]) from None
        return kept
