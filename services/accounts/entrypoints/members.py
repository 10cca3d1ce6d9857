"""Members: added, shown, and what becomes of them: changed, suspended, restored, removed."""

from functools import partial
from typing import Any

from contracts import accounts, membership
from contracts.actor import is_bound
from contracts.errors import NotFound
from plumbing.services import Call, answers
from services.accounts import finding, member, organisation, owners
from services.accounts.addresses import read_address
from services.accounts.entrypoints import Entrypoints, Rule
from services.accounts.member import ACTIVE, OWNER, Member
from services.accounts.organisation import Organisation
from services.accounts.views import member_view


class Members(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(accounts.ADD_MEMBER)
    def add_member(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One more member, in clinics of the organisation."""
        member.may_add(request["role"], call.actor)
        known: Organisation = self.store.organisations.get(call.organisation_id, call.organisation_id)
        clinic_ids = organisation.known_clinics(known, request["clinic_ids"])
        address = read_address(request["email"])
        new = member.from_request(
            request, address, clinic_ids, id=call.command_id, organisation_id=known.id, now=call.now
        )
        return member_view(self.keep_member(new, request["password"], ACTIVE, call, "/email", known.name))

    @answers(accounts.GET_MEMBER)
    def get_member(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One member of the reader's organisation."""
        found = self.store.members.get(request["member_id"], call.organisation_id)
        if not any(map(call.actor.reaches, found.clinic_ids or (None,))):
            raise NotFound
        return member_view(found)

    @answers(accounts.LIST_MEMBERS)
    def list_members(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A page of the members of the reader's organisation, by name."""
        bound = call.actor.clinic_ids if is_bound(call.actor) else ()
        wanted, limit = finding.query_of(request, call.organisation_id, bound), request["limit"]
        found = self.store.members_by_name(finding.after(wanted, request["cursor"]), limit + 1)
        shown = found[:limit]
        counted = self.store.count_members(wanted, finding.MOST_COUNTED + 1)
        return {
            "items": [member_view(each) for each in shown],
            "total": counted if counted <= finding.MOST_COUNTED else None,
            "cursor": finding.cursor_of(shown[-1]) if len(found) > limit else None,
        }

    @answers(membership.CHANGE_MEMBER)
    def change_member(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another name, role, language or other clinics."""
        self.store.members.get(request["member_id"], call.organisation_id)
        wanted = {name: value for name, value in request.items() if name not in ("member_id", "version")}
        if "clinic_ids" in wanted:
            known = self.store.organisations.get(call.organisation_id, call.organisation_id)
            wanted["clinic_ids"] = organisation.known_clinics(known, wanted["clinic_ids"])
        stays_owner = wanted.get("role", OWNER) == OWNER
        rule = partial(member.change, wanted=wanted, revision=request["version"])
        kept = self._change(request["member_id"], rule, call, stays_owner, wanted)
        return member_view(kept)

    @answers(membership.CHANGE_OWN_PROFILE)
    def change_own_profile(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The asker's own name or language."""
        rule = partial(member.change, wanted=request)
        kept = self.store.members.update(call.actor.id, call.organisation_id, rule, call.actor)
        return member_view(kept)

    @answers(membership.SUSPEND_MEMBER)
    def suspend_member(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """They cannot sign in until restored; where they are signed in ends at once."""
        kept = self._change(request["member_id"], member.suspend, call, stays_owner=False)
        self.end_sign_ins_of(kept, call)
        return member_view(kept)

    @answers(membership.RESTORE_MEMBER)
    def restore_member(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """They can sign in again."""
        return member_view(self._change(request["member_id"], member.restore, call))

    @answers(membership.REMOVE_MEMBER)
    def remove_member(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A member no more; their User Room stays, for an owner to hand over or remove."""
        kept = self._change(request["member_id"], member.remove, call, stays_owner=False)
        self.end_sign_ins_of(kept, call)
        return member_view(kept)

    def _change(
        self, member_id: str, rule: Rule, call: Call, stays_owner: bool = True, wanted: dict[str, Any] | None = None
    ) -> Member:
        found = self.store.members.get(member_id, call.organisation_id)
        role = (wanted or {}).get("role")
        member.may_change(found, role, call.actor)
        if stays_owner or not owners.is_owner(found):
            held = owners.of_no_owner(rule, role, call.actor)
            kept: Member = self.store.members.update(found.id, found.organisation_id, held, call.actor)
            return kept
        return self.let_owner_go(found, rule, call)
