"""The rule by which somebody is let go first. Pure."""

from collections.abc import Sequence
from datetime import datetime

from contracts.errors import Conflict
from services.waiting.caller import Caller
from services.waiting.order import Standing, first
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
    went = first(before, member_id=member_id, member_name=member_name, reason=reason, now=now)
    return step(caller, "move_up", {"member_id": member_id}, standing=went)
