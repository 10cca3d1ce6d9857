"""The rules of messages between the staff and who waits. Pure.

They are kept with the caller until the visit ends (services.waiting.path), the latest of them; events carry their ids alone.
"""

from datetime import datetime

from contracts.errors import Conflict
from contracts.waiting_messages import BY_GUEST, BY_STAFF, MOST_MESSAGES
from services.waiting.caller import Caller, Message
from services.waiting.path import Decision, possible, step


def notify(caller: Caller, *, id: str, text: str, member_id: str, member_name: str, now: datetime) -> Decision:
    """One of the staff writes to who waits. Raises Conflict for who does not wait any more."""
    message = Message(id, BY_STAFF, member_name, text, now)
    return _written(caller, "notify", message, member_id)


def reply(caller: Caller, *, id: str, text: str, now: datetime) -> Decision:
    """Who waits writes to the staff. Raises Conflict for who does not wait any more."""
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
