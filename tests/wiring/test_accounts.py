"""Two processes of accounts on a real broker and database; rooms and the gateway are played by the test."""

import datetime as dt
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contracts import accounts, rooms
from contracts.actor import PUBLIC, Actor
from contracts.command import Command
from contracts.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn, Refused, TooMany
from plumbing.clock import now
from plumbing.ids import new_id
from services.accounts import founding
from services.accounts.member import EXPECTED, with_password
from services.accounts.organisation import created
from services.accounts.store import AccountsStore
from services.accounts.throttle import key_of
from services.rooms.plans import plan_view
from services.rooms.policies import read_policies
from tests.fakes import FakeOutbox
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import kept_by, member, ourselves, refusal, two_replicas

PASSWORD = "correct horse battery"


def get_plan(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    assert actor.kind == "system"
    policy = read_policies().version(None)
    return plan_view(policy, policy.plan(payload["name"]))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with two_replicas("accounts", tmp_path_factory.mktemp("accounts"), backing, {rooms.GET_PLAN: get_plan}) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "accounts")
    yield opened
    opened.close()


def address() -> str:
    return f"{new_id()}@example.com"


def request(email: str | None = None, **changes: Any) -> dict[str, Any]:
    owner = {"email": email or address(), "name": "Olive Owner", "password": PASSWORD}
    return {"name": "Example Health", "plan": "Clinic", "zone": "Australia/Sydney", "owner": owner, **changes}


def organisation(stage: Stage, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = stage.ask(accounts.CREATE_ORGANISATION, request(**changes), ourselves())
    return made


def newcomer(role: str = "provider", **changes: Any) -> dict[str, Any]:
    return {"email": address(), "name": "Dr Smith", "role": role, "password": PASSWORD, **changes}


def sign_in(stage: Stage, email: str, password: str = PASSWORD, network: str = "203.0.113.0/24") -> dict[str, Any]:
    asked = {"email": email, "password": password, "network": network}
    opened: dict[str, Any] = stage.ask(accounts.SIGN_IN, asked, PUBLIC)
    return opened


def test_an_organisation_has_its_plan_its_first_clinic_and_its_owner(stage: Stage, events: Events) -> None:
    email = address()
    made = organisation(stage, email=email, clinic_name="Example Clinic")
    assert (made["plan"], made["policy_version"]) == ("Premium", 1)
    assert [clinic["name"] for clinic in made["clinics"]] == ["Example Clinic"]
    (owner,) = stage.ask(accounts.LIST_MEMBERS, {}, member(made["id"], "owner"))["items"]
    assert (owner["email"], owner["role"], owner["clinic_ids"]) == (email, "owner", [made["clinics"][0]["id"]])

    def said() -> list[str]:
        return sorted(event["type"] for event in events.heard() if event["organisationid"] == made["id"])

    eventually(said, lambda types: types == ["clinic.created", "member.added", "organisation.created"], "what was made")
    told = str([event["data"] for event in events.heard()])
    assert "example.com" not in told
    assert "Olive" not in told


def test_the_same_wish_many_times_at_once_makes_one_organisation(stage: Stage) -> None:
    wish, asked = new_id(), request()

    def ask(_: int) -> str:
        reply = stage.ask(accounts.CREATE_ORGANISATION, asked, ourselves(), command_id=wish, timeout=20.0)
        return str(reply["id"])

    with ThreadPoolExecutor(8) as crowd:
        assert set(crowd.map(ask, range(8))) == {wish}
    assert len(stage.ask(accounts.LIST_MEMBERS, {}, member(wish, "owner"))["items"]) == 1


def half_made(stage: Stage, ids: str, email: str, since: dt.datetime, with_organisation: bool) -> None:
    """What a process leaves that dies after keeping the expected owner, or after the organisation too."""
    asked = accounts.CreateOrganisation().load(request(email))
    founded = founding.found(asked, {"name": "Premium", "policy_version": 1}, organisation_id=ids, now=since)
    with kept_by(stage, "accounts") as database:
        store = AccountsStore(database, FakeOutbox())
        store.members.create(with_password(founded.owner, None, EXPECTED))
        if with_organisation:
            store.organisations.create(founded.organisation, *created(founded.organisation))


@pytest.mark.parametrize("with_organisation", [True, False])
def test_a_founding_that_stopped_half_way_goes_on_when_it_is_wished_again(
    stage: Stage, events: Events, with_organisation: bool
) -> None:
    ids, email = new_id(), address()
    half_made(stage, ids, email, now(), with_organisation)
    assert stage.ask(accounts.CREATE_ORGANISATION, request(email), ourselves(), command_id=ids)["id"] == ids
    (owner,) = stage.ask(accounts.LIST_MEMBERS, {}, member(ids, "owner"))["items"]
    assert owner["email"] == email
    eventually(lambda: events.types(f"member/{owner['id']}") == ["member.added"], what="the owner is said once")


def test_a_founding_that_nobody_wishes_again_is_finished_by_another_process(stage: Stage) -> None:
    ids = new_id()
    half_made(stage, ids, address(), now() - founding.FINISHED_BY_OTHERS_AFTER, with_organisation=True)
    owner = member(ids, "owner")
    eventually(lambda: len(stage.ask(accounts.LIST_MEMBERS, {}, owner)["items"]) == 1, what="the owner is there")


def test_the_address_of_a_founding_that_came_to_nothing_is_given_free(stage: Stage) -> None:
    email = address()
    half_made(stage, new_id(), email, now() - founding.GIVEN_UP_AFTER, with_organisation=False)

    def founded() -> bool:
        try:
            organisation(stage, email=email)
        except Conflict:
            return False
        return True

    eventually(founded, what="the address is free")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"plan": "Gold"}, "/plan"), ({"zone": "Mars/Olympus"}, "/zone"), ({"email": "nobody"}, "/owner/email")],
)
def test_what_does_not_fit_is_refused_at_its_field(stage: Stage, changes: dict[str, Any], pointer: str) -> None:
    refused = refusal(Invalid, stage, accounts.CREATE_ORGANISATION, request(**changes), ourselves())
    assert refused.extra["errors"][0]["pointer"] == pointer


def test_an_address_belongs_to_one_member_of_all_organisations_however_it_is_written(stage: Stage) -> None:
    email = address()
    organisation(stage, email=email)
    refusal(Conflict, stage, accounts.CREATE_ORGANISATION, request(email.upper()), ourselves())
    other = organisation(stage)
    again = newcomer(email=email.upper())
    refused = refusal(Conflict, stage, accounts.ADD_MEMBER, again, member(other["id"], "owner"))
    assert refused.extra["errors"][0]["pointer"] == "/email"


def test_of_many_who_take_one_address_at_once_one_gets_it(stage: Stage) -> None:
    email = address()

    def found(_: int) -> str:
        try:
            stage.ask(accounts.CREATE_ORGANISATION, request(email), ourselves(), timeout=20.0)
        except Conflict:
            return "taken"
        return "made"

    with ThreadPoolExecutor(8) as crowd:
        assert sorted(crowd.map(found, range(8))) == ["made", *["taken"] * 7]


def test_a_member_is_added_with_a_clinic_and_found(stage: Stage) -> None:
    made = organisation(stage)
    admin = member(made["id"], "admin")
    north = stage.ask(accounts.CREATE_CLINIC, {"name": "North"}, admin)
    added = stage.ask(accounts.ADD_MEMBER, newcomer(clinic_ids=[north["id"]]), admin)
    assert stage.ask(accounts.GET_MEMBER, {"member_id": added["id"]}, member(made["id"], "reporter")) == added
    shown = stage.ask(accounts.GET_ORGANISATION, {}, member(made["id"], "reporter"))
    assert "North" in [clinic["name"] for clinic in shown["clinics"]]


def test_an_admin_makes_no_owner_and_a_provider_nobody(stage: Stage) -> None:
    made = organisation(stage)
    refusal(Forbidden, stage, accounts.ADD_MEMBER, newcomer("owner"), member(made["id"], "admin"))
    refusal(Forbidden, stage, accounts.ADD_MEMBER, newcomer(), member(made["id"], "provider"))


def test_a_sign_in_is_known_by_its_token_until_it_is_signed_out(stage: Stage, events: Events) -> None:
    email = address()
    made = organisation(stage, email=email)
    opened = sign_in(stage, email.upper())
    resolved = stage.ask(accounts.RESOLVE_SIGN_IN, {"token": opened["token"]}, PUBLIC)
    assert resolved["member"] == opened["member"]
    who = Actor("member", resolved["member"]["id"], made["id"], roles=("owner",), sign_in_id=resolved["sign_in_id"])
    stage.ask(accounts.SIGN_OUT, {}, who)
    refusal(NotSignedIn, stage, accounts.RESOLVE_SIGN_IN, {"token": opened["token"]}, PUBLIC)
    eventually(
        lambda: events.types(f"sign_in/{resolved['sign_in_id']}") == ["sign_in.opened", "sign_in.ended"],
        what="it is said",
    )


def test_a_token_of_nobody_is_not_signed_in(stage: Stage) -> None:
    refusal(NotSignedIn, stage, accounts.RESOLVE_SIGN_IN, {"token": "x" * 43}, PUBLIC)


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer_after_the_same_time(stage: Stage) -> None:
    known = address()
    organisation(stage, email=known)

    def answer(email: str, number: int) -> tuple[str, float]:
        asked = {"email": email, "password": "wrong", "network": f"network {number}"}
        started = time.perf_counter()
        refused = refusal(NotSignedIn, stage, accounts.SIGN_IN, asked, PUBLIC)
        return refused.detail, time.perf_counter() - started

    pairs = [(answer(known, number), answer(address(), number)) for number in range(15)]
    assert {detail for pair in pairs for detail, _ in pair} == {"The e-mail address or the password is not right."}
    wrong, unknown = (statistics.median(pair[side][1] for pair in pairs) for side in (0, 1))
    # argon2 takes some 20 ms; were it left out for unknown addresses, the ratio would be far off
    assert 0.5 < unknown / wrong < 2.0


def test_many_guesses_at_once_are_slowed_down(stage: Stage) -> None:
    email = address()
    organisation(stage, email=email)
    guess = {"email": email, "password": "guess", "network": "198.51.100.0/24"}

    def one(_: int) -> type[Refused]:
        try:
            stage.ask(accounts.SIGN_IN, guess, PUBLIC, timeout=20.0)
        except Refused as refused:
            return type(refused)
        raise AssertionError("a guess was right")

    with ThreadPoolExecutor(10) as crowd:
        kinds = list(crowd.map(one, range(30)))
    # five are free; on a slow machine a few more come after their delay
    assert 5 <= kinds.count(NotSignedIn) <= 10
    assert kinds.count(TooMany) == 30 - kinds.count(NotSignedIn)


def test_who_is_delayed_may_not_even_be_right_and_the_member_elsewhere_is_not_delayed(stage: Stage) -> None:
    email, network = address(), "198.51.100.0/24"
    organisation(stage, email=email)
    later = now() + dt.timedelta(minutes=5)
    delayed = {"count": 12, "not_before": later, "forgotten_at": later + dt.timedelta(hours=1)}
    with kept_by(stage, "accounts") as database:
        database["tries"].insert_one({"_id": key_of(f"password {email}", network), **delayed})
    right = {"email": email, "password": PASSWORD, "network": network}
    refused = refusal(TooMany, stage, accounts.SIGN_IN, right, PUBLIC)
    assert 200 <= refused.extra["retry_after_seconds"] <= 300
    assert sign_in(stage, email, network="203.0.113.0/24")["token"]


def test_a_right_password_makes_earlier_mistakes_forgotten(stage: Stage) -> None:
    email = address()
    organisation(stage, email=email)
    for _ in range(3):
        for _ in range(4):
            wrong = {"email": email, "password": "mistyped", "network": "203.0.113.0/24"}
            refusal(NotSignedIn, stage, accounts.SIGN_IN, wrong, PUBLIC)
        sign_in(stage, email)


def test_a_member_without_a_password_cannot_sign_in_by_one(stage: Stage) -> None:
    made = organisation(stage)
    added = stage.ask(accounts.ADD_MEMBER, newcomer(password=None), member(made["id"], "owner"))
    asked = {"email": added["email"], "password": PASSWORD, "network": None}
    refusal(NotSignedIn, stage, accounts.SIGN_IN, asked, PUBLIC)


def test_another_organisations_member_and_clinic_are_not_found_by_any_command(stage: Stage) -> None:
    made, other = organisation(stage), organisation(stage)
    stranger = member(other["id"], "owner")
    (owner,) = stage.ask(accounts.LIST_MEMBERS, {}, member(made["id"], "owner"))["items"]
    refusal(NotFound, stage, accounts.GET_MEMBER, {"member_id": owner["id"]}, stranger)
    assert owner["id"] not in {each["id"] for each in stage.ask(accounts.LIST_MEMBERS, {}, stranger)["items"]}
    assert stage.ask(accounts.GET_ORGANISATION, {}, stranger)["id"] == other["id"]
    foreign = newcomer(clinic_ids=[made["clinics"][0]["id"]])
    refused = refusal(Invalid, stage, accounts.ADD_MEMBER, foreign, stranger)
    assert refused.extra["errors"][0]["detail"] == "There is no such clinic."


def test_an_organisation_that_is_none_is_not_found(stage: Stage) -> None:
    nobody = member(new_id(), "owner")
    commands: list[tuple[Command, dict[str, Any]]] = [
        (accounts.GET_ORGANISATION, {}),
        (accounts.CREATE_CLINIC, {"name": "North"}),
        (accounts.ADD_MEMBER, newcomer()),
    ]
    for command, payload in commands:
        refusal(NotFound, stage, command, payload, nobody)


def test_a_foreign_sign_in_is_not_ended(stage: Stage) -> None:
    email = address()
    organisation(stage, email=email)
    opened = sign_in(stage, email)
    sign_in_id = stage.ask(accounts.RESOLVE_SIGN_IN, {"token": opened["token"]}, PUBLIC)["sign_in_id"]
    stranger = Actor("member", new_id(), organisation(stage)["id"], roles=("owner",), sign_in_id=sign_in_id)
    refusal(NotFound, stage, accounts.SIGN_OUT, {}, stranger)
    assert stage.ask(accounts.RESOLVE_SIGN_IN, {"token": opened["token"]}, PUBLIC)["sign_in_id"] == sign_in_id
