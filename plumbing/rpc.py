"""Calling a service: one connection for any number of callers at once, nameko's wire protocol, typed errors, always in time.

Works in plain threads, under gevent and under eventlet. A request expires in the queue when its caller stops waiting, and
carries its deadline, so that nothing is carried out for somebody who has gone.
"""

import itertools
import json
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import amqp
import msgspec

from contracts.actor import Actor
from contracts.command import Command
from contracts.errors import KINDS, Refused, Unavailable, Unexpected
from plumbing import traces, wire
from plumbing.amqp import Connection, Link, LinkDown
from plumbing.ids import new_id

EXCHANGE = "nameko-rpc"
ACTOR = "nameko.actor"
DEADLINE = "nameko.deadline"
COMMAND_ID = "nameko.command_id"
TRACEPARENT = "nameko.traceparent"
ERRORS_MODULE = "contracts.errors"
_PATIENCE_WITH_BROKER_SECONDS = 1.0
_MOST_OUTSTANDING = 5000
# what a replica of an older or newer version answers to a command that it does not know
_UNKNOWN_THERE = frozenset({"MethodNotFound", "IncorrectSignature", "MalformedRequest"})


class _Reply(msgspec.Struct):
    """A reply on nameko's wire; what it holds is left as it was written until somebody wants to read it."""

    result: msgspec.Raw = msgspec.Raw(b"null")
    error: dict[str, Any] | None = None


_encode = json.JSONEncoder(separators=(",", ":")).encode
_open_reply = msgspec.json.Decoder(_Reply).decode


class _Outstanding:
    """One call that waits for its reply: `answered` is held until it is there (an Event makes a lock for each of its waits)."""

    __slots__ = ("answered", "body", "refusal")

    def __init__(self) -> None:
        self.answered = threading.Lock()
        self.answered.acquire()
        self.body: bytes | str | None = None
        self.refusal: Refused | None = None


class RpcClient:
    """One per process. `sign` makes the statement of who is asking (plumbing.actor.Signer or Passport)."""

    def __init__(self, uri: str, name: str, sign: Callable[[Actor], str]) -> None:
        self._name = name
        self._sign = sign
        self._link = Link(uri, f"{name} calls", self._prepare, self._forget)
        self._starting = threading.Lock()
        self._started = False
        self._outstanding: dict[str, _Outstanding] = {}
        self._numbers = itertools.count(1)
        self._channel: amqp.Channel | None = None
        self._reply_to = ""

    @property
    def up(self) -> threading.Event:
        """Set while the broker is there."""
        return self._link.up

    def start(self) -> None:
        """Connect; the first call does it otherwise (after a web server has forked)."""
        with self._starting:
            if not self._started:
                self._started = True
                self._link.start()

    def stop(self) -> None:
        """Close the connection; who still waits gets Unavailable."""
        self._link.stop()

    def call(
        self,
        command: Command,
        payload: dict[str, Any],
        actor: Actor,
        *,
        command_id: str | None = None,
        timeout: float = 5.0,
        service: str | None = None,
    ) -> Any:
        """Have `command` carried out and return its reply as plain JSON: `ask`, read."""
        asked = self.ask(command, payload, actor, command_id=command_id, timeout=timeout, service=service)
        return msgspec.json.decode(asked)

    def ask(
        self,
        command: Command,
        payload: dict[str, Any],
        actor: Actor,
        *,
        command_id: str | None = None,
        timeout: float = 5.0,
        service: str | None = None,
    ) -> msgspec.Raw:
        """Have `command` carried out and return its reply as the service wrote it: JSON in UTF-8.

        `payload` is plain JSON that fits the command's request. `command_id` names this very wish: called again with the
        same one, a changing command is not carried out twice and the first reply comes again. `service` is who to ask where
        it is not the command's own (`media_node_<id>`). Raises the contract's errors; Unavailable after `timeout` seconds,
        when the broker is away, and when there is no such service.
        """
        self.start()
        until = time.monotonic() + timeout
        if not self._link.up.wait(min(timeout, _PATIENCE_WITH_BROKER_SECONDS)):
            raise Unavailable
        if len(self._outstanding) >= _MOST_OUTSTANDING:
            raise Unavailable
        headers: dict[str, str | float] = {
            ACTOR: self._sign(actor),
            DEADLINE: time.time() + timeout,
            COMMAND_ID: command_id or new_id(),
            TRACEPARENT: traces.current() or traces.span(),
        }
        number = str(next(self._numbers))
        body = _encode({"args": [], "kwargs": payload}).encode()
        asked = wire.request(body, headers, number, self._reply_to, max(1, int(timeout * 1000)))
        self._outstanding[number] = waiting = _Outstanding()
        try:
            self._send(asked, f"{service or command.service}.{command.method}")
            if not waiting.answered.acquire(timeout=max(0.0, until - time.monotonic())):
                raise Unavailable
        finally:
            self._outstanding.pop(number, None)
        if waiting.refusal is not None:
            raise waiting.refusal
        return _result(waiting.body)

    def _send(self, asked: wire.Content, key: str) -> None:
        try:
            with self._link.writing():
                channel = self._channel
                if channel is None:
                    raise LinkDown
                wire.publish(channel, asked, EXCHANGE, key, mandatory=True)
        except LinkDown as error:
            raise Unavailable from error

    def _prepare(self, connection: Connection) -> None:
        channel = connection.channel()
        reply_to = str(uuid.uuid4())
        queue = f"rpc.reply-{self._name}-{reply_to}"
        channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.queue_declare(queue, durable=False, exclusive=True, auto_delete=True)
        channel.queue_bind(queue, EXCHANGE, reply_to)
        channel.basic_consume(queue, no_ack=True, callback=self._on_reply)
        channel.events["basic_return"].add(self._on_return)
        self._reply_to, self._channel = reply_to, channel

    def _forget(self) -> None:
        """The connection is gone, and with it the reply queue: nobody waits in vain."""
        self._channel = None
        for number in list(self._outstanding):
            self._finish(number, refusal=Unavailable())

    def _on_reply(self, message: amqp.Message) -> None:
        self._finish(message.properties.get("correlation_id", ""), body=message.body)

    def _on_return(self, _error: Any, _exchange: str, _key: str, message: amqp.Message) -> None:
        """No queue takes it: there is no such service."""
        self._finish(message.properties.get("correlation_id", ""), refusal=Unavailable())

    def _finish(self, number: str, body: bytes | str | None = None, refusal: Refused | None = None) -> None:
        waiting = self._outstanding.pop(number, None)
        if waiting is not None:
            waiting.body, waiting.refusal = body, refusal
            waiting.answered.release()


def _result(body: bytes | str | None) -> msgspec.Raw:
    reply = _open_reply(body or b"{}")
    if reply.error:
        raise refusal_of(reply.error)
    return reply.result


def error_on_wire(refusal: Refused) -> dict[str, Any]:
    """A refusal in nameko's form for errors."""
    kind = type(refusal).__name__
    return {
        "exc_type": kind,
        "exc_path": f"{ERRORS_MODULE}.{kind}",
        "exc_args": [refusal.extra],
        "value": refusal.detail,
    }


def refusal_of(error: dict[str, Any]) -> Refused:
    """The refusal that came over the wire; Unexpected for what is none of the contract's."""
    kind = str(error.get("exc_type"))
    if error.get("exc_path") == f"{ERRORS_MODULE}.{kind}" and kind in KINDS:
        extra = (error.get("exc_args") or [{}])[0]
        return KINDS[kind](str(error.get("value", "")), **(extra if isinstance(extra, dict) else {}))
    return Unavailable() if kind in _UNKNOWN_THERE else Unexpected()
