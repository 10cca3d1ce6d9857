"""What nodes are told, and what becomes of a call whose node does not answer."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from contracts.command import Command
from contracts.errors import NotFound, Unavailable
from plumbing.store import Documents
from services.media import seats
from services.media.call import Call, Chore
from services.media.placement import Census, Node
from services.media.seating import Seating
from tests.fakes import FakeDatabase, FakeOutbox
from tests.unit.media.people import MIA, MIA_SEAT, NOW, SMITH_SEAT, consultation, empty_call


def node(name: str) -> Node:
    return Node(id=name, key=f"{name}@1.000", participants=0, capacity=100, cpu=0.0, draining=False, placed=0)


class Bench:
    """A seating over calls in memory, with nodes that answer or do not."""

    def __init__(self, *live: str, steady: bool = True) -> None:
        self.live = [node(name) for name in live]
        self.steady = steady
        self.silent: set[str] = set()
        self.forgetful: set[str] = set()
        self.told: list[tuple[str, str, str | None]] = []
        self.calls: Documents[Call] = Documents(
            FakeDatabase()["calls"],  # type: ignore[arg-type]
            FakeOutbox(),
            kind=Call,
            source="media",
            subject="call",
        )
        self.seating = Seating(self.calls, self, self.tell)

    def census(self) -> Census:
        return Census(tuple(self.live), self.steady)

    def placed(self, key: str) -> None:
        assert key in self.census().keys

    def tell(self, node_id: str, command: Command, payload: dict[str, Any]) -> Any:
        if node_id in self.silent:
            raise Unavailable
        self.told.append((node_id, command.method, payload.get("participant_id")))
        if node_id in self.forgetful:
            raise NotFound
        return {"ok": True}

    def keep(self, call: Call) -> Call:
        return self.calls.create(call)

    def change(self, call: Call, rule: Callable[[Call], Any]) -> Call:
        return self.calls.update(call.id, call.organisation_id, rule)

    def now(self, call: Call) -> Call:
        return self.calls.get(call.id, call.organisation_id)


def test_a_call_is_opened_before_anybody_is_seated() -> None:
    bench = Bench("a")
    bench.seating.seat(bench.keep(consultation()), [MIA_SEAT], NOW)
    assert bench.told == [("a", "open_call", None), ("a", "seat", MIA_SEAT)]


def test_when_a_node_does_not_answer_everybody_is_seated_on_another() -> None:
    bench = Bench("a", "b")
    bench.silent = {"a"}
    moved = bench.seating.seat(bench.keep(consultation()), [MIA_SEAT], NOW)
    assert (moved.node_id, moved.placement) == ("b", 2)
    assert bench.told == [("b", "open_call", None), ("b", "seat", SMITH_SEAT), ("b", "seat", MIA_SEAT)]
    assert moved.chores == (Chore("a@1.000"),)


def test_a_call_that_ended_while_somebody_was_seated_is_not_left_open_on_its_node() -> None:
    bench = Bench("a")
    before = bench.keep(consultation())
    bench.change(before, partial(seats.end, now=NOW))
    with pytest.raises(Unavailable, match="just ended"):
        bench.seating.seat(before, [MIA_SEAT], NOW)
    assert bench.told[-1] == ("a", "close_call", None)


def test_who_was_put_out_while_being_seated_is_not_left_in_their_seat() -> None:
    bench = Bench("a")
    before = bench.keep(consultation())
    bench.change(before, partial(seats.give_up, participant_id=MIA_SEAT, reason="removed", now=NOW))
    with pytest.raises(Unavailable, match="just ended"):
        bench.seating.seat(before, [MIA_SEAT], NOW)
    assert bench.told[-1] == ("a", "unseat", MIA_SEAT)


def test_a_call_that_is_closed_between_opening_and_seating_is_worth_another_try() -> None:
    bench = Bench("a")
    bench.forgetful = {"a"}
    with pytest.raises(Unavailable, match="just ended"):
        bench.seating.seat(bench.keep(consultation()), [MIA_SEAT], NOW)


def test_when_no_node_answers_the_guest_is_told_to_try_again() -> None:
    bench = Bench("a")
    bench.silent = {"a"}
    call = bench.keep(consultation())
    with pytest.raises(Unavailable):
        bench.seating.seat(call, [MIA_SEAT], NOW)
    assert bench.now(call).placement == 1


def test_without_a_live_node_no_call_begins() -> None:
    with pytest.raises(Unavailable, match="No media server"):
        Bench().seating.node_for_new_call()


def test_calls_stay_where_they_are_while_silence_may_be_the_buses() -> None:
    bench = Bench("b", steady=False)
    call = bench.keep(consultation())
    bench.seating.place_anew([call], bench.census(), NOW)
    assert bench.now(call).node_id == "a"
    bench.steady = True
    bench.seating.place_anew([call], bench.census(), NOW)
    assert bench.now(call).node_id == "b"


def test_a_call_waits_for_a_node_when_none_lives() -> None:
    bench = Bench()
    call = bench.keep(consultation())
    bench.seating.place_anew([call], bench.census(), NOW)
    assert bench.now(call).placement == 1


def test_one_new_node_that_does_not_answer_leaves_the_other_calls_alone() -> None:
    bench = Bench("b")
    bench.silent = {"b"}
    call = bench.keep(consultation())
    bench.seating.place_anew([call], bench.census(), NOW)
    assert (bench.now(call).node_id, bench.told) == ("b", [])


def test_a_seat_that_was_given_up_is_dropped_by_the_node_and_then_forgotten() -> None:
    bench = Bench("a")
    call = bench.keep(consultation())
    left = bench.change(call, partial(seats.give_up, participant_id=MIA_SEAT, reason="left", now=NOW))
    bench.silent = {"a"}
    bench.seating.do_chores(left)
    assert bench.now(call).chores == (Chore("a@1.000", MIA_SEAT),)
    bench.silent = set()
    bench.seating.do_chores(left)
    assert bench.told == [("a", "unseat", MIA_SEAT)]
    assert bench.now(call).chores == ()


def test_what_a_node_does_not_know_it_need_not_drop() -> None:
    bench = Bench("a")
    bench.forgetful = {"a"}
    ended = bench.change(bench.keep(consultation()), partial(seats.end, now=NOW))
    bench.seating.do_chores(ended)
    assert bench.told == [("a", "close_call", None)]
    assert bench.now(ended).chores == ()


def test_a_node_that_was_silent_drops_the_call_when_it_is_heard_again() -> None:
    bench = Bench("b")
    call = bench.keep(consultation())
    bench.seating.place_anew([call], bench.census(), NOW)
    bench.seating.do_chores(bench.now(call))
    assert bench.now(call).left_keys == ("a@1.000",)
    bench.live.append(node("a"))
    bench.told.clear()
    bench.seating.node_is_back(bench.now(call), bench.census(), NOW)
    assert bench.told == [("a", "close_call", None)]
    assert (bench.now(call).chores, bench.now(call).left_keys) == ((), ())


def test_a_node_that_was_started_again_has_nothing_to_drop() -> None:
    bench = Bench("a")
    bench.live = [Node(id="a", key="a@2.000", participants=0, capacity=1, cpu=0.0, draining=False, placed=0)]
    left = seats.reserve(empty_call(), person=MIA, participant_id=MIA_SEAT, now=NOW)
    assert left is not None
    given_up = seats.give_up_due(left.state, now=NOW + seats.KEPT_RESERVED)
    assert given_up is not None
    ended = bench.keep(given_up.state)
    bench.seating.do_chores(ended)
    assert (bench.told, bench.now(ended).chores, bench.now(ended).left_keys) == ([], (), ())
