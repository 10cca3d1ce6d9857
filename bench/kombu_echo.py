"""Raw kombu, answering and asking on one connection each, without confirms: rpc.kombu's peer.

`python -m bench.kombu_echo serve URI` answers; `… ask URI COUNT OUTSTANDING` prints calls per second.
"""

import sys
import time
import uuid
from typing import Any

from kombu import Connection, Consumer, Producer, Queue

QUEUE = "bench-kombu-echo"
BODY = {"args": [{"i": 1, "room": "abc"}], "kwargs": {}}


def serve(uri: str) -> None:
    """Answer until killed; prints `ready`."""
    with Connection(uri) as connection:
        channel = connection.channel()
        producer = Producer(channel)
        queue = Queue(QUEUE, durable=False, auto_delete=True)(channel)
        queue.declare()

        def answer(body: Any, message: Any) -> None:
            properties = message.properties
            producer.publish(
                body,
                routing_key=properties["reply_to"],
                correlation_id=properties["correlation_id"],
                serializer="json",
            )

        with Consumer(channel, [queue], callbacks=[answer], no_ack=True, accept=["json"], prefetch_count=200):
            print("ready", flush=True)
            while True:
                connection.drain_events()


def ask(uri: str, count: int, outstanding: int) -> float:
    """Calls per second with so many outstanding at any time."""
    with Connection(uri) as connection:
        channel = connection.channel()
        producer = Producer(channel)
        queue = Queue(f"bench-{uuid.uuid4().hex}", exclusive=True)(channel)
        queue.declare()
        sent, answered = [0], [0]

        def publish() -> None:
            sent[0] += 1
            producer.publish(
                BODY, routing_key=QUEUE, reply_to=queue.name, correlation_id=str(sent[0]), serializer="json"
            )

        def take(_body: Any, _message: Any) -> None:
            answered[0] += 1
            if sent[0] < count:
                publish()

        with Consumer(channel, [queue], callbacks=[take], no_ack=True, accept=["json"]):
            began = time.perf_counter()
            for _ in range(outstanding):
                publish()
            while answered[0] < count:
                connection.drain_events()
            return count / (time.perf_counter() - began)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        print(ask(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
