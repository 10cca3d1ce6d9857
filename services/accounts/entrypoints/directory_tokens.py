"""The tokens by which a directory comes: made and revoked by an owner, resolved for the gateway."""

from functools import partial
from typing import Any

from contracts import directory
from contracts.errors import NotSignedIn
from plumbing.services import Call, answers
from services.accounts.directory.token import hash_of, make, new_token, revoke, token_view, used
from services.accounts.entrypoints import Entrypoints


class DirectoryTokens(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(directory.MAKE_DIRECTORY_TOKEN)
    def make_directory_token(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One more; the token is shown this once."""
        token = new_token()
        made = make(
            request,
            token,
            id=call.command_id,
            organisation_id=call.organisation_id,
            made_by=call.actor.name or call.actor.id,
            now=call.now,
        )
        kept = self.store.directory.tokens.create(made, actor=call.actor)
        return {**token_view(kept), "token": token}

    @answers(directory.LIST_DIRECTORY_TOKENS)
    def list_directory_tokens(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Those that open something, newest first."""
        known = self.store.directory.tokens_of(call.organisation_id)
        return {"items": [token_view(each) for each in known]}

    @answers(directory.REVOKE_DIRECTORY_TOKEN)
    def revoke_directory_token(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """It opens nothing from the next request on; whom it brought stays."""
        tokens = self.store.directory.tokens
        tokens.update(request["token_id"], call.organisation_id, revoke, call.actor)
        return {"ok": True}

    @answers(directory.RESOLVE_DIRECTORY_TOKEN)
    def resolve_directory_token(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Whose token this is, while it is good."""
        found = self.store.directory.token(hash_of(request["token"]))
        if found is None:
            raise NotSignedIn("There is no such token.")
        rule = partial(used, now=call.now)
        kept = self.store.directory.tokens.update(found.id, found.organisation_id, rule)
        return {"token_id": kept.id, "organisation_id": kept.organisation_id}
