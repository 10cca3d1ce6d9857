"""How long it may still take: an honest range, or none."""

import pytest

from bench.waiting import HOLDS_AT_LEAST, HOLDS_AT_MOST, score
from services.waiting.estimating.estimate import FEWEST_TURNS, MOST_PLACES, Queue, estimates, outcome

TURNS = tuple(600.0 + 30 * number for number in range(20))
# none of the seeds that the figure in the bench is made of
UNSEEN = range(5_000, 5_006)


def test_the_range_holds_four_times_out_of_five_on_days_that_it_has_not_seen_and_is_nearer_than_a_rule_of_thumb() -> (
    None
):
    found = score(UNSEEN)
    assert found.given > 1_500
    assert HOLDS_AT_LEAST <= found.holds <= HOLDS_AT_MOST
    assert found.against_naive <= 0.8


@pytest.mark.parametrize(
    "queue",
    [
        Queue(TURNS[: FEWEST_TURNS - 1], at_work=(None,)),
        Queue(TURNS, at_work=()),
    ],
    ids=["too few turns", "nobody at work"],
)
def test_what_is_not_known_is_not_estimated(queue: Queue) -> None:
    assert estimates(queue, 3) == []


def test_more_ahead_wait_longer_and_more_at_work_wait_shorter() -> None:
    alone = estimates(Queue(TURNS, at_work=(60.0,)), 8)
    middles = [each.middle for each in alone]
    assert middles == sorted(middles)
    assert middles[-1] > 5 * 600
    many = estimates(Queue(TURNS, at_work=(60.0, 200.0, 300.0)), 8)
    assert all(more.middle < one.middle for more, one in zip(many, alone, strict=True))
    assert all(each.soonest <= each.middle <= each.latest and each.sample == len(TURNS) for each in alone)


def test_who_is_free_takes_the_next_at_once_and_who_began_long_ago_is_free_soon() -> None:
    free = estimates(Queue(TURNS, at_work=(None,)), 1)[0]
    assert (free.soonest, free.latest) == (0.0, 0.0)
    just, nearly = (estimates(Queue(TURNS, at_work=(since,)), 1)[0] for since in (0.0, 1_000.0))
    assert nearly.latest < just.soonest
    beyond = estimates(Queue(TURNS, at_work=(50_000.0,)), 1)[0]
    assert 0 < beyond.middle < 1_200


def test_who_goes_before_their_turn_shortens_the_wait() -> None:
    stay, go = (estimates(Queue(TURNS, at_work=(60.0,), leaving=part), 10)[-1] for part in (0.0, 0.4))
    assert go.middle < 0.8 * stay.middle


def test_forecasts_that_were_too_short_widen_the_next_ones() -> None:
    before = estimates(Queue(TURNS, at_work=(60.0,)), 5)[-1]
    late = (outcome(before.forecast, before.latest * 1.5),) * 30
    after = estimates(Queue(TURNS, at_work=(60.0,), outcomes=late), 5)[-1]
    assert after.latest >= before.latest * 1.3


@pytest.mark.parametrize("waited", [0.0, 700.0, 1_500.0, 2_000.0, 9_000.0])
def test_an_outcome_is_where_in_the_forecast_the_real_wait_lay(waited: float) -> None:
    forecast = tuple(1_000.0 + 50 * number for number in range(21))
    assert outcome(forecast, waited) == pytest.approx(max((waited - 1_000) / 1_000, 0.0) if waited <= 2_000 else 15.0)


def test_all_that_are_foretold_alike_are_met_in_their_middle() -> None:
    assert outcome((0.0,) * 11 + tuple(60.0 * number for number in range(1, 11)), 0.0) == pytest.approx(0.25)


def test_far_back_in_a_long_queue_the_range_grows_in_proportion() -> None:
    found = estimates(Queue(TURNS, at_work=(60.0, 90.0)), 10_000)
    assert len(found) == 10_000
    assert found[2 * MOST_PLACES - 1].middle == pytest.approx(2 * found[MOST_PLACES - 1].middle)
