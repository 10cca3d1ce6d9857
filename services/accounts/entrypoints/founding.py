"""How organisations come to be: by an operator's command, or by the link of a sign-up."""

from typing import Any

import structlog

from contracts import accounts, invitations, signing_up
from contracts.errors import Refused, Unavailable
from plumbing import clock
from plumbing.ids import new_id
from plumbing.services import Call, answers, every
from services.accounts import founding, joining, member, organisation, throttle
from services.accounts.addresses import read_address
from services.accounts.entrypoints import Entrypoints
from services.accounts.founding import Fate
from services.accounts.member import EXPECTED
from services.accounts.organisation import Organisation
from services.accounts.signing_up import sign_up
from services.accounts.signing_up.sign_up import SignUp
from services.accounts.views import organisation_view

log = structlog.get_logger()
_MAILS_AT_ONCE = 50
_FREE_SIGN_UPS_OF_A_NETWORK = 40
# what the mail of a sign-up is from: there is no organisation yet
_OURSELVES = "Housecall"


class Founding(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(accounts.CREATE_ORGANISATION)
    def create_organisation(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """An organisation with its first clinic and its owner; repeated, it goes on where it stopped (`founding.py`)."""
        plan = self.plan_of(request["plan"], request["policy_version"])
        return organisation_view(self._found(request, plan, call.command_id, request["owner"]["password"], call))

    @answers(signing_up.ASK_SIGN_UP)
    def ask_sign_up(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A mail with a link, soon. The same answer after the same work for everybody: whose address it is is found out later."""
        sign_up.check_open(self.safe.sign_up)
        address = read_address(request["email"])
        # by address and network, and by network alone: nobody has many strangers written to
        self.store.count_try(throttle.key_of(f"sign up {address.key}", request["network"]), call.now)
        self.store.count_try(throttle.key_of("sign up", request["network"]), call.now, _FREE_SIGN_UPS_OF_A_NETWORK)
        until = call.now + sign_up.LASTS_BY_MAIL
        begun = sign_up.begin(
            address, sign_up.TRIAL, request["language"], self.key, id=new_id(), until=until, mail_due=True
        )
        self.store.sign_ups.keep(begun)
        return {"ok": True}

    @answers(signing_up.OPEN_SIGN_UP)
    def open_sign_up(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What a sign-up's link lets its holder make. Opening it does not use it up."""
        found = self._sign_up(request["token"], call)
        plan = self.plan_of(found.plan, None)["name"]
        return {"email": found.email, "plan": plan, "language": found.language, "until": found.until}

    @answers(signing_up.FINISH_SIGN_UP)
    def finish_sign_up(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The organisation is made, with whoever holds the link as its owner; the link is used up."""
        found = self._sign_up(request["token"], call)
        plan = self.plan_of(found.plan, None)
        asked = sign_up.as_founding(found, request)
        self._found(asked, plan, found.id, request["password"], call, pointer="/email")
        self.store.sign_ups.forget(found.id)
        return {"email": found.email}

    @every(seconds=1.0)
    def send_sign_ups(self) -> None:
        """The mails of those who signed up, in every replica: the same twice is one mail."""
        for each in self.store.sign_ups.due(_MAILS_AT_ONCE):
            try:
                self._write_to(each)
            except Unavailable:
                return  # invitations is away; the mails wait
            except Refused as refused:
                log.error("sign-up's mail not sent", sign_up_id=each.id, error=type(refused).__name__)
            self.store.sign_ups.note_sent(each.id)

    @every(seconds=5.0)
    def finish_foundings(self) -> None:
        """Organisations whose making a process did not live to finish."""
        now = clock.now()
        for expected in self.store.expected_members(now - founding.FINISHED_BY_OTHERS_AFTER):
            there = self.store.organisations.find_one({"_id": expected.organisation_id}) is not None
            match founding.fate(expected.created_at, there, now):
                case Fate.FINISH:
                    self.store.members.update(expected.id, expected.organisation_id, member.activate)
                case Fate.GIVE_UP:
                    self.store.forget_expected(expected)

    def _found(
        self, request: dict[str, Any], plan: dict[str, Any], id: str, password: str | None, call: Call,
        pointer: str = "/owner/email",
    ) -> Organisation:  # fmt: skip
        founded = founding.found(request, plan, organisation_id=id, now=call.now)
        owner = self.keep_member(founded.owner, password, EXPECTED, call, pointer, founded.organisation.name)
        made: Organisation = self.store.organisations.create(
            founded.organisation, *organisation.created(founded.organisation), actor=call.actor
        )
        self.store.members.update(owner.id, made.id, member.activate, call.actor)
        return made

    def _sign_up(self, token: str, call: Call) -> SignUp:
        return sign_up.opened(self.store.sign_ups.with_token(joining.hash_of(token)), call.now)

    def _write_to(self, who: SignUp) -> None:
        """Whose address is known already is told so, and only they: nothing can be made with it."""
        known = self.store.member_with_address(who.email_key) is not None
        notice = {
            "kind": sign_up.LETTER_TO_MEMBER if known else sign_up.LETTER,
            "address": who.email,
            "language": who.language,
            "values": {"organisation": _OURSELVES},
            "link": f"{self.base_url.rstrip('/')}/sign-in" if known else sign_up.link_of(who, self.base_url, self.key),
        }
        # sent for the organisation that is still to be: its id is the sign-up's
        self.calls(invitations.SEND_NOTICE, notice, organisation_id=who.id, command_id=who.id)
        if known:
            self.store.sign_ups.forget(who.id)
