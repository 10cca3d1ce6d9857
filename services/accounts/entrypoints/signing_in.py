"""The sign-in of a member: by password, resolved for the gateway, and ended."""

from dataclasses import replace
from typing import Any

from contracts import accounts
from contracts.errors import NotSignedIn
from plumbing.services import Call, answers, off_hub
from plumbing.store import Change
from services.accounts import member, sign_in
from services.accounts.addresses import key_of_typed
from services.accounts.entrypoints.guessing import Guessing
from services.accounts.member import ACTIVE, Member
from services.accounts.passwords import hash_password, is_outdated, is_password
from services.accounts.sign_in import SignIn
from services.accounts.single_sign_on.identity_provider import password_suffices
from services.accounts.views import member_view


class SigningIn(Guessing):
    """A part of services.accounts.service.AccountsService."""

    @answers(accounts.SIGN_IN)
    def sign_in(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A member's visit begins, or its first step of two. Unknown addresses and wrong passwords get the same answer after the same time."""
        key = key_of_typed(request["email"])
        was_right = self.count_guess("password", key, request, call)
        found: Member | None = self.store.member_with_address(key)
        kept = found.password_hash if found and found.state == ACTIVE else None
        if not off_hub(is_password, request["password"], kept) or found is None:
            self.tell_failure("password", found, request, call)
            raise NotSignedIn("The e-mail address or the password is not right.")
        was_right()
        self._hash_anew(found, request["password"])
        if not password_suffices(self.store.identity_providers.of(found.organisation_id), found.role):
            detail = "Sign in with your organisation's own provider."
            raise NotSignedIn(detail, reason="use_provider", organisation_id=found.organisation_id)
        if member.asks_for_code(found):
            return self.open_step(found, call)
        return self.open_sign_in(found, request, call)

    @answers(accounts.RESOLVE_SIGN_IN)
    def resolve_sign_in(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Whose token this is, while it is good."""
        found: SignIn | None = self.store.sign_in_with_token(sign_in.hash_of(request["token"]))
        if found is None or not sign_in.is_open(found, call.now):
            raise NotSignedIn
        who = self.store.members.get(found.member_id, found.organisation_id)
        if who.state != ACTIVE:
            raise NotSignedIn
        seen = (request["network"], request["browser"])
        origin_id = self.origin_of(found, seen, call) if seen[0] else None
        known = {"sign_in_id": found.id, "origin_id": origin_id, "expires_at": found.expires_at}
        must_add = found.must_add and self.must_add_second_step(who)
        return {**known, "must_add_second_step": must_add, "member": member_view(who)}

    @answers(accounts.SIGN_OUT)
    def sign_out(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The visit that asks ends."""
        if call.actor.sign_in_id:
            self.store.sign_ins.update(
                call.actor.sign_in_id, call.organisation_id, lambda known: sign_in.end(known, call.now), call.actor
            )
            self._leave_duty(call)
        return {"ok": True}

    def _leave_duty(self, call: Call) -> None:
        """Who has gone from every browser is not on duty any more."""
        if not self.store.open_sign_ins(call.actor.id, call.organisation_id, call.now):
            self.store.members.update(call.actor.id, call.organisation_id, member.go_off_duty, call.actor)

    def _hash_anew(self, who: Member, password: str) -> None:
        """A password that was hashed with earlier parameters is hashed with today's, now that it is known for a moment."""
        before = who.password_hash
        if before and is_outdated(before):
            after = off_hub(hash_password, password)
            self.store.members.update(
                who.id,
                who.organisation_id,
                lambda known: Change(replace(known, password_hash=after)) if known.password_hash == before else None,
            )
