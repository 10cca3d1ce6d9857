"""Where the organisations' identity providers are kept, and which tries to sign in were brought back already."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from plumbing.store import Documents, Outgoing, equal_to
from services.accounts.single_sign_on.identity_provider import IdentityProvider

_REMEMBERED = timedelta(hours=1)
# of members; the provider's answer is all that a browser brings
CONNECTED = IndexModel(
    [("connection.subject_key", ASCENDING)], name="connected", unique=True,
    partialFilterExpression={"connection.subject_key": {"$type": "string"}},
)  # fmt: skip
INDEXES: dict[str, list[IndexModel]] = {
    "sign_in_providers": [
        # a domain is one organisation's only; who types an address brings nothing else
        IndexModel(
            [("proved_domains", ASCENDING)], name="domain", unique=True,
            partialFilterExpression={"proved_domains": {"$type": "string"}},
        )
    ],
    "provider_states": [IndexModel([("forgotten_at", ASCENDING)], name="forgotten", expireAfterSeconds=0)],
}  # fmt: skip


class IdentityProvidersStore:
    """A part of services.accounts.store.AccountsStore."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.documents = Documents(
            database["sign_in_providers"], outbox, kind=IdentityProvider, source="accounts", subject="sign_in_provider"
        )
        self._states = database["provider_states"]

    def of(self, organisation_id: str) -> IdentityProvider | None:
        """The organisation's provider, if it has one."""
        return self.documents.find_one({"_id": organisation_id, "organisation_id": organisation_id, "active": True})

    def of_domain(self, domain: str) -> IdentityProvider | None:
        """Whose proved domain it is."""
        return self.documents.find_one({"proved_domains": equal_to(domain), "active": True})

    def use_state(self, state: str, command_id: str, now: datetime) -> bool:
        """Whether this is the first time that it is brought back; the same command, carried out again, counts as the first."""
        key = hashlib.sha256(state.encode()).hexdigest()
        try:
            self._states.insert_one({"_id": key, "command_id": command_id, "forgotten_at": now + _REMEMBERED})
        except DuplicateKeyError:
            return self._states.find_one({"_id": key, "command_id": command_id}) is not None
        return True
