"""`python -m tests.habits.queues` prints the durable queue of everything that the services answer, hear and watch.

In a process of its own: what it imports are the services, with nameko and eventlet.
"""

import inspect
import sys
from collections.abc import Iterator

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from contracts.catalogue import SERVICES
from plumbing.services.answering import Answers
from plumbing.services.migration import queues_of
from plumbing.services.process import find_service
from plumbing.services.watching import Watches


def queues(name: str) -> Iterator[str]:
    """Every queue that the replicas of a service share."""
    service = find_service(name)
    for method_name, method in inspect.getmembers(service, inspect.isfunction):
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ()):
            if isinstance(entrypoint, Answers):
                yield f"rpc-{name}"
            elif isinstance(entrypoint, Watches):
                yield entrypoint.queue_of(name, method_name)
    for heard in queues_of(service):
        yield from (heard.main, heard.retry, heard.dead)


if __name__ == "__main__":
    for each in SERVICES:
        sys.stdout.write("".join(f"{queue}\n" for queue in sorted(set(queues(each)))))
