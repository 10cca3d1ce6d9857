"""A change is taken from our own pages and from programs, never from another site's page."""

import pytest
from flask import Request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from gateway.api import same_site
from gateway.problems import ForeignOrigin

OWN = "http://localhost:8000"


def asked(method: str = "POST", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(EnvironBuilder("/api/rooms", method=method, headers=Headers(named)).get_environ())


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Housecall": "1"},
        {"Origin": OWN},
        {"Authorization": "Bearer a token, beside which no cookie counts"},
        {"Sec_Fetch_Site": "same-origin"},
        {"Origin": OWN, "Sec_Fetch_Site": "same-origin", "X_Housecall": "1"},
    ],
)
def test_our_own_pages_and_programs_may_change_things(headers: dict[str, str]) -> None:
    same_site.check(asked(**headers), OWN)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic a2V5OnNlY3JldA=="},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8001"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://evil.example", "X_Housecall": "1"},
        {"Sec_Fetch_Site": "cross-site", "X_Housecall": "1"},
    ],
)
def test_anything_else_is_refused(headers: dict[str, str]) -> None:
    for method in ("POST", "PATCH", "DELETE", "PUT"):
        with pytest.raises(ForeignOrigin):
            same_site.check(asked(method, **headers), OWN)


def test_reading_is_free() -> None:
    same_site.check(asked("GET", Origin="https://evil.example"), OWN)
