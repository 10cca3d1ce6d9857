"""A directory's users (SCIM 2.0): found, made, changed, suspended and removed."""

from functools import partial
from typing import Any

from contracts import directory
from contracts.errors import Conflict, NotFound
from plumbing import clock
from plumbing.ids import new_id
from plumbing.services import Call, answers, every, off_hub
from plumbing.store import Change
from services.accounts import member, owners
from services.accounts.directory import attributes, filters, groups, patch, users
from services.accounts.directory.looking_up import LOOKED_UP, looked_up
from services.accounts.directory.pages import page
from services.accounts.directory.refusals import check_version, taken
from services.accounts.directory.token import DirectoryToken
from services.accounts.directory.users import Person
from services.accounts.entrypoints import Entrypoints
from services.accounts.joining import MEMBER_INVITED, Letter
from services.accounts.member import ACTIVE, EXPECTED, REMOVED, Member

_LETTERS_AT_ONCE = 50
_DEFAULT_ROLE = "provider"


class DirectoryUsers(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(directory.FIND_DIRECTORY_USERS)
    def find_directory_users(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Every member, however they came, or those of whom a filter is true; oldest first."""
        store, whose = self.store.directory, call.organisation_id
        known = store.groups_of(whose)
        if not request["filter"]:
            start, most = page(request["start_index"], request["count"])
            total, found = store.page_of(whose, start - 1, most)
            return {"total": total, "start_index": start, "items": [self._user_resource(each, known) for each in found]}
        node = filters.read_filter(request["filter"])
        every_one = [self._user_resource(each, known) for each in self._candidates(node, whose)]
        matching = off_hub(lambda: [each for each in every_one if filters.matches(each, node)])
        start, most = page(request["start_index"], request["count"])
        return {"total": len(matching), "start_index": start, "items": matching[start - 1 : start - 1 + most]}

    @answers(directory.GET_DIRECTORY_USER)
    def get_directory_user(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One member."""
        return self._user_shown(self.user(request["member_id"], call.organisation_id))

    @answers(directory.ADD_DIRECTORY_USER)
    def add_directory_user(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A member without a password: invited by mail, or for the network's own sign-in, as the token says."""
        token = self._token(call)
        said = attributes.read(request["resource"], attributes.USERS)
        person = users.read_person(said, None, token.default_role if token else _DEFAULT_ROLE)
        self._refuse_taken(person, call.organisation_id)
        new, events = users.newcomer(
            person,
            id=call.command_id,
            organisation_id=call.organisation_id,
            invite=token.invite if token else False,
            letter_id=new_id(),
            now=call.now,
        )
        try:
            return self._user_shown(self.store.members.create(new, *events, actor=call.actor))
        except Conflict as conflict:
            raise taken("userName or e-mail address: somebody has it.") from conflict

    @answers(directory.REPLACE_DIRECTORY_USER)
    def replace_directory_user(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The member as the directory says; what it does not say stays."""
        said = attributes.read(request["resource"], attributes.USERS)
        return self._user_shown(self._take_over_user(request, call, lambda _: said))

    @answers(directory.CHANGE_DIRECTORY_USER)
    def change_directory_user(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The member after the operations of a PATCH, all of them or none."""

        def after(found: Member) -> dict[str, Any]:
            return off_hub(patch.patched, users.written_by(found), request["operations"], attributes.USERS)

        return self._user_shown(self._take_over_user(request, call, after))

    @answers(directory.REMOVE_DIRECTORY_USER)
    def remove_directory_user(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A member no more; their User Room stays, for an owner to hand over or remove."""
        found = self.user(request["member_id"], call.organisation_id)

        def rule(now: Member) -> Change[Member] | None:
            check_version(request["if_match"], users.tag_of(now))
            return member.remove(now)

        if owners.is_owner(found):
            kept = self.let_owner_go(found, rule, call)
        else:
            held = owners.of_no_owner(rule, None, call.actor)
            kept = self.store.members.update(found.id, found.organisation_id, held, call.actor)
        self.end_sign_ins_of(kept, call)
        return {"ok": True}

    @every(seconds=1.0)
    def write_to_directory_users(self) -> None:
        """The invitations that are still owed, in every replica: the same letter twice is one mail."""
        for owed in self.store.directory.owed_letters(_LETTERS_AT_ONCE):
            letter_id = owed.directory.owes_letter if owed.directory else None
            if letter_id:
                self.store.keep_letter(Letter(letter_id, MEMBER_INVITED, owed.email_key, clock.now()))
                rule = partial(users.letter_written, letter_id=letter_id)
                self.store.members.update(owed.id, owed.organisation_id, rule)

    def user(self, member_id: str, organisation_id: str) -> Member:
        """Raises NotFound, also for who was removed."""
        found: Member = self.store.members.get(member_id, organisation_id)
        if found.state in (EXPECTED, REMOVED):
            raise NotFound
        return found

    def _take_over_user(self, request: dict[str, Any], call: Call, said: Any) -> Member:
        found = self.user(request["member_id"], call.organisation_id)

        def rule(now: Member) -> Change[Member] | None:
            check_version(request["if_match"], users.tag_of(now))
            return users.taken_over(now, users.read_person(said(now), now, _DEFAULT_ROLE), new_id())

        # read once before, so that whoever cannot be so is refused before anybody is let go
        person = users.read_person(said(found), found, _DEFAULT_ROLE)
        goes = person.active is False and owners.is_owner(found)
        try:
            if goes:
                kept = self.let_owner_go(found, rule, call)
            else:
                held = owners.of_no_owner(rule, None, call.actor)
                kept = self.store.members.update(found.id, found.organisation_id, held, call.actor)
        except Conflict as conflict:
            if "fields" in conflict.extra:
                raise taken("userName or e-mail address: somebody has it.") from conflict
            raise
        if kept.state != ACTIVE:
            self.end_sign_ins_of(kept, call)
        return kept

    def _refuse_taken(self, person: Person, organisation_id: str) -> None:
        """Who is there already is not made twice; a directory that finds this out looks for them and takes them over."""
        if self.store.directory.member_called(organisation_id, person.known.user_name_key, person.address.key):
            raise taken("A user of this userName is there already.")

    def _candidates(self, node: Any, organisation_id: str) -> list[Member]:
        """Whom the filter may be true of: by index where it asks for what has one, else all."""
        found = filters.lookups(node, LOOKED_UP)
        if found is None:
            return self.store.directory.members_of(organisation_id)
        wanted = [each for name, text in found for each in looked_up(name, text)]
        return self.store.directory.members_of_any(organisation_id, wanted)

    def _token(self, call: Call) -> DirectoryToken | None:
        try:
            found: DirectoryToken = self.store.directory.tokens.get(call.actor.id, call.organisation_id)
        except NotFound:
            return None
        return found

    def _user_shown(self, found: Member) -> dict[str, Any]:
        known = self.store.directory.groups_of(found.organisation_id)
        return {"resource": self._user_resource(found, known)}

    def _user_resource(self, found: Member, known: list[groups.Group]) -> dict[str, Any]:
        base_url = self.scim_url
        mentioned = [groups.mention(each, base_url) for each in known if groups.belongs(found, each)]
        return users.resource_of(found, mentioned, base_url)
