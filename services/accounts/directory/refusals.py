"""Refusals in SCIM's own words (RFC 7644 §3.12, table 9)."""

from contracts.errors import Conflict, Invalid, Outdated


def invalid(detail: str, scim_type: str = "invalidValue") -> Invalid:
    """400 with a `scimType`."""
    return Invalid(detail, scim_type=scim_type)


def taken(detail: str) -> Conflict:
    """409: somebody has it."""
    return Conflict(detail, scim_type="uniqueness")


def check_version(if_match: str | None, tag: str) -> None:
    """Raises Outdated when the header names other versions. Ours are weak, and compare so (RFC 9110 §8.8.3.2)."""
    if if_match is None or if_match.strip() == "*":
        return
    named = {each.strip().removeprefix("W/") for each in if_match.split(",")}
    if tag.removeprefix("W/") not in named:
        raise Outdated("It was changed meanwhile. Read it again.")
