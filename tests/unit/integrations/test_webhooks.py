"""Rules of webhooks: what is signed, what is sent to whom in which words, when it is tried again, and when that ends."""

import datetime as dt
import json
import random
from dataclasses import replace
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from standardwebhooks import Webhook as Verifier

from contracts.errors import Conflict, Outdated
from contracts.webhooks import BY_HAND, FAILING, PARKED, SET_ASIDE, WAITING, WORKING
from services.integrations.webhooks import webhook as rules
from services.integrations.webhooks.coviu import messages
from services.integrations.webhooks.delivery import PAUSES, Attempt, after_last_try, deliveries_of, next_try
from services.integrations.webhooks.pace import Pace
from services.integrations.webhooks.signing import new_secret, seal, signatures, unseal
from services.integrations.webhooks.webhook import Secret, Webhook

ID, EVENT = "01920000-0000-7000-8000-0000000000aa", "01920000-0000-7000-8000-0000000000bb"
NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
WEBHOOK = Webhook(
    ID, ID, "https://clinic.example/", "", (), (), "cloudevents", "subject", 2, None, (Secret("1", "", NOW),), NOW, NOW
)
SENT = Attempt(NOW, 0.1, 500, None, "", {}, 10)


def event(type: str = "room.renamed", **data: Any) -> dict[str, Any]:
    return {
        "id": EVENT, "type": type, "subject": "room/1", "organisationid": ID, "time": "2026-11-23T10:00:00.500Z", "data": data,
    }  # fmt: skip


def test_what_is_signed_by_two_secrets_is_verified_by_either() -> None:
    known = [new_secret(), new_secret()]
    timestamp, body = int(dt.datetime.now(dt.UTC).timestamp()), b'{"a":"\xc3\xa9"}'
    headers = {
        "webhook-id": EVENT,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures(known, EVENT, timestamp, body),
    }
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in known:
        assert Verifier(secret).verify(body, headers) == {"a": "é"}


def test_a_signature_is_as_the_specification_shows_it() -> None:
    # of the reference library's own tests
    found = signatures(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_sealed_secret_is_read_by_its_own_webhook_alone() -> None:
    key, secret = b"k" * 40, new_secret()
    sealed = seal(key, ID, secret)
    assert secret not in sealed
    assert unseal(key, ID, sealed) == secret
    with pytest.raises(InvalidTag):
        unseal(key, EVENT, sealed)


def test_an_event_makes_the_same_delivery_however_often_it_is_heard() -> None:
    [first] = deliveries_of(WEBHOOK, event(), 7, NOW)
    [second] = deliveries_of(WEBHOOK, event(), 7, NOW)
    [other] = deliveries_of(replace(WEBHOOK, id=EVENT), event(), 7, NOW)
    assert first["_id"] == second["_id"] != other["_id"]
    assert (first["message_id"], json.loads(first["body"])) == (EVENT, event())


@pytest.mark.parametrize(
    ("said", "word", "payload"),
    [
        (event("caller.waiting", caller_id="c", area_id="a", clinic_id="t"), "waitingarea:join", {"teamId": "t", "callId": "c", "waitingQueueId": "a"}),
        (event("caller.admitted", caller_id="c", member_id="m"), "waitingarea:answer", {"teamId": ID, "callId": "c"}),
        (event("session.cancelled", session_id="s"), "session:delete", {"teamId": ID, "sessionId": "s"}),
        (event("participant.held", participant_id="p", caller_id="c"), "participant:on-hold", {"teamId": ID, "participantId": "p", "callId": "c"}),
    ],
)  # fmt: skip
def test_an_event_has_its_word_in_the_other_vocabulary(
    said: dict[str, Any], word: str, payload: dict[str, str]
) -> None:
    assert messages(said) == [{"type": word, "createdAt": 1795428000.5, "payload": payload}]


def test_the_end_of_a_call_is_told_of_each_of_its_guests() -> None:
    words = deliveries_of(replace(WEBHOOK, format="coviu"), event("call.ended", caller_ids=["c", "d"]), 7, NOW)
    told = [(json.loads(each["body"])["type"], json.loads(each["body"])["payload"]["callId"]) for each in words]
    assert told == [("waitingarea:end-call", "c"), ("call:end", "c"), ("waitingarea:end-call", "d"), ("call:end", "d")]
    assert len({each["message_id"] for each in words}) == len({each["rank"] for each in words}) == 4
    assert deliveries_of(replace(WEBHOOK, format="coviu"), event("room.renamed"), 7, NOW) == []


def test_a_transfer_names_the_team_and_the_queue_that_it_goes_to() -> None:
    moved = {"caller_id": "c", "room_id": None, "area_id": "south-area", "clinic_id": "south"}
    away = {"from_room_id": None, "from_area_id": "north-area", "from_clinic_id": "north"}
    [told] = messages(event("call.transferred", **moved, **away))
    assert (told["type"], told["payload"]) == (
        "call:transfer",
        {
            "teamId": "north", "waitingQueueId": "north-area", "callId": "c",
            "destinationTeamId": "south", "destinationWaitingQueueId": "south-area",
        },
    )  # fmt: skip


def test_it_is_tried_again_ever_more_seldom_for_three_days() -> None:
    assert sum(PAUSES, dt.timedelta()) > dt.timedelta(days=3)
    chance = random.Random(7)
    for tries, pause in enumerate(PAUSES, 1):
        found = next_try(tries, NOW, SENT, chance)
        assert found is not None
        assert 0.8 * pause <= found - NOW <= 1.2 * pause
    assert next_try(len(PAUSES) + 1, NOW, SENT, chance) is None
    assert next_try(2, NOW - dt.timedelta(days=5), SENT, chance) is None


def test_who_asks_to_be_left_alone_is_for_an_hour_at_most() -> None:
    chance = random.Random(7)
    for asked, least in (("120", 120), ("999999", 3600), ("Mon, 23 Nov 2026 11:00:00 GMT", 4)):
        found = next_try(1, NOW, replace(SENT, status=429, retry_after=asked), chance)
        assert found is not None
        assert least <= (found - NOW).total_seconds() <= max(least, 6)


def test_what_was_tried_for_long_enough_is_set_aside_only_where_others_were_taken() -> None:
    assert after_last_try(WEBHOOK, NOW) == WAITING
    assert after_last_try(replace(WEBHOOK, last_taken_at=NOW + dt.timedelta(hours=1)), NOW) == SET_ASIDE


def test_a_webhook_gets_what_it_wants_and_nothing_about_itself() -> None:
    some = replace(WEBHOOK, meant=("room.created",))
    assert rules.wants(WEBHOOK, "room.renamed", "room/1")
    assert not rules.wants(some, "room.renamed", "room/1")
    assert not rules.wants(WEBHOOK, "webhook.changed", f"webhook/{ID}")
    assert not rules.wants(replace(WEBHOOK, removed=True), "room.renamed", "room/1")


def test_two_secrets_at_most_and_never_none() -> None:
    two = rules.add_secret(WEBHOOK, Secret("2", "", NOW)).state
    with pytest.raises(Conflict):
        rules.add_secret(two, Secret("3", "", NOW))
    left = rules.remove_secret(two, "1")
    assert left is not None
    with pytest.raises(Conflict):
        rules.remove_secret(left.state, "2")


def test_it_is_parked_and_resumed_by_hand_once_each() -> None:
    parked = rules.change(WEBHOOK, {"parked": True}, (), NOW)
    assert parked is not None
    assert (parked.state.state, parked.state.parked_because) == (PARKED, BY_HAND)
    assert rules.change(parked.state, {"parked": True}, (), NOW) is None
    resumed = rules.change(parked.state, {"parked": False}, (), NOW)
    assert resumed is not None
    assert (resumed.state.state, [each.type for each in resumed.events]) == (WORKING, ["webhook.resumed"])
    with pytest.raises(Outdated):
        rules.change(resumed.state, {"parked": True, "version": 1}, (), NOW)


def test_one_answer_that_is_taken_ends_failing() -> None:
    failing = rules.failed(WEBHOOK, NOW)
    assert failing is not None
    assert failing.state.state == FAILING
    again = rules.taken(failing.state, NOW)
    assert again is not None
    assert again.state.state == WORKING
    assert rules.taken(again.state, NOW) is None


def test_no_more_is_under_way_than_may_be_at_once() -> None:
    pace = Pace()
    assert [pace.begin(WEBHOOK) for _ in range(3)] == [True, True, False]
    assert pace.busy() == [ID]
    pace.end(WEBHOOK)
    assert pace.busy() == []
    assert pace.begin(WEBHOOK)


def test_no_more_is_sent_in_a_second_than_may_be() -> None:
    at = [0.0]
    pace = Pace(lambda: at[0])
    slow = replace(WEBHOOK, at_once=32, per_second=3)
    assert [pace.begin(slow) for _ in range(4)] == [True, True, True, False]
    at[0] = 1.0
    assert [pace.begin(slow) for _ in range(4)] == [True, True, True, False]


def test_however_many_slow_receivers_one_organisation_has_the_others_have_places() -> None:
    pace = Pace(at_once=4, of_one=2)
    theirs = [replace(WEBHOOK, id=f"slow-{number}", at_once=1) for number in range(3)]
    assert [pace.begin(each) for each in theirs] == [True, True, False]
    assert pace.busy_organisations() == [WEBHOOK.organisation_id]
    others = replace(WEBHOOK, id="other", organisation_id="another", at_once=8)
    assert [pace.begin(others) for _ in range(3)] == [True, True, False]
    assert not pace.has_place()
    pace.end(theirs[0])
    assert pace.busy_organisations() == ["another"]
    assert pace.has_place()
    assert pace.begin(theirs[2])
