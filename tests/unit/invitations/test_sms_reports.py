"""What the provider of texts posts: proved by its signature, and what it means."""

import pytest

from deploy.sms.textbox import signature
from services.invitations import delivery
from services.invitations.reporting import BOUNCED, DELIVERED
from services.invitations.reports import Sending
from services.invitations.sms_reports import START, STOP, is_proved, report_of, wish_of

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS = {
    "CallSid": "CA1234567890ABCDE", "Caller": "+12349013030", "Digits": "1234", "From": "+12349013030", "To": "+18005551212",
}  # fmt: skip
SENDING = Sending("01920000-0000-7000-8000-000000000001", 0, 1)


def test_a_request_is_proved_as_the_provider_documents_it() -> None:
    # the example of https://www.twilio.com/docs/usage/security
    assert is_proved("12345", URL, FIELDS, "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")
    assert signature("12345", URL, FIELDS) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


@pytest.mark.parametrize(
    ("secret", "url", "fields", "given"),
    [
        ("54321", URL, FIELDS, "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ("12345", URL + "0", FIELDS, "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ("12345", URL, {**FIELDS, "Digits": "1235"}, "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ("12345", URL, FIELDS, ""),
        ("12345", URL, FIELDS, "é"),
    ],
)
def test_anything_else_is_not(secret: str, url: str, fields: dict[str, str], given: str) -> None:
    assert not is_proved(secret, url, fields, given)


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("STOP", STOP),
        (" stop. ", STOP),
        ("Stopp!", STOP),
        ("إيقاف", STOP),
        ("start", START),
        ("Please do not stop", None),
        ("", None),
    ],
)
def test_stop_and_start_are_understood_alone(said: str, wish: str | None) -> None:
    assert wish_of({"Body": said}) == wish


@pytest.mark.parametrize(
    ("fields", "kind", "problem"),
    [
        ({"MessageStatus": "delivered"}, DELIVERED, None),
        ({"MessageStatus": "undelivered", "ErrorCode": "30003"}, BOUNCED, delivery.UNREACHABLE),
        ({"MessageStatus": "failed", "ErrorCode": "21610"}, BOUNCED, delivery.OPTED_OUT),
        ({"MessageStatus": "failed", "ErrorCode": "９"}, BOUNCED, delivery.TEXT_REFUSED),
        ({"MessageStatus": "failed"}, BOUNCED, delivery.TEXT_REFUSED),
    ],
)
def test_what_became_of_a_text_is_understood(fields: dict[str, str], kind: str, problem: str | None) -> None:
    found = report_of(SENDING, fields)
    assert found
    assert (found.kind, found.problem) == (kind, problem)


@pytest.mark.parametrize("status", ["queued", "sent", "sending", "", "read"])
def test_what_is_not_final_is_no_report(status: str) -> None:
    assert report_of(SENDING, {"MessageStatus": status}) is None
