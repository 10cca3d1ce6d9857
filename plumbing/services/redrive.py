"""Gives back what was put aside: `python -m plumbing.services.redrive QUEUE`, with AMQP_URI in the environment.

QUEUE is the handler's queue or its `.dead` queue. Each event is published to the handler's queue, with confirms, before it
leaves `.dead`; handlers drop what they have handled before.
"""

import os
import sys

from amqp.exceptions import AMQPError, NotFound

from plumbing.amqp import Connection, Message, parse_uri


def redrive(uri: str, queue: str) -> int:
    """Give back what `queue` holds now; returns how many. Raises amqp's NotFound when there is no such queue."""
    main = queue.removesuffix(".dead")
    with Connection(parse_uri(uri), "redrive") as connection:
        channel = connection.channel()
        channel.queue_declare(main, passive=True)
        waiting = channel.queue_declare(f"{main}.dead", passive=True).message_count
        moved = 0
        while moved < waiting and (message := channel.basic_get(f"{main}.dead")) is not None:
            body = message.body if isinstance(message.body, bytes) else message.body.encode()
            channel.basic_publish_confirm(Message("", main, body).to_amqp(), "", main)
            channel.basic_ack(message.delivery_tag)
            moved += 1
    return moved


def main() -> int:
    """Say how many were given back, or in one sentence why none."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.stderr.write("Usage: AMQP_URI=… python -m plumbing.services.redrive QUEUE\n")
        return 2
    uri = os.environ.get("AMQP_URI", "")
    if not uri:
        sys.stderr.write("AMQP_URI is needed and not set.\n")
        return 2
    try:
        moved = redrive(uri, sys.argv[1])
    except NotFound:
        sys.stderr.write(f"There is no queue {sys.argv[1].removesuffix('.dead')} with a .dead queue.\n")
        return 1
    except (AMQPError, OSError) as error:
        sys.stderr.write(f"The broker does not answer: {type(error).__name__}.\n")
        return 1
    sys.stdout.write(f"{moved} given back\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
