"""Signing in with a security key, in two processes of accounts on a real broker and database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from contracts import accounts, rooms, second_factor, security_keys, signing_in
from contracts.actor import PUBLIC, Actor
from contracts.errors import Conflict, Invalid, NotFound, NotSignedIn, TooMany
from plumbing.clock import now
from plumbing.ids import new_id
from services.accounts.security_keys.challenge import LASTS, SIGNING_IN, new_challenge
from services.accounts.security_keys.store import Challenges
from tests.software_key import SoftwareKey
from tests.wiring.one_service import Stage
from tests.wiring.test_accounts import PASSWORD, address, get_plan, organisation, sign_in
from tests.wiring.test_accounts_members import signed_in
from tests.wiring.two_replicas import kept_by, member, refusal, two_replicas

# what a process believes that nobody told (plumbing/settings.py)
ORIGIN = "http://localhost:8000"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with two_replicas("accounts", tmp_path_factory.mktemp("keys"), backing, {rooms.GET_PLAN: get_plan}) as made:
        yield made


def newcomer(stage: Stage) -> tuple[str, Actor]:
    email = address()
    organisation(stage, email=email)
    return email, signed_in(stage, email)[1]


def add(stage: Stage, who: Actor, key: SoftwareKey) -> dict[str, Any]:
    options = stage.ask(security_keys.BEGIN_SECURITY_KEY, {}, who)["options"]
    asked = {"credential": key.create(options), "name": "Blue key"}
    made: dict[str, Any] = stage.ask(security_keys.FINISH_SECURITY_KEY, asked, who)
    return made


def with_key(stage: Stage) -> tuple[str, Actor, SoftwareKey, dict[str, Any]]:
    email, who = newcomer(stage)
    key = SoftwareKey(ORIGIN, "localhost")
    return email, who, key, add(stage, who, key)


def asked_at(stage: Stage, email: str) -> tuple[str, dict[str, Any]]:
    """The step, and what a key is asked in it."""
    step = sign_in(stage, email)["step"]
    return step, stage.ask(security_keys.BEGIN_SECURITY_KEY_STEP, {"token": step}, PUBLIC)["options"]


def finish(stage: Stage, step: str, credential: dict[str, Any]) -> dict[str, Any]:
    asked = {"token": step, "credential": credential, "network": "203.0.113.0/24", "browser": "a browser"}
    opened: dict[str, Any] = stage.ask(security_keys.FINISH_SIGN_IN_WITH_KEY, asked, PUBLIC)
    return opened


def refused(stage: Stage, step: str, credential: dict[str, Any]) -> NotSignedIn:
    asked = {"token": step, "credential": credential}
    found = refusal(NotSignedIn, stage, security_keys.FINISH_SIGN_IN_WITH_KEY, asked, PUBLIC)
    assert isinstance(found, NotSignedIn)
    return found


def test_the_first_key_gives_recovery_codes_once_ends_other_sign_ins_and_is_asked_for(stage: Stage) -> None:
    email, who = newcomer(stage)
    signed_in(stage, email)
    key = SoftwareKey(ORIGIN, "localhost")
    codes = add(stage, who, key)["recovery_codes"]
    assert len(codes) == 10
    assert len(stage.ask(signing_in.LIST_SIGN_INS, {}, who)["items"]) == 1
    assert add(stage, who, SoftwareKey(ORIGIN, "localhost"))["recovery_codes"] is None
    step, options = asked_at(stage, email)
    opened = finish(stage, step, key.get(options))
    assert stage.ask(accounts.RESOLVE_SIGN_IN, {"token": opened["token"]}, PUBLIC)["member"]["second_factor"] is True
    listed = stage.ask(security_keys.LIST_SECURITY_KEYS, {}, who)
    assert [each["used_at"] is not None for each in listed["items"]] == [True, False]
    assert listed["authenticator_app"] is False
    lost = {"token": sign_in(stage, email)["step"], "code": codes[0]}
    assert stage.ask(second_factor.FINISH_SIGN_IN, lost, PUBLIC)["token"]


def test_an_answer_is_good_once_and_for_its_own_step(stage: Stage) -> None:
    email, _, key, _ = with_key(stage)
    step, options = asked_at(stage, email)
    answer = key.get(options)
    other, _ = asked_at(stage, email)
    refused(stage, other, answer)
    assert finish(stage, step, answer)["token"]
    refused(stage, step, answer)
    third, _ = asked_at(stage, email)
    refused(stage, third, answer)


def test_of_many_who_bring_one_answer_at_once_one_is_let_in(stage: Stage) -> None:
    email, _, key, _ = with_key(stage)
    step, options = asked_at(stage, email)
    answer = key.get(options)

    def bring(_: int) -> bool:
        try:
            finish(stage, step, answer)
        except (NotSignedIn, TooMany):
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        assert list(crowd.map(bring, range(4))).count(True) == 1


def test_a_key_used_at_another_origin_or_by_another_member_opens_nothing(stage: Stage) -> None:
    email, _, key, _ = with_key(stage)
    step, options = asked_at(stage, email)
    key.origin = "http://localhost:9000"
    refused(stage, step, key.get(options))
    _, _, foreign, _ = with_key(stage)
    step, options = asked_at(stage, email)
    assert "not one of yours" in refused(stage, step, foreign.get(options)).detail


def test_a_key_that_counts_backwards_is_refused_in_words(stage: Stage) -> None:
    email, _, key, _ = with_key(stage)
    for _ in range(2):
        step, options = asked_at(stage, email)
        assert finish(stage, step, key.get(options))["token"]
    key.count = 0
    step, options = asked_at(stage, email)
    assert "copy" in refused(stage, step, key.get(options)).detail


def test_a_key_is_one_members_and_made_by_who_asked(stage: Stage) -> None:
    _, _, key, _ = with_key(stage)
    _, other = newcomer(stage)
    options = stage.ask(security_keys.BEGIN_SECURITY_KEY, {}, other)["options"]
    asked = {"credential": key.create(options), "name": "Not mine"}
    refusal(Conflict, stage, security_keys.FINISH_SECURITY_KEY, asked, other)
    refusal(Conflict, stage, security_keys.FINISH_SECURITY_KEY, asked, other)
    _, third = newcomer(stage)
    stage.ask(security_keys.BEGIN_SECURITY_KEY, {}, third)
    begun = stage.ask(security_keys.BEGIN_SECURITY_KEY, {}, other)["options"]
    own = {"credential": SoftwareKey(ORIGIN, "localhost").create(begun), "name": "Mine"}
    refusal(Invalid, stage, security_keys.FINISH_SECURITY_KEY, own, third)


def test_a_challenge_is_over_after_five_minutes(stage: Stage) -> None:
    with kept_by(stage, "accounts") as database:
        kept, began, who = Challenges(database["challenges"]), now(), new_id()
        made = new_challenge(SIGNING_IN, new_id(), organisation_id=new_id(), member_id=who, now=began)
        kept.keep(made)
        assert kept.take(made.id, new_id(), began) is None
        assert kept.take(made.id, who, began + LASTS) is None
        found = kept.take(made.id, who, began + LASTS - timedelta(seconds=1))
        assert found is not None
        assert found.value == made.value
        assert kept.take(made.id, who, began) is None


def test_the_last_one_goes_by_password_only_and_all_by_who_runs_the_organisation(stage: Stage) -> None:
    email, who, _, made = with_key(stage)
    named = {"key_id": made["key"]["id"]}
    renamed = stage.ask(security_keys.RENAME_SECURITY_KEY, {**named, "name": "Green"}, who)
    assert renamed["name"] == "Green"
    refusal(NotSignedIn, stage, security_keys.REMOVE_SECURITY_KEY, {**named, "password": "mistyped"}, who)
    refusal(NotFound, stage, security_keys.RENAME_SECURITY_KEY, {"key_id": new_id(), "name": "Green"}, who)
    stage.ask(security_keys.REMOVE_SECURITY_KEY, {**named, "password": PASSWORD}, who)
    assert sign_in(stage, email)["token"]
    email, who, *_ = with_key(stage)
    owner = member(str(who.organisation_id), "owner")
    stage.ask(second_factor.RESET_SECOND_FACTOR, {"member_id": who.id}, owner)
    assert sign_in(stage, email)["token"]
    assert stage.ask(security_keys.LIST_SECURITY_KEYS, {}, who)["items"] == []
