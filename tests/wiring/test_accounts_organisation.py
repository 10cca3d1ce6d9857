"""Organisations, clinics, duties and sign-ups, in two processes of accounts on a real broker and database."""

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contracts import accounts, availability, invitations, membership, organisations, rooms, signing_up
from contracts.actor import PUBLIC, Actor
from contracts.errors import Conflict, Forbidden, Gone, Invalid, NotFound, Outdated, Refused, TooMany
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import ROOT, Events, Stage
from tests.wiring.test_accounts import PASSWORD, address, get_plan, newcomer, organisation, sign_in
from tests.wiring.two_replicas import member, refusal, two_replicas

SENT: list[dict[str, Any]] = []


def send_notice(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    SENT.append(payload)
    return {"ok": True}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    replies = {
        rooms.GET_PLAN: get_plan,
        rooms.LIST_ROOMS: lambda payload, actor: {"items": []},
        invitations.SEND_NOTICE: send_notice,
    }
    folder = tmp_path_factory.mktemp("organisations")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SIGN_UP", "open")
        with two_replicas("accounts", folder, backing, replies) as made:
            yield made


def owner_of(stage: Stage, made: dict[str, Any]) -> Actor:
    (known,) = stage.ask(accounts.LIST_MEMBERS, {}, member(made["id"], "owner"))["items"]
    return Actor("member", known["id"], made["id"], ("owner",), clinic_ids=tuple(known["clinic_ids"]))


def test_of_two_who_change_an_organisation_one_finds_it_changed(stage: Stage) -> None:
    made = organisation(stage)
    owner = owner_of(stage, made)

    def one(number: int) -> bool:
        try:
            asked = {"name": f"Name {number}", "version": made["version"]}
            stage.ask(organisations.CHANGE_ORGANISATION, asked, owner)
        except Outdated:
            return False
        return True

    with ThreadPoolExecutor(8) as crowd:
        assert list(crowd.map(one, range(8))).count(True) == 1
    refusal(Invalid, stage, organisations.CHANGE_ORGANISATION, {"zone": "Mars/Olympus"}, owner)
    refusal(Forbidden, stage, organisations.CHANGE_ORGANISATION, {"name": "x"}, member(made["id"], "provider"))


def test_a_clinic_is_made_once_by_name_renamed_and_removed_when_empty(stage: Stage) -> None:
    made = organisation(stage)
    owner = owner_of(stage, made)

    def one(_: int) -> str | None:
        try:
            return str(stage.ask(accounts.CREATE_CLINIC, {"name": "North"}, owner)["id"])
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as crowd:
        (north,) = filter(None, crowd.map(one, range(8)))
    renamed = {"clinic_id": north, "name": "South"}
    assert stage.ask(organisations.CHANGE_CLINIC, renamed, owner)["name"] == "South"
    added = stage.ask(accounts.ADD_MEMBER, newcomer(clinic_ids=[north]), owner)
    refusal(Conflict, stage, organisations.REMOVE_CLINIC, {"clinic_id": north}, owner)
    stage.ask(membership.CHANGE_MEMBER, {"member_id": added["id"], "clinic_ids": []}, owner)
    stage.ask(organisations.REMOVE_CLINIC, {"clinic_id": north}, owner)
    refusal(NotFound, stage, organisations.REMOVE_CLINIC, {"clinic_id": north}, owner)
    refusal(Conflict, stage, organisations.REMOVE_CLINIC, {"clinic_id": made["clinics"][0]["id"]}, owner)


def test_a_duty_is_seen_by_the_clinic_and_ends_with_the_last_sign_in(stage: Stage) -> None:
    made = organisation(stage)
    owner, clinic_id = owner_of(stage, made), made["clinics"][0]["id"]
    asked = newcomer(clinic_ids=[clinic_id])
    them = stage.ask(accounts.ADD_MEMBER, asked, owner)
    tokens = [sign_in(stage, asked["email"])["token"] for _ in range(2)]
    found = [stage.ask(accounts.RESOLVE_SIGN_IN, {"token": token}, PUBLIC)["sign_in_id"] for token in tokens]
    first, second = (
        Actor("member", them["id"], made["id"], ("provider",), clinic_ids=(clinic_id,), sign_in_id=each)
        for each in found
    )
    events = Events(stage.amqp_uri, "accounts")
    stage.ask(availability.SET_AVAILABILITY, {"state": "on_duty"}, first)

    def on_duty(reader: Actor) -> list[str]:
        return [each["id"] for each in stage.ask(availability.LIST_ON_DUTY, {}, reader)["items"]]

    assert on_duty(owner) == on_duty(first) == [them["id"]]
    assert on_duty(member(made["id"], "provider")) == []
    stage.ask(accounts.SIGN_OUT, {}, first)
    assert on_duty(owner) == [them["id"]]
    stage.ask(accounts.SIGN_OUT, {}, second)
    assert on_duty(owner) == []
    subject = f"member/{them['id']}"
    said = ["member.availability_changed"] * 2
    eventually(lambda: events.types(subject) == said, what="both are said")
    events.close()


def link_of(to: str) -> str:
    sent = eventually(lambda: [each for each in SENT if each["address"] == to], what="the mail is sent")
    return str(sent[0]["link"])


def finishing(link: str, **changes: Any) -> dict[str, Any]:
    names = {"organisation_name": "New", "clinic_name": "First", "name": "Nora New", "zone": "Europe/Berlin"}
    return {"token": link.partition("#")[2], "password": PASSWORD, **names, **changes}


def test_of_many_who_finish_one_sign_up_one_organisation_comes(stage: Stage) -> None:
    to = address()
    stage.ask(signing_up.ASK_SIGN_UP, {"email": to, "network": new_id()}, PUBLIC)
    link = link_of(to)

    def one(_: int) -> str | None:
        try:
            return str(stage.ask(signing_up.FINISH_SIGN_UP, finishing(link), PUBLIC, timeout=20.0)["email"])
        except Refused as refused:
            assert isinstance(refused, Gone)  # noqa: PT017 the link was used up by another
            return None

    with ThreadPoolExecutor(4) as crowd:
        assert to in set(crowd.map(one, range(4)))
    whose = sign_in(stage, to)["member"]
    members = stage.ask(accounts.LIST_MEMBERS, {}, member(whose["organisation_id"], "owner"))["items"]
    assert [each["email"] for each in members] == [to]
    refusal(Gone, stage, signing_up.OPEN_SIGN_UP, {"token": link.partition("#")[2]}, PUBLIC)


def test_a_known_address_gets_a_mail_without_a_way_to_sign_up_and_the_same_answer(stage: Stage) -> None:
    to = address()
    organisation(stage, email=to)
    network = new_id()
    known = stage.ask(signing_up.ASK_SIGN_UP, {"email": to, "network": network}, PUBLIC)
    assert known == stage.ask(signing_up.ASK_SIGN_UP, {"email": address(), "network": network}, PUBLIC)
    assert link_of(to).endswith("/sign-in")


def test_whoever_asks_for_many_has_to_wait(stage: Stage) -> None:
    network = new_id()

    def ask() -> bool:
        try:
            stage.ask(signing_up.ASK_SIGN_UP, {"email": address(), "network": network}, PUBLIC)
        except TooMany:
            return False
        return True

    assert [ask() for _ in range(42)].count(False) > 0
    assert stage.ask(signing_up.ASK_SIGN_UP, {"email": address(), "network": new_id()}, PUBLIC) == {"ok": True}


def test_an_operators_link_makes_an_organisation_on_the_plan_that_it_names(stage: Stage) -> None:
    to = address()
    command = [sys.executable, "-m", "services.accounts", "invite-owner", to, "--plan", "clinic"]
    environment = stage.environment("accounts", 0, SIGN_UP="closed")
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    link = answer.stdout.strip()
    assert re.fullmatch(r"http://\S+/sign-up#[\w-]+", link)
    shown = stage.ask(signing_up.OPEN_SIGN_UP, {"token": link.partition("#")[2]}, PUBLIC)
    assert (shown["email"], shown["plan"]) == (to, "Premium")
    stage.ask(signing_up.FINISH_SIGN_UP, finishing(link), PUBLIC, timeout=20.0)
    whose = sign_in(stage, to)["member"]
    found = stage.ask(accounts.GET_ORGANISATION, {}, member(whose["organisation_id"], "owner"))
    assert (whose["role"], found["plan"], [each["name"] for each in found["clinics"]]) == (
        "owner",
        "Premium",
        ["First"],
    )
