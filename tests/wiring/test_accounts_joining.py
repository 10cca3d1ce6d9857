"""Members invited by mail and passwords replaced by mail, in two processes of accounts; invitations is played by the test."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts import accounts, invitations, membership, rooms, signing_in
from contracts.actor import PUBLIC, Actor
from contracts.errors import Conflict, Gone, Invalid, NotSignedIn
from tests.patience import eventually
from tests.wiring.one_service import Stage
from tests.wiring.test_accounts import PASSWORD, address, get_plan, newcomer, organisation, sign_in
from tests.wiring.test_accounts_members import signed_in
from tests.wiring.two_replicas import kept_by, member, refusal, two_replicas

ANOTHER = "seventeen quiet lighthouses"
SENT: list[dict[str, Any]] = []


def send_notice(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    assert actor.kind == "system"
    SENT.append(payload)
    return {"ok": True}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    replies = {rooms.GET_PLAN: get_plan, invitations.SEND_NOTICE: send_notice}
    with two_replicas("accounts", tmp_path_factory.mktemp("joining"), backing, replies) as made:
        yield made


def tokens(email: str, kind: str) -> list[str]:
    """Of the letters to this address, each once, oldest first."""
    links = [each["link"] for each in SENT if (each["address"], each["kind"]) == (email, kind)]
    return [link.partition("#")[2] for link in dict.fromkeys(links)]


def token(email: str, kind: str, count: int = 1) -> str:
    eventually(lambda: len(tokens(email, kind)) == count, what=f"letter {count} to {email}")
    return tokens(email, kind)[-1]


def invited(stage: Stage, made: dict[str, Any], **changes: Any) -> dict[str, Any]:
    asked = {"email": address(), "role": "provider", **changes}
    one: dict[str, Any] = stage.ask(membership.INVITE_MEMBER, asked, member(made["id"], "admin"))
    return one


def test_who_is_invited_chooses_a_name_and_a_password_and_signs_in(stage: Stage) -> None:
    made = organisation(stage)
    one = invited(stage, made)
    assert one["state"] == "invited"
    link = {"token": token(one["email"], "member_invited")}
    shown = stage.ask(membership.OPEN_MEMBER_INVITE, link, PUBLIC)
    assert (shown["email"], shown["organisation_name"]) == (one["email"], made["name"])
    easy = {**link, "name": "Dr Smith", "password": "password1234"}
    refused = refusal(Invalid, stage, membership.ACCEPT_MEMBER_INVITE, easy, PUBLIC)
    assert refused.extra["errors"][0]["pointer"] == "/password"
    chosen = {**link, "name": "Dr Smith", "password": ANOTHER}
    assert stage.ask(membership.ACCEPT_MEMBER_INVITE, chosen, PUBLIC) == {"email": one["email"]}
    assert sign_in(stage, one["email"], ANOTHER)["member"]["name"] == "Dr Smith"
    refusal(Gone, stage, membership.ACCEPT_MEMBER_INVITE, {**chosen, "name": "Eve"}, PUBLIC)
    again = {"member_id": one["id"]}
    refusal(Conflict, stage, membership.INVITE_AGAIN, again, member(made["id"], "admin"))


def test_inviting_again_replaces_the_link(stage: Stage) -> None:
    made = organisation(stage)
    one = invited(stage, made)
    first = token(one["email"], "member_invited")
    stage.ask(membership.INVITE_AGAIN, {"member_id": one["id"]}, member(made["id"], "admin"))
    second = token(one["email"], "member_invited", 2)
    refusal(Gone, stage, membership.OPEN_MEMBER_INVITE, {"token": first}, PUBLIC)
    assert stage.ask(membership.OPEN_MEMBER_INVITE, {"token": second}, PUBLIC)["email"] == one["email"]


def test_a_forgotten_password_is_replaced_once_and_ends_every_sign_in(stage: Stage) -> None:
    email = address()
    organisation(stage, email=email)
    before, _ = signed_in(stage, email)
    stage.ask(signing_in.ASK_PASSWORD_RESET, {"email": email.upper()}, PUBLIC)
    chosen = {"token": token(email, "password_reset"), "password": ANOTHER}
    stage.ask(signing_in.RESET_PASSWORD, chosen, PUBLIC)
    refusal(NotSignedIn, stage, accounts.RESOLVE_SIGN_IN, {"token": before}, PUBLIC)
    refusal(NotSignedIn, stage, accounts.SIGN_IN, {"email": email, "password": PASSWORD}, PUBLIC)
    assert sign_in(stage, email, ANOTHER)["token"]
    refusal(Gone, stage, signing_in.RESET_PASSWORD, chosen, PUBLIC)
    told = [(email, "password_changed")]
    eventually(
        lambda: [one for one in told if one in [(s["address"], s["kind"]) for s in SENT]] == told, what="it is told"
    )


def test_a_stranger_is_told_nothing_and_written_nothing(stage: Stage) -> None:
    stranger = address()
    made = organisation(stage)
    suspended = stage.ask(accounts.ADD_MEMBER, newcomer(), member(made["id"], "owner"))
    stage.ask(membership.SUSPEND_MEMBER, {"member_id": suspended["id"]}, member(made["id"], "owner"))
    for email in (stranger, suspended["email"], made["id"]):
        assert stage.ask(signing_in.ASK_PASSWORD_RESET, {"email": email}, PUBLIC) == {"ok": True}
    with kept_by(stage, "accounts") as database:
        eventually(lambda: database["letters"].count_documents({}) == 0, what="all letters are handled")
    assert not {stranger, suspended["email"]} & {each["address"] for each in SENT}


def test_no_token_is_kept(stage: Stage) -> None:
    one = invited(stage, organisation(stage))
    kept = token(one["email"], "member_invited")
    with kept_by(stage, "accounts") as database:
        assert kept not in str([list(database[name].find()) for name in database.list_collection_names()])


def test_who_knows_the_password_changes_it_and_stays_signed_in_only_here(stage: Stage) -> None:
    email = address()
    organisation(stage, email=email)
    (elsewhere, _), (here, who) = signed_in(stage, email), signed_in(stage, email)
    wrong = {"current_password": "mistyped", "password": ANOTHER}
    refusal(NotSignedIn, stage, signing_in.CHANGE_PASSWORD, wrong, who)
    stage.ask(signing_in.CHANGE_PASSWORD, {"current_password": PASSWORD, "password": ANOTHER}, who)
    refusal(NotSignedIn, stage, accounts.RESOLVE_SIGN_IN, {"token": elsewhere}, PUBLIC)
    assert stage.ask(accounts.RESOLVE_SIGN_IN, {"token": here}, PUBLIC)["sign_in_id"] == who.sign_in_id
    assert sign_in(stage, email, ANOTHER)["token"]
