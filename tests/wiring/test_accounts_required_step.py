"""An organisation asks for a second step: who has none adds one at the next sign-in, and can do nothing else."""

from collections.abc import Iterator
from typing import Any

import pyotp
import pytest

from contracts import accounts, organisations, rooms, second_factor
from contracts.actor import PUBLIC
from contracts.errors import Forbidden
from contracts.permissions import TABLE, UNSECURED
from gateway.identity import SignedIn, _signed_in
from plumbing.clock import now
from tests.wiring.one_service import Stage
from tests.wiring.test_accounts import address, get_plan, newcomer, organisation, sign_in
from tests.wiring.two_replicas import member, refusal, two_replicas


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with two_replicas("accounts", tmp_path_factory.mktemp("step"), backing, {rooms.GET_PLAN: get_plan}) as made:
        yield made


def resolved(stage: Stage, token: str) -> SignedIn:
    """As the gateway does it."""
    return _signed_in(stage.ask(accounts.RESOLVE_SIGN_IN, {"token": token}, PUBLIC))


def scene(stage: Stage, second_step_for: str) -> tuple[str, str, str]:
    """Addresses of owner and provider, and a token of the owner's from before it was asked for."""
    email = address()
    made = organisation(stage, email=email)
    before = sign_in(stage, email)["token"]
    owner = member(made["id"], "owner")
    provider = stage.ask(accounts.ADD_MEMBER, newcomer(), owner)["email"]
    stage.ask(organisations.CHANGE_ORGANISATION, {"second_step_for": second_step_for}, owner)
    return email, provider, before


@pytest.mark.parametrize(
    ("second_step_for", "asked"),
    [("nobody", (False, False)), ("owners_and_admins", (True, False)), ("everybody", (True, True))],
)
def test_who_must_have_a_second_step_and_has_none_is_let_do_nothing_else(
    stage: Stage, second_step_for: str, asked: tuple[bool, bool]
) -> None:
    owner, provider, before = scene(stage, second_step_for)
    found = [resolved(stage, sign_in(stage, email)["token"]) for email in (owner, provider)]
    assert tuple(each.must_add_second_step for each in found) == asked
    assert not resolved(stage, before).must_add_second_step
    for each in found:
        if each.must_add_second_step:
            refusal(Forbidden, stage, accounts.LIST_MEMBERS, {}, each.actor)
            refusal(Forbidden, stage, organisations.CHANGE_ORGANISATION, {"second_step_for": "nobody"}, each.actor)
        else:
            stage.ask(accounts.LIST_MEMBERS, {}, each.actor)


def test_who_has_added_one_goes_on_with_the_same_sign_in(stage: Stage) -> None:
    owner, *_ = scene(stage, "everybody")
    token = sign_in(stage, owner)["token"]
    who = resolved(stage, token).actor
    secret = stage.ask(second_factor.BEGIN_SECOND_FACTOR, {}, who)["secret"]
    asked = {"code": pyotp.TOTP(secret).at(now(), counter_offset=-1)}
    stage.ask(second_factor.CONFIRM_SECOND_FACTOR, asked, who)
    after = resolved(stage, token)
    assert (after.must_add_second_step, after.actor.roles) == (False, ("owner",))
    assert sign_in(stage, owner)["step"]


def test_only_an_owner_says_who_needs_one(stage: Stage) -> None:
    made = organisation(stage)
    wanted = {"second_step_for": "everybody"}
    refusal(Forbidden, stage, organisations.CHANGE_ORGANISATION, wanted, member(made["id"], "admin"))


def test_who_must_add_one_first_may_hardly_do_anything() -> None:
    may = {permission for permission, row in TABLE.items() if UNSECURED in row.roles}
    assert may == {"organisation.read", "second_factor.change", "sign_in.end"}
