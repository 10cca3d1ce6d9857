"""The rules by which somebody is let go first, or earlier for how urgent they are. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from contracts.errors import Conflict
from services.waiting.caller import Caller, stands
from services.waiting.order import Standing, first, ranked
from services.waiting.path import Decision, possible, step


def move_up(
    caller: Caller, *, before: Sequence[Standing], reason: str, member_id: str, member_name: str, now: datetime
) -> Decision:
    """One of the staff lets the caller go first; `before`: who stands at the front now, if that is another.

    Who stands first already stays as they are. Raises Conflict for who does not wait any more.
    """
    if not possible(caller, "move_up"):
        raise Conflict("This caller waits no more.", state=caller.state)
    if not before:
        return None
    stood = stands(caller)
    went = first(before, member_id=member_id, member_name=member_name, reason=reason, now=now)
    went = replace(went, unranked_at=stood.unranked_at or stood.at)
    return step(caller, "move_up", {"member_id": member_id}, standing=went)


def rank(caller: Caller, *, acuity: str, reason: str, member_id: str, member_name: str, now: datetime) -> Decision:
    """One of the staff says how urgent the caller is. Said again it changes nothing. Raises Conflict for who does not wait any more."""
    if not possible(caller, "rank"):
        raise Conflict("This caller waits no more.", state=caller.state)
    stood = stands(caller)
    if stood.acuity == acuity and stood.reason == reason:
        return None
    standing = ranked(stood, acuity, member_id=member_id, member_name=member_name, reason=reason, now=now)
    return step(caller, "rank", {"member_id": member_id}, standing=standing)
