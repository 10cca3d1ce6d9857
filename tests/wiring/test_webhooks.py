"""Webhooks by two processes of integrations on a real broker and database, received by servers of the test's own."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from contracts import webhooks
from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from contracts.events import Envelope
from deploy.local.ports import free_port
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import kept_by, member, refusal, two_replicas
from tests.wiring.webhook_receiver import Posted, Receiver, receiver


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with two_replicas("integrations", tmp_path_factory.mktemp("webhooks"), backing) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "integrations")
    yield opened
    opened.close()


@pytest.fixture
def desk() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


@pytest.fixture
def owner() -> Actor:
    return member(new_id(), "owner")


def create(stage: Stage, owner: Actor, url: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = stage.ask(webhooks.CREATE_WEBHOOK, {"url": url, **more}, owner)
    return made


def shown(stage: Stage, owner: Actor, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = stage.ask(webhooks.GET_WEBHOOK, {"webhook_id": made["id"]}, owner)
    return found


def sent(stage: Stage, owner: Actor, made: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    page = stage.ask(webhooks.LIST_DELIVERIES, {"webhook_id": made["id"], **more}, owner)
    items: list[dict[str, Any]] = page["items"]
    return items


def rename(events: Events, owner: Actor, room: str | None = None, times: int = 1) -> None:
    room = room or new_id()
    for _ in range(times):
        events.say("rooms", "room.renamed", f"room/{room}", str(owner.organisation_id), {"room_id": room})


def change(stage: Stage, owner: Actor, made: dict[str, Any], **wanted: Any) -> dict[str, Any]:
    kept: dict[str, Any] = stage.ask(webhooks.CHANGE_WEBHOOK, {"webhook_id": made["id"], **wanted}, owner)
    return kept


def test_an_event_is_posted_signed_as_others_verify_it(
    stage: Stage, events: Events, desk: Receiver, owner: Actor
) -> None:
    made = create(stage, owner, desk.url)
    rename(events, owner)
    [posted] = eventually(lambda: list(desk.posted), lambda found: len(found) == 1)
    envelope = json.loads(posted.body)
    assert Envelope().validate(envelope) == {}
    assert (posted.path, posted.headers["webhook-id"]) == ("/hook?from=housecall", envelope["id"])
    assert posted.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert Verifier(made["secret"]).verify(posted.body, posted.headers) == envelope
    with pytest.raises(WebhookVerificationError):
        Verifier(made["secret"]).verify(posted.body.replace(b"renamed", b"removed"), posted.headers)
    [kept] = eventually(lambda: sent(stage, owner, made, state="delivered"), lambda found: len(found) == 1)
    [attempt] = kept["attempts"]
    assert (attempt["status"], attempt["sent_bytes"], attempt["problem"]) == (204, len(posted.body), None)
    assert kept["body"].encode() == posted.body


def test_a_secret_is_replaced_without_a_gap(stage: Stage, events: Events, desk: Receiver, owner: Actor) -> None:
    first = create(stage, owner, desk.url)
    second = stage.ask(webhooks.ADD_WEBHOOK_SECRET, {"webhook_id": first["id"]}, owner)
    refusal(Conflict, stage, webhooks.ADD_WEBHOOK_SECRET, {"webhook_id": first["id"]}, owner)
    rename(events, owner)
    [posted] = eventually(lambda: list(desk.posted), lambda found: len(found) == 1)
    for secret in (first["secret"], second["secret"]):
        Verifier(secret).verify(posted.body, posted.headers)
    old = {"webhook_id": first["id"], "secret_id": first["secrets"][0]["id"]}
    stage.ask(webhooks.REMOVE_WEBHOOK_SECRET, old, owner)
    rename(events, owner)
    latest = eventually(lambda: list(desk.posted), lambda found: len(found) == 2)[-1]
    Verifier(second["secret"]).verify(latest.body, latest.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(first["secret"]).verify(latest.body, latest.headers)


def test_only_the_types_that_are_wanted_are_posted_in_the_words_that_are(
    stage: Stage, events: Events, desk: Receiver, owner: Actor
) -> None:
    create(stage, owner, desk.url, types=["session.*"], format="coviu")
    rename(events, owner)
    session, room = new_id(), new_id()
    data = {"session_id": session, "room_id": room}
    events.say("scheduler", "session.created", f"session/{session}", str(owner.organisation_id), data)
    [posted] = eventually(lambda: list(desk.posted), lambda found: len(found) == 1)
    body = json.loads(posted.body)
    assert (body["type"], body["payload"]["sessionId"]) == ("session:create", session)
    assert posted.headers["content-type"].startswith("application/json")


def test_events_of_a_subject_come_in_order_also_where_one_is_refused_first(
    stage: Stage, events: Events, desk: Receiver, owner: Actor
) -> None:
    refused_once = threading.Event()

    def answer(_: Posted) -> int:
        if refused_once.is_set():
            return 200
        refused_once.set()
        return 500

    desk.answer = answer
    made = create(stage, owner, desk.url)
    room = new_id()
    rename(events, owner, room, 12)
    eventually(lambda: len(set(desk.ids())), lambda found: found == 12, "all have come", 40)
    numbers = [int(json.loads(each.body)["sequence"]) for each in desk.posted]
    assert numbers == [1, *range(1, 13)]
    eventually(lambda: shown(stage, owner, made), lambda found: (found["state"], found["waiting"]) == ("working", 0))


def test_a_receiver_that_was_away_catches_up_once_it_is_back(stage: Stage, events: Events, owner: Actor) -> None:
    port = free_port()
    made = create(stage, owner, f"http://127.0.0.1:{port}/")
    rename(events, owner, times=3)
    rename(events, owner)
    eventually(lambda: shown(stage, owner, made), lambda found: (found["state"], found["waiting"]) == ("failing", 4))
    [attempt, *_] = eventually(lambda: [one for each in sent(stage, owner, made) for one in each["attempts"]])
    assert (attempt["status"], attempt["problem"]) == (None, "no_answer")
    with receiver(port) as back:
        eventually(lambda: len(set(back.ids())), lambda found: found == 4, "all have come", 40)
        eventually(lambda: shown(stage, owner, made)["state"], lambda state: state == "working")


def test_who_is_tried_for_long_enough_is_parked_and_nothing_is_dropped(
    stage: Stage, events: Events, desk: Receiver, owner: Actor
) -> None:
    desk.answer = lambda _: 500
    made = create(stage, owner, desk.url)
    rename(events, owner)
    eventually(lambda: sent(stage, owner, made), lambda found: bool(found and found[0]["attempts"]))
    with kept_by(stage, "integrations") as database:
        # as after three days
        database["deliveries"].update_one({"webhook_id": made["id"]}, {"$set": {"tries": 9}})
        database["deliveries"].update_one({"webhook_id": made["id"]}, [{"$set": {"due_at": "$$NOW"}}])
    parked = eventually(lambda: shown(stage, owner, made), lambda found: found["state"] == "parked")
    assert parked["parked_because"] == "tried_long"
    assert "webhook.parked" in eventually(
        lambda: events.types(f"webhook/{made['id']}"), lambda found: "webhook.parked" in found
    )
    rename(events, owner)
    eventually(lambda: shown(stage, owner, made)["waiting"], lambda waiting: waiting == 2)
    eventually(lambda: [each["next_try_at"] for each in sent(stage, owner, made)], lambda due: due == [None, None])
    desk.answer = lambda _: 200
    asked = {"webhook_id": made["id"], "delivery_id": sent(stage, owner, made)[0]["id"]}
    refusal(Conflict, stage, webhooks.SEND_AGAIN, asked, owner)
    assert change(stage, owner, made, parked=False)["state"] == "working"
    eventually(lambda: shown(stage, owner, made)["waiting"], lambda waiting: waiting == 0, seconds=60)
    assert len({json.loads(each.body)["id"] for each in desk.posted if b"room.renamed" in each.body}) == 2


def test_a_receiver_that_says_it_is_gone_is_parked_at_once(
    stage: Stage, events: Events, desk: Receiver, owner: Actor
) -> None:
    desk.answer = lambda _: 410
    made = create(stage, owner, desk.url)
    rename(events, owner)
    found = eventually(lambda: shown(stage, owner, made), lambda found: found["state"] == "parked")
    assert found["parked_because"] == "receiver_gone"


def test_a_redirect_is_not_followed(stage: Stage, events: Events, desk: Receiver, owner: Actor) -> None:
    with receiver() as elsewhere:
        desk.answer, desk.location = (lambda _: 302), elsewhere.url
        made = create(stage, owner, desk.url)
        rename(events, owner)
        [attempt, *_] = eventually(lambda: [one for each in sent(stage, owner, made) for one in each["attempts"]])
        assert (attempt["status"], elsewhere.posted) == (302, [])


def test_who_answers_nothing_holds_up_nobody_else(stage: Stage, events: Events, desk: Receiver, owner: Actor) -> None:
    over = threading.Event()
    with receiver() as slow:
        slow.answer = lambda _: 200 + over.wait(60)
        create(stage, owner, slow.url, order="none", at_once=2)
        create(stage, owner, desk.url, types=["room.renamed"])
        for _ in range(20):
            rename(events, owner)
        eventually(lambda: len(set(desk.ids())), lambda found: found == 20)
        eventually(lambda: len(slow.posted), what="the slow one is tried meanwhile")
        over.set()


def test_one_event_or_a_time_is_sent_again_under_the_same_id(
    stage: Stage, events: Events, desk: Receiver, owner: Actor
) -> None:
    made = create(stage, owner, desk.url, types=["room.renamed"])
    rename(events, owner, times=2)
    both = eventually(lambda: sent(stage, owner, made, state="delivered"), lambda found: len(found) == 2)
    asked = {"webhook_id": made["id"], "delivery_id": both[0]["id"]}
    assert stage.ask(webhooks.SEND_AGAIN, asked, owner)["state"] == "waiting"
    eventually(lambda: desk.ids().count(both[0]["message_id"]), lambda found: found == 2)
    again = {"webhook_id": made["id"], "starts_from": "2020-01-01T00:00:00Z", "starts_until": "2099-01-01T00:00:00Z"}
    assert stage.ask(webhooks.SEND_RANGE_AGAIN, again, owner)["count"] == 2
    eventually(lambda: (len(desk.posted), len(set(desk.ids()))), lambda found: found == (5, 2))
    kept = eventually(lambda: sent(stage, owner, made, state="delivered"), lambda found: len(found) == 4)
    assert max(len(each["attempts"]) for each in kept) == 2


def test_a_test_is_sent_also_to_one_that_is_parked_and_not_tried_again(
    stage: Stage, desk: Receiver, owner: Actor
) -> None:
    made = create(stage, owner, desk.url)
    change(stage, owner, made, parked=True)
    desk.answer = lambda _: 500
    tested = stage.ask(webhooks.TEST_WEBHOOK, {"webhook_id": made["id"]}, owner)
    known = eventually(
        lambda: [each for each in sent(stage, owner, made) if each["id"] == tested["id"]],
        lambda found: bool(found and found[0]["state"] == "set_aside"),
    )
    assert (known[0]["type"], known[0]["attempts"][0]["answer"]) == ("webhook.tested", "no\n")
    assert [each for each in desk.posted if b"webhook.tested" in each.body]


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/", "https://[fe80::1]/", "ftp://127.0.0.1/",
        "https://[64:ff9b::a00:1]/", "https://[64:ff9b:1::1]/", "nowhere", "https://", "https://nowhere.invalid/",
        "http://127.0.0.1:99999/",
    ],
)  # fmt: skip
def test_a_place_that_is_none_or_inside_is_refused_at_its_field(stage: Stage, owner: Actor, url: str) -> None:
    refused = refusal(Invalid, stage, webhooks.CREATE_WEBHOOK, {"url": url}, owner)
    assert refused.extra["errors"][0]["pointer"] == "/url"


def test_a_place_that_has_moved_inside_since_is_refused_when_it_is_sent_to(
    stage: Stage, events: Events, desk: Receiver, owner: Actor
) -> None:
    made = create(stage, owner, desk.url)
    with kept_by(stage, "integrations") as database:
        # as where a name leads somewhere else now
        database["webhooks"].update_one({"_id": made["id"]}, {"$set": {"url": "http://10.0.0.1/"}})
    rename(events, owner)
    [attempt, *_] = eventually(lambda: [one for each in sent(stage, owner, made) for one in each["attempts"]])
    assert attempt["problem"] == "not_allowed"


def test_a_webhook_is_its_organisations_and_who_runs_it_keeps_it(stage: Stage, desk: Receiver, owner: Actor) -> None:
    made = create(stage, owner, desk.url, description="Our records")
    asked = {"webhook_id": made["id"]}
    stranger = member(new_id(), "owner")
    for command in (webhooks.GET_WEBHOOK, webhooks.TEST_WEBHOOK, webhooks.REMOVE_WEBHOOK, webhooks.LIST_DELIVERIES):
        refusal(NotFound, stage, command, asked, stranger)
    refusal(Forbidden, stage, webhooks.LIST_WEBHOOKS, {}, member(str(owner.organisation_id), "provider"))
    refusal(Refused, stage, webhooks.CREATE_WEBHOOK, {"url": desk.url, "types": ["room.exploded"]}, owner)
    assert [each["description"] for each in stage.ask(webhooks.LIST_WEBHOOKS, {}, owner)["items"]] == ["Our records"]
    assert "secret" not in shown(stage, owner, made)
    stage.ask(webhooks.REMOVE_WEBHOOK, asked, owner)
    assert stage.ask(webhooks.LIST_WEBHOOKS, {}, owner)["items"] == []
    refusal(NotFound, stage, webhooks.GET_WEBHOOK, asked, owner)
