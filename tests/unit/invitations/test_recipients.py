"""What is understood of what people type and paste as recipients."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.guests import MOST_RECIPIENTS
from services.invitations import recipients
from services.invitations.recipients import split, to_send, understand


def accepted(typed: str) -> list[tuple[str, str | None]]:
    return to_send(understand(typed))


def only(typed: str) -> recipients.Verdict:
    verdicts = understand(typed)
    assert len(verdicts) == 1
    return verdicts[0]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a@x.com", [("a@x.com", None)]),
        ("a@x.com, b@y.com", [("a@x.com", None), ("b@y.com", None)]),
        ("a@x.com;b@y.com\nc@z.com\r\nd@w.com", [(f"{part}.com", None) for part in ("a@x", "b@y", "c@z", "d@w")]),
        (" ,, a@x.com ,;\n, ", [("a@x.com", None)]),
        ("Mia K. <mia@x.com>", [("mia@x.com", "Mia K.")]),
        ("<mia@x.com>", [("mia@x.com", None)]),
        ("Mia<mia@x.com>,b@y.com", [("mia@x.com", "Mia"), ("b@y.com", None)]),
        ('"Doe, Jane" <jane@x.com>, b@y.com', [("jane@x.com", "Doe, Jane"), ("b@y.com", None)]),
        ('"Jane \\"JD\\" Doe" <jane@x.com>', [("jane@x.com", 'Jane "JD" Doe')]),
        ("Mia@X.COM", [("Mia@x.com", None)]),
        ("mia+tag@x.co.uk, o'neil@x.ie", [("mia+tag@x.co.uk", None), ("o'neil@x.ie", None)]),
        ("mia@exämple.com", [("mia@exämple.com", None)]),
        ("mia@xn--exmple-cua.com", [("mia@exämple.com", None)]),
        ("用户@例子.广告", [("用户@例子.广告", None)]),
        ("Zoë\u202e <zoe@x.com>", [("zoe@x.com", "Zoë")]),
        (f"{'N' * 200} <n@x.com>", [("n@x.com", "N" * 80)]),
    ],
)
def test_what_is_an_address_is_sent_to(typed: str, sent: list[tuple[str, str | None]]) -> None:
    assert accepted(typed) == sent
    assert all(verdict.reason is None for verdict in understand(typed))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("a@x.com@evil.com", recipients.TWO_AT_SIGNS),
        ("a@x.com b@y.com", recipients.SEVERAL),
        ("alice(c)@x.com", recipients.NOT_AN_ADDRESS),
        ("Mia", recipients.NAME_ALONE),
        ("12345", recipients.NOT_AN_ADDRESS),
        ("@x.com", recipients.NO_LOCAL_PART),
        ("<@x.com>", recipients.NO_LOCAL_PART),
        ('"a b"@x.com', recipients.QUOTED),
        ('"a@b"@x.com', recipients.QUOTED),
        ("mia@localhost", recipients.UNKNOWN_ENDING),
        ("mia@clinic.test", recipients.UNKNOWN_ENDING),
        ("mia@[127.0.0.1]", recipients.UNKNOWN_ENDING),
        ("mia@x..com", recipients.UNKNOWN_ENDING),
        ("mia@", recipients.NOT_AN_ADDRESS),
        (".mia@x.com", recipients.NOT_AN_ADDRESS),
        ("mia.@x.com", recipients.NOT_AN_ADDRESS),
        (f"{'m' * 65}@x.com", recipients.TOO_LONG),
        ("Mia <mia@x.com> <b@y.com>", recipients.SEVERAL),
        ("Mia <>", recipients.NOT_AN_ADDRESS),
        ("mia\x00@x.com", recipients.NOT_AN_ADDRESS),
        ("mia%0d%0aBcc:x@y.com\u2028@x.com", recipients.SEVERAL),
    ],
)
def test_what_is_none_says_why_and_what_to_do(typed: str, reason: str) -> None:
    verdict = only(typed)
    assert (verdict.accepted, verdict.address, verdict.reason) == (False, None, reason)


def test_one_bad_address_stops_nobody_else() -> None:
    assert accepted("bad, a@x.com, a@x.com@evil.com, b@y.com") == [("a@x.com", None), ("b@y.com", None)]


def test_a_name_with_a_comma_and_no_quotation_marks_loses_its_first_half_and_is_told() -> None:
    first, second = understand("Doe, Jane <jane@x.com>")
    assert first.reason == recipients.NAME_ALONE
    assert (second.address, second.name) == ("jane@x.com", "Jane")


def test_doubles_are_one_mail_whatever_the_case_of_the_domain() -> None:
    verdicts = understand("mia@x.com, Mia K. <mia@X.COM>, Mia@x.com")
    assert [verdict.accepted for verdict in verdicts] == [True, True, True]
    assert [verdict.reason for verdict in verdicts] == [None, recipients.DOUBLE, None]
    # the local part is the mail server's to compare (RFC 5321 §2.4)
    assert to_send(verdicts) == [("mia@x.com", "Mia K."), ("Mia@x.com", None)]


def test_more_than_the_most_are_refused_and_the_first_are_sent() -> None:
    verdicts = understand(",".join(f"p{number}@x.com" for number in range(MOST_RECIPIENTS + 2)) + ",p0@x.com")
    assert [verdict.reason for verdict in verdicts[-3:]] == [
        recipients.too_many(MOST_RECIPIENTS),
        recipients.too_many(MOST_RECIPIENTS),
        recipients.DOUBLE,
    ]
    assert len(to_send(verdicts)) == MOST_RECIPIENTS


def test_a_quotation_mark_that_is_not_closed_swallows_nobody() -> None:
    assert accepted('"Jane <jane@x.com>, bob@y.com\ncarl@z.com') == [("bob@y.com", None), ("carl@z.com", None)]


def test_nothing_typed_is_no_entry() -> None:
    assert understand(" ,;\n\r\n ") == []


@given(st.text(alphabet='ab@.,;"<> \n\\ä\u202e\x00', max_size=80))
def test_every_entry_has_one_verdict_and_every_address_one_at_sign(typed: str) -> None:
    verdicts = understand(typed)
    assert len(verdicts) == len(list(split(typed)))
    for verdict in verdicts:
        assert verdict.accepted or verdict.reason in {*recipients.REASONS, recipients.too_many(MOST_RECIPIENTS)}
        assert not verdict.accepted or (verdict.address or "").count("@") == 1
    addresses = [address for address, _ in to_send(verdicts)]
    assert len(addresses) == len(set(addresses))
