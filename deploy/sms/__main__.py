"""`python -m deploy.sms`: the provider and its page on SMS_PAGE_PORT of SMS_HOST (127.0.0.1).

SMS_KEY is the file of the account's secret, and BASE_URL where whoever answers a text is heard.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from werkzeug.serving import make_server

from deploy.mail.__main__ import QuietRequests
from deploy.sms.page import create_app
from deploy.sms.textbox import Textbox


def main() -> int:
    host = os.environ.get("SMS_HOST", "127.0.0.1")
    port = int(os.environ.get("SMS_PAGE_PORT", "8026"))
    secret = Path(os.environ["SMS_KEY"]).read_text().strip()
    answered_at = os.environ.get("BASE_URL", "http://localhost:8000") + "/api/sms/inbound"
    try:
        app = create_app(Textbox(), secret, answered_at)
        page = make_server(host, port, app, threaded=True, request_handler=QuietRequests)
    except OSError as error:
        print(f"The page of texts cannot listen on {host}: {error.strerror}; set SMS_PAGE_PORT.")
        return 1
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    threading.Thread(target=page.serve_forever, daemon=True).start()
    print(f"texts are shown on http://localhost:{port}/", flush=True)
    stopping.wait()
    page.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
