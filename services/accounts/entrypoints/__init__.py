"""The entrypoints of accounts, a file for each subject; `services.accounts.service` puts them together."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import structlog

from contracts import rooms
from contracts.errors import Conflict, Invalid, NotFound, Unavailable
from plumbing.ids import follow, new_id
from plumbing.services import Call, Caller, off_hub, runtime
from plumbing.store import Change
from services.accounts import member, owners, sign_in, throttle
from services.accounts.audit.origin import origin
from services.accounts.joining import Letter
from services.accounts.member import ACTIVE, INVITED, Member
from services.accounts.passwords import check_password, hash_password
from services.accounts.single_sign_on.known_identity_providers import KnownIdentityProviders
from services.accounts.store import AccountsStore
from services.accounts.views import member_view

log = structlog.get_logger()

Rule = Callable[[Member], Change[Member] | None]


class Safe(Protocol):
    """What the process has once for all calls (services.accounts.service.SafeProvider)."""

    key: bytes
    base_url: str
    sign_up: str
    known_identity_providers: KnownIdentityProviders


class Entrypoints:
    """What each of them stands on."""

    store: AccountsStore
    calls: Caller
    safe: Safe

    @property
    def key(self) -> bytes:
        """Of what only accounts may make or read again."""
        return self.safe.key

    @property
    def base_url(self) -> str:
        """Where browsers find the gateway."""
        return self.safe.base_url

    def plan_of(self, name: str, policy_version: int | None) -> dict[str, Any]:
        """A plan by name or alias, as rooms knows it (contracts.rooms.PlanView). Raises Invalid."""
        try:
            plan: dict[str, Any] = self.calls(rooms.GET_PLAN, {"name": name, "policy_version": policy_version})
        except NotFound as unknown:
            pointer = "/policy_version" if "versions" in unknown.extra else "/plan"
            raise Invalid(
                unknown.detail, errors=[{"pointer": pointer, "detail": unknown.detail}], **unknown.extra
            ) from None
        return plan

    @property
    def scim_url(self) -> str:
        """Where directories find the gateway."""
        return f"{self.base_url.rstrip('/')}/scim/v2"

    def keep_member(
        self, new: Member, password: str | None, state: str, call: Call, pointer: str, organisation_name: str = ""
    ) -> Member:
        """A new member; the name is of whose member they are. Raises Conflict at `pointer` when the address is somebody's, Invalid for a password that is none."""
        password_hash = None
        if password:
            off_hub(check_password, password, (new.name, new.email, organisation_name))
            password_hash = off_hub(hash_password, password)
        new = member.with_password(new, password_hash, state)
        events = {ACTIVE: (member.added(new),), INVITED: (member.invited(new),)}.get(state, ())
        try:
            kept: Member = self.store.members.create(new, *events, actor=call.actor)
        except Conflict as taken:
            if taken.extra.get("fields") != ["email_key"]:
                raise
            detail = "This address belongs to a member already."
            raise Conflict(detail, errors=[{"pointer": pointer, "detail": detail}]) from None
        return kept

    def write_to(self, who: Member, kind: str, call: Call) -> None:
        """A mail to a member, soon; the same one for the same command."""
        by = call.actor.name if call.actor.kind == "member" else None
        self.store.keep_letter(Letter(follow(call.command_id, kind), kind, who.email_key, call.now, by))

    def open_step(self, who: Member, call: Call) -> dict[str, Any]:
        """The first step was right; without the code nothing is open yet, and nothing is said of the member."""
        token = sign_in.new_token()
        step = sign_in.begin_step(who.id, who.organisation_id, token, id=new_id(), now=call.now)
        self.store.sign_ins.create(step, actor=call.actor)
        return {"token": None, "step": token, "expires_at": step.expires_at, "member": None}

    def know_device(self, who: Member, request: dict[str, Any], call: Call) -> None:
        """They are known on that device from now on: no stranger's guesses slow them there."""
        if request.get("device"):
            self.store.guesses.know_device(throttle.device_key(who.email_key, request["device"]), call.now)

    def open_sign_in(
        self, who: Member, request: dict[str, Any], call: Call, *, by_provider: bool = False
    ) -> dict[str, Any]:
        """A visit that begins now; as contracts.accounts.SignInView. For who came by their provider, the provider answers."""
        must_add = not by_provider and self.must_add_second_step(who)
        token = sign_in.new_token()
        seen = {"network": request["network"], "browser": request["browser"]}
        opened = sign_in.begin(who.id, who.organisation_id, token, id=new_id(), now=call.now, must_add=must_add, **seen)
        origin_id = self.origin_of(opened, (request["network"], request["browser"]), call)
        self.know_device(who, request, call)
        said = sign_in.opened(opened)
        self.store.sign_ins.create(opened, said, actor=replace(call.actor, origin_id=origin_id))
        return {"token": token, "step": None, "expires_at": opened.expires_at, "member": member_view(who)}

    def must_add_second_step(self, who: Member) -> bool:
        """As their organisation has it now."""
        known = self.store.organisations.get(who.organisation_id, who.organisation_id)
        return member.must_add_second_step(who, known.second_step_for)

    def origin_of(self, used: sign_in.SignIn, seen: tuple[str | None, str | None], call: Call) -> str:
        """Where a sign-in is used, by network and browser; kept for the audit log."""
        found = origin(self.key, used.organisation_id, used.id, used.id, seen, call.now)
        return self.store.audit.add_origin(found)

    def tell_failure(self, step: str, who: Member | None, request: dict[str, Any], call: Call) -> None:
        """The audit log hears of a sign-in that was not right, of an address that is nobody's after the same time."""
        seen = {"network": request["network"], "browser": request["browser"]}
        data = {"step": step, "member_id": who.id if who else None, **seen}
        try:
            runtime.current().recorder.sign_in_failed(who.organisation_id if who else None, data, call.actor, call.now)
        except Unavailable:
            log.warning("failed sign-in not told", member_id=data["member_id"])

    def end_sign_ins_of(self, who: Member, call: Call, but: str | None = None) -> None:
        """Each says so by itself."""
        for each in self.store.open_sign_ins(who.id, who.organisation_id, call.now):
            if each.id != but:
                rule = partial(sign_in.end, now=call.now)
                self.store.sign_ins.update(each.id, each.organisation_id, rule, call.actor)

    def let_owner_go(self, owner: Member, rule: Rule, call: Call) -> Member:
        """An owner is one no more, if another is left. A process that dies half-way is finished by the command repeated."""
        whose = owner.organisation_id
        self.store.organisations.update(
            whose, whose, lambda known: owners.let_go(known, owner.id, self.store.owner_ids(whose))
        )
        try:
            kept: Member = self.store.members.update(owner.id, whose, rule, call.actor)
        finally:
            self.store.organisations.update(whose, whose, partial(owners.gone, member_id=owner.id))
        return kept
