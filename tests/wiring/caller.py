"""Calls the small service from twenty threads: `python -m tests.wiring.caller plain|gevent|eventlet`."""

import sys

if sys.argv[1] == "gevent":
    import gevent.monkey

    gevent.monkey.patch_all()
elif sys.argv[1] == "eventlet":
    import eventlet

    eventlet.monkey_patch()

import os
import threading
import time

from contracts.errors import Unavailable
from plumbing.actor import Signer
from plumbing.rpc import RpcClient
from tests.wiring.echo_words import ECHO
from tests.wiring.echoing import SMITH


def main() -> None:
    client = RpcClient(os.environ["AMQP_URI"], "gateway", Signer.from_file("gateway", os.environ["ACTOR_PRIVATE_KEY"]))
    replies: list[str] = []
    longest = [0.0]

    def ask(thread: int) -> None:
        for number in range(10):
            text = f"{thread}/{number}"
            begin = time.monotonic()
            assert client.call(ECHO, {"text": text, "pause": 0.02}, SMITH)["text"] == text
            longest[0] = max(longest[0], time.monotonic() - begin)
            replies.append(text)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    begin = time.monotonic()
    late = 0
    try:
        client.call(ECHO, {"text": "slow", "pause": 3.0}, SMITH, timeout=0.5)
    except Unavailable:
        late += 0.4 < time.monotonic() - begin < 2.0
    client.stop()
    assert late == 1
    assert len(set(replies)) == 200
    sys.stdout.write("200 replies, 20 at a time, and one that timed out\n")


if __name__ == "__main__":
    main()
