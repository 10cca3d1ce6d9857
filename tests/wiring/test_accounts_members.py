"""Members who change, leave and come back, in two processes of accounts on a real broker and database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contracts import accounts, membership, rooms, signing_in
from contracts.actor import PUBLIC, Actor
from contracts.errors import Conflict, Forbidden, NotFound, NotSignedIn
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.test_accounts import PASSWORD, get_plan, newcomer, organisation, sign_in
from tests.wiring.two_replicas import member, refusal, two_replicas


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with two_replicas("accounts", tmp_path_factory.mktemp("members"), backing, {rooms.GET_PLAN: get_plan}) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "accounts")
    yield opened
    opened.close()


def signed_in(stage: Stage, email: str) -> tuple[str, Actor]:
    """The token of a new sign-in, and who asks with it."""
    token = sign_in(stage, email)["token"]
    found = stage.ask(accounts.RESOLVE_SIGN_IN, {"token": token}, PUBLIC)
    who = found["member"]
    return token, Actor("member", who["id"], who["organisation_id"], (who["role"],), sign_in_id=found["sign_in_id"])


def added(stage: Stage, made: dict[str, Any], role: str = "provider") -> dict[str, Any]:
    one: dict[str, Any] = stage.ask(accounts.ADD_MEMBER, newcomer(role), member(made["id"], "owner"))
    return one


def owners(stage: Stage, made: dict[str, Any]) -> list[str]:
    listed = stage.ask(accounts.LIST_MEMBERS, {}, member(made["id"], "owner"))["items"]
    return [each["id"] for each in listed if (each["role"], each["state"]) == ("owner", "active")]


@pytest.mark.parametrize("command", [membership.SUSPEND_MEMBER, membership.REMOVE_MEMBER], ids=lambda one: one.method)
def test_who_is_suspended_or_removed_is_signed_out_everywhere_at_once(
    stage: Stage, events: Events, command: Any
) -> None:
    made = organisation(stage)
    smith = added(stage, made)
    visits = [signed_in(stage, smith["email"]) for _ in range(2)]
    stage.ask(command, {"member_id": smith["id"]}, member(made["id"], "admin"))
    for token, _ in visits:
        refusal(NotSignedIn, stage, accounts.RESOLVE_SIGN_IN, {"token": token}, PUBLIC)
    ended = [["sign_in.opened", "sign_in.ended"]] * 2
    subjects = [f"sign_in/{who.sign_in_id}" for _, who in visits]
    eventually(lambda: [events.types(subject) for subject in subjects] == ended, what="both are said")
    again = {"email": smith["email"], "password": PASSWORD, "network": None}
    refusal(NotSignedIn, stage, accounts.SIGN_IN, again, PUBLIC)


def test_who_is_restored_signs_in_again_and_who_is_removed_may_be_added_again(stage: Stage) -> None:
    made = organisation(stage)
    admin, smith = member(made["id"], "admin"), added(stage, made)
    stage.ask(membership.SUSPEND_MEMBER, {"member_id": smith["id"]}, admin)
    assert stage.ask(membership.RESTORE_MEMBER, {"member_id": smith["id"]}, admin)["state"] == "active"
    assert sign_in(stage, smith["email"])["token"]
    stage.ask(membership.REMOVE_MEMBER, {"member_id": smith["id"]}, admin)
    assert smith["id"] not in [each["id"] for each in stage.ask(accounts.LIST_MEMBERS, {}, admin)["items"]]
    assert stage.ask(accounts.GET_MEMBER, {"member_id": smith["id"]}, admin)["state"] == "removed"
    again = stage.ask(accounts.ADD_MEMBER, newcomer(email=smith["email"]), admin)
    assert again["id"] != smith["id"]


def test_another_role_and_other_clinics_count_for_who_is_signed_in_already(stage: Stage) -> None:
    made = organisation(stage)
    admin, smith = member(made["id"], "admin"), added(stage, made)
    token, _ = signed_in(stage, smith["email"])
    wanted = {"member_id": smith["id"], "role": "coordinator", "clinic_ids": [made["clinics"][0]["id"]]}
    changed = stage.ask(membership.CHANGE_MEMBER, wanted, admin)
    found = stage.ask(accounts.RESOLVE_SIGN_IN, {"token": token}, PUBLIC)["member"]
    assert (found["role"], found["clinic_ids"]) == ("coordinator", wanted["clinic_ids"])
    assert found == changed


def test_of_all_owners_who_leave_at_once_one_stays(stage: Stage) -> None:
    made = organisation(stage)
    for _ in range(3):
        added(stage, made, "owner")
    ids = owners(stage, made)

    def leave(place: int) -> str:
        commands = (membership.REMOVE_MEMBER, membership.SUSPEND_MEMBER, membership.CHANGE_MEMBER)
        command = commands[place % 3]
        asked = {"member_id": ids[place]} | ({"role": "admin"} if command is membership.CHANGE_MEMBER else {})
        try:
            stage.ask(command, asked, member(made["id"], "owner"), timeout=20.0)
        except Conflict as refused:
            return refused.detail
        return "gone"

    with ThreadPoolExecutor(4) as crowd:
        said = list(crowd.map(leave, range(4)))
    assert said.count("gone") <= 3
    assert owners(stage, made)
    left = owners(stage, made)
    for last in left[1:]:
        stage.ask(membership.REMOVE_MEMBER, {"member_id": last}, member(made["id"], "owner"))
    owner = member(made["id"], "owner")
    refused = refusal(Conflict, stage, membership.REMOVE_MEMBER, {"member_id": left[0]}, owner)
    assert "Make somebody else an owner first" in refused.detail


def test_an_admin_does_nothing_to_an_owner(stage: Stage) -> None:
    made = organisation(stage)
    (owner,) = owners(stage, made)
    admin = member(made["id"], "admin")
    for command in (membership.SUSPEND_MEMBER, membership.REMOVE_MEMBER):
        refusal(Forbidden, stage, command, {"member_id": owner}, admin)
    smith = added(stage, made)
    refusal(Forbidden, stage, membership.CHANGE_MEMBER, {"member_id": smith["id"], "role": "owner"}, admin)


def test_one_sees_and_ends_ones_own_sign_ins_only(stage: Stage) -> None:
    made = organisation(stage)
    smith = added(stage, made)
    (first, _), (second, here) = (signed_in(stage, smith["email"]) for _ in range(2))
    _, other = signed_in(stage, added(stage, made)["email"])
    listed = stage.ask(signing_in.LIST_SIGN_INS, {}, here)["items"]
    assert [each["current"] for each in listed] == [True, False]
    assert listed[0]["network"] == "203.0.113.0/24"
    refusal(NotFound, stage, signing_in.END_SIGN_IN, {"sign_in_id": here.sign_in_id}, other)
    stage.ask(signing_in.END_OTHER_SIGN_INS, {}, here)
    refusal(NotSignedIn, stage, accounts.RESOLVE_SIGN_IN, {"token": first}, PUBLIC)
    stage.ask(signing_in.END_SIGN_IN, {"sign_in_id": here.sign_in_id}, here)
    refusal(NotSignedIn, stage, accounts.RESOLVE_SIGN_IN, {"token": second}, PUBLIC)


def test_another_organisations_member_is_not_found(stage: Stage) -> None:
    smith, stranger = added(stage, organisation(stage)), member(organisation(stage)["id"], "owner")
    commands = (
        membership.CHANGE_MEMBER,
        membership.SUSPEND_MEMBER,
        membership.RESTORE_MEMBER,
        membership.REMOVE_MEMBER,
    )
    for command in commands:
        refusal(NotFound, stage, command, {"member_id": smith["id"]}, stranger)
