"""Frames: what is one, and what a bad one gets."""

import json

import pytest

from contracts.errors import NotFound
from gateway.live import frames
from gateway.live.topics import Subject, Topic
from gateway.live.wire import encoded
from plumbing.ids import new_id

SEAT = new_id()


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '"x"', "7", "null", '{"type": 7}', '{"type": "dance"}', '{"type": ["subscribe"]}', '{"type": "subscribe"}',
        '{"type":"subscribe","topic":[1]}', '{"type":"subscribe","topic":""}', '{"type":"call.publish","participant_id":"x"}',
        '{"type":"ping","ref":{"a":1}}', "[" * 100_000, '{"type":"call.answer","sdp":7}', b"\xff\xfe",
    ],
)  # fmt: skip
def test_what_is_no_frame_is_refused_in_one_way(text: str | bytes) -> None:
    with pytest.raises(frames.BadFrame):
        frames.read(text)


@pytest.mark.parametrize(
    "frame", [r'{"type": "dance", "ref": "\ud800"}', r'{"type": "subscribe", "topic": 7, "ref": "\ud800"}']
)
def test_half_a_character_in_a_frame_still_has_an_answer(frame: str) -> None:
    with pytest.raises(frames.BadFrame) as refused:
        frames.read(frame)
    assert encoded(frames.error(refused.value, refused.value.extra.pop("ref")))


def test_a_refusal_can_be_matched_to_its_question() -> None:
    with pytest.raises(frames.BadFrame) as refused:
        frames.read('{"type": "subscribe", "ref": 5}')
    assert refused.value.extra["ref"] == 5
    assert refused.value.extra["errors"][0]["pointer"] == "/topic"


def test_a_refusal_repeats_nothing_of_what_was_sent() -> None:
    with pytest.raises(frames.BadFrame) as refused:
        frames.read('{"type": "subscribe", "topic": ["Mia Kessler"], "ref": 5}')
    assert "Mia" not in frames.error(refused.value)


def test_fields_of_a_later_version_are_passed_over() -> None:
    frame = frames.read(json.dumps({"type": "call.subscribe", "participant_id": SEAT, "ref": 1, "later": True}))
    assert frame == {"type": "call.subscribe", "participant_id": SEAT, "ref": 1}


def test_a_published_track_names_its_source() -> None:
    publish = {
        "type": "call.publish",
        "participant_id": SEAT,
        "sdp": "v=0",
        "tracks": [{"mid": "0", "source": "camera"}],
    }
    assert frames.read(json.dumps(publish))["tracks"] == publish["tracks"]
    publish["tracks"] = [{"mid": "0", "source": "spy"}]
    with pytest.raises(frames.BadFrame):
        frames.read(json.dumps(publish))


def test_a_snapshot_names_subject_sequence_and_view() -> None:
    frame = json.loads(frames.snapshot(Topic("room", "r"), [(Subject("room", "r"), "0007", {"id": "r"})], ref=3))
    assert frame == {
        "type": "snapshot", "topic": "room:r", "ref": 3, "items": [{"subject": "room/r", "sequence": "0007", "view": {"id": "r"}}],
    }  # fmt: skip


def test_an_error_is_a_problem() -> None:
    frame = json.loads(frames.error(NotFound(), 4, "room:r"))
    assert (frame["type"], frame["ref"], frame["topic"], frame["problem"]["status"]) == ("error", 4, "room:r", 404)
