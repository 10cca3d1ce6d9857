"""People come to a session that is booked, and leave it: who gets a mail, what their calendar hears, and whom it does not concern."""

from typing import Any

import pytest

from contracts.errors import Conflict, Gone, Invalid
from services.invitations import delivery, following
from services.invitations.delivery import Outcome
from services.invitations.guests import INVITED_ALREADY, Meant, add, remove
from services.invitations.invitation import FAILED, QUEUED, TAKEN, Invitation, Recipient, opened_by, resend
from services.invitations.own import own
from services.invitations.recipients import too_many, understand
from services.invitations.repeating import at, time_of
from tests.unit.invitations.mails import body, calendar, read
from tests.unit.invitations.test_series import cancelled, invited, moved, tuesdays
from tests.unit.invitations.things import MIA, NOW, OMAR, SESSION, hash_of_link, planned, taken, timed

ONE = Meant(SESSION)
BOB = "bob@y.com"


def added(
    to: Invitation, typed: str = BOB, meant: Meant = ONE, roles: list[dict[str, Any]] | None = None, most: int = 200
) -> Invitation:
    change, _ = add(to, understand(typed), roles or [], meant, NOW, most, hash_of_link)
    assert change
    return change.state


def removed(from_: Invitation, recipient_id: str = MIA, meant: Meant = ONE) -> Invitation:
    change = remove(from_, recipient_id, meant, NOW)
    assert change
    return change.state


def told(who: str = MIA, **changes: Any) -> Recipient:
    return taken(who, told=planned(), **changes)


def person(invitation: Invitation, address: str = BOB) -> Recipient:
    return [one for one in invitation.recipients if one.address == address][-1]


def waiting(invitation: Invitation) -> list[str]:
    return [one.address for one in invitation.recipients if one.next_try_at]


def of_series(which: int, scope: str = "one") -> Meant:
    return Meant(tuesdays().occurrences[which].session_id, scope)


def test_who_is_added_gets_the_calendar_entry_as_it_is_by_now_and_nobody_else_a_mail() -> None:
    now = added(timed(told(), calendar_revision=3))
    assert waiting(now) == [BOB]
    mail = read(now, person(now))
    assert mail["To"] == BOB
    event = calendar(mail).walk("VEVENT")[0]
    assert (event["SEQUENCE"], event["UID"]) == (3, f"{SESSION}@housecall.example")
    assert opened_by(now, person(now).link_hash or "", NOW) == person(now)
    assert person(now).link_hash != now.recipients[0].link_hash


def test_doubles_are_merged_and_each_entry_is_answered() -> None:
    change, answered = add(
        timed(told()), understand("Mia <mia@example.com>, bob@y.com, bob@y.com, bo"), [], ONE, NOW, 200, hash_of_link
    )
    assert [(each.accepted, each.reason == INVITED_ALREADY) for each in answered] == [
        (True, True), (True, False), (True, False), (False, False),
    ]  # fmt: skip
    assert change
    assert [one.address for one in change.state.recipients] == ["mia@example.com", BOB]
    again, _ = add(change.state, understand(BOB), [], ONE, NOW, 200, hash_of_link)
    assert again is None


def test_one_more_than_the_most_is_refused_and_the_others_come() -> None:
    change, answered = add(timed(told()), understand("bob@y.com, eve@y.com"), [], ONE, NOW, 2, hash_of_link)
    assert change
    assert [each.reason for each in answered] == [None, too_many(2)]
    assert len(change.state.recipients) == 2


def test_a_carer_comes_for_a_client_who_is_here_or_comes_with_them() -> None:
    carer = {"address": BOB, "role": "carer", "for_address": "mia@example.com"}
    assert person(added(timed(told()), roles=[carer])).for_recipient_id == MIA
    new = added(timed(told()), "bob@y.com, eve@y.com", roles=[{**carer, "for_address": "eve@y.com"}])
    assert person(new).for_recipient_id == person(new, "eve@y.com").id
    with pytest.raises(Invalid):
        added(timed(told(role="clinician")), roles=[carer])


def test_nobody_comes_to_what_was_cancelled() -> None:
    with pytest.raises(Conflict):
        added(timed(told(), cancelled_at=NOW))


def test_who_is_removed_hears_of_it_alone_and_their_link_is_dead_at_once() -> None:
    known = timed(told(), taken(OMAR, address="omar@example.com", told=planned()), calendar_revision=2)
    now = removed(known)
    assert waiting(now) == ["mia@example.com"]
    mail = read(now)
    assert calendar(mail)["METHOD"] == "CANCEL"
    assert calendar(mail).walk("VEVENT")[0]["SEQUENCE"] == 3
    assert "no longer invited" in body(mail, "plain")
    assert "/join/" not in body(mail, "plain")
    with pytest.raises(Gone):
        opened_by(now, known.recipients[0].link_hash or "", NOW)
    assert now.recipients[1] == known.recipients[1]


def test_a_removal_is_final_and_done_once() -> None:
    now = removed(timed(told()))
    assert remove(now, MIA, ONE, NOW) is None
    with pytest.raises(Conflict):
        resend(now, MIA, NOW, hash_of_link)
    later = following.change(now, "Eyes", planned("2027-03-31T10:00"), 5, NOW)
    assert later
    assert later.state.recipients == now.recipients
    gone = following.cancel(now, NOW)
    assert gone
    assert gone.state.recipients == now.recipients


def test_who_was_removed_and_is_added_again_has_another_link_and_a_newer_calendar_entry() -> None:
    gone = removed(timed(told()))
    again = added(gone, "mia@example.com")
    new = person(again, "mia@example.com")
    assert new.id != MIA
    assert calendar(read(again, new)).walk("VEVENT")[0]["SEQUENCE"] > calendar(read(gone)).walk("VEVENT")[0]["SEQUENCE"]


def test_their_carer_goes_with_them() -> None:
    both = timed(told(), taken(OMAR, address="o@x.com", told=planned(), role="carer", for_recipient_id=MIA))
    assert [bool(one.removed_at) for one in removed(both).recipients] == [True, True]
    assert [bool(one.removed_at) for one in removed(both, OMAR).recipients] == [False, True]


def test_who_had_no_mail_yet_gets_none_unless_it_went_at_that_moment() -> None:
    first = added(timed(told()))
    bob = person(first)
    gone = removed(first, bob.id)
    assert (person(gone).delivery, waiting(gone)) == (FAILED, [])
    change = delivery.record(gone, [Outcome(gone.id, bob.id, bob.sending, bob.attempts, "taken")], NOW)
    assert change
    assert person(change.state).delivery == QUEUED
    assert calendar(read(change.state, person(change.state)))["METHOD"] == "CANCEL"
    again = delivery.record(change.state, [Outcome(gone.id, bob.id, bob.sending, bob.attempts, "taken")], NOW)
    assert again is None


def test_the_mail_of_a_removal_is_no_news_of_an_invitation() -> None:
    gone = removed(timed(told()))
    mia = gone.recipients[0]
    change = delivery.record(gone, [Outcome(gone.id, MIA, mia.sending, mia.attempts, "taken")], NOW)
    assert change
    assert (change.state.recipients[0].delivery, len(change.events)) == (TAKEN, 0)


def test_who_is_asked_to_one_of_a_series_reads_of_that_one_alone() -> None:
    now = added(invited(tuesdays()), meant=of_series(2))
    mail = read(now, person(now))
    events = calendar(mail).walk("VEVENT")
    assert [event["DTSTART"].dt.day for event in events] == [23]
    assert "RRULE" not in events[0]
    assert "23 March 2027" in body(mail, "plain")
    assert "16 March 2027" not in body(mail, "plain")
    found = at(own(now, person(now)), NOW)
    assert found.session_id == tuesdays().occurrences[2].session_id


def test_who_is_asked_from_one_on_has_those_in_one_entry() -> None:
    now = added(invited(tuesdays()), meant=of_series(4, "following"))
    (event,) = calendar(read(now, person(now))).walk("VEVENT")
    assert (event["DTSTART"].dt.isoformat()[:10], event["RRULE"]["UNTIL"][0].isoformat()[:10]) == (
        "2027-04-06", "2027-04-13",
    )  # fmt: skip


def test_somebody_of_one_is_asked_to_more_under_the_same_entry_with_a_later_revision() -> None:
    one = added(invited(tuesdays()), meant=of_series(2))
    more = added(one, meant=of_series(4, "following"))
    assert len(more.recipients) == len(one.recipients)
    before, after = (calendar(read(each, person(each))).walk("VEVENT")[0] for each in (one, more))
    assert before["UID"] == after["UID"]
    assert before["SEQUENCE"] < after["SEQUENCE"]
    assert person(added(more, meant=of_series(0, "all"))).attends is None


def test_of_a_series_others_hear_nothing_of_what_does_not_concern_them() -> None:
    bob = added(invited(tuesdays()), meant=of_series(2))
    known = delivery.record(bob, [Outcome(bob.id, person(bob).id, 1, 0, "taken")], NOW)
    assert known
    other = following.change_series(known.state, moved(tuesdays(), 4, "2027-04-07T11:00"), "", 1, NOW)
    assert other
    assert BOB not in waiting(other.state)
    his = following.change_series(known.state, cancelled(tuesdays(), 2), "", 1, NOW)
    assert his
    assert BOB in waiting(his.state)
    assert calendar(read(his.state, person(his.state)))["METHOD"] == "CANCEL"
    with pytest.raises(Gone):
        opened_by(his.state, person(his.state).link_hash or "", NOW)


def test_reminders_are_of_the_sessions_somebody_is_asked_to() -> None:
    now = added(invited(tuesdays()), meant=of_series(2))
    known = delivery.record(now, [Outcome(now.id, person(now).id, 1, 0, "taken")], NOW)
    assert known
    for which, reminded in ((1, False), (2, True)):
        change = following.remind(known.state, 60, tuesdays().occurrences[which].planned.starts_at, NOW)
        assert change
        assert (BOB in waiting(change.state)) is reminded


def test_who_is_removed_from_one_of_a_series_keeps_link_and_the_others() -> None:
    now = removed(invited(tuesdays()), meant=of_series(2))
    mia = now.recipients[0]
    assert opened_by(now, mia.link_hash or "", NOW) == mia
    calendar_now = calendar(read(now, mia))
    assert calendar_now["METHOD"] == "REQUEST"
    assert calendar_now.walk("VEVENT")[0]["EXDATE"].dts[0].dt.day == 23
    assert time_of(own(now, mia), tuesdays().occurrences[2].planned.starts_at) == (None, None)


def test_who_is_removed_from_what_is_left_is_removed() -> None:
    assert removed(invited(tuesdays()), meant=of_series(0, "following")).recipients[0].removed_at
    assert removed(invited(tuesdays()), meant=of_series(0, "all")).recipients[0].removed_at
    two = removed(invited(tuesdays(2)), meant=of_series(0))
    assert not two.recipients[0].removed_at
    assert removed(two, meant=of_series(1)).recipients[0].removed_at
