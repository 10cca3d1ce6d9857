"""Which of the two forwarders runs."""

import logging
import socket

from services.media.node.forwarding.plan import Forwarder
from services.media.node.forwarding.python import PythonForwarder

log = logging.getLogger(__name__)


def open_forwarder(sock: socket.socket, which: str) -> Forwarder:
    """`which`: native, python, or auto (native where it was built)."""
    return PythonForwarder(sock)
