"""What the pure Python forwarder remembers; the native one is held to the same by the media suite."""

import itertools

import pytest

from services.media.node.forwarding.plan import HISTORY_PACKETS, Extensions, RoutePlan, SourcePlan
from services.media.node.forwarding.rtcp import Block, SenderInfo
from services.media.node.forwarding.streams import Arrivals, Kept, Link, Missing, Route, Source


@pytest.fixture
def source():
    return Source(SourcePlan(0, True, {97: 90000}, {98: 97}, retransmits=True), Link())


@pytest.fixture
def route(source):
    route = Route(RoutePlan(0, 0, 1, 2, {97: (100, 101)}, "0", Extensions(), "anna"), source, Link())
    route.open = True
    return route


def came(source, sequence, now=0.0):
    extended = source.extend(sequence)
    source.arrived(extended, 97, sequence * 3000, 100, now)
    return extended


def test_numbers_go_on_where_sixteen_bits_begin_anew(source):
    assert [came(source, sequence) for sequence in (65534, 65535, 0, 1)] == [131070, 131071, 131072, 131073]
    assert source.extend(65533) == 131069
    assert source.lost == 0


def test_what_is_missing_is_asked_for_again_until_it_comes_or_is_given_up():
    missing = Missing()
    missing.add(10, 13)
    assert missing.due(13, now=1.0) == [10, 11, 12]
    assert missing.due(13, now=1.01) == []
    assert missing.came(11)
    assert not missing.came(11)
    asks = sum(missing.due(13, now=2.0 + turn) == [10, 12] for turn in range(30))
    assert asks == 9


def test_what_is_older_than_the_history_is_not_asked_for():
    missing = Missing()
    missing.add(10, 11)
    assert missing.due(10 + HISTORY_PACKETS, now=1.0) == []


def test_a_huge_gap_asks_for_the_latest_only():
    missing = Missing()
    missing.add(0, 30000)
    assert missing.due(30000, now=1.0) == list(range(30000 - 128, 30000))


def test_the_same_packet_is_kept_once_and_an_old_one_never_replaces_a_new_one(source):
    assert source.keep(Kept(1000, 97, True, 1, b"a"))
    assert not source.keep(Kept(1000, 97, True, 1, b"b"))
    assert source.keep(Kept(1000 + HISTORY_PACKETS, 97, True, 1, b"c"))
    assert not source.keep(Kept(1000, 97, True, 1, b"a"))
    assert source.kept(1000) is None


def test_lost_packets_are_in_the_report_and_repaired_ones_are_not(source):
    for sequence in (1, 2, 5, 6, 7, 8):
        came(source, sequence)
    source.repaired = 1
    block = source.block(now=1.0)
    assert (block.lost, block.lost_fraction) == (1, 256 // 8)
    assert source.block(now=2.0).lost_fraction == 0


def test_a_pause_leaves_no_gap_in_the_numbers_of_a_route(route):
    first = [route.number(extended) for extended in (100, 101, 102)]
    route.open, route.floor = True, None
    after = [route.number(extended) for extended in (500, 501)]
    assert [(b - a) & 0xFFFF for a, b in itertools.pairwise(first + after)] == [1, 1, 1, 1]


def test_nothing_from_before_a_route_was_opened_can_be_had(route):
    sent = route.number(100)
    assert route.original(sent) == 100
    route.floor = None
    again = route.number(200)
    assert route.number(199) is None
    assert route.original(again) == 200
    assert route.original(sent) is None
    assert route.original((again - 1) & 0xFFFF) is None
    route.open = False
    assert route.original(again) is None


def test_the_round_trip_is_what_the_reports_say(source, route):
    source.sender_info = SenderInfo(1, 0x1234_5678_0000_0000, 0, 0, 0)
    route.last_ntp, route.last_report_at = 0x56780000, 10.0
    route.heard(Block(1, 0, 0, 0, 0, 0x56780000, 65536 // 2), now=10.7)
    assert route.round_trip == pytest.approx(0.2)


def test_feedback_begins_after_the_last_one_so_that_losses_between_count():
    arrivals = Arrivals()
    for sequence in (65534, 65535):
        arrivals.add(sequence, 1000, 7)
    assert arrivals.take() == (65534, {0: 1000, 1: 1000}, 0)
    arrivals.add(2, 5000, 7)
    assert arrivals.take() == (0, {2: 5000}, 1)
    assert not arrivals
