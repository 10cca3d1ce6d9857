"""An SMTP server that takes every mail and says when, as a process of its own: prints its port, then a line for each mail."""

import sys
import threading
import time
from typing import Any

from aiosmtpd.controller import Controller

from deploy.local.ports import free_port


class Sink:
    """aiosmtpd's handler. It offers PIPELINING, as the mail servers that clinics have do; smtplib takes no notice of it."""

    async def handle_EHLO(  # noqa: N802, the name is aiosmtpd's
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """One more line."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802, the name is aiosmtpd's
        """Take it. The clock is one for all processes of the machine."""
        sys.stdout.write(f"{time.monotonic()} {envelope.rcpt_tos[0]}\n")
        sys.stdout.flush()
        return "250 OK"


if __name__ == "__main__":
    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    controller.start()
    sys.stdout.write(f"{controller.port}\n")
    sys.stdout.flush()
    threading.Event().wait()
