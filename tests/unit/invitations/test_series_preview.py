"""What a mail would say of a series that is not booked yet."""

from dataclasses import replace
from typing import Any

import pytest

from services.invitations import repeating
from services.invitations.views import preview_view
from tests.unit.invitations.things import invitation

PLANNED = {"local_start": "2027-03-23T10:00", "zone": "Europe/Berlin", "minutes": 30}
WEEKLY = {"frequency": "weekly", "interval": 1, "weekdays": [], "monthly_by": "date", "count": 2, "until": None}
FOUND = {
    "rule": "FREQ=WEEKLY;COUNT=2",
    "skipped": [],
    "items": [
        {"local_start": "2027-03-23T10:00", "starts_at": "2027-03-23T09:00:00.000Z", "ends_at": "2027-03-23T09:30:00.000Z", "conflicts": []},
        {"local_start": "2027-03-30T10:00", "starts_at": "2027-03-30T08:00:00.000Z", "ends_at": "2027-03-30T08:30:00.000Z", "conflicts": []},
    ],
}  # fmt: skip


def view(language: str = "en") -> dict[str, Any]:
    series = repeating.previewed(FOUND, WEEKLY, PLANNED, "Physiotherapy")
    made = replace(invitation(), series=series, planned=series.first, title="Physiotherapy", language=language)
    return preview_view(made, "https://housecall.example")


def test_it_says_how_it_repeats_and_when_across_a_change_of_clocks() -> None:
    said = view()
    assert said["day"] == "Every Tuesday, 2 times"
    assert said["hours"] == "10:00 – 10:30"
    assert said["dates"] == ["Tuesday, 23 March 2027", "Tuesday, 30 March 2027"]
    assert "several video calls" in said["opening"]


def test_the_text_says_the_next_one() -> None:
    assert "The next is on Tue, 23 Mar 2027, 10:00 (Europe/Berlin)." in view()["text"]


@pytest.mark.parametrize("language", ["de", "ar"])
def test_it_is_in_the_language_of_the_organisation(language: str) -> None:
    said = view(language)
    assert said["language"] == language
    assert "Every" not in said["day"]
