"""So many requests at once over kept connections, by little code, so that the server is what is measured.

`python -m bench.http_load HOST PORT AT_ONCE SECONDS` reads one raw HTTP/1.1 request from standard input and prints JSON.
"""

import json
import re
import socket
import statistics
import sys
import threading
import time
from dataclasses import asdict, dataclass

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """`errors` are answers other than 200."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


def measure(host: str, port: int, request: bytes, at_once: int, seconds: float) -> Load:
    """Ask again and again on `at_once` connections, each as soon as it is answered."""
    end = time.perf_counter() + seconds
    times: list[float] = []
    errors = [0]
    threads = [threading.Thread(target=_ask, args=(host, port, request, end, times, errors)) for _ in range(at_once)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    ordered = sorted(times)
    return Load(
        per_second=len(times) / took,
        p50_ms=statistics.median(ordered) * 1000,
        p99_ms=ordered[int(len(ordered) * 0.99)] * 1000,
        errors=errors[0],
    )


def _ask(host: str, port: int, request: bytes, end: float, times: list[float], errors: list[int]) -> None:
    connection = socket.create_connection((host, port), timeout=20)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while (began := time.perf_counter()) < end:
        connection.sendall(request)
        answer = connection.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head + b"\r\n")
        while length and len(body) < int(length[1]):
            body += connection.recv(65536)
        times.append(time.perf_counter() - began)
        if b" 200 " not in head[:20]:
            errors[0] += 1
    connection.close()


def main() -> None:
    """Run as a process of its own, so that its work is not the server's or the measurer's."""
    host, port, at_once, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    load = measure(host, port, sys.stdin.buffer.read(), at_once, seconds)
    json.dump(asdict(load), sys.stdout)


if __name__ == "__main__":
    main()
