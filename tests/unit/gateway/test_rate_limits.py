"""Who asks too often is asked to wait, is told where they stand, and slows nobody else."""

import pytest
from flask import Flask, Response, request

from contracts.errors import TooMany
from gateway import problems, rate_limits
from gateway.rate_limits import RateLimits


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def remaining(limits: RateLimits, who: str = "a") -> int:
    standing = limits.take(who)
    assert standing is not None
    return standing.remaining


def waits(limits: RateLimits, who: str = "a") -> int:
    standing = limits.take(who)
    assert standing is not None
    return standing.wait_seconds


@pytest.mark.parametrize("quota", [1, 7, 60, 1200])
def test_exactly_a_minutes_requests_may_come_at_once(quota: int) -> None:
    limits = RateLimits(quota, Clock())
    assert [remaining(limits) for _ in range(quota)] == list(range(quota))[::-1]
    assert waits(limits) >= 1


def test_they_come_back_as_the_minute_passes_and_who_was_refused_has_lost_nothing() -> None:
    clock = Clock()
    limits = RateLimits(60, clock)
    for _ in range(60):
        assert waits(limits) == 0
    for _ in range(100):
        assert waits(limits) == 1
    clock.now += 1
    assert waits(limits) == 0
    assert waits(limits) == 1
    clock.now += 60
    assert remaining(limits) == 59


def test_others_go_on() -> None:
    limits = RateLimits(1, Clock())
    assert [waits(limits, who) for who in ("a", "b", "a")] == [0, 0, 60]


def test_nobody_is_limited_where_no_limit_is_set() -> None:
    limits = RateLimits(0, Clock())
    assert {limits.take("a") for _ in range(10)} == {None}


@pytest.fixture
def app() -> Flask:
    """Counts every request twice, as a view that asks who it is twice."""
    made = Flask("limited")
    problems.register(made)
    rate_limits.register(made)
    limits = RateLimits(2, Clock())

    @made.get("/")
    def view() -> Response:
        rate_limits.count(limits, request.args["who"])
        rate_limits.count(limits, request.args["who"])
        return Response("done")

    @made.get("/open")
    def open_to_all() -> Response:
        return Response("done")

    return made


def test_every_answer_says_how_many_are_left_and_a_refusal_when_to_come_back(app: Flask) -> None:
    client = app.test_client()
    answers = [client.get("/?who=a") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, TooMany.status]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"member";q=2;w=60'}
    assert [answer.headers["RateLimit"] for answer in answers] == [
        '"member";r=1;t=30',
        '"member";r=0;t=60',
        '"member";r=0;t=60',
    ]
    assert answers[2].content_type == problems.MEDIA_TYPE
    assert answers[2].headers["Retry-After"] == "30"
    assert client.get("/?who=b").status_code == 200


def test_who_is_not_counted_is_told_nothing(app: Flask) -> None:
    assert "RateLimit" not in app.test_client().get("/open").headers
