"""The node's place on RabbitMQ: answers calls in nameko's wire form, and publishes signals and reports. Knows no media.

Nothing that it publishes is stored by the broker: a signal is said again until it is answered, a report is followed by the next.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aio_pika
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage, AbstractRobustConnection
from aio_pika.exceptions import AMQPError

from contracts.errors import Refused, Unexpected
from contracts.media_node import REPORTS_EXCHANGE, SIGNALS_EXCHANGE, service_name

log = logging.getLogger(__name__)

_RPC_EXCHANGE = "nameko-rpc"
_PREFETCH = 100
_RECONNECT_SECONDS = 0.5
_QUEUE_OUTLIVES_NODE_MS = 60_000
_MOST_WAITING = 5000
_STALE_SECONDS = 15.0
_LAST_WORDS_SECONDS = 1.0
_DEADLINE, _ACTOR = "nameko.deadline", "nameko.actor"

Handler = Callable[[str, dict[str, Any], str], Awaitable[Any]]
"""(method, payload, signed actor) → plain JSON; raises Refused."""


class UnknownMethod(Exception):
    """A caller of another version asks for something that this node does not do."""


class Bus:
    """One connection, which comes back by itself."""

    def __init__(self, uri: str, node_id: str, handle: Handler) -> None:
        self._uri, self._service, self._handle = uri, service_name(node_id), handle
        self._connection: AbstractRobustConnection | None = None
        self._rpc: AbstractExchange | None = None
        self._exchanges: dict[str, AbstractExchange] = {}
        self._waiting: asyncio.Queue[tuple[float, str, str, bytes]] = asyncio.Queue(_MOST_WAITING)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def up(self) -> bool:
        """Whether the broker is there."""
        return self._connection is not None and self._connection.connected.is_set()

    async def start(self) -> None:
        """Returns when calls can come. Raises aio_pika's errors where the broker is not there at all."""
        self._connection = await aio_pika.connect_robust(
            self._uri, reconnect_interval=_RECONNECT_SECONDS, client_properties={"connection_name": self._service}
        )
        calls = await self._connection.channel(publisher_confirms=False)
        await calls.set_qos(_PREFETCH)
        self._rpc = await calls.declare_exchange(_RPC_EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
        queue = await calls.declare_queue(
            f"rpc-{self._service}", durable=True, arguments={"x-expires": _QUEUE_OUTLIVES_NODE_MS}
        )
        await queue.bind(self._rpc, f"{self._service}.*")
        says = await self._connection.channel(publisher_confirms=False)
        for name in (SIGNALS_EXCHANGE, REPORTS_EXCHANGE):
            self._exchanges[name] = await says.declare_exchange(name, aio_pika.ExchangeType.TOPIC, durable=True)
        await queue.consume(self._take)
        self._spawn(self._publish_all())

    async def stop(self) -> None:
        """Say what still waits, then close."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._waiting.join(), _LAST_WORDS_SECONDS)
        for task in self._tasks:
            task.cancel()
        if self._connection is not None:
            await self._connection.close()

    def signal(self, participant_id: str, body: dict[str, Any]) -> None:
        """To one browser, by way of whichever live worker it is connected to."""
        self._say(SIGNALS_EXCHANGE, participant_id, body)

    def report(self, key: str, body: dict[str, Any]) -> None:
        self._say(REPORTS_EXCHANGE, key, body)

    def _say(self, exchange: str, key: str, body: dict[str, Any]) -> None:
        if self._waiting.full():
            self._waiting.get_nowait()
            self._waiting.task_done()
        self._waiting.put_nowait((time.monotonic(), exchange, key, _json(body)))

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _publish_all(self) -> None:
        while True:
            at, exchange, key, body = await self._waiting.get()
            message = aio_pika.Message(body, content_type="application/json", content_encoding="utf-8")
            while time.monotonic() - at < _STALE_SECONDS:
                try:
                    await self._exchanges[exchange].publish(message, key, mandatory=False)
                    break
                except (TimeoutError, AMQPError, OSError, RuntimeError):
                    await asyncio.sleep(0.2)
            self._waiting.task_done()

    async def _take(self, message: AbstractIncomingMessage) -> None:
        self._spawn(self._answer(message))

    async def _answer(self, message: AbstractIncomingMessage) -> None:
        result, error = None, None
        try:
            result, error = await self._outcome(message)
        except Exception:  # a defect of ours must be answered too, and must not end the node
            log.exception("a call could not be carried out")
            error = _on_wire(Unexpected())
        try:
            if self._rpc is not None and message.reply_to:
                reply = aio_pika.Message(
                    _json({"result": result, "error": error}), content_type="application/json",
                    content_encoding="utf-8", correlation_id=message.correlation_id, priority=0,
                )  # fmt: skip
                await self._rpc.publish(reply, message.reply_to, mandatory=False)
            await message.ack()
        except (AMQPError, OSError, RuntimeError):  # the broker is away; the call comes again, and is repeatable
            log.warning("a reply could not be sent")

    async def _outcome(self, message: AbstractIncomingMessage) -> tuple[Any, dict[str, Any] | None]:
        method = (message.routing_key or "").rpartition(".")[2]
        deadline = message.headers.get(_DEADLINE)
        if isinstance(deadline, int | float) and deadline < time.time():
            return None, _unavailable()
        try:
            payload = json.loads(message.body)["kwargs"]
            return await self._handle(method, payload, str(message.headers.get(_ACTOR, ""))), None
        except UnknownMethod:
            return None, {
                "exc_type": "MethodNotFound", "exc_path": "nameko.exceptions.MethodNotFound",
                "exc_args": [method], "value": method,
            }  # fmt: skip
        except Refused as refusal:
            return None, _on_wire(refusal)
        except (ValueError, KeyError, TypeError):
            return None, {
                "exc_type": "MalformedRequest", "exc_path": "nameko.exceptions.MalformedRequest", "exc_args": [], "value": "",
            }  # fmt: skip


def _unavailable() -> dict[str, Any]:
    from contracts.errors import Unavailable

    return _on_wire(Unavailable())


def _on_wire(refusal: Refused) -> dict[str, Any]:
    kind = type(refusal).__name__
    return {
        "exc_type": kind,
        "exc_path": f"contracts.errors.{kind}",
        "exc_args": [refusal.extra],
        "value": refusal.detail,
    }


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
