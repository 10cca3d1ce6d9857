"""Reads at the same moment are one, and none of them is older than its question."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from plumbing.shared_reads import SharedReads
from tests.patience import eventually


class Place:
    """Something that is read slowly: each read says what was there when it began, once it is let go on."""

    def __init__(self) -> None:
        self.content = 0
        self.begun = 0
        self.go_on = threading.Semaphore(0)
        self.problem: BaseException | None = None

    def read(self) -> int:
        self.begun += 1
        found = self.content
        self.go_on.acquire()
        if self.problem:
            problem, self.problem = self.problem, None
            raise problem
        return found


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def reads() -> SharedReads[int]:
    return SharedReads()


class Counted:
    """A lock that says how often it was let go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.let_go = 0

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.let_go += 1
        self._lock.release()


def ask(crowd: ThreadPoolExecutor, reads: SharedReads[int], place: Place, many: int) -> list[Future[int]]:
    """Asked by so many while a read goes on; each has its place in a read when this returns."""
    counted = Counted()
    reads._lock = counted  # type: ignore[assignment]
    asked = [crowd.submit(reads.get, "key", place.read) for _ in range(many)]
    eventually(lambda: counted.let_go == many, what="all have asked")
    return asked


def until_begun(place: Place, count: int) -> Callable[[], bool]:
    return lambda: place.begun == count


def test_who_asks_while_a_read_goes_on_shares_the_next_one_and_sees_what_was_written_meanwhile(
    place: Place, reads: SharedReads[int]
) -> None:
    with ThreadPoolExecutor(12) as crowd:
        first = crowd.submit(reads.get, "key", place.read)
        eventually(until_begun(place, 1), what="the first read has begun")
        place.content = 1
        later = ask(crowd, reads, place, 10)
        place.go_on.release(2)
        assert first.result() == 0
        assert {each.result() for each in later} == {1}
        assert place.begun == 2


def test_another_key_waits_for_nobody(place: Place, reads: SharedReads[int]) -> None:
    with ThreadPoolExecutor(2) as crowd:
        first = crowd.submit(reads.get, "key", place.read)
        eventually(until_begun(place, 1), what="the first read has begun")
        assert reads.get("other", lambda: 7) == 7
        place.go_on.release()
        assert first.result() == 0


def test_one_after_the_other_each_reads_anew(place: Place, reads: SharedReads[int]) -> None:
    place.go_on.release(2)
    assert reads.get("key", place.read) == 0
    place.content = 1
    assert reads.get("key", place.read) == 1
    assert reads._latest == {}


def test_a_problem_is_everybodys_who_shared_the_read_and_nobody_elses(place: Place, reads: SharedReads[int]) -> None:
    place.problem = ValueError("away")
    place.go_on.release()
    with pytest.raises(ValueError, match="away"):
        reads.get("key", place.read)
    place.go_on.release()
    assert reads.get("key", place.read) == 0


def test_who_is_stopped_takes_nobody_along(place: Place, reads: SharedReads[int]) -> None:
    with ThreadPoolExecutor(3) as crowd:
        first = crowd.submit(reads.get, "key", place.read)
        eventually(until_begun(place, 1), what="the first read has begun")
        # the second read is stopped: those who joined it read by themselves
        later = ask(crowd, reads, place, 2)
        place.go_on.release()
        assert first.result() == 0
        eventually(until_begun(place, 2), what="the second read has begun")
        place.problem = SystemExit()
        place.go_on.release(2)
        ends = [each.exception() for each in later]
        assert sum(isinstance(each, SystemExit) for each in ends) == 1
        assert ends.count(None) == 1


def test_those_who_have_come_when_a_read_begins_share_it() -> None:
    place, counted = Place(), Counted()
    place.go_on.release(3)
    with ThreadPoolExecutor(3) as crowd:
        later: list[Future[int]] = []

        def gather() -> None:
            before = counted.let_go
            later.extend(crowd.submit(shared.get, "key", place.read) for _ in range(2))
            eventually(lambda: counted.let_go == before + 2, what="both have their place in the read")

        shared = SharedReads[int](gather)
        shared._lock = counted  # type: ignore[assignment]
        first = crowd.submit(shared.get, "key", place.read)
        assert first.result(15) == 0
        assert [future.result(15) for future in later] == [0, 0]
        assert place.begun == 1
