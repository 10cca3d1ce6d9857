"""Where those who carry mails and texts say what became of them. They prove who they are, and are told nothing (docs/delivery.md)."""

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from contracts import delivery_reports
from contracts.delivery_reports import LONGEST_REPORT
from gateway.api import asking
from gateway.api.bodies import MOST_BYTES
from gateway.problems import TooLarge

PROVIDER_SIGNATURE = "X-Twilio-Signature"
_pages = Blueprint("delivery_reports", __name__)
_NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def register(app: Flask) -> None:
    """Answer at these addresses."""
    app.register_blueprint(_pages)


@_pages.post("/api/sms/inbound")
def hear_text() -> Response:
    """An answer that somebody sent to a text. Nothing is sent back: providers confirm STOP by themselves."""
    asking.ask(delivery_reports.HEAR_TEXT, _posted(), asking.anybody())
    return Response(_NO_ANSWER, content_type="text/xml")


@_pages.post("/api/sms/status/<token>")
def hear_text_status(token: str) -> Response:
    """What became of one text."""
    asking.ask(delivery_reports.HEAR_TEXT_STATUS, {**_posted(), "token": token}, asking.anybody())
    return asking.nothing()


@_pages.post("/api/mail/bounces")
def hear_bounce() -> Response:
    """What a mail server reports of a mail, as the mail that it sent. What is behind its beginning is not passed on."""
    try:
        report = request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise TooLarge(f"Send at most {MOST_BYTES} bytes.") from error
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    asked = {
        "report": report[:LONGEST_REPORT].decode("latin-1"),
        "secret": secret.strip() if scheme.lower() == "bearer" else "",
    }
    asking.ask(delivery_reports.HEAR_BOUNCE, asked, asking.anybody())
    return asking.nothing()


def _posted() -> dict[str, object]:
    return {"fields_given": request.form.to_dict(), "signature": request.headers.get(PROVIDER_SIGNATURE, "")}
