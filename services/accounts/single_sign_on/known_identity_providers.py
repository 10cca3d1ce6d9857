"""What identity providers say of themselves, remembered for minutes: their facts and their keys."""

from datetime import datetime, timedelta
from typing import Any

from joserfc.jwk import KeySet

from plumbing.outside import Answer, Away, Outside
from services.accounts.single_sign_on.facts import PATH, Facts, OddProvider, read_facts
from services.accounts.single_sign_on.tokens import BadToken, UnknownKey, read_id_token, read_keys

REMEMBERED = timedelta(minutes=10)
_MOST = 1000


class KnownIdentityProviders:
    """One in each process. Everything here may raise Away, NotAllowed and OddProvider."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self._facts: dict[str, tuple[datetime, Facts]] = {}
        self._keys: dict[str, tuple[datetime, KeySet]] = {}

    def facts(self, issuer: str, now: datetime, *, anew: bool = False) -> Facts:
        """What the issuer's configuration says (OpenID Connect Discovery 1.0 §4)."""
        known = self._facts.get(issuer)
        if known and now < known[0] and not anew:
            return known[1]
        answer = self.outside.get(issuer.rstrip("/") + PATH)
        if answer.status >= 500:
            raise Away("The provider has trouble of its own.")
        if answer.status != 200:
            raise OddProvider(f"There is no provider at this address: it answers {answer.status}.")
        facts = read_facts(answer.content, issuer, self.outside.insecure)
        _keep(self._facts, issuer, (now + REMEMBERED, facts))
        return facts

    def keys(self, facts: Facts, now: datetime, *, anew: bool = False) -> KeySet:
        """The keys that it signs with."""
        known = self._keys.get(facts.jwks_uri)
        if known and now < known[0] and not anew:
            return known[1]
        answer = self.outside.get(facts.jwks_uri)
        keys = read_keys(answer.content) if answer.status == 200 else KeySet([])
        if not keys.keys:
            raise OddProvider("The provider publishes no keys that its tokens could be checked by.")
        _keep(self._keys, facts.jwks_uri, (now + REMEMBERED, keys))
        return keys

    def read(self, token: str, facts: Facts, client_id: str, nonce: str, now: datetime) -> dict[str, Any]:
        """The claims of an ID token; its keys are read once more where it is signed by a new one. Raises BadToken besides."""
        for anew in (False, True):
            keys = self.keys(facts, now, anew=anew)
            try:
                return read_id_token(token, keys, issuer=facts.issuer, client_id=client_id, nonce=nonce, now=now)
            except UnknownKey:
                continue
        raise BadToken("signed by none of the provider's keys")

    def redeem(self, facts: Facts, body: str, headers: dict[str, str]) -> Answer:
        """Ask the token endpoint."""
        answer = self.outside.post(facts.token_endpoint, body, headers)
        if answer.status >= 500:
            raise Away("The provider has trouble of its own.")
        return answer


def _keep(kept: dict[str, Any], key: str, value: Any) -> None:
    if len(kept) >= _MOST:
        kept.clear()
    kept[key] = value
