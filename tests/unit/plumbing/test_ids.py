"""Identifiers."""

import re
import time
import uuid

import pytest

from plumbing.ids import follow, new_id


def test_ids_are_version_7_in_lower_case_text() -> None:
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", new_id())


def test_ids_carry_the_time_and_sort_by_it() -> None:
    before = time.time_ns() // 1_000_000
    ids = [new_id() for _ in range(2000)]
    after = time.time_ns() // 1_000_000
    assert before <= uuid.UUID(ids[0]).int >> 80 <= after
    assert len(set(ids)) == 2000
    in_time = [id[:14] for id in ids]
    assert in_time == sorted(in_time)


def test_what_follows_an_id_is_always_the_same_and_another_for_another_label() -> None:
    origin = new_id()
    assert follow(origin, "session") == follow(origin, "session") == follow(origin.upper(), "session")
    assert len({origin, follow(origin, "session"), follow(origin, "owner"), follow(new_id(), "session")}) == 4
    made = uuid.UUID(follow(origin, "session"))
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == uuid.UUID(origin).int >> 80


def test_nothing_follows_what_is_no_id() -> None:
    with pytest.raises(ValueError, match="badly formed"):
        follow("reception", "session")
