"""The rules of "text me when you are ready". Pure (docs/adr/0036-a-place-can-be-kept-without-the-page.md)."""

import hashlib
import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from contracts.errors import Conflict, Invalid, TooMany
from plumbing.store import Change
from services.waiting.caller import Caller, TextMe
from services.waiting.path import Decision, possible, step

DIGITS = 6
CODE_LASTS = timedelta(minutes=10)
MOST_CODES, MOST_TRIES = 3, 5
_BETWEEN_CODES = timedelta(seconds=30)
# without the page; and once they were texted
KEPT_FOR, BACK_WITHIN = timedelta(hours=4), timedelta(minutes=15)
# they are texted when so many are before them
NEAR = 1


def hashed(caller_id: str, code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(f"{caller_id} {code}".encode()).hexdigest()


def check_may_ask(caller: Caller, now: datetime) -> None:
    """Raises Conflict for who waits no more, TooMany for who has asked for too many codes, or just now."""
    if not possible(caller, "wish_text"):
        raise Conflict("You wait no more.", state=caller.state)
    known = caller.text_me
    if known and known.asked >= MOST_CODES:
        raise TooMany("No more codes can be sent. Stay on this page, or ring the clinic.", retry_after_seconds=3600)
    if known and known.asked_at + _BETWEEN_CODES > now:
        wait = int((known.asked_at + _BETWEEN_CODES - now).total_seconds()) + 1
        raise TooMany("A code is on its way. Wait a moment before you ask for another.", retry_after_seconds=wait)


def ask(caller: Caller, *, number: str, page: str, code: str, now: datetime) -> Decision:
    """A code was sent to the number, which is theirs once they have typed it."""
    check_may_ask(caller, now)
    asked = caller.text_me.asked + 1 if caller.text_me else 1
    wish = TextMe(number, page, hashed(caller.id, code), now + CODE_LASTS, asked, now)
    return Change(replace(caller, text_me=wish))


def confirm(caller: Caller, *, code: str, now: datetime) -> Decision:
    """The code was typed: the number is theirs, and the place is kept without the page.

    Raises:
        Conflict: they wait no more, or asked for no code.
        Invalid: it is another code, too old, or was tried too often.
    """
    wish = caller.text_me
    if not possible(caller, "wish_text") or wish is None:
        raise Conflict("Ask for a code first.", state=caller.state)
    if wish.confirmed_at:
        return None
    if wish.code_until <= now or wish.tries >= MOST_TRIES:
        raise _wrong("This code is no longer good. Ask for another.")
    if not hmac.compare_digest(wish.code, hashed(caller.id, code.strip())):
        return Change(replace(caller, text_me=replace(wish, tries=wish.tries + 1)))
    confirmed = replace(wish, code="", confirmed_at=now, kept_until=now + KEPT_FOR)
    return step(caller, "wish_text", text_me=confirmed)


def check_confirmed(caller: Caller) -> None:
    """Raises Invalid after a code that was not the one."""
    if caller.text_me is None or caller.text_me.confirmed_at is None:
        raise _wrong("This is not the code. Look at the text again.")


def give_up(caller: Caller) -> Decision:
    """They stay on the page after all."""
    return Change(replace(caller, text_me=None)) if caller.text_me else None


def to_text(caller: Caller) -> bool:
    """Whether a text would bring them back: they wished for it, are away, and have had none."""
    wish = caller.text_me
    return bool(caller.state == "waiting" and wish and wish.confirmed_at and not wish.texted_at and caller.away_since)


def texted(caller: Caller, *, now: datetime, member_id: str | None = None) -> Decision:
    """They were texted, by the staff or because it is nearly their turn; the place is kept a while for them to come.

    Raises:
        Conflict: they wished for no text, or wait no more.
    """
    wish = caller.text_me
    if not possible(caller, "text") or wish is None or wish.confirmed_at is None:
        raise Conflict("This caller has not asked to be texted.", state=caller.state)
    if wish.texted_at:
        return None
    sent = replace(wish, texted_at=now, kept_until=now + BACK_WITHIN)
    return step(caller, "text", {"member_id": member_id}, text_me=sent)


def text_me_view(caller: Caller, *, own: bool) -> dict[str, Any] | None:
    """`text_me` as contracts.waiting_texting.TextMeView has it; of the number, only its owner sees the last digits."""
    wish = caller.text_me
    if wish is None:
        return None
    return {
        "confirmed_at": wish.confirmed_at,
        "kept_until": wish.kept_until,
        "texted_at": wish.texted_at,
        "number_ends": wish.number[-3:] if own else None,
    }


def _wrong(detail: str) -> Invalid:
    return Invalid(detail, errors=[{"pointer": "/code", "detail": detail}])
