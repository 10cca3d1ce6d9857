"""Commands over a real broker: signed, in time, carried out once, refused in words; two processes of the service."""

import json
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from contracts.actor import PUBLIC, Actor
from contracts.command import Command, Nothing, View
from contracts.errors import Conflict, Forbidden, Invalid, LimitReached, NotSignedIn, Reused, Unavailable, Unexpected
from plumbing import rpc
from plumbing.actor import ALGORITHM
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.echo_words import ASK_SELF, COUNT, ECHO, TOUCH, WRITE
from tests.wiring.echoing import JONES, OURS, SMITH, Echoing, Speaker, echoing, kill, seconds_since


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Echoing]:
    with echoing(tmp_path_factory.mktemp("commands"), backing) as made, made.replicas():
        yield made


@pytest.fixture
def speaker(service: Echoing) -> Iterator[Speaker]:
    opened = Speaker(service.host.uri)
    yield opened
    opened.close()


def test_a_command_is_answered_by_both_replicas(service: Echoing) -> None:
    replies = [service.ask(ECHO, {"text": f"n{number}"}, SMITH) for number in range(20)]
    assert [reply["text"] for reply in replies] == [f"n{number}" for number in range(20)]
    assert len({reply["pid"] for reply in replies}) == 2


def test_fifty_callers_at_once_each_get_their_own_reply(service: Echoing) -> None:
    texts = [f"caller {number}" for number in range(300)]
    with ThreadPoolExecutor(50) as many:
        replies = list(many.map(lambda text: service.ask(ECHO, {"text": text}, SMITH)["text"], texts))
    assert replies == texts


def test_a_field_that_is_unknown_or_missing_is_named(service: Echoing) -> None:
    with pytest.raises(Invalid) as refused:
        service.ask(ECHO, {"texts": "x"}, SMITH)
    assert {one["pointer"] for one in refused.value.extra["errors"]} == {"/text", "/texts"}


def test_a_refusal_comes_with_its_words_and_details(service: Echoing) -> None:
    with pytest.raises(Conflict) as conflict:
        service.ask(ECHO, {"text": "x", "fail": "conflict"}, SMITH)
    assert (conflict.value.detail, conflict.value.extra) == ("It is locked.", {"room_id": "7"})
    with pytest.raises(LimitReached) as limit:
        service.ask(ECHO, {"text": "x", "fail": "limit"}, SMITH)
    assert limit.value.extra["allowed_by"] == "premium"


def test_a_defect_is_mute_on_the_wire_and_logged_without_values(service: Echoing) -> None:
    with pytest.raises(Unexpected) as failed:
        service.ask(ECHO, {"text": "Jo Patient", "fail": "defect"}, SMITH)
    assert failed.value.extra == {}
    assert "secret" not in str(failed.value)
    logs = eventually(service.logs, lambda text: '"error": "ValueError"' in text)
    assert "tests/wiring/echo.py" in logs
    assert "Jo Patient" not in logs
    assert "secret" not in logs


def test_each_command_is_one_line_in_the_log(service: Echoing) -> None:
    command_id = new_id()
    service.ask(ECHO, {"text": "logged"}, SMITH, command_id=command_id)
    logs = eventually(service.logs, lambda text: command_id in text)
    (line,) = [json.loads(one) for one in logs.splitlines() if command_id in one]
    assert line["service"] == "rooms"
    assert line["command"] == "rooms.echo"
    assert line["organisation_id"] == OURS
    assert line["actor"] == SMITH.id
    assert line["outcome"] == "done"
    assert line["ms"] >= 0


def test_who_may_not_is_told_so(service: Echoing) -> None:
    with pytest.raises(Forbidden):
        service.ask(COUNT, {"text": "x"}, Actor("guest", new_id(), OURS))
    with pytest.raises(Forbidden):
        service.ask(ECHO, {"text": "x"}, PUBLIC)


def test_a_command_that_the_service_does_not_know_and_a_service_that_is_none_are_unavailable_at_once(
    service: Echoing,
) -> None:
    begin = time.monotonic()
    for name in ("rooms.fly", "nobody.echo"):
        with pytest.raises(Unavailable):
            service.ask(Command(name, Nothing, View, "room.read"), {}, SMITH)
    assert seconds_since(begin) < 2


@pytest.mark.parametrize(
    "token", [None, "", "eyJhbGciOiJub25lIn0.e30.", 7], ids=["none", "empty", "unsigned", "number"]
)
def test_a_request_without_a_valid_statement_is_refused(service: Echoing, speaker: Speaker, token: Any) -> None:
    reply = ask_raw(speaker, {"args": [], "kwargs": {"text": "x"}}, {rpc.ACTOR: token} if token is not None else {})
    assert reply["error"]["exc_type"] == "NotSignedIn"


def test_a_service_cannot_speak_for_a_member(service: Echoing, speaker: Speaker) -> None:
    key = OKPKey.import_key((service.folder / "media.pem").read_bytes())
    claims = {"iss": "media", "iat": int(time.time()), "exp": int(time.time()) + 60, "actor": SMITH.claims()}
    forged = jwt.encode({"alg": ALGORITHM, "kid": "media"}, claims, key, algorithms=[ALGORITHM])
    reply = ask_raw(speaker, {"args": [], "kwargs": {"text": "x"}}, {rpc.ACTOR: forged})
    assert reply["error"]["exc_type"] == NotSignedIn.__name__


@pytest.mark.parametrize("body", ["", "null", "[]", "{}", '{"args": [1], "kwargs": {"text": "x"}}', '{"kwargs": 3}'])
def test_a_body_that_is_no_request_is_refused_and_the_service_lives(
    service: Echoing, speaker: Speaker, body: str
) -> None:
    statement = service.stage._gateway._sign(SMITH)
    assert ask_raw(speaker, body, {rpc.ACTOR: statement})["error"]["exc_type"] == "Invalid"
    assert service.ask(ECHO, {"text": "still there"}, SMITH)["text"] == "still there"


def test_what_comes_after_its_deadline_is_not_carried_out(service: Echoing, speaker: Speaker) -> None:
    statement = service.stage._gateway._sign(SMITH)
    headers = {rpc.ACTOR: statement, rpc.DEADLINE: time.time() - 0.1, rpc.COMMAND_ID: new_id()}
    reply = ask_raw(speaker, {"args": [], "kwargs": {"text": "too late"}}, headers, method="count")
    assert reply["error"]["exc_type"] == "Unavailable"
    assert service.written("count", text="too late") == []


def test_a_repeated_command_is_carried_out_once_and_gets_the_same_reply(service: Echoing) -> None:
    command_id = new_id()
    replies = [service.ask(COUNT, {"text": "again"}, SMITH, command_id=command_id) for _ in range(4)]
    assert all(reply == replies[0] for reply in replies)
    assert len(service.written("count", text="again")) == 1


def test_a_command_repeated_while_the_first_is_at_it_waits_for_that_reply(service: Echoing) -> None:
    command_id = new_id()
    with ThreadPoolExecutor(4) as many:
        replies = list(
            many.map(
                lambda _: service.ask(COUNT, {"text": "side by side", "pause": 0.3}, SMITH, command_id=command_id),
                range(4),
            )
        )
    assert all(reply == replies[0] for reply in replies)
    assert len(service.written("count", text="side by side")) == 1


def test_the_same_id_from_somebody_else_is_another_command(service: Echoing) -> None:
    command_id = new_id()
    for actor in (SMITH, JONES):
        service.ask(COUNT, {"text": "whose"}, actor, command_id=command_id)
    assert {one["actor"] for one in service.written("count", text="whose")} == {SMITH.id, JONES.id}


def test_a_command_id_used_for_something_else_is_refused(service: Echoing) -> None:
    command_id = new_id()
    service.ask(COUNT, {"text": "one thing"}, SMITH, command_id=command_id)
    with pytest.raises(Reused):
        service.ask(COUNT, {"text": "another"}, SMITH, command_id=command_id)


def test_a_refused_command_may_be_tried_again(service: Echoing) -> None:
    command_id = new_id()
    for _ in range(2):
        with pytest.raises(Conflict):
            service.ask(COUNT, {"text": "refused", "fail": "x"}, SMITH, command_id=command_id)
    assert len(service.written("count", text="refused")) == 2


def test_a_created_thing_has_its_commands_id_and_creating_again_makes_no_second(service: Echoing) -> None:
    command_id = new_id()
    note = service.ask(WRITE, {"text": "note"}, SMITH, command_id=command_id)
    service.database["commands"].delete_many({})  # as an hour later
    assert service.ask(WRITE, {"text": "note"}, SMITH, command_id=command_id) == note
    assert note["id"] == command_id
    assert service.ask(TOUCH, {"note_id": command_id}, SMITH)["count"] == 1


def test_a_service_asks_another_as_who_asked_it(service: Echoing) -> None:
    assert service.ask(ASK_SELF, {"text": "four"}, SMITH)["text"] == "four 4"


def test_a_command_whose_process_is_killed_meanwhile_is_carried_out_by_the_other(service: Echoing) -> None:
    with service.replica() as third, ThreadPoolExecutor(8) as many:
        payloads = [{"text": f"killed {number}", "pause": 1.0} for number in range(8)]
        replies = [many.submit(service.ask, COUNT, payload, SMITH, timeout=20.0) for payload in payloads]
        begun = eventually(
            lambda: service.written("count", pid=third.pid), what="the third replica has begun one", seconds=10
        )
        kill(third)
        answered = [reply.result()["text"] for reply in replies]
    assert answered == [payload["text"] for payload in payloads]
    for one in begun:
        assert len(service.written("count", text=one["text"])) == 2


def test_health_says_that_it_is_ready_and_counts_commands(service: Echoing) -> None:
    before = set(service.folder.glob("rooms-*.log"))
    with service.replica():
        (log,) = set(service.folder.glob("rooms-*.log")) - before
        service.ask(ECHO, {"text": "x"}, SMITH)
        for path, expected in (
            ("healthz", "ok"),
            ("readyz", '"broker": true'),
            ("metrics", "housecall_command_seconds"),
        ):
            address = f"http://127.0.0.1:{log.stem.partition('-')[2]}/{path}"
            with urllib.request.urlopen(address, timeout=5) as answer:
                assert expected in answer.read().decode()


def test_timers_run(service: Echoing) -> None:
    def ticks() -> int:
        return int((service.database["done"].find_one({"_id": "ticks"}) or {}).get("ticks", 0))

    before = ticks()
    eventually(ticks, lambda now: now >= before + 3)


def ask_raw(speaker: Speaker, body: Any, headers: dict[str, Any], method: str = "echo") -> dict[str, Any]:
    """A request exactly as given, and its reply."""
    channel, key = speaker.channel, new_id()
    queue = channel.queue_declare("", exclusive=True).queue
    channel.queue_bind(queue, rpc.EXCHANGE, key)
    text = body if isinstance(body, str) else json.dumps(body)
    speaker.publish(
        rpc.EXCHANGE, f"rooms.{method}", text, reply_to=key, correlation_id="1", application_headers=headers
    )
    reply: dict[str, Any] = json.loads(speaker.take(queue).body)
    return reply
