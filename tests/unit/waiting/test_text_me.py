"""Text me when you are ready: whose number it is, how long the place is kept, and when the text goes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from contracts.errors import Conflict, Invalid, TooMany
from contracts.waiting import EVENTS
from contracts.waiting_texting import TextMeView
from services.waiting import path
from services.waiting.caller import Caller
from services.waiting.texting import text_me
from services.waiting.texting.text_me import BACK_WITHIN, CODE_LASTS, KEPT_FOR, MOST_CODES, MOST_TRIES
from tests.unit.waiting.people import NOW, caller

NUMBER, PAGE, CODE = "+491701234567", "https://example.org/join/abc", "908172"
GRACE = timedelta(minutes=2)


def after(change: path.Decision) -> Caller:
    assert change is not None
    for event in change.events:
        assert not EVENTS[event.type]().validate(event.data)
        assert NUMBER not in str(event.data)
        assert CODE not in str(event.data)
    return change.state


def later(**by: float) -> datetime:
    return NOW + timedelta(**by)


def asked(who: Caller | None = None, now: datetime = NOW) -> Caller:
    return after(text_me.ask(who or caller(), number=NUMBER, page=PAGE, code=CODE, now=now))


def confirmed(**changes: object) -> Caller:
    return replace(after(text_me.confirm(asked(), code=f" {CODE} ", now=NOW)), **changes)  # type: ignore[arg-type]


def test_who_types_the_code_keeps_the_place_without_the_page() -> None:
    mia = confirmed(away_since=NOW, connections=())
    assert mia.text_me
    assert (mia.text_me.confirmed_at, mia.text_me.kept_until, mia.text_me.code) == (NOW, NOW + KEPT_FOR, "")
    assert path.expire(mia, grace=GRACE, now=later(hours=3.9)) is None
    assert after(path.expire(mia, grace=GRACE, now=NOW + KEPT_FOR)).end_reason == "expired"
    assert text_me.confirm(mia, code="999999", now=NOW) is None


def test_the_code_is_not_kept_and_another_is_not_the_one() -> None:
    known = asked()
    assert CODE not in str(known)
    wrong = after(text_me.confirm(known, code="654321", now=NOW))
    with pytest.raises(Invalid, match="not the code"):
        text_me.check_confirmed(wrong)
    assert path.expire(replace(wrong, away_since=NOW), grace=GRACE, now=NOW + GRACE) is not None


def test_a_code_is_good_for_a_while_and_a_few_tries() -> None:
    with pytest.raises(Invalid, match="no longer good"):
        text_me.confirm(asked(), code=CODE, now=NOW + CODE_LASTS)
    tried = asked()
    for _ in range(MOST_TRIES):
        tried = after(text_me.confirm(tried, code="000000", now=NOW))
    with pytest.raises(Invalid, match="no longer good"):
        text_me.confirm(tried, code=CODE, now=NOW)


def test_nobody_is_sent_codes_without_end() -> None:
    known = asked()
    with pytest.raises(TooMany) as soon:
        text_me.check_may_ask(known, later(seconds=10))
    assert soon.value.extra["retry_after_seconds"] == 21
    for number in range(1, MOST_CODES):
        known = asked(known, later(minutes=number))
    with pytest.raises(TooMany, match="No more codes"):
        text_me.check_may_ask(known, later(hours=1))


def test_a_new_code_takes_the_place_of_the_old_one_and_its_tries() -> None:
    tried = after(text_me.confirm(asked(), code="000000", now=NOW))
    again = after(text_me.ask(tried, number=NUMBER, page=PAGE, code="777777", now=later(minutes=1)))
    assert again.text_me
    assert again.text_me.tries == 0
    assert text_me.confirm(again, code="777777", now=later(minutes=1)) is not None


def test_who_is_away_is_texted_once_and_then_has_a_while_to_come() -> None:
    mia = confirmed(away_since=NOW)
    assert text_me.to_text(mia)
    sent = after(text_me.texted(mia, now=later(hours=1)))
    assert sent.text_me
    assert sent.text_me.kept_until == later(hours=1) + BACK_WITHIN
    assert not text_me.to_text(sent)
    assert text_me.texted(sent, now=later(hours=2)) is None
    assert path.expire(sent, grace=GRACE, now=later(hours=1)) is None
    assert path.expire(sent, grace=GRACE, now=later(hours=1) + BACK_WITHIN) is not None


def test_who_is_on_the_page_or_has_not_confirmed_is_not_texted() -> None:
    assert not text_me.to_text(confirmed(away_since=None))
    assert not text_me.to_text(replace(asked(), away_since=NOW))
    with pytest.raises(Conflict, match="not asked"):
        text_me.texted(asked(), now=NOW)


@pytest.mark.parametrize("ends", ["accept", "leave"])
def test_with_the_wait_the_number_is_forgotten(ends: str) -> None:
    how = {
        "accept": lambda who: path.accept(who, member_id=who.id, member_name="Dr Smith", now=NOW),
        "leave": lambda who: path.leave(who, now=NOW),
    }
    assert after(how[ends](confirmed())).text_me is None


def test_who_changes_their_mind_stays_on_the_page() -> None:
    assert after(text_me.give_up(confirmed())).text_me is None
    assert text_me.give_up(caller()) is None


def test_only_the_guest_sees_how_the_number_ends() -> None:
    own, staff = (text_me.text_me_view(confirmed(), own=each) for each in (True, False))
    assert own
    assert staff
    assert (own["number_ends"], staff["number_ends"]) == ("567", None)
    assert not TextMeView().validate(TextMeView().dump(own))
    assert text_me.text_me_view(caller(), own=True) is None


@pytest.mark.parametrize("state", ["admitted", "in_call", "left"])
def test_who_waits_no_more_asks_for_no_text(state: str) -> None:
    for act in (
        lambda who: text_me.check_may_ask(who, NOW),
        lambda who: text_me.confirm(who, code=CODE, now=NOW),
        lambda who: text_me.texted(who, now=NOW),
    ):
        with pytest.raises(Conflict):
            act(replace(confirmed(), state=state))
