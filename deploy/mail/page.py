"""The sink's page and JSON: the mails newest first, one mail with its parts.

`GET /messages.json?to=ADDRESS&after=ID&wait=SECONDS` is a list, newest first, that waits for the first mail when asked to;
`GET /messages/ID` is a page for a browser and JSON for a program; `/messages/ID/raw` and `/messages/ID/part/N` are bytes.
A mail's HTML is shown in a sandboxed frame under a policy of its own, so it runs no script.
"""

from typing import Any

from flask import Flask, Response, abort, jsonify, render_template, request

from deploy.mail.mailbox import Mail, Mailbox, content_of

LONGEST_WAIT_SECONDS = 30.0
PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; img-src 'self' data:; base-uri 'none'"
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; sandbox allow-popups"


def create_app(mailbox: Mailbox) -> Flask:
    """Return the Flask application that shows `mailbox`."""
    app = Flask(__name__)

    def mail_or_404(number: int) -> Mail:
        mail = mailbox.get(number)
        return mail if mail is not None else abort(404)

    @app.after_request
    def refuse_foreign_content(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.get("/")
    def mails() -> str:
        to = request.args.get("to", "")
        return render_template("mails.html", to=to, mails=[mail.headline() for mail in mailbox.newest_first(to)])

    @app.get("/messages.json")
    def mails_as_json() -> Response:
        to = request.args.get("to", "")
        after = request.args.get("after", 0, type=int)
        seconds = min(request.args.get("wait", 0.0, type=float), LONGEST_WAIT_SECONDS)
        found = mailbox.wait_for(to, after, seconds) if seconds > 0 else mailbox.newest_first(to, after=after)
        return jsonify([mail.headline() for mail in found])

    @app.delete("/messages.json")
    def forget_mails() -> tuple[str, int]:
        mailbox.empty()
        return "", 204

    @app.get("/messages/<int:number>")
    def mail(number: int) -> str | Response:
        detail = mail_or_404(number).detail()
        # a browser names text/html; whoever accepts anything is a program
        wants_page = "text/html" in request.accept_mimetypes.values()
        return render_template("mail.html", mail=detail) if wants_page else jsonify(detail)

    @app.get("/messages/<int:number>.json")
    def mail_as_json(number: int) -> Response:
        return jsonify(mail_or_404(number).detail())

    @app.get("/messages/<int:number>/raw")
    def raw(number: int) -> Response:
        return Response(mail_or_404(number).raw, content_type="text/plain; charset=utf-8")

    @app.get("/messages/<int:number>/part/<int:part>")
    def part(number: int, part: int) -> Response:
        parts = mail_or_404(number).parts()
        if part >= len(parts):
            abort(404)
        return _served(parts[part])

    @app.get("/healthz")
    def health() -> dict[str, Any]:
        return {"status": "ok"}

    return app


def _served(part: Any) -> Response:
    kind = part.get_content_type()
    if kind.startswith("text/"):
        kind = f"{kind}; charset={part.get_content_charset('utf-8')}"
    response = Response(content_of(part), content_type=kind)
    if part.get_content_type() == "text/html":
        response.headers["Content-Security-Policy"] = MAIL_POLICY
    name = part.get_filename()
    if name:
        response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
