"""A caller's path as data, and the pure rules that move a caller along it. Knows no store, no bus and no clock."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.errors import Conflict
from plumbing.store import Change, Event
from services.waiting.caller import Caller, place_of
from services.waiting.names import name_differs

Decision = Change[Caller] | None
Rule = Callable[[Caller], Decision]


@dataclass(frozen=True)
class Step:
    """Where an action leads, and the event that says so."""

    state: str
    event: str


# (state, action) → where it leads. What is not here is not possible.
PATH: dict[tuple[str, str], Step] = {
    ("waiting", "accept"): Step("admitted", "caller.admitted"),
    ("waiting", "refuse"): Step("left", "caller.refused"),
    ("waiting", "leave"): Step("left", "caller.left"),
    ("waiting", "expire"): Step("left", "caller.left"),
    ("waiting", "close"): Step("left", "caller.left"),
    ("waiting", "breach"): Step("waiting", "waiting.target_breached"),
    ("waiting", "alert"): Step("waiting", "waiting.alerted"),
    ("waiting", "acknowledge"): Step("waiting", "waiting.acknowledged"),
    ("waiting", "transfer"): Step("waiting", "call.transferred"),
    ("waiting", "move_up"): Step("waiting", "caller.moved_up"),
    ("waiting", "rank"): Step("waiting", "caller.ranked"),
    ("waiting", "wish_text"): Step("waiting", "caller.to_be_texted"),
    ("waiting", "text"): Step("waiting", "caller.texted"),
    ("waiting", "notify"): Step("waiting", "caller.notified"),
    ("waiting", "reply"): Step("waiting", "caller.replied"),
    ("waiting", "feel_worse"): Step("waiting", "caller.worsened"),
    ("waiting", "disconnect"): Step("waiting", "caller.disconnected"),
    ("waiting", "resume"): Step("waiting", "caller.resumed"),
    ("admitted", "hold_back"): Step("waiting", "caller.held"),
    ("admitted", "transfer"): Step("waiting", "call.transferred"),
    ("in_call", "hold_back"): Step("waiting", "caller.held"),
    ("in_call", "transfer"): Step("waiting", "call.transferred"),
    ("admitted", "join"): Step("in_call", "caller.joined"),
    ("admitted", "refuse"): Step("left", "caller.refused"),
    ("admitted", "leave"): Step("left", "caller.left"),
    ("admitted", "expire"): Step("left", "caller.left"),
    ("admitted", "end"): Step("left", "caller.left"),
    ("admitted", "close"): Step("left", "caller.left"),
    ("admitted", "disconnect"): Step("admitted", "caller.disconnected"),
    ("admitted", "resume"): Step("admitted", "caller.resumed"),
    ("in_call", "leave"): Step("left", "caller.left"),
    ("in_call", "end"): Step("left", "caller.left"),
    ("waiting", "follow"): Step("left", "caller.left"),
    ("admitted", "follow"): Step("left", "caller.left"),
    ("in_call", "follow"): Step("left", "caller.left"),
}

# Why a seat in a call was given up, in media's words → the reason of the end, in ours.
END_OF_SEAT = {"removed": "removed", "lost": "technical_failure"}

_GOES_FOR_GOOD = frozenset({"completed", "refused", "removed"})


def possible(caller: Caller, action: str) -> bool:
    """Whether the action leads anywhere from where the caller is."""
    return (caller.state, action) in PATH


def step(caller: Caller, action: str, said: dict[str, Any] | None = None, **changes: Any) -> Change[Caller]:
    """The caller after a possible action, with `changes` made and the event that carries `said` beside the usual ids."""
    taken = PATH[caller.state, action]
    moved = replace(caller, state=taken.state, **changes)
    moved = replace(moved, place=place_of(moved.state, moved.came_to, moved.recipient_id, moved.device_id))
    return Change(moved, Event(taken.event, {**ids(moved), **(said or {})}))


def ids(caller: Caller) -> dict[str, Any]:
    """What every event about a caller says."""
    return {
        "caller_id": caller.id,
        "room_id": caller.room,
        "area_id": caller.area_id,
        "clinic_id": caller.clinic_id,
        "invitation_id": caller.invitation_id,
        "recipient_id": caller.recipient_id,
        "session_id": caller.session_id,
        "role": caller.role,
    }


def arrival(caller: Caller) -> Event:
    """What is said when somebody begins to wait."""
    return Event("caller.waiting", ids(caller))


def whose_place(here: Iterable[Caller], arriving: Caller) -> Caller | None:
    """The one of those here by the same link who the arriving person is: on the same device, or waiting on another one.

    A room link opens for anybody, so there another device is another person.
    """
    by_link = [caller for caller in here if caller.recipient_id == arriving.recipient_id]
    same_device = [caller for caller in by_link if caller.device_id == arriving.device_id]
    waiting = [caller for caller in by_link if arriving.recipient_id and caller.state == "waiting"]
    return next(iter(same_device + waiting), None)


def arrive_again(caller: Caller, *, arriving: Caller) -> Decision:
    """The same link again: after a reload nothing changes but what is corrected; another device takes over the place.

    `arriving` is the caller that would have been made, had they not been here.
    """
    device_changed = caller.device_id != arriving.device_id
    consent = caller.consent if _same_text(caller, arriving) else arriving.consent
    before, after = (
        (caller.display_name, caller.answers, caller.consent),
        (arriving.display_name, arriving.answers, consent),
    )
    if caller.state != "waiting" or not (device_changed or before != after):
        return None
    return step(
        caller,
        "resume",
        {"device_changed": device_changed},
        device_id=arriving.device_id,
        display_name=arriving.display_name,
        name_differs=name_differs(arriving.display_name, caller.invited_name),
        device_test=arriving.device_test or caller.device_test,
        answers=arriving.answers,
        consent=consent,
        connections=() if device_changed else caller.connections,
        heard_at=None if device_changed else caller.heard_at,
        connected=True,
        away_since=arriving.waiting_since if device_changed else caller.away_since,
    )


def _same_text(caller: Caller, arriving: Caller) -> bool:
    """Whether both have accepted the same consent text; then the first time counts."""
    return bool(caller.consent and arriving.consent and caller.consent.version == arriving.consent.version)


def accept(caller: Caller, *, member_id: str, member_name: str, now: datetime, room_id: str | None = None) -> Decision:
    """A host lets the caller in, out of a Waiting Area into the room `room_id`. Pressed again by the same host it changes nothing; who is second is told by whom.

    Raises:
        Conflict: another host was first (`by_member_id`, `by_name`), or the caller has left.
    """
    if caller.state in {"admitted", "in_call"} and caller.admitted_by_member_id == member_id:
        return None
    _must_be_here(caller)
    if not possible(caller, "accept"):
        raise taken_by(caller)
    let_in = step(
        caller,
        "accept",
        {"member_id": member_id},
        room_id=room_id or caller.room_id,
        admitted_by_member_id=member_id,
        admitted_by_name=member_name,
        admitted_at=now,
        held=None,
        target_at=None,
        alert_at=None,
        text_me=None,
    )
    if not caller.held:
        return let_in
    # back from the queue, whoever takes them: the one who held them, or another
    return Change(let_in.state, Event("caller.unheld", {**ids(let_in.state), "member_id": member_id}), let_in.events)


def taken_by(caller: Caller) -> Conflict:
    """What the host who came second is told."""
    name = caller.admitted_by_name or "Somebody else"
    return Conflict(
        f"{name} has already accepted this caller.",
        by_member_id=caller.admitted_by_member_id,
        by_name=caller.admitted_by_name,
    )


def refuse(caller: Caller, *, message: str, now: datetime) -> Decision:
    """A host turns the caller away, with a message for them or without.

    Raises:
        Conflict: they are in the call already (remove them there), or have left by themselves.
    """
    if caller.end_reason == "refused":
        return None
    _must_be_here(caller)
    if not possible(caller, "refuse"):
        raise Conflict("This caller is in the call by now. Remove them there.", state=caller.state)
    return _ended(caller, "refuse", "refused", now, end_message=message or None)


def leave(caller: Caller, *, now: datetime) -> Decision:
    """The guest goes. Who goes before being in the call was not seen; that is never their fault."""
    if not possible(caller, "leave"):
        return None
    return _ended(caller, "leave", "completed" if caller.state == "in_call" else "left_without_being_seen", now)


def join(caller: Caller, *, call_id: str, participant_id: str) -> Decision:
    """Media says that the caller has taken their seat."""
    if not possible(caller, "join") or participant_id in caller.past_seats:
        return None
    return step(caller, "join", call_id=call_id, participant_id=participant_id)


def end(
    caller: Caller, *, seat_reason: str, now: datetime, participant_id: str | None = None, call_id: str | None = None
) -> Decision:
    """Media says that the caller's seat is given up, or with it the whole call. An older seat than the present one is none of it, nor one out of which they were put back or handed on."""
    another = participant_id is not None and caller.participant_id not in {None, participant_id}
    out_of = caller.transferred and caller.transferred.previous_call_id
    moved = seat_reason == "moved" or participant_id in caller.past_seats or (call_id is not None and call_id == out_of)
    if another or moved or not possible(caller, "end"):
        return None
    return _ended(caller, "end", END_OF_SEAT.get(seat_reason, "completed"), now)


def close(caller: Caller, *, now: datetime) -> Decision:
    """The room is no more. Whoever is in its call is put out by media."""
    return _ended(caller, "close", "cancelled", now) if possible(caller, "close") else None


def follow(caller: Caller, *, client_reason: str, now: datetime) -> Decision:
    """Their client has gone for `client_reason`, and a carer or interpreter goes with them.

    One who still waits stays where the client went without having been seen: the client may come back, and until then nobody can
    let the companion in.
    """
    if not possible(caller, "follow") or (caller.state == "waiting" and client_reason not in _GOES_FOR_GOOD):
        return None
    return _ended(caller, "follow", "completed" if caller.state == "in_call" else "cancelled", now)


def expire(caller: Caller, *, grace: timedelta, now: datetime) -> Decision:
    """Gives up the place of somebody who went away and did not come back within the grace."""
    kept = caller.text_me.kept_until if caller.text_me else None
    gone = caller.away_since is not None and (kept or caller.away_since + grace) <= now
    if not gone or not possible(caller, "expire"):
        return None
    return _ended(caller, "expire", "expired", now)


def breach(caller: Caller, *, now: datetime) -> Decision:
    """They should have been let in by now. Said once for each time that they wait."""
    if caller.target_at is None or caller.target_at > now or not possible(caller, "breach"):
        return None
    return step(caller, "breach", target_at=None, breached_at=now)


def connect(caller: Caller, *, connection_id: str, now: datetime) -> Decision:
    """A live connection of the page is there. Says something only to those who were shown that they were away."""
    if caller.state == "left":
        return None
    others = tuple(other for other in caller.connections if other != connection_id)
    changes: dict[str, Any] = {"connections": (*others, connection_id), "heard_at": now, "away_since": None}
    if caller.connected or not possible(caller, "resume"):
        return Change(replace(caller, connected=True, **changes))
    return step(caller, "resume", {"device_changed": False}, connected=True, **changes)


def disconnect(caller: Caller, *, connection_id: str, now: datetime) -> Decision:
    """A live connection of the page has closed. The place is kept; with the last connection the grace begins."""
    if caller.state == "left" or connection_id not in caller.connections:
        return None
    left = tuple(other for other in caller.connections if other != connection_id)
    return Change(replace(caller, connections=left)) if left else _away(caller, now)


def fall_silent(caller: Caller, *, silent_before: datetime, now: datetime) -> Decision:
    """No connection was said to be there since `silent_before`: whoever should have said so has died, and the grace begins."""
    if caller.state == "left" or not caller.connections or (caller.heard_at or now) > silent_before:
        return None
    return _away(caller, now)


def _away(caller: Caller, now: datetime) -> Decision:
    """In the call it is media that knows whether they are there, so nothing is said."""
    gone: dict[str, Any] = {"connections": (), "heard_at": None, "away_since": now}
    if not possible(caller, "disconnect"):
        return Change(replace(caller, **gone))
    return step(caller, "disconnect", connected=False, **gone)


def _must_be_here(caller: Caller) -> None:
    if caller.state == "left":
        raise Conflict("This caller has left.", state=caller.state, end_reason=caller.end_reason)


def _ended(caller: Caller, action: str, reason: str, now: datetime, **changes: Any) -> Change[Caller]:
    return step(
        caller,
        action,
        {"reason": reason},
        end_reason=reason,
        ended_at=now,
        connections=(),
        connected=False,
        heard_at=None,
        away_since=None,
        target_at=None,
        alert_at=None,
        text_me=None,
        messages=(),
        **changes,
    )
