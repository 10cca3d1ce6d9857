"""The entrypoints of accounts."""

from dataclasses import replace
from typing import Any

import structlog
from nameko.extensions import DependencyProvider

from contracts import accounts, rooms
from contracts.errors import NotSignedIn, Unavailable
from plumbing.keys import read_secret
from plumbing.services import Call, Calls, Store, answers, off_hub, runtime
from plumbing.store import Change
from services.accounts import member, organisation, sign_in, throttle
from services.accounts.addresses import key_of_typed, read_address
from services.accounts.entrypoints.audit import AuditLog
from services.accounts.entrypoints.directory_groups import DirectoryGroups
from services.accounts.entrypoints.directory_tokens import DirectoryTokens
from services.accounts.entrypoints.directory_users import DirectoryUsers
from services.accounts.entrypoints.founding import Founding
from services.accounts.entrypoints.imports import Imports
from services.accounts.entrypoints.joining import Joining
from services.accounts.entrypoints.members import Members
from services.accounts.entrypoints.on_duty import OnDuty
from services.accounts.entrypoints.organisations import Organisations
from services.accounts.entrypoints.provider_sign_ins import ProviderSignIns
from services.accounts.entrypoints.providers import Providers
from services.accounts.entrypoints.second_factor import SecondFactors
from services.accounts.entrypoints.security_keys import SecurityKeys
from services.accounts.entrypoints.sign_ins import SignIns
from services.accounts.member import ACTIVE, Member
from services.accounts.organisation import Organisation
from services.accounts.passwords import hash_password, is_outdated, is_password
from services.accounts.sign_in import SignIn
from services.accounts.single_sign_on.known_providers import KnownProviders
from services.accounts.single_sign_on.outside import Outside
from services.accounts.single_sign_on.provider import password_suffices
from services.accounts.store import AccountsStore
from services.accounts.views import member_view, organisation_view

log = structlog.get_logger()


class SafeProvider(DependencyProvider):
    """What the process is given, once for all calls: its key, its address, and the providers that it has come to know."""

    def setup(self) -> None:
        """Read the key. Raises KeyProblem."""
        settings = runtime.current().settings
        self.key = read_secret(settings.accounts_key)
        self.base_url = settings.base_url
        self.sign_up = settings.sign_up
        insecure = settings.environment != "production"
        self.known_providers = KnownProviders(Outside(settings.providers_inside, settings.name_servers, insecure))

    def get_dependency(self, worker_ctx: Any) -> "SafeProvider":
        """The one."""
        return self


class AccountsService(
    Founding,
    Organisations,
    OnDuty,
    Members,
    SignIns,
    AuditLog,
    Joining,
    SecondFactors,
    SecurityKeys,
    Imports,
    Providers,
    ProviderSignIns,
    DirectoryTokens,
    DirectoryUsers,
    DirectoryGroups,
):
    """Organisations, clinics, members, and the sign-in of a member; what fills a file of its own is in `entrypoints/`."""

    name = "accounts"
    store = Store(AccountsStore)
    calls = Calls()
    safe = SafeProvider()

    @answers(accounts.GET_ORGANISATION)
    def get_organisation(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The reader's own organisation."""
        return organisation_view(self.store.organisations.get(call.organisation_id, call.organisation_id))

    @answers(accounts.CHANGE_PLAN)
    def change_plan(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The organisation on another plan. Rooms is told before this answers, and hears it if it cannot be told."""
        known: Organisation = self.store.organisations.get(call.organisation_id, call.organisation_id)
        version = known.policy_version if request["policy_version"] is None else request["policy_version"]
        plan = self.plan_of(request["plan"], version)
        changed: Organisation = self.store.organisations.update(
            known.id, known.id, lambda now: organisation.change_plan(now, plan), call.actor
        )
        taken = {field: getattr(changed, field) for field in ("plan", "policy_version", "plan_revision")}
        try:
            self.calls(rooms.TAKE_PLAN, taken, organisation_id=changed.id)
        except Unavailable:
            log.info("rooms will hear of the plan", plan_revision=changed.plan_revision)
        return organisation_view(changed)

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
        return member_view(self.keep_member(new, request["password"], ACTIVE, call, "/email"))

    @answers(accounts.GET_MEMBER)
    def get_member(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One member of the reader's organisation."""
        return member_view(self.store.members.get(request["member_id"], call.organisation_id))

    @answers(accounts.LIST_MEMBERS)
    def list_members(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The members of the reader's organisation, by name."""
        return {"items": [member_view(each) for each in self.store.members_of(call.organisation_id)]}

    @answers(accounts.SIGN_IN)
    def sign_in(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A member's visit begins, or its first step of two. Unknown addresses and wrong passwords get the same answer after the same time."""
        key = key_of_typed(request["email"])
        tries = throttle.key_of(key, request["network"])
        self.store.count_try(tries, call.now)
        found: Member | None = self.store.member_with_address(key)
        kept = found.password_hash if found and found.state == ACTIVE else None
        if not off_hub(is_password, request["password"], kept) or found is None:
            self.tell_failure("password", found, request, call)
            raise NotSignedIn("The e-mail address or the password is not right.")
        self.store.forget_tries(tries)
        self._hash_anew(found, request["password"])
        if not password_suffices(self.store.providers.of(found.organisation_id), found.role):
            detail = "Sign in with your organisation's own provider."
            raise NotSignedIn(detail, reason="use_provider", organisation_id=found.organisation_id)
        if member.asks_for_code(found):
            return self.open_step(found, call)
        return self.open_sign_in(found, request, call)

    @answers(accounts.RESOLVE_SIGN_IN)
    def resolve_sign_in(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Whose token this is, while it is good."""
        found: SignIn | None = self.store.sign_in_with_token(sign_in.hash_of(request["token"]))
        if found is None or not sign_in.is_open(found, call.now):
            raise NotSignedIn
        who = self.store.members.get(found.member_id, found.organisation_id)
        if who.state != ACTIVE:
            raise NotSignedIn
        seen = (request["network"], request["browser"])
        origin_id = self.origin_of(found, seen, call) if seen[0] else None
        known = {"sign_in_id": found.id, "origin_id": origin_id, "expires_at": found.expires_at}
        return {**known, "member": member_view(who)}

    @answers(accounts.SIGN_OUT)
    def sign_out(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The visit that asks ends."""
        if call.actor.sign_in_id:
            self.store.sign_ins.update(
                call.actor.sign_in_id, call.organisation_id, lambda known: sign_in.end(known, call.now), call.actor
            )
            self._leave_duty(call)
        return {"ok": True}

    def _leave_duty(self, call: Call) -> None:
        """Who has gone from every browser is not on duty any more."""
        if not self.store.open_sign_ins(call.actor.id, call.organisation_id, call.now):
            self.store.members.update(call.actor.id, call.organisation_id, member.go_off_duty, call.actor)

    def _hash_anew(self, who: Member, password: str) -> None:
        """A password that was hashed with earlier parameters is hashed with today's, now that it is known for a moment."""
        before = who.password_hash
        if before and is_outdated(before):
            after = off_hub(hash_password, password)
            self.store.members.update(
                who.id,
                who.organisation_id,
                lambda known: Change(replace(known, password_hash=after)) if known.password_hash == before else None,
            )
