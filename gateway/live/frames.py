"""The frames of docs/protocol.md: JSON objects in text messages. What a client sent is judged here; nothing of it is repeated."""

import json
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from contracts.actor import Actor
from contracts.errors import Refused, pointers, problem
from contracts.fields import Id
from contracts.media_node import LONGEST_SDP, PublishedTrack
from gateway import typed_json
from gateway.live.topics import Topic

HEARTBEAT_SECONDS = 25
_LONGEST_REF = 64
LONGEST_FRAME_BYTES = LONGEST_SDP + 50_000


class BadFrame(Refused):
    """No frame of the protocol: `detail` says what it lacks."""

    status = 400
    title = "This is no frame of the protocol"


def _is_ref(ref: Any) -> bool:
    return isinstance(ref, int | str) and not isinstance(ref, bool) and len(str(ref)) <= _LONGEST_REF


def _check_ref(ref: Any) -> None:
    if not _is_ref(ref):
        raise ma.ValidationError("Give a number or a short text.")


class _Frame(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    ref = fields.Raw(load_default=None, allow_none=True, validate=_check_ref)


class _Subscribe(_Frame):
    topic = fields.String(required=True, validate=validate.Length(1, 80))


class _Join(_Frame):
    room_id = Id(load_default=None, allow_none=True)
    device_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 64))


class _OneSeat(_Frame):
    participant_id = Id(required=True)


class _Publish(_OneSeat):
    sdp = fields.String(required=True, validate=validate.Length(1, LONGEST_SDP))
    tracks = fields.List(fields.Nested(PublishedTrack), required=True, validate=validate.Length(0, 16))


class _Answer(_OneSeat):
    offer_id = fields.String(required=True, validate=validate.Length(1, 64))
    sdp = fields.String(required=True, validate=validate.Length(1, LONGEST_SDP))


class _Unmute(_OneSeat):
    kind = fields.String(required=True, validate=validate.OneOf(("audio", "video")))


class _RaiseHand(_OneSeat):
    raised = fields.Boolean(load_default=True)


class _Say(_OneSeat):
    # its length is the service's to judge
    text = fields.String(required=True)


class _Leave(_Frame):
    participant_id = Id(load_default=None, allow_none=True)


KINDS: dict[str, ma.Schema] = {
    "subscribe": _Subscribe(),
    "unsubscribe": _Subscribe(),
    "ping": _Frame(),
    "call.join": _Join(),
    "call.publish": _Publish(),
    "call.subscribe": _OneSeat(),
    "call.answer": _Answer(),
    "call.unmute": _Unmute(),
    "call.raise_hand": _RaiseHand(),
    "call.say": _Say(),
    "call.lines": _OneSeat(),
    "call.leave": _Leave(),
}


def read(text: str | bytes) -> dict[str, Any]:
    """A client's frame. Raises BadFrame, with the frame's `ref` in `extra` where it could be read."""
    try:
        frame = typed_json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFrame("Send a JSON object.") from error
    if not isinstance(frame, dict):
        raise BadFrame("Send a JSON object.")
    ref = frame.get("ref")
    known = {"ref": ref} if _is_ref(ref) else {}
    kind = frame.get("type")
    schema = KINDS.get(kind) if isinstance(kind, str) else None
    if schema is None:
        raise BadFrame("There is no such type of frame.", **known)
    try:
        return {"type": kind, **schema.load(frame)}
    except ma.ValidationError as error:
        raise BadFrame("A field does not fit.", errors=pointers(error.messages), **known) from error


def text(frame: dict[str, Any]) -> str:
    """A frame as it is sent."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def hello(connection_id: str, actor: Actor) -> str:
    """The first frame: how often to ping, and whom this connection is taken for."""
    return text(
        {
            "type": "hello",
            "connection_id": connection_id,
            "heartbeat_seconds": HEARTBEAT_SECONDS,
            "actor": {"kind": actor.kind, "id": actor.caller_id if actor.kind == "guest" else actor.id},
        }
    )


def snapshot(topic: Topic, items: list[tuple[Any, str, dict[str, Any]]], ref: Any = None) -> str:
    """`items`: (subject, sequence, view)."""
    listed = [{"subject": str(subject), "sequence": sequence, "view": view} for subject, sequence, view in items]
    frame: dict[str, Any] = {"type": "snapshot", "topic": str(topic), "items": listed}
    return text(frame if ref is None else {**frame, "ref": ref})


def change(topic: Topic, subject: Any, sequence: str, view: dict[str, Any] | None) -> str:
    """`view` None: it is no longer there for this reader."""
    return text({"type": "change", "topic": str(topic), "subject": str(subject), "sequence": sequence, "view": view})


def reply(ref: Any, result: Any) -> str:
    """The answer to a question."""
    return text({"type": "reply", "ref": ref, "result": result})


def error(refusal: Refused, ref: Any = None, topic: str | None = None) -> str:
    """The answer to what was refused."""
    said = problem(refusal)
    # a field of the frame, not of the problem
    said.pop("ref", None)
    frame: dict[str, Any] = {"type": "error", "problem": said}
    if ref is not None:
        frame["ref"] = ref
    if topic is not None:
        frame["topic"] = topic
    return text(frame)
