"""The second factor of a member, and the second step of signing in."""

from dataclasses import replace
from functools import partial
from typing import Any

from contracts import second_factor as contract
from contracts.errors import Conflict, NotSignedIn
from plumbing.services import Call, answers
from plumbing.store import Change
from services.accounts import member, second_factor, sign_in, throttle
from services.accounts.entrypoints.guessing import Guessing
from services.accounts.joining import (
    RECOVERY_CODE_USED,
    RECOVERY_CODES_USED_UP,
    SECOND_STEP_ADDED,
    SECOND_STEP_REMOVED,
    SECOND_STEP_RESET,
)
from services.accounts.member import ACTIVE, Member
from services.accounts.second_factor import SecondFactor

_WRONG = "The code is not right, or was used before. Wait for the next one."


class SecondFactors(Guessing):
    """A part of services.accounts.service.AccountsService."""

    @answers(contract.BEGIN_SECOND_FACTOR)
    def begin_second_factor(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A secret for the asker's app, for who proves again who they are; it counts when a code of it was confirmed."""
        self.prove_again(request["password"], call)
        factor, secret = second_factor.begin(self.key, call.actor.id)

        def rule(known: Member) -> Change[Member]:
            if known.second_factor and known.second_factor.confirmed:
                raise Conflict("There is a second factor already. Disable it first.")
            had = known.second_factor
            begun = replace(factor, keys=had.keys, recovery_hashes=had.recovery_hashes) if had else factor
            return Change(replace(known, second_factor=begun))

        kept = self.store.members.update(call.actor.id, call.organisation_id, rule, call.actor)
        return {"secret": secret, "uri": second_factor.uri_of(secret, kept.email)}

    @answers(contract.CONFIRM_SECOND_FACTOR)
    def confirm_second_factor(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """From now on every sign-in asks for a code; answers the recovery codes, once."""
        shown: list[str] = []

        def rule(known: Member) -> Change[Member]:
            if known.second_factor is None or known.second_factor.confirmed:
                raise Conflict("Begin first: there is no second factor that waits to be confirmed.")
            # a recovery code says nothing of the app
            app = replace(known.second_factor, recovery_hashes=())
            used = self._taken(second_factor.take(app, request["code"], self.key, known.id, call.now))
            factor, codes = second_factor.with_recovery_codes(used, self.key, known.id)
            shown[:] = codes
            secured = replace(known, second_factor=factor)
            return Change(secured, member.changed(secured))

        self._count_code(call.actor.id, call)
        kept = self.store.members.update(call.actor.id, call.organisation_id, rule, call.actor)
        self._forget_codes(call.actor.id)
        self.write_to(kept, SECOND_STEP_ADDED, call)
        self.end_sign_ins_of(kept, call, but=call.actor.sign_in_id)
        return {"recovery_codes": shown}

    @answers(contract.DISABLE_SECOND_FACTOR)
    def disable_second_factor(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The asker's own app, for who proves again who they are; security keys stay."""
        self.prove_again(request["password"], call)
        kept = self.store.members.update(call.actor.id, call.organisation_id, member.without_app, call.actor)
        self.write_to(kept, SECOND_STEP_REMOVED, call)
        return {"ok": True}

    @answers(contract.RESET_SECOND_FACTOR)
    def reset_second_factor(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Somebody else's, who lost phone and recovery codes; where they are signed in ends."""
        found = self.store.members.get(request["member_id"], call.organisation_id)
        member.may_change(found, None, call.actor)
        self.store.members.update(found.id, found.organisation_id, member.without_second_factor, call.actor)
        if found.second_factor:
            self.write_to(found, SECOND_STEP_RESET, call)
        self.end_sign_ins_of(found, call)
        return {"ok": True}

    @answers(contract.FINISH_SIGN_IN)
    def finish_sign_in(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The second step of signing in: a code of the app or a recovery code, each good once."""
        step = self.store.sign_in_with_token(sign_in.hash_of(request["token"]))
        if step is None or not sign_in.awaits_code(step, call.now):
            raise NotSignedIn("Begin again with your password.")
        awaited: Member = self.store.members.get(step.member_id, step.organisation_id)
        was_right = self.count_guess("code", awaited.email_key, request, call)

        def rule(known: Member) -> Change[Member]:
            if known.state != ACTIVE or known.second_factor is None:
                raise NotSignedIn("Begin again with your password.")
            return Change(
                replace(known, second_factor=self._used(known.second_factor, known.id, request["code"], call))
            )

        try:
            who = self.store.members.update(step.member_id, step.organisation_id, rule)
        except NotSignedIn:
            self.tell_failure("code", awaited, request, call)
            raise
        was_right()
        self._tell_recovery(awaited, who, call)
        self.store.sign_ins.update(step.id, step.organisation_id, partial(sign_in.end, now=call.now))
        return self.open_sign_in(who, request, call)

    def _tell_recovery(self, before: Member, after: Member, call: Call) -> None:
        """A recovery code is used by who lost phone and keys, or by who stole the paper."""
        left = after.second_factor.recovery_hashes if after.second_factor else ()
        if before.second_factor and len(left) < len(before.second_factor.recovery_hashes):
            self.write_to(after, RECOVERY_CODE_USED if left else RECOVERY_CODES_USED_UP, call)

    def _used(self, factor: SecondFactor, member_id: str, code: str, call: Call) -> SecondFactor:
        return self._taken(second_factor.take_at_sign_in(factor, code, self.key, member_id, call.now))

    def _taken(self, after: SecondFactor | None) -> SecondFactor:
        if after is None:
            raise NotSignedIn(_WRONG)
        return after

    def _count_code(self, member_id: str, call: Call) -> None:
        self.store.count_try(throttle.key_of(f"code {member_id}", None), call.now)

    def _forget_codes(self, member_id: str) -> None:
        self.store.forget_tries(throttle.key_of(f"code {member_id}", None))
