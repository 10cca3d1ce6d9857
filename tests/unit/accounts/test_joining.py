"""Links by mail: who is invited becomes a member, and a forgotten password is replaced, once each."""

import datetime as dt
from functools import partial

import pytest

from contracts.accounts import EVENTS
from contracts.errors import Gone
from services.accounts import joining
from services.accounts.joining import (
    LASTS,
    MEMBER_INVITED,
    PASSWORD_RESET,
    Letter,
    accept,
    address_of,
    reset,
    token_of,
    write,
)
from services.accounts.member import ACTIVE, INVITED, Member, remove
from tests.unit.accounts.things import NOW, member

KEY = b"k" * 32
FIRST, SECOND = "01920000-0000-7000-8000-0000000000f1", "01920000-0000-7000-8000-0000000000f2"


def letter(kind: str, id: str = FIRST) -> Letter:
    return Letter(id, kind, "smith@example.com", NOW)


def written(who: Member, kind: str, id: str = FIRST) -> Member:
    change = write(who, letter(kind, id), KEY, NOW)
    assert change is not None
    return change.state


def link_hash(id: str = FIRST) -> str:
    return joining.hash_of(token_of(KEY, id))


def test_a_token_has_192_bits_belongs_to_its_letter_and_is_not_kept() -> None:
    assert len(token_of(KEY, FIRST)) == 32
    assert token_of(KEY, FIRST) == token_of(KEY, FIRST) != token_of(KEY, SECOND)
    assert token_of(KEY, FIRST) not in str(written(member(state=INVITED), MEMBER_INVITED))


def test_the_token_is_behind_the_hash_so_that_no_server_logs_it() -> None:
    assert address_of("https://clinic.example/", MEMBER_INVITED, "T") == "https://clinic.example/welcome#T"


def test_an_invitation_is_accepted_once_within_seven_days() -> None:
    invited = written(member(state=INVITED, password_hash=None), MEMBER_INVITED)
    assert invited.invited_until == NOW + dt.timedelta(days=7)
    rule = partial(accept, link_hash=link_hash(), name="Dr S", password_hash="$new")
    change = rule(invited, now=NOW + LASTS[MEMBER_INVITED] - dt.timedelta(seconds=1))
    assert (change.state.state, change.state.name, change.state.password_hash) == (ACTIVE, "Dr S", "$new")
    assert [event.type for event in change.events] == ["member.added"]
    for who, when in ((change.state, NOW), (invited, NOW + LASTS[MEMBER_INVITED])):
        with pytest.raises(Gone):
            rule(who, now=when)


def test_a_new_password_by_a_link_is_chosen_once_within_an_hour() -> None:
    forgot = written(member(), PASSWORD_RESET)
    rule = partial(reset, link_hash=link_hash(), password_hash="$new")
    change = rule(forgot, now=NOW + dt.timedelta(minutes=59))
    assert change.state.password_hash == "$new"
    (event,) = change.events
    assert EVENTS[event.type]().validate(dict(event.data)) == {}
    for who, when in ((change.state, NOW), (forgot, NOW + dt.timedelta(hours=1))):
        with pytest.raises(Gone):
            rule(who, now=when)


def test_a_link_that_was_used_does_not_come_back_when_its_letter_is_handled_again() -> None:
    used = reset(written(member(), PASSWORD_RESET), link_hash(), "$new", NOW).state
    assert write(used, letter(PASSWORD_RESET), KEY, NOW) is None


def test_a_later_letter_replaces_the_link_and_an_earlier_one_that_comes_late_does_not() -> None:
    later = written(written(member(), PASSWORD_RESET), PASSWORD_RESET, SECOND)
    assert later.link_hash == link_hash(SECOND)
    assert write(later, letter(PASSWORD_RESET), KEY, NOW) is None
    with pytest.raises(Gone):
        reset(later, link_hash(), "$new", NOW)


def test_nobody_but_who_is_as_the_letter_supposes_is_written_to() -> None:
    assert write(member(state=INVITED), letter(PASSWORD_RESET), KEY, NOW) is None
    assert write(member(), letter(MEMBER_INVITED), KEY, NOW) is None
    assert not joining.may_be_written(member(), letter(PASSWORD_RESET), NOW + dt.timedelta(hours=1))


def test_who_was_removed_before_they_accepted_does_not_join() -> None:
    removed = remove(written(member(state=INVITED), MEMBER_INVITED))
    assert removed is not None
    with pytest.raises(Gone):
        accept(removed.state, link_hash(), "Dr S", "$new", NOW)
