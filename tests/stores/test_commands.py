"""Commands that were carried out, on a real MongoDB."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contracts.actor import Actor
from contracts.errors import Reused, Unavailable
from plumbing.services.commands import INDEXES, Commands, Remembered, command_key

SMITH = Actor("member", "m1", "o1")
KEY = command_key("rooms.create", SMITH, "7")


@pytest.fixture
def commands(real_database: Any) -> Commands:
    return Commands(real_database["commands"])


def soon() -> float:
    return time.time() + 5


def test_what_was_carried_out_is_remembered_with_its_reply(commands: Commands) -> None:
    token = commands.begin(KEY, {"a": 1}, soon())
    commands.finish(KEY, token, {"id": "7", "none": None})
    with pytest.raises(Remembered) as before:
        commands.begin(KEY, {"a": 1}, soon())
    assert before.value.reply == {"id": "7", "none": None}


def test_of_many_deliveries_at_once_one_carries_it_out_and_all_get_its_reply(commands: Commands) -> None:
    def deliver(number: int) -> tuple[str, Any]:
        try:
            token = commands.begin(KEY, {}, soon())
        except Remembered as before:
            return "remembered", before.reply
        commands.finish(KEY, token, number)
        return "done", number

    with ThreadPoolExecutor(6) as many:
        outcomes = list(many.map(deliver, range(6)))
    assert sorted(outcome for outcome, _ in outcomes) == ["done"] + ["remembered"] * 5
    assert len({reply for _, reply in outcomes}) == 1


def test_what_was_given_up_may_be_tried_again(commands: Commands) -> None:
    commands.abandon(KEY, commands.begin(KEY, {}, soon()))
    assert commands.begin(KEY, {}, soon())


def test_who_waits_for_another_gives_up_at_their_deadline(commands: Commands) -> None:
    commands.begin(KEY, {}, soon())
    begin = time.monotonic()
    with pytest.raises(Unavailable):
        commands.begin(KEY, {}, time.time() + 0.2)
    assert 0.15 < time.monotonic() - begin < 2


def test_what_a_dead_process_held_is_free_when_its_lease_is_over(commands: Commands, real_database: Any) -> None:
    dead = commands.begin(KEY, {}, soon())
    real_database["commands"].update_one({}, [{"$set": {"until": "$$NOW"}}])
    token = commands.begin(KEY, {}, soon())
    commands.finish(KEY, dead, "dead")
    commands.finish(KEY, token, "alive")
    with pytest.raises(Remembered) as before:
        commands.begin(KEY, {}, soon())
    assert before.value.reply == "alive"


def test_another_request_under_the_same_id_is_refused(commands: Commands) -> None:
    commands.begin(KEY, {"a": 1}, soon())
    with pytest.raises(Reused):
        commands.begin(KEY, {"a": 2}, soon())


def test_an_id_belongs_to_who_used_it() -> None:
    others = [Actor("member", "m2", "o1"), Actor("member", "m1", "o2"), Actor("guest", "m1", "o1")]
    assert len({KEY, *(command_key("rooms.create", actor, "7") for actor in others)}) == 4


def test_it_is_forgotten_after_an_hour(real_database: Any) -> None:
    real_database["commands"].create_indexes(INDEXES)
    (index,) = (one for one in real_database["commands"].list_indexes() if one["name"] == "forget")
    assert index["expireAfterSeconds"] == 3600
    commands = Commands(real_database["commands"])
    commands.begin(KEY, {}, soon())
    assert real_database["commands"].find_one({})["at"] is not None


def test_what_an_older_process_remembered_gets_its_reply_again(real_database: Any) -> None:
    real_database["commands"].insert_one(
        {"_id": KEY, "digest": "with a password in it", "token": "t", "reply": {"a": 1}}
    )
    with pytest.raises(Remembered) as before:
        Commands(real_database["commands"]).begin(KEY, {"a": 1}, soon())
    assert before.value.reply == {"a": 1}
