"""rpc.kombu: calls of a service per second, 10 outstanding, beside raw kombu echoing the same on the same broker.

The service verifies who asks, keeps deadlines, checks permission and both schemas; raw kombu does nothing of it.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.echo_command import BODY, ECHO
from bench.row import Row, at_least, compared, main
from bench.stack import Running, running, wait
from contracts.actor import Actor
from deploy.local.files import ROOT
from deploy.local.ports import free_port
from deploy.local.stack import answers
from plumbing.actor import Signer
from plumbing.ids import new_id
from plumbing.rpc import RpcClient

OUTSTANDING = 10
CALLS = 6000
ROUNDS = 3
GOAL = 0.5
ASKS = Actor("member", new_id(), new_id(), roles=("provider",), name="Dr Smith")


def measure() -> list[Row]:
    """The best of three rounds of each, in turns."""
    with running(organisation=False) as stack, serving(stack), kombu(stack.amqp_uri):
        ours, raw = [], []
        for _ in range(ROUNDS):
            ours.append(float(_run("bench.rpc", "ask", json.dumps(stack.settings("gateway")))))
            raw.append(float(_run("bench.kombu_echo", "ask", stack.amqp_uri, str(CALLS), str(OUTSTANDING))))
    print(f"service: {ours}, raw kombu: {raw}")
    return [compared("rpc.kombu", max(ours), "calls/s", "raw kombu echo", max(raw), at_least(GOAL))]


def ask(settings: dict[str, str]) -> float:
    """Calls per second of the multiplexed client, so many outstanding at any time."""
    client = RpcClient(settings["AMQP_URI"], "gateway", Signer.from_file("gateway", settings["ACTOR_PRIVATE_KEY"]))
    each = CALLS // OUTSTANDING

    def ask_again(count: int) -> None:
        for _ in range(count):
            client.call(ECHO, BODY, ASKS, timeout=30)

    ask_again(200)
    threads = [threading.Thread(target=ask_again, args=(each,)) for _ in range(OUTSTANDING)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    client.stop()
    return OUTSTANDING * each / took


@contextmanager
def serving(stack: Running) -> Iterator[None]:
    """bench.echo as a process, ready."""
    port = free_port()
    settings = {**stack.settings("rooms"), "HEALTH_PORT": str(port)}
    subprocess.run([sys.executable, "-m", "bench.echo", "migrate"], cwd=ROOT, env=settings, check=True)
    process = subprocess.Popen([sys.executable, "-m", "bench.echo"], cwd=ROOT, env=settings, stdout=sys.stderr)
    try:
        wait(lambda: answers(f"http://127.0.0.1:{port}/readyz"), process, "bench.echo")
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def kombu(uri: str) -> Iterator[None]:
    """bench.kombu_echo as a process, ready."""
    command = [sys.executable, "-m", "bench.kombu_echo", "serve", uri]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        if not process.stdout or process.stdout.readline().strip() != b"ready":
            raise RuntimeError("bench.kombu_echo did not become ready")
        yield
    finally:
        process.kill()
        process.wait(10)


def _run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    if sys.argv[1:2] == ["ask"]:
        print(ask(json.loads(sys.argv[2])))
    else:
        main(measure)
