"""Who somebody is here whom an identity provider names: a member already, one from now on, or nobody."""

from functools import partial
from typing import Any

from contracts.errors import Conflict, Unavailable
from plumbing.ids import follow
from plumbing.services import Call
from plumbing.store import Event
from services.accounts import member
from services.accounts.entrypoints import Entrypoints
from services.accounts.member import REMOVED, Member
from services.accounts.single_sign_on import linking
from services.accounts.single_sign_on.claims import Person
from services.accounts.single_sign_on.connection import Connection
from services.accounts.single_sign_on.identity_provider import IdentityProvider
from services.accounts.views import member_view


class IdentityProviderMembers(Entrypoints):
    """What IdentityProviderSignIns stands on; answers no command itself."""

    def connect_oneself(self, person: Person, known: IdentityProvider, call: Call) -> dict[str, Any]:
        """The member who asks is whom the provider names, from now on. Raises Conflict for whoever is somebody else's already."""
        wanted = linking.connection(known, person.subject)
        who = self.store.members.get(call.actor.id, call.organisation_id)
        linking.refuse_taken(self.store.member_connected(wanted.subject_key), who)
        rule = partial(linking.connect_oneself, wanted=wanted)
        kept = self.store.members.update(who.id, who.organisation_id, rule, call.actor)
        return {"token": None, "step": None, "expires_at": call.now, "member": member_view(kept)}

    def who_is(self, person: Person, known: IdentityProvider, call: Call) -> Member:
        """By who they are there, else by a proved address; else somebody new, where the organisation wants that. Raises NotSignedIn."""
        wanted = linking.connection(known, person.subject)
        for _ in range(3):
            found = self.store.member_connected(wanted.subject_key)
            same = self.store.member_with_address(person.address.key) if person.address else None
            if found and found.state == REMOVED and same:
                # removed, and invited again since
                self.store.members.update(found.id, found.organisation_id, linking.forget_connection)
                found = None
            if found:
                rule = partial(linking.come_in, person=person, provider=known)
                return self._kept(found, rule)
            try:
                if same:
                    return self._first_time(same, person, wanted, known, call)
                return self._newcomer(person, wanted, known, call)
            except Conflict:
                continue  # the same person at the same moment in another process
        raise Unavailable

    def _first_time(
        self, same: Member, person: Person, wanted: Connection, known: IdentityProvider, call: Call
    ) -> Member:
        if same.organisation_id != known.organisation_id:
            raise linking.taken_elsewhere()
        kept = self._kept(same, partial(linking.connect_by_address, person=person, wanted=wanted, provider=known))
        self.end_sign_ins_of(kept, call)
        return kept

    def _newcomer(self, person: Person, wanted: Connection, known: IdentityProvider, call: Call) -> Member:
        new = linking.newcomer(person, wanted, known, id=follow(call.command_id, "member"), now=call.now)
        events = (member.added(new), Event("member.connected", {"member_id": new.id}))
        kept: Member = self.store.members.create(new, *events, actor=call.actor)
        return kept

    def _kept(self, who: Member, rule: Any) -> Member:
        kept: Member = self.store.members.update(who.id, who.organisation_id, rule)
        return kept
