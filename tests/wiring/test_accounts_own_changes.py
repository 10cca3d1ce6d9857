"""A member changes how they sign in: they prove again who they are, and a mail tells them. Invitations is played by the test."""

from collections.abc import Iterator
from typing import Any

import pyotp
import pytest

from contracts import accounts, invitations, membership, rooms, second_factor, security_keys
from contracts.actor import PUBLIC, Actor
from contracts.command import Command
from contracts.errors import Invalid, NotSignedIn
from plumbing.clock import now
from services.accounts.sign_in import FRESH_FOR
from tests.patience import eventually
from tests.software_key import SoftwareKey
from tests.wiring.one_service import Stage
from tests.wiring.test_accounts import PASSWORD, address, get_plan, organisation, sign_in
from tests.wiring.test_accounts_members import signed_in
from tests.wiring.test_accounts_security_keys import ORIGIN
from tests.wiring.two_replicas import kept_by, member, refusal, two_replicas

SENT: list[dict[str, Any]] = []


def send_notice(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    SENT.append(payload)
    return {"ok": True}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    replies = {rooms.GET_PLAN: get_plan, invitations.SEND_NOTICE: send_notice}
    with two_replicas("accounts", tmp_path_factory.mktemp("changes"), backing, replies) as made:
        yield made


def owner(stage: Stage) -> tuple[str, Actor]:
    email = address()
    organisation(stage, email=email)
    return email, signed_in(stage, email)[1]


def age(stage: Stage, who: Actor, **member_changes: Any) -> None:
    """Their sign-in was ten minutes ago."""
    with kept_by(stage, "accounts") as database:
        began = {"created_at": now() - FRESH_FOR}
        assert database["sign_ins"].update_one({"_id": who.sign_in_id}, {"$set": began}).matched_count
        if member_changes:
            database["members"].update_one({"_id": who.id}, {"$set": member_changes})


def told(email: str, kind: str, count: int = 1) -> dict[str, Any]:
    def found() -> list[dict[str, Any]]:
        return [each for each in SENT if (each["address"], each["kind"]) == (email, kind)]

    eventually(lambda: len(found()) >= count, what=f"{email} is told of {kind}")
    return found()[-1]


def add_app(stage: Stage, who: Actor, **proof: Any) -> list[str]:
    secret = stage.ask(second_factor.BEGIN_SECOND_FACTOR, proof, who)["secret"]
    asked = {"code": pyotp.TOTP(secret).at(now(), counter_offset=-1)}
    codes: list[str] = stage.ask(second_factor.CONFIRM_SECOND_FACTOR, asked, who)["recovery_codes"]
    return codes


def by_code(stage: Stage, email: str, code: str) -> None:
    asked = {"token": sign_in(stage, email)["step"], "code": code}
    assert stage.ask(second_factor.FINISH_SIGN_IN, asked, PUBLIC)["token"]


CHANGES: list[tuple[Command, dict[str, Any]]] = [
    (second_factor.BEGIN_SECOND_FACTOR, {}),
    (second_factor.DISABLE_SECOND_FACTOR, {}),
    (security_keys.BEGIN_SECURITY_KEY, {}),
    (security_keys.REMOVE_SECURITY_KEY, {"key_id": "01920000-0000-7000-8000-000000000001"}),
]


def test_whoever_finds_an_open_browser_changes_nothing_of_the_second_step(stage: Stage) -> None:
    email, who = owner(stage)
    age(stage, who)
    for command, asked in CHANGES:
        assert refusal(Invalid, stage, command, asked, who).extra["reason"] == "password_needed"
    wrong = {"password": "mistyped"}
    refusal(NotSignedIn, stage, second_factor.BEGIN_SECOND_FACTOR, wrong, who)
    add_app(stage, who, password=PASSWORD)
    stage.ask(second_factor.DISABLE_SECOND_FACTOR, {"password": PASSWORD}, who)
    assert sign_in(stage, email)["token"]


def test_who_has_no_password_signs_in_again(stage: Stage) -> None:
    _, who = owner(stage)
    with kept_by(stage, "accounts") as database:
        database["members"].update_one({"_id": who.id}, {"$set": {"password_hash": None}})
    codes = add_app(stage, who)
    assert len(codes) == 10
    age(stage, who)
    refused = refusal(Invalid, stage, second_factor.DISABLE_SECOND_FACTOR, {}, who)
    assert refused.extra["reason"] == "sign_in_again"
    refusal(NotSignedIn, stage, second_factor.DISABLE_SECOND_FACTOR, {"password": "mistyped"}, who)


def test_each_change_is_told_by_mail_in_the_members_language(stage: Stage) -> None:
    email, who = owner(stage)
    stage.ask(membership.CHANGE_OWN_PROFILE, {"language": "ar"}, who)
    codes = add_app(stage, who)
    assert told(email, "second_step_added")["language"] == "ar"
    by_code(stage, email, codes[0])
    assert told(email, "recovery_code_used")["link"] is None
    with kept_by(stage, "accounts") as database:
        kept = database["members"].find_one({"_id": who.id})
        left = kept["second_factor"]["recovery_hashes"]
        database["members"].update_one({"_id": who.id}, {"$set": {"second_factor.recovery_hashes": [left[0]]}})
    by_code(stage, email, codes[1])
    told(email, "recovery_codes_used_up")
    stage.ask(second_factor.DISABLE_SECOND_FACTOR, {}, who)
    told(email, "second_step_removed")
    key = SoftwareKey(ORIGIN, "localhost")
    options = stage.ask(security_keys.BEGIN_SECURITY_KEY, {}, who)["options"]
    asked = {"credential": key.create(options), "name": "Blue key"}
    made = stage.ask(security_keys.FINISH_SECURITY_KEY, asked, who)["key"]
    told(email, "second_step_added", 2)
    stage.ask(security_keys.REMOVE_SECURITY_KEY, {"key_id": made["id"]}, who)
    told(email, "second_step_removed", 2)


def test_who_loses_the_second_step_by_an_admin_is_told(stage: Stage) -> None:
    email, who = owner(stage)
    add_app(stage, who)
    other = member(str(who.organisation_id), "owner")
    stage.ask(second_factor.RESET_SECOND_FACTOR, {"member_id": who.id}, other)
    told(email, "second_step_reset")
    assert stage.ask(accounts.SIGN_IN, {"email": email, "password": PASSWORD}, PUBLIC)["token"]
