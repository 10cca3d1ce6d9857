"""Who lost their link gets it again, and a stranger learns and causes nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import TooMany
from services.invitations import following, lost_links
from services.invitations import invitation as rules
from tests.unit.invitations.things import MIA, NOW, OMAR, hash_of_link, invitation, recipient, taken, timed

ADDRESS = "mia@example.com"
LATER = NOW + timedelta(hours=1)


def test_what_still_opens_something_is_sent_again_newest_first_and_little_of_it() -> None:
    many = [invitation(taken(), number=number) for number in range(1, 6)]
    assert [each.id for each, _ in lost_links.to_send(many, ADDRESS, LATER)] == [each.id for each in many[:3]]


def test_the_case_of_an_address_does_not_matter() -> None:
    ((_, found),) = lost_links.to_send([invitation(taken())], "MIA@Example.com", LATER)
    assert found == MIA


def test_nobody_else_of_the_invitation_is_written_to() -> None:
    both = invitation(taken(), replace(taken(OMAR), address="omar@example.com"))
    assert [found for _, found in lost_links.to_send([both], "omar@example.com", LATER)] == [OMAR]
    assert lost_links.to_send([both], "ia@example.com", LATER) == []


def test_what_is_revoked_cancelled_or_over_is_not_sent() -> None:
    revoked = invitation(replace(taken(), link_hash=None))
    cancelled = following.cancel(timed(taken()), NOW)
    assert cancelled is not None
    assert timed().planned
    over = NOW + timedelta(days=200)
    assert lost_links.to_send([revoked, cancelled.state], ADDRESS, LATER) == []
    assert lost_links.to_send([timed(taken())], ADDRESS, over) == []


def test_a_flood_sends_one_mail() -> None:
    rule = lost_links.again(MIA, LATER, hash_of_link)
    first = rule(invitation(taken()))
    assert first is not None
    assert first.state.recipients[0].sending == 2
    assert rule(first.state) is None
    gone = replace(first.state.recipients[0], delivery=rules.TAKEN, next_try_at=None)
    soon = lost_links.again(MIA, LATER + timedelta(minutes=4), hash_of_link)
    late = lost_links.again(MIA, LATER + timedelta(minutes=6), hash_of_link)
    assert soon(invitation(gone)) is None
    assert late(invitation(gone)) is not None


def test_a_link_revoked_in_the_meantime_does_not_come_back() -> None:
    assert lost_links.again(MIA, LATER, hash_of_link)(invitation(replace(taken(), link_hash=None))) is None


def test_a_network_asks_only_so_often() -> None:
    lost_links.check_not_too_many(lost_links.ASKED_PER_NETWORK - 1)
    with pytest.raises(TooMany) as refused:
        lost_links.check_not_too_many(lost_links.ASKED_PER_NETWORK)
    assert refused.value.extra["retry_after_seconds"] == 600


def test_the_network_is_not_kept_as_it_is() -> None:
    assert "192.0.2.7" not in lost_links.network_key("192.0.2.7")
    assert lost_links.network_key(None) != lost_links.network_key("192.0.2.7")
    assert recipient().address == ADDRESS
