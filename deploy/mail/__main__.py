"""`python -m deploy.mail`: SMTP on MAIL_SMTP_PORT, the page on MAIL_PAGE_PORT, both on MAIL_HOST (127.0.0.1).

With BOUNCE_KEY (a file) mails that shall come back are reported to Housecall at BASE_URL.
"""

import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.mail.mailbox import Mailbox
from deploy.mail.page import create_app
from deploy.mail.returning import send_back
from deploy.mail.smtp import smtp_server


class QuietRequests(WSGIRequestHandler):
    """Writes no line per request: addresses in the query are nobody's business in a log."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def main() -> int:
    host = os.environ.get("MAIL_HOST", "127.0.0.1")
    smtp_port = int(os.environ.get("MAIL_SMTP_PORT", "1025"))
    page_port = int(os.environ.get("MAIL_PAGE_PORT", "8025"))
    mailbox = Mailbox()
    try:
        smtp = smtp_server(mailbox, host, smtp_port, *_returning())
        smtp.start()
        page = make_server(host, page_port, create_app(mailbox), threaded=True, request_handler=QuietRequests)
    except OSError as error:
        print(f"The mail page cannot listen on {host}: {error.strerror}; set MAIL_SMTP_PORT and MAIL_PAGE_PORT.")
        return 1
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    threading.Thread(target=page.serve_forever, daemon=True).start()
    print(f"mails for port {smtp_port} are shown on http://localhost:{page_port}/", flush=True)
    stopping.wait()
    page.shutdown()
    smtp.stop()
    return 0


def _returning() -> list[partial[int]]:
    if "BOUNCE_KEY" not in os.environ:
        return []
    secret = Path(os.environ["BOUNCE_KEY"]).read_text().strip()
    return [partial(send_back, os.environ.get("BASE_URL", "http://localhost:8000") + "/api/mail/bounces", secret)]


if __name__ == "__main__":
    sys.exit(main())
