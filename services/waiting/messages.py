"""The rules of messages between the staff and who waits. Pure.

They are kept with the caller until the visit ends (services.waiting.path), the latest of them; events carry their ids alone.
"""

from datetime import datetime, timedelta

from contracts.errors import Conflict, TooMany
from contracts.waiting_messages import BY_GUEST, BY_STAFF, MOST_MESSAGES
from services.waiting.caller import Caller, Message
from services.waiting.path import Decision, possible, step

_A_WHILE, _MOST_IN_A_WHILE = timedelta(minutes=1), 10


def notify(caller: Caller, *, id: str, text: str, member_id: str, member_name: str, now: datetime) -> Decision:
    """One of the staff writes to who waits. Raises Conflict for who does not wait any more."""
    message = Message(id, BY_STAFF, member_name, text, now)
    return _written(caller, "notify", message, member_id)


def reply(caller: Caller, *, id: str, text: str, now: datetime) -> Decision:
    """Who waits writes to the staff. Raises Conflict for who does not wait any more, TooMany for more than people type."""
    lately = [each for each in caller.messages if each.by == BY_GUEST and each.written_at > now - _A_WHILE]
    if len(lately) >= _MOST_IN_A_WHILE and all(each.id != id for each in lately):
        raise TooMany("Wait a moment before you write again.", retry_after_seconds=int(_A_WHILE.total_seconds()))
    return _written(caller, "reply", Message(id, BY_GUEST, caller.display_name, text, now), None)


def feel_worse(caller: Caller, *, now: datetime) -> Decision:
    """Who waits feels worse; said again it changes nothing. Raises Conflict for who does not wait any more."""
    if not possible(caller, "feel_worse"):
        raise Conflict("You wait no more: say it to whoever is with you.", state=caller.state)
    return step(caller, "feel_worse", worse_at=now) if caller.worse_at is None else None


def _written(caller: Caller, action: str, message: Message, member_id: str | None) -> Decision:
    if any(known.id == message.id for known in caller.messages):
        return None
    if not possible(caller, action):
        raise Conflict("Messages are for who waits, and this caller waits no more.", state=caller.state)
    said = {"message_id": message.id, "member_id": member_id}
    return step(caller, action, said, messages=(*caller.messages, message)[-MOST_MESSAGES:])
