"""Which part of a list is asked for (RFC 7644 §3.4.2.4). Pure."""

MOST_AT_ONCE = 200


def page(start_index: int, count: int | None) -> tuple[int, int]:
    """From where, counted from 1, and how many at most; what is below is taken for the least."""
    return max(start_index, 1), MOST_AT_ONCE if count is None else min(max(count, 0), MOST_AT_ONCE)
