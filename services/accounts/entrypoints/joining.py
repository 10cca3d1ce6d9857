"""By a link in a mail: an invitation is accepted, or a forgotten password replaced. And what is written to members."""

from contextlib import suppress
from functools import partial
from typing import Any

import structlog

from contracts import invitations, membership, signing_in
from contracts.errors import NotSignedIn, Refused, TooMany, Unavailable
from plumbing import clock
from plumbing.ids import new_id
from plumbing.services import Call, answers, every, off_hub
from services.accounts import joining, member, organisation, throttle
from services.accounts.addresses import key_of_typed, read_address
from services.accounts.entrypoints import Entrypoints
from services.accounts.guessing.bucket import OF_RESETS
from services.accounts.joining import MEMBER_INVITED, PASSWORD_CHANGED, PASSWORD_RESET, Letter
from services.accounts.member import ACTIVE, INVITED, Member
from services.accounts.passwords import check_password, hash_password, is_password
from services.accounts.views import member_view

log = structlog.get_logger()
_LETTERS_AT_ONCE = 50


class Joining(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(membership.INVITE_MEMBER)
    def invite_member(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A member who chooses name and password by the link of a mail, within seven days."""
        member.may_add(request["role"], call.actor)
        known = self.store.organisations.get(call.organisation_id, call.organisation_id)
        clinic_ids = organisation.known_clinics(known, request["clinic_ids"])
        address = read_address(request["email"])
        asked = {**request, "name": request["name"] or address.text.partition("@")[0][:80]}
        new = member.from_request(
            asked, address, clinic_ids, id=call.command_id, organisation_id=known.id, now=call.now
        )
        kept = self.keep_member(new, None, INVITED, call, "/email")
        self.write_to(kept, MEMBER_INVITED, call)
        return member_view(kept)

    @answers(membership.INVITE_AGAIN)
    def invite_again(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another mail with a new link; the old one stops."""
        found = self.store.members.get(request["member_id"], call.organisation_id)
        joining.check_is_invited(found)
        self.write_to(found, MEMBER_INVITED, call)
        return member_view(found)

    @answers(membership.OPEN_MEMBER_INVITE)
    def open_member_invite(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What an invitation's link is about. Opening it does not use it up."""
        found = self._by_link(request["token"], INVITED, call)
        known = self.store.organisations.get(found.organisation_id, found.organisation_id)
        shown = {name: getattr(found, name) for name in ("email", "name", "role")}
        return {**shown, "language": found.language or known.language, "organisation_name": known.name}

    @answers(membership.ACCEPT_MEMBER_INVITE)
    def accept_member_invite(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Whoever was invited is a member from now on, with the name and the password that they chose."""
        found = self._by_link(request["token"], INVITED, call)
        password_hash = self._hash(request["password"], found, request["name"])
        link_hash = joining.hash_of(request["token"])
        rule = partial(
            joining.accept, link_hash=link_hash, name=request["name"], password_hash=password_hash, now=call.now
        )
        kept = self.store.members.update(found.id, found.organisation_id, rule, call.actor)
        return {"email": kept.email}

    @answers(signing_in.ASK_PASSWORD_RESET)
    def ask_password_reset(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The same answer after the same work for everybody: whether there is such a member is found out later."""
        key = key_of_typed(request["email"])
        self.store.count_try(throttle.key_of(f"reset {key}", request["network"]), call.now)
        # from however many networks it is asked: one address gets so many mails and no more, and nobody is told
        with suppress(TooMany):
            self.store.guesses.spend(throttle.key_of("reset of an address", key), OF_RESETS, call.now)
            self.store.keep_letter(Letter(new_id(), PASSWORD_RESET, key, call.now))
        return {"ok": True}

    @answers(signing_in.RESET_PASSWORD)
    def reset_password(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another password by a mail's link, once; whoever is signed in as this member is so no more."""
        found = self._by_link(request["token"], ACTIVE, call)
        password_hash = self._hash(request["password"], found)
        link_hash = joining.hash_of(request["token"])
        rule = partial(joining.reset, link_hash=link_hash, password_hash=password_hash, now=call.now)
        kept = self.store.members.update(found.id, found.organisation_id, rule, call.actor)
        self.write_to(kept, PASSWORD_CHANGED, call)
        # whoever reads their mail is let in, however much is guessed elsewhere
        self.know_device(kept, request, call)
        self.end_sign_ins_of(kept, call)
        return {"ok": True}

    @answers(signing_in.CHANGE_PASSWORD)
    def change_password(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The asker's own, for who knows the current one; the other sign-ins end."""
        found = self.store.members.get(call.actor.id, call.organisation_id)
        tries = throttle.key_of(f"password {found.id}", None)
        self.store.count_try(tries, call.now)
        if not off_hub(is_password, request["current_password"], found.password_hash):
            raise NotSignedIn("The current password is not right.")
        self.store.forget_tries(tries)
        password_hash = self._hash(request["password"], found)
        rule = partial(joining.new_password, password_hash=password_hash)
        kept = self.store.members.update(found.id, found.organisation_id, rule, call.actor)
        self.write_to(kept, PASSWORD_CHANGED, call)
        self.end_sign_ins_of(kept, call, but=call.actor.sign_in_id)
        return {"ok": True}

    @every(seconds=1.0)
    def send_letters(self) -> None:
        """What is still to be written, in every replica: the same letter twice is one mail."""
        for letter in self.store.letters(_LETTERS_AT_ONCE):
            try:
                self._send(letter)
            except Unavailable:
                return  # invitations is away; the letters wait
            except Refused as refused:
                log.error("letter not sent", letter_id=letter.id, error=type(refused).__name__)
            self.store.forget_letter(letter.id)

    def _send(self, letter: Letter) -> None:
        now = clock.now()
        found = self.store.member_with_address(letter.email_key)
        if found is None or not joining.may_be_written(found, letter, now):
            return
        rule = partial(joining.write, letter=letter, key=self.key, now=now)
        self.store.members.update(found.id, found.organisation_id, rule)
        known = self.store.organisations.get(found.organisation_id, found.organisation_id)
        has_link = letter.kind in joining.LASTS
        token = joining.token_of(self.key, letter.id)
        notice = {
            "kind": letter.kind,
            "address": found.email,
            "name": found.name if found.state == ACTIVE else None,
            "language": found.language or known.language,
            "values": {"organisation": known.name, "sender": letter.by or known.name},
            "link": joining.address_of(self.base_url, letter.kind, token) if has_link else None,
        }
        self.calls(invitations.SEND_NOTICE, notice, organisation_id=known.id, command_id=letter.id)

    def _by_link(self, token: str, state: str, call: Call) -> Member:
        link_hash = joining.hash_of(token)
        return joining.opened(self.store.member_with_link(link_hash), link_hash, state, call.now)

    def _hash(self, password: str, who: Member, name: str = "") -> str:
        known = self.store.organisations.get(who.organisation_id, who.organisation_id)
        off_hub(check_password, password, (name or who.name, who.email, known.name))
        hashed: str = off_hub(hash_password, password)
        return hashed
