"""A member's own sign-ins: which there are, and ending them."""

from functools import partial
from typing import Any

from contracts import signing_in
from contracts.errors import NotFound
from plumbing.services import Call, answers
from services.accounts import sign_in
from services.accounts.entrypoints import Entrypoints
from services.accounts.views import sign_in_view


class SignIns(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(signing_in.LIST_SIGN_INS)
    def list_sign_ins(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Where the reader is signed in, newest first."""
        mine = self.store.open_sign_ins(call.actor.id, call.organisation_id, call.now)
        return {"items": [sign_in_view(each, call.actor.sign_in_id) for each in mine]}

    @answers(signing_in.END_SIGN_IN)
    def end_sign_in(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One of the asker's own ends; another member's is not found."""
        found = self.store.sign_ins.get(request["sign_in_id"], call.organisation_id)
        if found.member_id != call.actor.id:
            raise NotFound
        self.store.sign_ins.update(found.id, found.organisation_id, partial(sign_in.end, now=call.now), call.actor)
        return {"ok": True}

    @answers(signing_in.END_OTHER_SIGN_INS)
    def end_other_sign_ins(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """All of the asker's own end but the one that asks."""
        mine = self.store.members.get(call.actor.id, call.organisation_id)
        self.end_sign_ins_of(mine, call, but=call.actor.sign_in_id)
        return {"ok": True}
