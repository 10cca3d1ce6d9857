"""What the audit log is told of a reply, and how those who tell at the same moment share one confirm."""

import datetime as dt
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from contracts import media, rooms, waiting
from contracts.actor import Actor
from contracts.errors import Unavailable
from plumbing.amqp import Message
from plumbing.ids import new_id
from plumbing.outbox import Unconfirmed
from plumbing.records import BEGINS, GOES_ON, MOST_IDS, Recorder, ids_in, shown_ids

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
OURS, ROOM = new_id(), new_id()
READER = Actor("member", new_id(), OURS, roles=("provider",), name="Dr Smith", origin_id="origin")
SEEN = {"items": [{"id": "one", "name": "Mia"}, {"id": "two"}]}


class Broker:
    def __init__(self) -> None:
        self.batches: list[list[Message]] = []
        self.away = False
        self.gate = threading.Event()
        self.gate.set()

    def publish(self, messages: list[Message]) -> None:
        self.gate.wait(5)
        if self.away:
            raise Unconfirmed
        self.batches.append(messages)


def told(broker: Broker) -> list[dict[str, object]]:
    return [json.loads(message.body) for batch in broker.batches for message in batch]


def test_a_list_is_told_once_with_the_ids_that_were_shown_and_no_name() -> None:
    broker = Broker()
    Recorder("waiting", broker).seen(waiting.LIST_CALLERS, READER, {"room_id": ROOM, "words": "Mia"}, SEEN, NOW)
    (record,) = told(broker)
    assert record["actorid"] == READER.id
    assert (record["organisationid"], record["originid"]) == (OURS, "origin")
    assert record["data"] == {
        "command": "waiting.list_callers", "kind": "caller", "ids": ["one", "two"], "of": {"room_id": ROOM},
    }  # fmt: skip
    assert "Mia" not in json.dumps(record)


@pytest.mark.parametrize(
    ("actor", "command", "reply"),
    [
        (READER, waiting.LIST_CALLERS, {"items": []}),
        (READER, media.FIND_CALL, {"call": None}),
        (READER, rooms.GET_ROOM, {"id": "room"}),
        (Actor("guest", "device", OURS), waiting.GET_CALLER, {"id": "own"}),
        (Actor("system", "media", OURS), waiting.GET_CALLER, {"id": "one"}),
        (Actor("member", READER.id, OURS, following=GOES_ON), waiting.GET_CALLER, {"id": "one"}),
    ],
    ids=["nobody shown", "no call", "no patient", "own place", "process", "screen goes on"],
)
def test_what_shows_nobody_elses_data_to_a_person_is_not_told(actor: Actor, command: object, reply: object) -> None:
    broker = Broker()
    Recorder("waiting", broker).seen(command, actor, {}, reply, NOW)  # type: ignore[arg-type]
    assert broker.batches == []


def test_a_screen_that_begins_to_follow_says_so() -> None:
    broker = Broker()
    follower = Actor("member", READER.id, OURS, following=BEGINS)
    Recorder("waiting", broker).seen(waiting.LIST_CALLERS, follower, {}, SEEN, NOW)
    assert told(broker)[0]["data"]["following"] is True  # type: ignore[index]


def test_a_long_list_is_told_in_pieces() -> None:
    broker = Broker()
    many = {"items": [{"id": str(each)} for each in range(MOST_IDS + 1)]}
    Recorder("waiting", broker).seen(waiting.LIST_CALLERS, READER, {}, many, NOW)
    assert [len(record["data"]["ids"]) for record in told(broker)] == [MOST_IDS, 1]  # type: ignore[index]


def test_without_the_broker_nothing_is_shown() -> None:
    broker = Broker()
    broker.away = True
    with pytest.raises(Unavailable):
        Recorder("waiting", broker).seen(waiting.LIST_CALLERS, READER, {}, SEEN, NOW)


def test_those_who_tell_while_one_is_confirmed_share_the_next() -> None:
    broker = Broker()
    recorder = Recorder("waiting", broker)
    broker.gate.clear()
    with ThreadPoolExecutor(21) as crowd:
        tells = [
            crowd.submit(recorder.seen, waiting.GET_CALLER, READER, {}, {"id": str(each)}, NOW) for each in range(21)
        ]
        while len(recorder._waiting) < 20:
            threading.Event().wait(0.001)
        broker.gate.set()
        for tell in tells:
            tell.result(5)
    assert [len(batch) for batch in broker.batches] == [1, 20]


def test_a_call_is_found_under_its_name_and_a_thing_as_itself() -> None:
    assert shown_ids("call", {"call": {"id": "c"}}) == ["c"]
    assert shown_ids("caller", {"id": "a", "name": "Mia"}) == ["a"]


def test_of_a_request_only_ids_are_told() -> None:
    assert ids_in({"room_id": ROOM, "name": "Mia", "other_id": None, "title_id": "x" * 65}) == {"room_id": ROOM}
