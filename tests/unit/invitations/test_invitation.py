"""What can happen to an invitation and its links."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import Gone, NotFound
from services.invitations import invitation as rules
from tests.unit.invitations.things import MIA, NOW, OMAR, hash_of_link, invitation, planned, recipient, taken, timed

LATER = NOW + timedelta(hours=1)


def test_a_link_opens_as_often_as_one_likes() -> None:
    sent = invitation()
    assert {rules.opened_by(sent, hash_of_link(MIA, 1), NOW).id for _ in range(3)} == {MIA}


def test_a_machine_and_a_person_are_noted_once_each_and_the_person_counts_for_more() -> None:
    change = rules.note_opened(invitation(), MIA, rules.MACHINE, NOW)
    assert change is not None
    assert [(event.type, event.data["seen_by"]) for event in change.events] == [("invitation.opened", "machine")]
    assert rules.note_opened(change.state, MIA, rules.MACHINE, LATER) is None
    second = rules.note_opened(change.state, MIA, rules.PERSON, LATER)
    assert second is not None
    assert (second.state.recipients[0].opened, second.state.recipients[0].opened_at) == ("person", LATER)
    assert rules.note_opened(second.state, MIA, rules.PERSON, LATER) is None
    assert rules.note_opened(second.state, MIA, rules.MACHINE, LATER) is None


def test_a_revoked_link_is_gone_at_once_and_the_others_still_open() -> None:
    change = rules.revoke(invitation(taken(), taken(OMAR)), MIA)
    assert change is not None
    assert [event.type for event in change.events] == ["invitation.revoked"]
    with pytest.raises(Gone) as gone:
        rules.opened_by(change.state, hash_of_link(MIA, 1), NOW)
    assert gone.value.extra == {}
    assert "Mia" not in gone.value.detail
    assert rules.opened_by(change.state, hash_of_link(OMAR, 1), NOW).id == OMAR
    assert rules.revoke(change.state, MIA) is None


def test_a_mail_that_still_waits_is_not_sent_with_a_revoked_link() -> None:
    change = rules.revoke(invitation(), MIA)
    assert change is not None
    assert (change.state.recipients[0].delivery, change.state.due_at) == (rules.FAILED, None)


def test_sending_again_carries_the_same_link() -> None:
    change = rules.resend(invitation(taken()), MIA, LATER, hash_of_link)
    assert change is not None
    person = change.state.recipients[0]
    assert (person.sending, person.delivery, person.next_try_at, change.state.due_at) == (2, rules.QUEUED, LATER, LATER)
    assert person.link_hash == hash_of_link(MIA, 1)
    assert [event.type for event in change.events] == ["invitation.resent"]


def test_sending_again_while_a_mail_is_on_its_way_does_nothing_more() -> None:
    assert rules.resend(invitation(), MIA, LATER, hash_of_link) is None


def test_sending_again_after_revoking_gives_a_new_link_and_the_old_one_stays_gone() -> None:
    revoked = rules.revoke(invitation(taken()), MIA)
    assert revoked is not None
    change = rules.resend(revoked.state, MIA, LATER, hash_of_link)
    assert change is not None
    assert rules.opened_by(change.state, hash_of_link(MIA, 2), LATER).id == MIA
    with pytest.raises(Gone):
        rules.opened_by(change.state, hash_of_link(MIA, 1), LATER)
    assert set(change.state.link_hashes) == {hash_of_link(MIA, 1), hash_of_link(MIA, 2)}


def test_a_timed_link_works_through_a_late_call_and_no_longer() -> None:
    sent = timed()
    assert sent.planned
    assert rules.opened_by(sent, hash_of_link(MIA, 1), sent.planned.ends_at + timedelta(hours=23))
    with pytest.raises(Gone):
        rules.opened_by(sent, hash_of_link(MIA, 1), sent.planned.ends_at + timedelta(hours=24))


def test_a_link_without_a_time_ends_ninety_days_after_it_was_last_sent() -> None:
    with pytest.raises(Gone):
        rules.opened_by(invitation(), hash_of_link(MIA, 1), NOW + timedelta(days=90))
    again = rules.resend(invitation(taken()), MIA, NOW + timedelta(days=89), hash_of_link)
    assert again is not None
    assert rules.opened_by(again.state, hash_of_link(MIA, 1), NOW + timedelta(days=170)).id == MIA


def test_the_first_arrival_is_kept_and_said_once() -> None:
    change = rules.note_arrived(invitation(), MIA, LATER)
    assert change is not None
    assert [event.type for event in change.events] == ["invitation.arrived"]
    assert change.state.recipients[0].arrived_at == LATER
    assert rules.note_arrived(change.state, MIA, LATER + timedelta(hours=1)) is None
    assert rules.note_arrived(invitation(), OMAR, LATER) is None


def test_who_is_not_a_recipient_is_not_found() -> None:
    for rule in (lambda sent: rules.revoke(sent, OMAR), lambda sent: rules.resend(sent, OMAR, NOW, hash_of_link)):
        with pytest.raises(NotFound):
            rule(invitation())


def test_an_invitation_is_due_when_its_next_mail_is() -> None:
    sent = invitation(recipient(next_try_at=LATER), recipient(OMAR, next_try_at=NOW))
    assert rules.with_recipient(sent, replace(sent.recipients[1], next_try_at=None)).due_at == LATER


def test_planned_times_are_what_the_scheduler_says() -> None:
    assert planned("2027-03-28T10:00", "Europe/Berlin").starts_at.hour == 8
