"""A link that loses packets: what is lost is asked for and sent again, on both sides of the node, over both forwarders."""

import itertools

from tests.media.link import LossyLink, every, nothing
from tests.media.participants import Participant, running, until


async def a_call_over(backend, to_node=nothing, from_node=nothing, frames=90):
    """Two in a call over a lossy link, until so many pictures were sent; (received numbers, the node's counters, the link)."""
    link = await LossyLink(to_node, from_node).open()
    try:
        async with running(backend, announced_port=link.port) as node:
            link.node_address = node.address
            anna, _ = [await Participant(node, name).join() for name in ("anna", "ben")]
            await until(lambda: len(anna.numbers("ben", "camera")) >= frames, 20, "pictures of ben")
            return anna.numbers("ben", "camera"), node.port.report(), link
    finally:
        link.close()


def gaps(numbers):
    return [number for before, number in itertools.pairwise(numbers) if number != before + 1]


def test_what_is_lost_on_the_way_to_the_node_is_asked_for_and_comes(play, backend):
    numbers, report, link = play(a_call_over(backend, to_node=every(20)))
    assert link.lost["to"] > 10
    assert gaps(numbers) == [], numbers
    assert report["nacks_sent"] > 0
    assert report["repaired"] > 5


def test_what_is_lost_on_the_way_from_the_node_is_sent_again(play, backend):
    # aiortc asks once for each gap, so losses come one at a time here
    numbers, report, link = play(a_call_over(backend, from_node=every(31)))
    assert link.lost["from"] > 10
    assert gaps(numbers) == [], numbers
    assert report["nacks_received"] > 0
    assert report["retransmitted"] > 5


def test_losses_on_both_ways_leave_the_pictures_whole(play, backend):
    numbers, report, _ = play(a_call_over(backend, to_node=every(23), from_node=every(37)))
    assert gaps(numbers) == [], numbers
    assert report["repaired"] > 0
    assert report["retransmitted"] > 0


def test_what_the_publisher_lost_is_told_to_it_in_receiver_reports(play, backend):
    _, report, _ = play(a_call_over(backend, to_node=every(10), frames=60))
    assert report["receiver_reports_sent"] > 0
