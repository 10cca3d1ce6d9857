"""Which of the two forwarders runs."""

import logging
import socket
from collections.abc import Callable
from typing import Any

from services.media.node.forwarding.plan import Forwarder
from services.media.node.forwarding.python import PythonForwarder

log = logging.getLogger(__name__)


def open_forwarder(
    sock: socket.socket, which: str, functions: tuple[int, int, int, int], handle_of: Callable[[Any], int]
) -> Forwarder:
    """`which`: native, python, or auto (native where it was built). ImportError for native where it was not.

    `functions` are the addresses of libsrtp's unprotect, protect, unprotect_rtcp and protect_rtcp; `handle_of` gives a
    session's `srtp_t`: the native forwarder shares both with pylibsrtp.
    """
    if which != "python":
        try:
            from services.media.node.forwarding.native import NativeForwarder

            return NativeForwarder(sock, functions, handle_of)
        except ImportError:
            if which == "native":
                raise
            log.warning("the native forwarder was not built: forwarding in Python")
    return PythonForwarder(sock)
