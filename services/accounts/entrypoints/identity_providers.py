"""How an organisation sets up signing in with its own identity provider."""

from functools import partial
from typing import Any

from contracts import single_sign_on as contract
from contracts.errors import Conflict, Invalid, NotFound, Unavailable
from plumbing.outside import Away, NotAllowed
from plumbing.services import Call, answers
from services.accounts import organisation
from services.accounts.entrypoints import Entrypoints
from services.accounts.single_sign_on import asking, identity_provider, linking
from services.accounts.single_sign_on.facts import OddProvider, read_issuer
from services.accounts.single_sign_on.identity_provider import IdentityProvider


class IdentityProviders(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(contract.GET_PROVIDER)
    def get_provider(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the organisation has set up."""
        return self._settings(call)

    @answers(contract.SET_PROVIDER)
    def set_provider(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Set up, or change; the provider is asked for its configuration first, so that what is saved works."""
        asked = self.safe.known_identity_providers
        wanted = {**request, "issuer": read_issuer(request["issuer"], asked.outside.insecure)}
        known: Any = self.store.organisations.get(call.organisation_id, call.organisation_id)
        _check_clinics(known, wanted)
        try:
            asked.keys(asked.facts(wanted["issuer"], call.now, anew=True), call.now, anew=True)
        except (Away, NotAllowed, OddProvider) as problem:
            raise Invalid(str(problem), errors=[{"pointer": "/issuer", "detail": str(problem)}]) from None
        self.store.identity_providers.documents.create(
            IdentityProvider(call.organisation_id, call.organisation_id), actor=call.actor
        )
        rule = partial(identity_provider.set_up, wanted=wanted, key=self.key)
        self.store.identity_providers.documents.update(call.organisation_id, call.organisation_id, rule, call.actor)
        return self._settings(call)

    @answers(contract.REMOVE_PROVIDER)
    def remove_provider(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """No provider any more: everybody signs in by password again."""
        if self.store.identity_providers.of(call.organisation_id):
            self.store.identity_providers.documents.update(
                call.organisation_id, call.organisation_id, identity_provider.remove, call.actor
            )
        return {"ok": True}

    @answers(contract.PROVE_DOMAIN)
    def prove_domain(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Look for the record that only who runs the domain can publish; when it is there, the domain counts."""
        domain = identity_provider.domain_name(request["domain"])
        known = self._provider_of(call.organisation_id)
        if all(each.name != domain for each in known.domains):
            raise NotFound
        if domain in known.proved_domains:
            return self._settings(call)
        wanted = identity_provider.proof_of(self.key, known.id, domain)
        try:
            texts = self.safe.known_identity_providers.outside.texts_of(identity_provider.RECORD_PREFIX + domain)
        except Away:
            raise Unavailable("The domain's name servers do not answer. Try again later.") from None
        if wanted not in (text.strip() for text in texts):
            raise Conflict(
                "The record is not there yet. It may take an hour until a new one is seen everywhere.",
                reason="no_record",
                found=len(texts),
            )
        self._prove(domain, call)
        return self._settings(call)

    @answers(contract.CONFIRM_DOMAIN)
    def confirm_domain(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The operator knows whose domain it is."""
        self._prove(identity_provider.domain_name(request["domain"]), call)
        return {"ok": True}

    def _prove(self, domain: str, call: Call) -> None:
        rule = partial(identity_provider.prove, domain=domain, now=call.now)
        try:
            self.store.identity_providers.documents.update(call.organisation_id, call.organisation_id, rule, call.actor)
        except Conflict as taken:
            if taken.extra.get("fields") != ["proved_domains"]:
                raise
            raise Conflict(
                "Another organisation here has this domain. Ask who runs Housecall.", reason="taken"
            ) from None

    def _provider_of(self, organisation_id: str) -> IdentityProvider:
        known = self.store.identity_providers.of(organisation_id)
        if known is None:
            raise NotFound
        return known

    def _settings(self, call: Call) -> dict[str, Any]:
        known = self.store.identity_providers.of(call.organisation_id)
        reader = self.store.members.find_one({"_id": call.actor.id, "organisation_id": call.organisation_id})
        return {
            "provider": identity_provider.view(known, self.key) if known else None,
            "organisation_id": call.organisation_id,
            "redirect_uri": asking.redirect_uri(self.base_url),
            "connected": bool(known and reader and linking.is_connected(reader, known)),
        }


def _check_clinics(known: organisation.Organisation, wanted: dict[str, Any]) -> None:
    """Raises Invalid, at the field, for a clinic that is not this organisation's."""
    ours = {clinic.id for clinic in known.clinics}
    named = [(f"/default_clinic_ids/{place}", id) for place, id in enumerate(wanted["default_clinic_ids"])]
    named += [(f"/rules/{place}", rule["clinic_id"]) for place, rule in enumerate(wanted["rules"]) if rule["clinic_id"]]
    detail = "There is no such clinic."
    errors = [{"pointer": pointer, "detail": detail} for pointer, id in named if id not in ours]
    if errors:
        raise Invalid(detail, errors=errors)
