"""What must be there before a service runs: its indexes, and the queues in which events wait for it from the first one on.

Safe to repeat and beside running services: indexes are only added, keys only filled in, declarations only agree.
"""

import inspect
from collections.abc import Iterator
from typing import Any

import structlog
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from contracts.events import exchange_name
from plumbing.amqp import Connection, parse_uri
from plumbing.services import commands, inbox
from plumbing.services.hearing import Hears
from plumbing.services.queues import Queues
from plumbing.services.runtime import Runtime
from plumbing.services.stores import StoreProvider, declared_indexes
from plumbing.store import PENDING_INDEX, Documents

log = structlog.get_logger()


def migrate(current: Runtime, service: type) -> None:
    """Make all of it for one service."""
    stores = [member.make for _, member in inspect.getmembers(service) if isinstance(member, StoreProvider)]
    for make in stores:
        store = make(current.database, current.outbox)  # its Documents register their collections
        for name, indexes in declared_indexes(make).items():
            current.database[name].create_indexes(indexes)
        for documents in vars(store).values():
            if isinstance(documents, Documents):
                documents.fill_in_keys()
    for collection in current.outbox.collections:
        collection.create_indexes([PENDING_INDEX])
    current.database[commands.COLLECTION].create_indexes(commands.INDEXES)
    current.database[inbox.COLLECTION].create_indexes(inbox.INDEXES)
    queues = list(queues_of(service))
    with Connection(parse_uri(current.settings.amqp_uri), f"{current.name} migrates") as connection:
        channel = connection.channel()
        channel.exchange_declare(exchange_name(current.name), "topic", durable=True, auto_delete=False)
        for one in queues:
            one.declare(channel)
    log.info("migrated", collections=len(current.outbox.collections), queues=[one.main for one in queues])


def queues_of(service: Any) -> Iterator[Queues]:
    """The queues of everything that a service class hears."""
    for name, method in inspect.getmembers(service, inspect.isfunction):
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ()):
            if isinstance(entrypoint, Hears):
                yield Queues(entrypoint.source, service.name, name, entrypoint.retry_seconds)
