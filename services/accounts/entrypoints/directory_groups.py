"""A directory's groups (SCIM 2.0): each a clinic or a role, and who belongs to it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from contracts import directory
from contracts.errors import Conflict, NotFound
from plumbing.ids import follow
from plumbing.services import Call, answers, off_hub
from services.accounts import clinics
from services.accounts.directory import attributes, filters, groups, patch
from services.accounts.directory.groups import Group
from services.accounts.directory.pages import page
from services.accounts.directory.refusals import check_version, invalid, taken
from services.accounts.directory.token import role_of
from services.accounts.entrypoints import Entrypoints
from services.accounts.member import Member
from services.accounts.organisation import Clinic


class DirectoryGroups(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(directory.FIND_DIRECTORY_GROUPS)
    def find_directory_groups(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The groups that the directory has made, or those of which a filter is true; oldest first."""
        found = self.store.directory.groups_of(call.organisation_id)
        start, most = page(request["start_index"], request["count"])
        if not request["filter"]:
            shown = [self._group_resource(each) for each in found[start - 1 : start - 1 + most]]
            return {"total": len(found), "start_index": start, "items": shown}
        node = filters.read_filter(request["filter"])
        named = filters.lookups(node, {"displayname"})
        keys = None if named is None else {groups.key_of(name) for _, name in named}
        likely = [each for each in found if keys is None or each.name_key in keys]
        resources = [self._group_resource(each) for each in likely]
        matching = off_hub(lambda: [each for each in resources if filters.matches(each, node)])
        return {"total": len(matching), "start_index": start, "items": matching[start - 1 : start - 1 + most]}

    @answers(directory.GET_DIRECTORY_GROUP)
    def get_directory_group(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One group."""
        return self._group_shown(self.store.directory.groups.get(request["group_id"], call.organisation_id))

    @answers(directory.ADD_DIRECTORY_GROUP)
    def add_directory_group(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A role, if the token knows the name as one; else the clinic of that name, which is made if there is none."""
        said = attributes.read(request["resource"], attributes.GROUPS)
        name = groups.read_name(said)
        newcomers = self._members(groups.member_ids(said), call.organisation_id)
        if self.store.directory.group_named(call.organisation_id, groups.key_of(name)):
            raise taken("A group of this displayName is there already.")
        role = self._role_of(name, call)
        new = Group(
            id=call.command_id,
            organisation_id=call.organisation_id,
            display_name=name,
            name_key=groups.key_of(name),
            external_id=said.get("externalId"),
            clinic_id=None if role else self._clinic(name, call).id,
            role=role,
            created_at=call.now,
        )
        try:
            kept = self.store.directory.groups.create(new, actor=call.actor)
        except Conflict as conflict:
            raise taken("A group of this displayName is there already.") from conflict
        self._join(kept, newcomers, call)
        return self._group_shown(kept)

    @answers(directory.REPLACE_DIRECTORY_GROUP)
    def replace_directory_group(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The group as the directory says, with exactly these members."""
        said = attributes.read(request["resource"], attributes.GROUPS)
        return self._group_shown(self._take_over_group(request, call, lambda _: said))

    @answers(directory.CHANGE_DIRECTORY_GROUP)
    def change_directory_group(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The group after the operations of a PATCH. Half done by a process that died, it is finished by the same again."""

        def after(before: dict[str, Any]) -> dict[str, Any]:
            return off_hub(patch.patched, before, request["operations"], attributes.GROUPS)

        return self._group_shown(self._take_over_group(request, call, after))

    @answers(directory.REMOVE_DIRECTORY_GROUP)
    def remove_directory_group(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Nobody belongs to it any more. The clinic stays, with its rooms, until somebody removes it in Housecall."""
        store = self.store.directory
        found = store.groups.get(request["group_id"], call.organisation_id)
        members = store.members_in(found)
        check_version(request["if_match"], groups.tag_of(found, members))
        self._each(members, partial(groups.leave, group=found), call)
        store.forget_group(found)
        return {"ok": True}

    def _take_over_group(
        self, request: dict[str, Any], call: Call, after: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Group:
        store = self.store.directory
        found: Group = store.groups.get(request["group_id"], call.organisation_id)
        members = store.members_in(found)
        check_version(request["if_match"], groups.tag_of(found, members))
        before = {each.id: each for each in members}
        said = after(groups.written_by(found, list(before)))
        wanted = groups.member_ids(said)
        newcomers = self._members([id for id in wanted if id not in before], call.organisation_id)
        name = groups.read_name(said)
        clinic_id = self._clinic_still_there(found, name, call)
        rule = partial(groups.change_group, name=name, external_id=said.get("externalId"), clinic_id=clinic_id)
        try:
            kept = store.groups.update(found.id, found.organisation_id, rule, call.actor)
        except Conflict as conflict:
            if "fields" in conflict.extra:
                raise taken("A group of this displayName is there already.") from conflict
            raise
        self._join(kept, newcomers, call)
        gone = [each for each in members if each.id not in set(wanted)]
        self._each(gone, partial(groups.leave, group=kept), call)
        return kept

    def _members(self, ids: list[str], organisation_id: str) -> list[Member]:
        found = self.store.directory.members_with_ids(organisation_id, ids)
        if len(found) < len(ids):
            raise invalid("members: there is no such user.")
        return found

    def _join(self, group: Group, newcomers: list[Member], call: Call) -> None:
        self._each(newcomers, partial(groups.join, group=group), call)

    def _each(self, members: list[Member], rule: Any, call: Call) -> None:
        for each in members:
            self.store.members.update(each.id, each.organisation_id, rule, call.actor)

    def _role_of(self, name: str, call: Call) -> str | None:
        try:
            known = self.store.directory.tokens.get(call.actor.id, call.organisation_id)
        except NotFound:
            return None
        return role_of(known, name)

    def _clinic_still_there(self, found: Group, name: str, call: Call) -> str | None:
        known = self.store.organisations.get(found.organisation_id, found.organisation_id)
        if found.clinic_id is None or any(each.id == found.clinic_id for each in known.clinics):
            return found.clinic_id
        return self._clinic(name, call).id

    def _clinic(self, name: str, call: Call) -> Clinic:
        """The clinic of that name; a new one's id follows from the command's."""
        known = self.store.organisations.get(call.organisation_id, call.organisation_id)
        found = next((each for each in known.clinics if groups.key_of(each.name) == groups.key_of(name)), None)
        if found:
            return found
        new = Clinic(follow(call.command_id, "clinic"), name)
        rule = partial(clinics.add_clinic, clinic=new)
        self.store.organisations.update(known.id, known.id, rule, call.actor)
        return new

    def _group_shown(self, found: Group) -> dict[str, Any]:
        return {"resource": self._group_resource(found)}

    def _group_resource(self, found: Group) -> dict[str, Any]:
        return groups.resource_of(found, self.store.directory.members_in(found), self.scim_url)
