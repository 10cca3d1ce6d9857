"""What a call's page makes of counters and levels: who speaks, and where the trouble is."""

from typing import Any

import pytest

from tests.unit.web.modules import evaluate

QUALITY, SPEAKER = "js/call/quality.js", "js/call/speaker.js"
BEFORE = {
    "milliseconds": 0, "audioPackets": 0, "audioLost": 0, "audioSamples": 0, "concealedSamples": 0, "frozenSeconds": 0,
}  # fmt: skip
NOW = {**BEFORE, "milliseconds": 3000, "audioPackets": 150, "audioSamples": 144_000}
GOOD = {"grade": "good", "reason": None}


@pytest.mark.parametrize(
    ("changed", "grade", "reason"),
    [
        ({}, "good", None),
        ({"audioLost": 3}, "good", None),
        ({"audioLost": 10}, "weak", "sound"),
        ({"audioLost": 30}, "poor", "sound"),
        ({"concealedSamples": 30_000}, "poor", "sound"),
        ({"frozenSeconds": 1}, "weak", "picture"),
        ({"frozenSeconds": 2}, "poor", "picture"),
        ({"audioLost": 10, "frozenSeconds": 2}, "poor", "picture"),
        ({"audioPackets": 0, "audioSamples": 0}, "good", None),
    ],
)
def test_what_is_missing_is_judged_by_what_people_notice(
    changed: dict[str, float], grade: str, reason: str | None
) -> None:
    found = evaluate(QUALITY, "received(...given)", [BEFORE, {**NOW, **changed}])
    assert found == {"grade": grade, "reason": reason}


def test_counters_that_begin_anew_are_no_trouble() -> None:
    assert evaluate(QUALITY, "received(...given)", [{**NOW, "milliseconds": 0, "frozenSeconds": 9}, NOW]) == GOOD


@pytest.mark.parametrize(
    ("lost", "seconds", "grade", "reason"),
    [(0.0, 0.1, "good", None), (0.06, 0.1, "weak", "sound"), (0.0, 0.5, "weak", "delay"), (0.2, 0.5, "poor", "sound")],
)
def test_the_way_up_is_judged_too(lost: float, seconds: float, grade: str, reason: str | None) -> None:
    found = evaluate(QUALITY, "sent(given)", {"lostShare": lost, "roundTripSeconds": seconds})
    assert found == {"grade": grade, "reason": reason}


WEAK, POOR = {"grade": "weak", "reason": "sound"}, {"grade": "poor", "reason": "sound"}


@pytest.mark.parametrize(
    ("others", "up", "own", "blamed"),
    [
        ({"a": GOOD, "b": POOR}, GOOD, GOOD, {"a": GOOD, "b": POOR}),
        ({"a": WEAK, "b": POOR}, GOOD, WEAK, {"a": GOOD, "b": GOOD}),
        ({"a": POOR}, GOOD, GOOD, {"a": POOR}),
        ({"a": POOR}, WEAK, WEAK, {"a": GOOD}),
        ({}, POOR, POOR, {}),
    ],
)
def test_trouble_with_everybody_is_ones_own(others: Any, up: Any, own: Any, blamed: Any) -> None:
    found = evaluate(QUALITY, "blamed(new Map(Object.entries(given[0])), given[1])", [others, up])
    assert found == {"own": own, "others": blamed}


def speakers(*looks: dict[str, float]) -> list[str | None]:
    """Who speaks at each look."""
    follow = "given.map((() => { let known = SILENCE; return (look) => (known = next(known, new Map(Object.entries(look)))).speaker; })())"
    found: list[str | None] = evaluate(SPEAKER, follow, list(looks))
    return found


def test_a_pause_for_breath_changes_nobody_and_silence_everybody() -> None:
    loud, still = {"a": 0.2, "b": 0.0}, {"a": 0.0, "b": 0.0}
    assert speakers(loud, loud, still, still, loud) == ["a"] * 5
    assert speakers(loud, *[still] * 12)[-1] is None


def test_who_is_clearly_louder_takes_over_and_nobody_by_a_cough() -> None:
    first, both, other = {"a": 0.2, "b": 0.0}, {"a": 0.2, "b": 0.22}, {"a": 0.0, "b": 0.2}
    assert speakers(first, both, both, first) == ["a"] * 4
    assert speakers(first, *[other] * 6)[-1] == "b"


def test_who_has_gone_speaks_no_more() -> None:
    assert speakers({"a": 0.2, "b": 0.0}, {"b": 0.0}) == ["a", None]
