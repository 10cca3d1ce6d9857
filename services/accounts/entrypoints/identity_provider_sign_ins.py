"""Signing in with the organisation's own identity provider: the way there, and back with a code."""

from typing import Any

import structlog

from contracts import single_sign_on as contract
from contracts.errors import Invalid, NotFound, NotSignedIn, Unavailable
from plumbing.outside import Away, NotAllowed
from plumbing.services import Call, answers
from services.accounts import member
from services.accounts.entrypoints.identity_provider_members import IdentityProviderMembers
from services.accounts.single_sign_on import asking, identity_provider
from services.accounts.single_sign_on.claims import read_person
from services.accounts.single_sign_on.facts import Facts, OddProvider
from services.accounts.single_sign_on.identity_provider import IdentityProvider
from services.accounts.single_sign_on.tokens import BadToken

log = structlog.get_logger()


class IdentityProviderSignIns(IdentityProviderMembers):
    """A part of services.accounts.service.AccountsService."""

    @answers(contract.FIND_PROVIDER)
    def find_provider(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Whose domain it is. By the domain alone: whether an address is a member's does not come into it."""
        try:
            known = self.store.identity_providers.of_domain(identity_provider.domain_name(request["domain"]))
        except Invalid:
            known = None
        if known is None:
            return {"organisation_id": None, "organisation_name": None}
        whose = self.store.organisations.get(known.organisation_id, known.organisation_id)
        return {"organisation_id": whose.id, "organisation_name": whose.name}

    @answers(contract.START_PROVIDER_SIGN_IN)
    def start_provider_sign_in(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Where the browser goes, and what it keeps meanwhile."""
        known = self._known(request["organisation_id"])
        try:
            facts = self.safe.known_identity_providers.facts(known.issuer, call.now)
        except (Away, NotAllowed, OddProvider) as problem:
            raise _away(known, problem) from None
        question = asking.ask(known, facts, self.base_url)
        kept = {"provider_state": question.state, "nonce": question.nonce, "verifier": question.verifier}
        return {**kept, "location": question.location, "organisation_id": known.id, "issuer": known.issuer}

    @answers(contract.FINISH_PROVIDER_SIGN_IN)
    def finish_provider_sign_in(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The browser is back with a code. Each way back is good once; a refusal says why in `reason`."""
        known = self._known(request["organisation_id"])
        oneself = call.actor.kind == "member"
        if oneself and call.actor.organisation_id != known.organisation_id:
            raise NotFound
        if request["issuer"] != known.issuer:
            raise NotSignedIn("The provider was changed meanwhile. Begin again.", reason="expired")
        whose = self.store.organisations.get(known.organisation_id, known.organisation_id)
        known = identity_provider.within(known, {clinic.id for clinic in whose.clinics})
        person = read_person(self._claims(known, request, call), known)
        if oneself:
            return self.connect_oneself(person, known, call)
        who = self.who_is(person, known, call)
        if member.asks_for_code(who) and not (known.counts_second_factor and person.used_second_factor):
            return self.open_step(who, call)
        return self.open_sign_in(who, request, call, by_provider=True)

    def _claims(self, known: IdentityProvider, request: dict[str, Any], call: Call) -> dict[str, Any]:
        asked = self.safe.known_identity_providers
        try:
            facts = asked.facts(known.issuer, call.now)
            if request["iss"] != known.issuer and (facts.says_issuer or request["iss"] is not None):
                raise BadToken("iss beside the code")
            if not self.store.identity_providers.use_state(request["provider_state"], call.command_id, call.now):
                raise NotSignedIn("This was used already. Begin again.", reason="used")
            secret = identity_provider.unseal(self.key, known.id, known.sealed_secret) if known.sealed_secret else None
            body, headers = asking.redemption(known, facts, self.base_url, request["code"], request["verifier"], secret)
            answer = asked.redeem(facts, body, headers)
            granted = answer.content if isinstance(answer.content, dict) else {}
            if answer.status != 200:
                raise _not_granted(known, str(granted.get("error")))
            token = granted.get("id_token")
            if not isinstance(token, str):
                raise BadToken("no ID token")
            claims = asked.read(token, facts, known.client_id, request["nonce"], call.now)
            return self._with_more(claims, known, facts, granted.get("access_token"))
        except BadToken as bad:
            log.warning("provider's answer refused", organisation_id=known.id, what=str(bad))
            raise NotSignedIn("The provider's answer does not fit. Begin again.", reason=bad.reason) from None
        except (Away, NotAllowed, OddProvider) as problem:
            raise _away(known, problem) from None

    def _with_more(self, claims: dict[str, Any], known: IdentityProvider, facts: Facts, access: Any) -> dict[str, Any]:
        """With what the provider says only at its userinfo endpoint (OpenID Connect Core 1.0 §5.3), where the token lacks it."""
        needed = {"email", *(rule.claim for rule in known.rules)}
        lacking = {name for name in needed if name not in claims and name.partition(".")[0] not in claims}
        if not lacking or not facts.userinfo_endpoint or not isinstance(access, str):
            return claims
        answer = self.safe.known_identity_providers.outside.get(facts.userinfo_endpoint, access)
        more = answer.content
        if answer.status != 200 or not isinstance(more, dict):
            return claims
        if more.get("sub") != claims["sub"]:
            raise BadToken("sub of userinfo")
        if "email" in claims:
            # what one of them verified is not the other's
            more = {name: value for name, value in more.items() if name not in ("email", "email_verified")}
        return {**more, **claims}

    def _known(self, organisation_id: str) -> IdentityProvider:
        known = self.store.identity_providers.of(organisation_id)
        if known is None:
            raise NotFound
        return known


def _not_granted(known: IdentityProvider, error: str) -> NotSignedIn:
    """What the token endpoint says instead of a token (RFC 6749 §5.2)."""
    log.warning("provider grants nothing", organisation_id=known.id, error=error[:40])
    if error == "invalid_grant":
        return NotSignedIn("The provider's code is over, or was used. Begin again.", reason="expired")
    return NotSignedIn("The provider does not take what was set up here.", reason="set_up_wrongly")


def _away(known: IdentityProvider, problem: Exception) -> Unavailable | NotSignedIn:
    log.warning("provider cannot be asked", organisation_id=known.id, problem=type(problem).__name__)
    if isinstance(problem, Away):
        return Unavailable("Your organisation's provider does not answer.", reason="provider_away")
    return NotSignedIn("The provider does not take what was set up here.", reason="set_up_wrongly")
