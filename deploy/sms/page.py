"""The sink's API, page and JSON: texts as they were handed over, newest first.

`POST /2010-04-01/Accounts/<account>/Messages.json` takes a text as Twilio's Messages API does. A number that ends in 0001 is
none (21211), one that ends in 0002 is taken and then not reached (30003), and one that ends in 0003 is put off (429) the first time.
`GET /texts.json?to=NUMBER&after=ID&wait=SECONDS` is a list that waits for the first text when asked to. `POST /texts/<id>/reply`
with `body` answers a text, as whoever got it would.
"""

import threading
from hmac import compare_digest
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, redirect, render_template, request

from deploy import mail
from deploy.sms.textbox import Text, Textbox, tell

_STATIC = Path(mail.__file__).parent / "static"
LONGEST_WAIT_SECONDS = 30.0
PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'"
NO_NUMBER, NOT_REACHED, PUT_OFF = "0001", "0002", "0003"


def create_app(textbox: Textbox, secret: str, answered_at: str) -> Flask:
    """The Flask application that takes and shows texts. Answers to them are posted to `answered_at`, signed with `secret`."""
    # the two development pages look alike
    app = Flask(__name__, static_folder=_STATIC)
    _take_texts(app, textbox, secret)

    @app.after_request
    def refuse_foreign_content(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.get("/")
    def texts() -> str:
        return render_template("texts.html", texts=[text.view() for text in textbox.newest_first()])

    @app.get("/texts.json")
    def texts_as_json() -> Response:
        to, after = request.args.get("to", ""), request.args.get("after", 0, type=int)
        seconds = min(request.args.get("wait", 0.0, type=float), LONGEST_WAIT_SECONDS)
        found = textbox.wait_for(to, after, seconds) if seconds > 0 else textbox.newest_first(to, after)
        return jsonify([text.view() for text in found])

    @app.post("/texts/<int:number>/reply")
    def reply(number: int) -> Any:
        text = textbox.get(number)
        if text is None:
            return abort(404)
        said = {"From": text.to, "To": text.sender, "Body": request.form.get("body", ""), "MessageSid": f"SM{'a' * 32}"}
        status = tell(secret, answered_at, said)
        return redirect("/") if 200 <= status < 300 else (f"It was answered with {status}.", 502)

    @app.get("/healthz")
    def health() -> dict[str, Any]:
        return {"status": "ok"}

    return app


def _take_texts(app: Flask, textbox: Textbox, secret: str) -> None:
    put_off: set[str] = set()

    @app.post("/2010-04-01/Accounts/<account>/Messages.json")
    def take(account: str) -> tuple[Response, int]:
        given = request.authorization
        if (
            not given
            or given.username != account
            or not compare_digest((given.password or "").encode(), secret.encode())
        ):
            return _problem(20003, "Authenticate", 401)
        form = request.form.to_dict()
        to = form.get("To", "")
        if not form.get("Body") or to.endswith(NO_NUMBER):
            return _problem(21211, "Invalid 'To' Phone Number", 400)
        key = request.headers.get("Idempotency-Key", "")
        if to.endswith(PUT_OFF) and key not in put_off:
            put_off.add(key)
            return _problem(20429, "Too Many Requests", 429)
        text = textbox.keep(form, key)
        if text.reported_at:
            threading.Thread(target=_report, args=(text,), daemon=True).start()
        return jsonify({"sid": _sid(text), "status": "queued"}), 201

    def _report(text: Text) -> None:
        reached = not text.to.endswith(NOT_REACHED)
        said = {"MessageSid": _sid(text), "To": text.to, "From": text.sender}
        said["MessageStatus"] = "delivered" if reached else "undelivered"
        textbox.note(text.id, said["MessageStatus"])
        tell(secret, text.reported_at, said if reached else {**said, "ErrorCode": "30003"})


def _sid(text: Text) -> str:
    return f"SM{text.id:032x}"


def _problem(code: int, message: str, status: int) -> tuple[Response, int]:
    return jsonify({"code": code, "message": message, "status": status}), status
