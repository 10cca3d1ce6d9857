"""Signing in in two steps, in two processes of accounts on a real broker and database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest

from contracts import accounts, rooms, second_factor, signing_in
from contracts.actor import PUBLIC, Actor
from contracts.errors import Conflict, NotSignedIn, TooMany
from plumbing.clock import now
from tests.wiring.one_service import Stage
from tests.wiring.test_accounts import PASSWORD, address, get_plan, organisation, sign_in
from tests.wiring.test_accounts_members import signed_in
from tests.wiring.two_replicas import kept_by, member, refusal, two_replicas


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with two_replicas("accounts", tmp_path_factory.mktemp("factor"), backing, {rooms.GET_PLAN: get_plan}) as made:
        yield made


def secured(stage: Stage) -> tuple[str, Actor, str, list[str]]:
    """Address, who asks, secret and recovery codes of an owner with a second factor."""
    email = address()
    organisation(stage, email=email)
    _, who = signed_in(stage, email)
    secret = stage.ask(second_factor.BEGIN_SECOND_FACTOR, {}, who)["secret"]
    asked = {"code": pyotp.TOTP(secret).at(now(), counter_offset=-1)}
    codes = stage.ask(second_factor.CONFIRM_SECOND_FACTOR, asked, who)["recovery_codes"]
    return email, who, secret, codes


def finish(stage: Stage, step: str, code: str) -> dict[str, Any]:
    asked = {"token": step, "code": code, "network": "203.0.113.0/24"}
    opened: dict[str, Any] = stage.ask(second_factor.FINISH_SIGN_IN, asked, PUBLIC)
    return opened


def test_a_password_alone_opens_nothing_and_a_code_is_taken_once(stage: Stage) -> None:
    email, who, secret, _ = secured(stage)
    first, second = sign_in(stage, email), sign_in(stage, email)
    assert (first["token"], first["member"]) == (None, None)
    refusal(NotSignedIn, stage, accounts.RESOLVE_SIGN_IN, {"token": first["step"]}, PUBLIC)
    code = pyotp.TOTP(secret).at(now())
    opened = finish(stage, first["step"], code)
    assert stage.ask(accounts.RESOLVE_SIGN_IN, {"token": opened["token"]}, PUBLIC)["member"]["second_factor"] is True
    again = {"token": second["step"], "code": code}
    refusal(NotSignedIn, stage, second_factor.FINISH_SIGN_IN, again, PUBLIC)
    used = {"token": first["step"], "code": pyotp.TOTP(secret).at(now(), counter_offset=1)}
    refusal(NotSignedIn, stage, second_factor.FINISH_SIGN_IN, used, PUBLIC)
    refusal(Conflict, stage, second_factor.BEGIN_SECOND_FACTOR, {}, who)
    assert len(stage.ask(signing_in.LIST_SIGN_INS, {}, who)["items"]) == 2


def test_of_many_who_bring_one_code_at_once_one_is_let_in(stage: Stage) -> None:
    email, _, _, codes = secured(stage)
    steps = [sign_in(stage, email)["step"] for _ in range(4)]

    def bring(step: str) -> bool:
        try:
            finish(stage, step, codes[0])
        except (NotSignedIn, TooMany):
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        assert list(crowd.map(bring, steps)).count(True) == 1
    assert finish(stage, sign_in(stage, email)["step"], codes[1])["token"]


def test_guesses_are_slowed_down(stage: Stage) -> None:
    email, *_ = secured(stage)
    step = sign_in(stage, email)["step"]
    kinds = []
    for guess in range(7):
        asked = {"token": step, "code": f"guess{guess:07}", "network": "198.51.100.0/24"}
        try:
            stage.ask(second_factor.FINISH_SIGN_IN, asked, PUBLIC)
        except (NotSignedIn, TooMany) as refused:
            kinds.append(type(refused))
    assert kinds.count(NotSignedIn) <= 6
    assert TooMany in kinds


def test_who_knows_the_password_or_runs_the_organisation_takes_it_away(stage: Stage) -> None:
    email, who, *_ = secured(stage)
    refusal(NotSignedIn, stage, second_factor.DISABLE_SECOND_FACTOR, {"password": "mistyped"}, who)
    stage.ask(second_factor.DISABLE_SECOND_FACTOR, {"password": PASSWORD}, who)
    assert sign_in(stage, email)["token"]
    email, who, *_ = secured(stage)
    owner = member(str(who.organisation_id), "owner")
    stage.ask(second_factor.RESET_SECOND_FACTOR, {"member_id": who.id}, owner)
    assert sign_in(stage, email)["token"]


def test_neither_secret_nor_recovery_codes_are_kept_in_the_clear(stage: Stage) -> None:
    _, _, secret, codes = secured(stage)
    with kept_by(stage, "accounts") as database:
        everything = str([list(database[name].find()) for name in database.list_collection_names()])
    assert secret not in everything
    assert not [code for code in codes if code in everything or code.replace("-", "") in everything]
