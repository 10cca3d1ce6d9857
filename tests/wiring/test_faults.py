"""What happens when a process or the broker is not there: nothing is lost, nothing runs late, everything comes back."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contracts.errors import Unavailable
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.echo_words import COUNT, ECHO, TOUCH, WRITE
from tests.wiring.echoing import SMITH, Echoing, Speaker, echoing, kill, seconds_since
from tests.wiring.one_service import ROOT

EVERYTHING = ".*"
NOT_ITS_EVENTS = r"^(?!rooms\.events$).*$"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Echoing]:
    """Set up; each test starts the processes that it wants."""
    with echoing(tmp_path_factory.mktemp("faults"), backing) as made:
        yield made


def allow_writing(service: Echoing, pattern: str) -> None:
    """What the broker lets everybody publish to."""
    rights = {"configure": EVERYTHING, "write": pattern, "read": EVERYTHING}
    service.host.management("PUT", "/api/permissions/{vhost}/admin", rights)


def test_a_process_killed_between_write_and_publish_loses_no_event(service: Echoing) -> None:
    allow_writing(service, NOT_ITS_EVENTS)
    with service.replica() as process:
        begin = time.monotonic()
        note = service.ask(WRITE, {"text": "kept"}, SMITH)
        service.ask(TOUCH, {"note_id": note["id"]}, SMITH)
        assert seconds_since(begin) < 3, "a command does not wait for its events to be published"
        kill(process)
    left = service.database["notes"].find_one({"_id": note["id"]})
    assert left is not None
    assert [event["type"] for event in left["outbox"]] == ["room.locked", "room.locked"]
    allow_writing(service, EVERYTHING)
    with service.replica():
        eventually(lambda: service.heard(f"room/{note['id']}"), lambda found: found == [1, 2], seconds=20)
        eventually(lambda: service.database["notes"].find_one({"outbox": {"$ne": []}}), lambda found: found is None)


def test_events_wait_while_the_broker_refuses_them_and_go_on_by_themselves(service: Echoing) -> None:
    allow_writing(service, NOT_ITS_EVENTS)
    with service.replica():
        notes = [service.ask(WRITE, {"text": str(number)}, SMITH)["id"] for number in range(20)]
        allow_writing(service, EVERYTHING)
        subjects = {f"room/{id}" for id in notes}
        eventually(lambda: {one["subject"] for one in service.written("heard")}, lambda found: found >= subjects)


def test_a_call_to_a_stopped_service_ends_in_time_and_is_not_carried_out_later(service: Echoing) -> None:
    with service.replica():
        service.ask(ECHO, {"text": "there"}, SMITH)
    begin = time.monotonic()
    with pytest.raises(Unavailable):
        service.ask(COUNT, {"text": "in vain"}, SMITH, timeout=0.7)
    assert 0.6 < seconds_since(begin) < 1.5
    with service.replica():
        # comes behind the other in the same queue, so that one has had its turn
        service.ask(COUNT, {"text": "after"}, SMITH)
        assert service.written("count", text="in vain") == []


def test_a_service_that_is_asked_to_stop_finishes_what_it_has_begun(service: Echoing) -> None:
    with ThreadPoolExecutor(5) as many:
        with service.replica() as process:
            replies = [many.submit(service.ask, COUNT, {"text": f"{n}", "pause": 1.0}, SMITH) for n in range(5)]
            eventually(lambda: len(service.written("count", pid=process.pid)), lambda count: count == 5)
            process.terminate()
            begin = time.monotonic()
            assert process.wait(10) == 0
            assert seconds_since(begin) < 5
        assert sorted(reply.result()["text"] for reply in replies) == ["0", "1", "2", "3", "4"]


def test_an_event_whose_process_is_killed_meanwhile_is_handled_by_the_other(service: Echoing) -> None:
    subject = f"member/{new_id()}"
    speaker = Speaker(service.host.uri)
    with service.replicas() as (first, second):
        id = speaker.say(subject, 1, pause=2.0)
        speaker.say(subject, 2)
        (tried,) = eventually(lambda: service.written("tried", id=id))
        kill(first if tried["pid"] == first.pid else second)
        eventually(lambda: service.heard(subject), lambda found: found == [1, 2], seconds=25)
    speaker.close()


def test_a_service_waits_for_broker_and_database_and_stops_when_asked_meanwhile(service: Echoing) -> None:
    nowhere = {"AMQP_URI": "amqp://guest:guest@127.0.0.1:1/", "MONGO_URI": service.stage.mongo_uri}
    environment = service.stage.environment("rooms", 0, **nowhere)
    command = [sys.executable, "-m", "tests.wiring.echo"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines = iter(process.stderr.readline, "")
    assert any('"what": "broker"' in line for line in lines)
    assert process.poll() is None
    process.terminate()
    assert process.wait(10) == 0


def test_a_wrong_setting_ends_the_start_with_one_sentence(service: Echoing) -> None:
    environment = service.stage.environment("rooms", 0, AMQP_URI="http://broker")
    command = [sys.executable, "-m", "tests.wiring.echo"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert (
        done.stderr
        == "AMQP_URI must be an address that begins with amqp:// or amqps:// or pyamqp://, not 'http://broker'.\n"
    )


def test_the_client_serves_many_callers_in_every_kind_of_thread(service: Echoing) -> None:
    environment = service.stage.environment("gateway", 0)
    with service.replica():
        for kind in ("plain", "gevent", "eventlet"):
            command = [sys.executable, "-W", "ignore", "-m", "tests.wiring.caller", kind]
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False
            )
            assert done.returncode == 0, f"{kind}: {done.stderr[-2000:]}"
            assert done.stdout == "200 replies, 20 at a time, and one that timed out\n"
