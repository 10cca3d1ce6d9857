"""A service that answers with what it was asked, and does nothing else: `python -m bench.echo` runs it as `rooms`."""

from plumbing.services.process import main  # isort: skip

from typing import Any

from bench.echo_command import ECHO
from plumbing.services import Call, answers


class EchoService:
    """Signed actor, deadline, permission and schemas as in every service; no database."""

    name = "rooms"

    @answers(ECHO)
    def echo(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What came."""
        return request


if __name__ == "__main__":
    main("rooms", EchoService)
