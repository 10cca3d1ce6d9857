"""Telephone numbers among the recipients: in any usual form, each answered for by itself."""

import pytest

from services.invitations import phones
from services.invitations.phones import Texting
from services.invitations.recipients import DOUBLE_NUMBER, NOT_AN_ADDRESS, to_send, understand

GERMAN = Texting(offered=True, region="DE")
NOWHERE = Texting(offered=True)


@pytest.mark.parametrize(
    "typed",
    ["0170 1234567", "(0170) 123-4567", "+49 170 1234567", "0049 170/1234567", "tel:+491701234567", "+49\u00a0170 1234567", "٠١٧٠١٢٣٤٥٦٧"],
)  # fmt: skip
def test_a_number_is_understood_in_any_usual_form(typed: str) -> None:
    assert to_send(understand(typed, texting=GERMAN)) == [("+491701234567", None)]


@pytest.mark.parametrize(
    ("typed", "texting", "reason"),
    [
        ("0170 1234567", NOWHERE, phones.NO_COUNTRY),
        ("+49 170 123", NOWHERE, phones.NOT_A_NUMBER),
        ("+999 170 1234567", NOWHERE, phones.NOT_A_NUMBER),
        ("030 901820", GERMAN, phones.NOT_MOBILE),
        ("+49 900 1234567", GERMAN, phones.NOT_MOBILE),
        ("0170 1234567", Texting(True, "DE", frozenset({"+491701234567"})), phones.OPTED_OUT),
        ("+49 170 1234567", phones.NO_TEXTS, phones.NOT_OFFERED),
        ("0170 1234567", phones.NO_TEXTS, phones.NOT_OFFERED),
        ("12345", GERMAN, NOT_AN_ADDRESS),
    ],
)
def test_a_number_that_gets_no_text_is_refused_with_its_reason(typed: str, texting: Texting, reason: str) -> None:
    [verdict] = understand(typed, texting=texting)
    assert (verdict.accepted, verdict.reason) == (False, reason)


def test_numbers_and_addresses_stand_beside_each_other_and_one_bad_one_stops_nobody() -> None:
    typed = "Mia <0170 1234567>, mia@example.com; +49 1\n+61 491 570 156"
    verdicts = understand(typed, texting=GERMAN)
    assert [verdict.accepted for verdict in verdicts] == [True, True, False, True]
    assert to_send(verdicts) == [("+491701234567", "Mia"), ("mia@example.com", None), ("+61491570156", None)]


def test_a_number_written_twice_gets_one_text() -> None:
    first, second = understand("0170 1234567, +491701234567", texting=GERMAN)
    assert (first.reason, second.reason, second.again) == (None, DOUBLE_NUMBER, True)
    assert to_send([first, second]) == [("+491701234567", None)]


def test_numbers_count_among_the_most_that_one_invitation_goes_to() -> None:
    verdicts = understand("a@x.com, 0170 1234567, +61 491 570 156", 2, GERMAN)
    assert [verdict.accepted for verdict in verdicts] == [True, True, False]
