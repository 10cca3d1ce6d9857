"""Events over a real broker: handled once, in order per subject, retried, put aside, given back; two processes hear them."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.echo_words import TOUCH, WRITE
from tests.wiring.echoing import OURS, SMITH, Echoing, Speaker, echoing, event
from tests.wiring.one_service import ROOT

QUEUE = "evt-accounts--rooms.on_accounts"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Echoing]:
    with echoing(tmp_path_factory.mktemp("events"), backing) as made, made.replicas():
        yield made


@pytest.fixture
def speaker(service: Echoing) -> Iterator[Speaker]:
    opened = Speaker(service.host.uri)
    yield opened
    opened.close()


@pytest.fixture
def subject() -> str:
    return f"member/{new_id()}"


def all_heard(service: Echoing, subject: str, expected: list[int], seconds: float = 15) -> None:
    eventually(lambda: service.heard(subject), lambda found: found == expected, seconds=seconds)


def test_a_change_is_heard_with_who_for_whom_and_its_trace(service: Echoing) -> None:
    note = service.ask(WRITE, {"text": "said"}, SMITH)
    for _ in range(3):
        service.ask(TOUCH, {"note_id": note["id"]}, SMITH)
    subject = f"room/{note['id']}"
    all_heard(service, subject, [1, 2, 3, 4])
    heard = service.written("heard", subject=subject)
    assert {one["organisation_id"] for one in heard} == {OURS}
    assert all(one["trace"].startswith("00-") for one in heard)
    logs = service.logs()
    assert heard[0]["trace"].split("-")[1] in logs, "the trace of the event is that of the command"


def test_what_was_published_leaves_its_document(service: Echoing) -> None:
    note = service.ask(WRITE, {"text": "emptied"}, SMITH)

    def document() -> dict[str, Any]:
        return service.database["notes"].find_one({"_id": note["id"]}) or {}

    eventually(document, lambda found: found["outbox"] == [] and "pending_since" not in found)


def test_a_duplicate_changes_nothing(service: Echoing, speaker: Speaker, subject: str) -> None:
    envelope = event(subject, 1)
    for _ in range(6):
        speaker.say_again(envelope)
    speaker.say(subject, 2)
    speaker.say_again(envelope)
    speaker.say(subject, 3)
    all_heard(service, subject, [1, 2, 3])


def test_events_of_one_subject_are_handled_in_order_however_they_come(
    service: Echoing, speaker: Speaker, subject: str
) -> None:
    speaker.say(subject, 1)
    sequences = list(range(2, 32))
    random.Random(7).shuffle(sequences)
    for sequence in sequences:
        speaker.say(subject, sequence)
    all_heard(service, subject, list(range(1, 32)), seconds=20)


def test_both_replicas_take_part(service: Echoing, speaker: Speaker) -> None:
    subjects = [f"member/{new_id()}" for _ in range(20)]
    for one in subjects:
        speaker.say(one, 1, pause=0.05)
    eventually(lambda: [service.heard(one) for one in subjects], lambda found: found == [[1]] * 20)
    assert len({one["pid"] for one in service.written("heard", subject={"$in": subjects})}) == 2


def test_an_event_that_comes_early_waits_for_the_one_before(service: Echoing, speaker: Speaker, subject: str) -> None:
    speaker.say(subject, 1)
    all_heard(service, subject, [1])
    speaker.say(subject, 3)
    waiting = {"_id": f"on_accounts {subject}", "first_waiting": 3}
    eventually(lambda: service.database["inbox"].find_one(waiting), what="it has come and was held back")
    assert service.heard(subject) == [1]
    speaker.say(subject, 2)
    all_heard(service, subject, [1, 2, 3])


def test_a_subject_met_in_the_middle_of_its_life_is_taken_after_a_while(
    service: Echoing, speaker: Speaker, subject: str
) -> None:
    speaker.say(subject, 41)
    speaker.say(subject, 42)
    all_heard(service, subject, [41, 42])
    speaker.say(subject, 40)
    all_heard(service, subject, [41, 42, 40])


def test_a_gap_that_never_closes_holds_nothing_up_for_ever(service: Echoing, speaker: Speaker, subject: str) -> None:
    speaker.say(subject, 1)
    speaker.say(subject, 5)
    all_heard(service, subject, [1, 5], seconds=30)


def test_an_event_that_fails_is_tried_again_and_later_ones_wait(
    service: Echoing, speaker: Speaker, subject: str
) -> None:
    first = speaker.say(subject, 1, failures=2)
    speaker.say(subject, 2)
    all_heard(service, subject, [1, 2])
    assert len(service.written("tried", id=first)) == 3


def test_what_keeps_failing_is_put_aside_with_its_error_class_only_and_given_back_on_request(
    service: Echoing, speaker: Speaker, subject: str
) -> None:
    # fails on all three tries, and on the first after it was given back
    failing = speaker.say(subject, 1, failures=3)
    speaker.say(subject, 2)
    all_heard(service, subject, [2])
    eventually(lambda: speaker.count(f"{QUEUE}.dead"), lambda count: count == 1)
    assert len(service.written("tried", id=failing)) == 3
    peeked = speaker.channel.basic_get(f"{QUEUE}.dead")
    headers = dict(peeked.headers)
    headers.pop("x-delivery-count", None)  # the queue's own
    assert headers == {"x-error": "ValueError"}
    assert json.loads(peeked.body)["id"] == failing
    speaker.channel.basic_reject(peeked.delivery_tag, requeue=True)
    eventually(lambda: speaker.count(f"{QUEUE}.dead"), lambda count: count == 1)
    assert redrive(service) == "1 given back\n"
    all_heard(service, subject, [2, 1])
    assert "secret" not in service.logs()


def test_what_is_no_event_is_put_aside_at_once(service: Echoing, speaker: Speaker) -> None:
    bodies = ["", "[]", "{}", "null", '{"subject": 1}', json.dumps({**event("member/x", 1), "data": None})]
    for body in bodies:
        speaker.publish("accounts.events", "member.added", body)
    taken = [speaker.take(f"{QUEUE}.dead") for _ in bodies]
    assert {message.headers["x-error"] for message in taken} == {"Malformed"}
    assert sorted(message.body for message in taken) == sorted(bodies)


def test_queues_keep_what_they_were_given(service: Echoing) -> None:
    queues = {one["name"]: one["arguments"] for one in service.host.management("GET", "/api/queues/{vhost}")}
    assert queues[QUEUE] == {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": f"{QUEUE}.retry",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    assert queues[f"{QUEUE}.retry"] == {
        "x-queue-type": "quorum",
        "x-message-ttl": 300,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": QUEUE,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    assert queues[f"{QUEUE}.dead"] == {"x-queue-type": "quorum"}
    bindings = service.host.management("GET", "/api/exchanges/{vhost}/accounts.events/bindings/source")
    assert [(one["destination"], one["routing_key"]) for one in bindings] == [(QUEUE, "#")]


def redrive(service: Echoing) -> str:
    command = [sys.executable, "-m", "plumbing.services.redrive", f"{QUEUE}.dead"]
    environment = service.stage.environment("rooms", 0)
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return done.stdout
