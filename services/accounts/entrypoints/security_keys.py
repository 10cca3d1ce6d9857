"""The security keys of a member, and the second step of signing in with one."""

from dataclasses import replace
from functools import partial
from typing import Any

from contracts import security_keys as contract
from contracts.errors import Conflict, NotSignedIn
from plumbing.ids import new_id
from plumbing.services import Call, answers, off_hub
from plumbing.store import Change
from services.accounts import member, second_factor, sign_in
from services.accounts.entrypoints.guessing import Guessing
from services.accounts.joining import SECOND_STEP_ADDED, SECOND_STEP_REMOVED
from services.accounts.member import ACTIVE, Member
from services.accounts.second_factor import SecurityKey
from services.accounts.security_keys import key as rules
from services.accounts.security_keys.challenge import ADDING, SIGNING_IN, Challenge, id_of, new_challenge
from services.accounts.sign_in import SignIn
from services.accounts.views import security_key_view

_BEGIN_AGAIN = "Begin again with your password."
_TAKEN = "second_factor.keys.credential_id"


class SecurityKeys(Guessing):
    """A part of services.accounts.service.AccountsService."""

    @property
    def place(self) -> rules.Place:
        """Where browsers use them."""
        return rules.place_of(self.base_url)

    @answers(contract.LIST_SECURITY_KEYS)
    def list_security_keys(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The asker's own, oldest first."""
        found: Member = self.store.members.get(call.actor.id, call.organisation_id)
        app = found.second_factor is not None and found.second_factor.confirmed
        return {"items": [security_key_view(key) for key in _keys(found)], "authenticator_app": app}

    @answers(contract.BEGIN_SECURITY_KEY)
    def begin_security_key(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the browser of who proves again who they are makes a key with."""
        self.prove_again(request["password"], call)
        found: Member = self.store.members.get(call.actor.id, call.organisation_id)
        challenge = self._challenge(ADDING, found, str(call.actor.sign_in_id), call)
        options = rules.creation_options(self.place, found.id, found.email, found.name, _keys(found), challenge.value)
        self.store.challenges.keep(challenge)
        return {"options": options}

    @answers(contract.FINISH_SECURITY_KEY)
    def finish_security_key(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """From now on every sign-in asks for it or a code; answers recovery codes, once, for who had no second factor."""
        asked = id_of(ADDING, str(call.actor.sign_in_id))
        challenge = self.store.challenges.take(asked, call.actor.id, call.now)
        if challenge is None:
            raise Conflict("Begin again: this took too long, or was answered already.")
        place = self.place
        new: SecurityKey = off_hub(
            lambda: rules.read_new(
                request["credential"], place, challenge.value, id=new_id(), name=request["name"], now=call.now
            )
        )
        shown: list[str] = []

        def rule(known: Member) -> Change[Member]:
            factor = rules.added(known.second_factor, new)
            shown.clear()
            if not member.asks_for_code(known):
                factor, codes = second_factor.new_recovery_codes(factor, self.key, known.id)
                shown.extend(codes)
            secured = replace(known, second_factor=factor)
            return Change(secured, member.changed(secured))

        try:
            kept = self.store.members.update(call.actor.id, call.organisation_id, rule, call.actor)
        except Conflict as taken:
            if taken.extra.get("fields") != [_TAKEN]:
                raise
            raise Conflict("This security key is in use already. Use another one.") from None
        self.write_to(kept, SECOND_STEP_ADDED, call)
        if shown:
            self.end_sign_ins_of(kept, call, but=call.actor.sign_in_id)
        return {"key": security_key_view(new), "recovery_codes": shown or None}

    @answers(contract.RENAME_SECURITY_KEY)
    def rename_security_key(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One of the asker's own under another name."""

        def rule(known: Member) -> Change[Member]:
            return Change(
                replace(known, second_factor=rules.renamed(known.second_factor, request["key_id"], request["name"]))
            )

        kept: Member = self.store.members.update(call.actor.id, call.organisation_id, rule, call.actor)
        return next(security_key_view(key) for key in _keys(kept) if key.id == request["key_id"])

    @answers(contract.REMOVE_SECURITY_KEY)
    def remove_security_key(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One of the asker's own, for who proves again who they are."""
        self.prove_again(request["password"], call)

        def rule(known: Member) -> Change[Member]:
            factor = rules.removed(known.second_factor, request["key_id"])
            after = replace(known, second_factor=factor)
            return Change(after, member.changed(after))

        kept = self.store.members.update(call.actor.id, call.organisation_id, rule, call.actor)
        self.write_to(kept, SECOND_STEP_REMOVED, call)
        return {"ok": True}

    @answers(contract.BEGIN_SECURITY_KEY_STEP)
    def begin_security_key_step(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the browser of who brought the password asks a key with."""
        step = self._step(request["token"], call)
        who: Member = self.store.members.get(step.member_id, step.organisation_id)
        if not _keys(who):
            return {"options": None}
        challenge = self._challenge(SIGNING_IN, who, step.id, call)
        self.store.challenges.keep(challenge)
        return {"options": rules.request_options(self.place, _keys(who), challenge.value)}

    @answers(contract.FINISH_SIGN_IN_WITH_KEY)
    def finish_sign_in_with_key(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The second step of signing in: an answer of one of the member's keys, good once."""
        step = self._step(request["token"], call)
        awaited: Member = self.store.members.get(step.member_id, step.organisation_id)
        was_right = self.count_guess("code", awaited.email_key, request, call)
        challenge = self.store.challenges.take(id_of(SIGNING_IN, step.id), step.member_id, call.now)
        try:
            if challenge is None:
                raise NotSignedIn("Ask your security key again: this took too long, or was answered already.")
            who = self._used_key(step, challenge, request["credential"], call)
        except NotSignedIn:
            self.tell_failure("code", awaited, request, call)
            raise
        was_right()
        self.store.sign_ins.update(step.id, step.organisation_id, partial(sign_in.end, now=call.now))
        return self.open_sign_in(who, request, call)

    def _used_key(self, step: SignIn, challenge: Challenge, credential: dict[str, Any], call: Call) -> Member:
        known: Member = self.store.members.get(step.member_id, step.organisation_id)
        key, place = rules.used_by(credential, _keys(known)), self.place
        count = off_hub(lambda: rules.read_use(credential, key, place, challenge.value))

        def rule(known: Member) -> Change[Member]:
            # taken away meanwhile
            if known.state != ACTIVE or known.second_factor is None or key.id not in {each.id for each in _keys(known)}:
                raise NotSignedIn(_BEGIN_AGAIN)
            return Change(replace(known, second_factor=rules.used(known.second_factor, key.id, count, call.now)))

        who: Member = self.store.members.update(step.member_id, step.organisation_id, rule)
        return who

    def _step(self, token: str, call: Call) -> SignIn:
        step = self.store.sign_in_with_token(sign_in.hash_of(token))
        if step is None or not sign_in.awaits_code(step, call.now):
            raise NotSignedIn(_BEGIN_AGAIN)
        return step

    def _challenge(self, purpose: str, who: Member, sign_in_id: str, call: Call) -> Challenge:
        return new_challenge(purpose, sign_in_id, organisation_id=who.organisation_id, member_id=who.id, now=call.now)


def _keys(who: Member) -> tuple[SecurityKey, ...]:
    return who.second_factor.keys if who.second_factor else ()
