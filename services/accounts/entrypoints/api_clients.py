"""API clients: made, changed and revoked by who runs the organisation; their tokens made, and read again for the gateway."""

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from contracts import api_clients as contract
from contracts.errors import Gone, NotFound, NotSignedIn
from plumbing.ids import follow
from plumbing.services import Call, answers
from services.accounts import organisation, throttle
from services.accounts.api_clients import client as rules
from services.accounts.api_clients import tokens
from services.accounts.api_clients.client import ApiClient, Secret
from services.accounts.entrypoints import Entrypoints
from services.accounts.guessing.bucket import OF_NETWORK

_NO_SUCH = "There is no such client, or this is not its secret."


class ApiClients(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(contract.MAKE_API_CLIENT)
    def make_api_client(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One more; its secret is shown this once."""
        scopes, text = tuple(dict.fromkeys(request["scopes"])), rules.new_secret()
        clinic_ids = self._clinics(request["clinic_ids"], call)
        rules.check_reach(scopes, clinic_ids)
        secret = Secret(follow(call.command_id, "secret"), rules.hash_of(text), call.now)
        made = ApiClient(
            call.command_id, call.organisation_id, request["name"], scopes, clinic_ids, (secret,), call.actor.id, call.now
        )  # fmt: skip
        kept = self.store.api_clients.create(made, *rules.said(made, "created"), actor=call.actor)
        return {**self._shown([kept])[0], "key_secret": text}

    @answers(contract.LIST_API_CLIENTS)
    def list_api_clients(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Those that open something, newest first."""
        wanted = {"organisation_id": call.organisation_id, "revoked": False}
        return {"items": self._shown(self.store.api_clients.find(wanted, [("_id", -1)]))}

    @answers(contract.CHANGE_API_CLIENT)
    def change_api_client(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another name, other scopes or clinics; also for the tokens that it has."""
        clinic_ids = self._clinics(request["clinic_ids"], call) if "clinic_ids" in request else None
        rule = partial(rules.change, wanted=request, clinic_ids=clinic_ids, version=request["version"])
        return self._changed(request, rule, call)

    @answers(contract.ADD_API_SECRET)
    def add_api_secret(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A second secret, shown this once, so that the first can be replaced without a gap."""
        text = rules.new_secret()
        secret = Secret(call.command_id, rules.hash_of(text), call.now)
        return {**self._changed(request, partial(rules.add_secret, secret=secret), call), "key_secret": text}

    @answers(contract.REMOVE_API_SECRET)
    def remove_api_secret(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A secret, and the tokens that came of it, open nothing from now on."""
        return self._changed(request, partial(rules.remove_secret, secret_id=request["secret_id"]), call)

    @answers(contract.REVOKE_API_CLIENT)
    def revoke_api_client(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """It opens nothing from now on. What it made stays."""
        self.store.api_clients.update(request["api_client_id"], call.organisation_id, rules.revoke, call.actor)
        return {"ok": True}

    @answers(contract.OPEN_ACCESS)
    def open_access(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A token for whoever brings the secret. Raises NotSignedIn, Invalid (`/scope`), and Gone for a refresh token that is none."""
        client, secret = self._authenticated(request, call)
        scopes = tokens.granted(client, request["scope"])
        if request["refresh_token"] is not None:
            scopes = self._refreshed(request, client, scopes, call)
        with suppress(NotFound):
            rule = partial(rules.used, secret_id=secret.id, now=call.now)
            self.store.api_clients.update(client.id, client.organisation_id, rule)
        made = partial(
            tokens.make, client=client, secret_id=secret.id, scopes=scopes, id=call.command_id,
            issuer=self.base_url, key=tokens.key_of(self.key), now=call.now,
        )  # fmt: skip
        return {
            "access_token": made(tokens.ACCESS),
            "refresh_token": made(tokens.REFRESH) if request["refreshable"] else None,
            "expires_in": contract.ACCESS_SECONDS,
            "scope": " ".join(scopes),
        }

    @answers(contract.RESOLVE_ACCESS)
    def resolve_access(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Whose token it is, while it is good: their scopes and clinics are as they are now."""
        found = tokens.read(tokens.ACCESS, request["token"], tokens.key_of(self.key), call.now)
        client = self._living(found.api_client_id)
        if client is None or all(each.id != found.secret_id for each in client.secrets):
            raise NotSignedIn("This token was revoked.")
        return {
            "api_client_id": client.id,
            "organisation_id": client.organisation_id,
            "name": client.name,
            "scopes": [scope for scope in found.scopes if scope in client.scopes],
            "clinic_ids": client.clinic_ids,
            "expires_at": datetime.fromtimestamp(found.expires_at, UTC),
        }

    def _authenticated(self, request: dict[str, Any], call: Call) -> tuple[ApiClient, Secret]:
        """Raises NotSignedIn. The secret is not to be guessed; what is slowed is a network that tries wrong ones, and nobody else."""
        client = self._living(request["api_key"])
        whom = client.id if client else "none"
        tried = throttle.key_of(f"API client {whom}", throttle.network_of(request["network"]))
        self.store.guesses.spend(tried, OF_NETWORK, call.now)
        secret = rules.secret_of(client, request["key_secret"]) if client else None
        if client is None or secret is None:
            raise NotSignedIn(_NO_SUCH)
        self.store.guesses.give_back(tried, OF_NETWORK)
        return client, secret

    def _refreshed(
        self, request: dict[str, Any], client: ApiClient, asked: tuple[str, ...], call: Call
    ) -> tuple[str, ...]:
        """The scopes, none that the refresh token had not (RFC 6749 §6)."""
        gone = "This refresh token is not good any more. Ask with client_credentials."
        try:
            before = tokens.read(tokens.REFRESH, request["refresh_token"], tokens.key_of(self.key), call.now)
        except NotSignedIn as error:
            raise Gone(gone) from error
        known = before.api_client_id == client.id and any(each.id == before.secret_id for each in client.secrets)
        if not known:
            raise Gone(gone)
        return tuple(scope for scope in asked if scope in before.scopes)

    def _living(self, api_client_id: str) -> ApiClient | None:
        found = self.store.api_clients.find_one({"_id": api_client_id})
        return None if found is None or found.revoked else found

    def _clinics(self, asked: list[str], call: Call) -> tuple[str, ...]:
        known = self.store.organisations.get(call.organisation_id, call.organisation_id)
        return organisation.known_clinics(known, asked)

    def _changed(self, request: dict[str, Any], rule: Any, call: Call) -> dict[str, Any]:
        kept = self.store.api_clients.update(request["api_client_id"], call.organisation_id, rule, call.actor)
        return self._shown([kept])[0]

    def _shown(self, clients: list[ApiClient]) -> list[dict[str, Any]]:
        if not clients:
            return []
        names = self.store.names_of({each.made_by for each in clients}, clients[0].organisation_id)
        return [rules.client_view(each, names) for each in clients]
