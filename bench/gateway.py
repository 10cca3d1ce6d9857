"""gateway.read: a room list for a signed-in member through gateway, bus, service and database, requests per second, 10 at once.

Beside it the same Flask application under the same gunicorn settings, which answers the same bytes by itself.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests

from bench.http_load import Load
from bench.row import Row, at_least, compared, main
from bench.same_flask import PATH
from bench.stack import Running, running, wait
from deploy.local.files import ROOT
from deploy.local.ports import free_port
from deploy.local.stack import answers

LIST = "/api/rooms"
# those of the demonstration's organisation: two of its plan, and one for each of four who may host
ROOMS = 6
PATIENCE_SECONDS = 30.0
AT_ONCE = 10
SECONDS = 6.0
ROUNDS = 3
GOAL = 0.5


def measure() -> list[Row]:
    """The best of three rounds of each, one after the other in turns."""
    with running("accounts", "rooms", "gateway-api") as stack:
        place = urlsplit(stack.base_url)
        member = requests.Session()
        email, password = stack.password("provider")
        credentials = {"email": email, "password": password}
        member.post(
            f"{stack.base_url}/api/sign-ins", json=credentials, headers={"X-Housecall": "1"}, timeout=20
        ).raise_for_status()
        answer = _every_room(member, stack.base_url + LIST)
        cookie = "; ".join(f"{each.name}={each.value}" for each in member.cookies)
        with same_flask(stack, answer.content) as port:
            loads: dict[str, list[Load]] = {"gateway": [], "same Flask": []}
            for _ in range(ROUNDS):
                loads["gateway"].append(load(int(place.port or 0), LIST, cookie))
                loads["same Flask"].append(load(port, PATH, cookie))
    for name, found in loads.items():
        for one in found:
            print(
                f"{name}: {one.per_second:.0f}/s, p50 {one.p50_ms:.1f} ms, p99 {one.p99_ms:.1f} ms, {one.errors} errors"
            )
            if one.errors:
                raise RuntimeError(f"{name} answered {one.errors} requests with something else")
    best = {name: max(one.per_second for one in found) for name, found in loads.items()}
    return [
        compared(
            "gateway.read", best["gateway"], "req/s", "the same Flask without RPC", best["same Flask"], at_least(GOAL)
        )
    ]


def _every_room(member: requests.Session, address: str) -> requests.Response:
    """The list when it is whole: rooms are made when rooms has heard of their members."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while len((answer := member.get(address, timeout=20)).json()["items"]) < ROOMS:
        if time.monotonic() > give_up:
            raise RuntimeError("the rooms of the organisation were not all made")
        time.sleep(0.1)
    return answer


@contextmanager
def same_flask(stack: Running, answer: bytes) -> Iterator[int]:
    """bench.same_flask on a port, ready."""
    port = free_port()
    with tempfile.NamedTemporaryFile() as file:
        file.write(answer)
        file.flush()
        command = [sys.executable, "-m", "gunicorn", "-c", "gateway/api/gunicorn.conf.py"]
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}", "bench.same_flask:create_app()"],
            env={**stack.settings("gateway"), "BENCH_ANSWER": file.name},
            cwd=ROOT,
            stdout=sys.stderr,
        )
        try:
            wait(lambda: answers(f"http://127.0.0.1:{port}{PATH}"), process, "the same Flask")
            yield port
        finally:
            process.terminate()
            process.wait(20)


def load(port: int, path: str, cookie: str) -> Load:
    """One round against one server, by a process of its own."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\nAccept: application/json\r\n\r\n"
    command = [sys.executable, "-m", "bench.http_load", "127.0.0.1", str(port), str(AT_ONCE), str(SECONDS)]
    done = subprocess.run(command, input=request.encode(), capture_output=True, check=True, cwd=ROOT)
    return Load(**json.loads(done.stdout))


if __name__ == "__main__":
    main(measure)
