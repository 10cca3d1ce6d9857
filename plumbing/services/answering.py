"""`@answers(COMMAND)`: a method of a service that carries out a command.

Before the method: who asks (signed), whether they still wait, whether they may, whether the request fits, whether it was
carried out before. After it: the reply in its contract's form, or a typed refusal; whatever else was raised is logged here
and mute on the wire. One log line for each.
"""

import datetime as dt
import json
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import amqp
import eventlet
import structlog
from marshmallow import ValidationError
from nameko.exceptions import ConfigurationError, ContainerBeingKilled
from nameko.extensions import Entrypoint
from pymongo.errors import ConnectionFailure, PyMongoError

from contracts.actor import Actor
from contracts.command import Command
from contracts.errors import Forbidden, Invalid, NotFound, NotSignedIn, Refused, Unavailable, Unexpected, pointers
from contracts.permissions import allowed
from plumbing import clock, rpc, traces
from plumbing.health import COMMANDS
from plumbing.ids import new_id
from plumbing.records import TOLD_OF
from plumbing.services import runtime
from plumbing.services.bus import Bus
from plumbing.services.commands import COLLECTION, LEASE_SECONDS, Commands, Remembered, command_key, without_secrets
from plumbing.services.dumping import dumper
from plumbing.services.reply import refusal_on_wire, reply_message, result_on_wire

log = structlog.get_logger()


@dataclass(frozen=True)
class Call:
    """One command that came: who asks, under which id, when, and until when they wait (`time.time()`)."""

    actor: Actor
    command_id: str
    now: dt.datetime
    deadline: float

    @property
    def organisation_id(self) -> str:
        """The organisation for which they ask; raises NotFound for who asks for none."""
        if self.actor.organisation_id is None:
            raise NotFound
        return self.actor.organisation_id


class _Late(Exception):
    """Its caller has gone."""


class _Taken:
    """A request on its way through: what is known of it so far."""

    __slots__ = ("call", "key", "message", "renewal", "request", "started", "token", "trace")

    def __init__(self, message: amqp.Message) -> None:
        self.message = message
        self.started = time.monotonic()
        self.call: Call | None = None
        self.request: dict[str, Any] = {}
        self.key = self.token = self.trace = ""
        self.renewal: Any = None


class Answers(Entrypoint):
    """The entrypoint behind `@answers`."""

    bus = Bus()

    def __init__(self, command: Command) -> None:
        self.command = command
        self._request = command.request()
        reply = command.reply()
        self._dump = dumper(reply)
        self._forgotten = frozenset(name for name, field in reply.fields.items() if field.metadata.get("forgotten"))
        super().__init__()

    def setup(self) -> None:
        """Take requests for the command; refuses a method that is not named as its command."""
        service = self.container.service_name
        if self.command.name != f"{service}.{self.method_name}":
            raise ConfigurationError(f"{service}.{self.method_name} answers {self.command.name}: name it so.")
        current = runtime.current()
        self._verify = current.verifier
        self._recorder = current.recorder
        self._commands = Commands(current.database[COLLECTION], eventlet.sleep)
        self.bus.answer(self.method_name, self._take)

    def stop(self) -> None:
        """Take no more, and finish what was taken."""
        self.bus.finish()

    def _take(self, message: amqp.Message) -> None:
        """In the reading greenlet: whatever needs no waiting."""
        taken = _Taken(message)
        try:
            self._open(taken)
        except Exception as error:  # noqa: BLE001 every failure becomes a reply
            self._settle_error(taken, error)
            return
        if self.command.changes:
            self.container.spawn_managed_thread(partial(self._begin, taken), identifier=self.method_name)
        else:
            self._work(taken)

    def _open(self, taken: _Taken) -> None:
        headers = taken.message.headers
        taken.trace = traces.begin(headers.get(rpc.TRACEPARENT))
        now = time.time()
        deadline = float(headers.get(rpc.DEADLINE) or now + LEASE_SECONDS)
        token = headers.get(rpc.ACTOR)
        if not isinstance(token, str):
            raise NotSignedIn
        actor = self._verify(token)
        command_id = str(headers.get(rpc.COMMAND_ID) or new_id())
        taken.call = Call(actor, command_id, clock.now(), deadline)
        if now >= deadline:
            raise _Late
        if not allowed(self.command.permission, actor):
            raise Forbidden
        taken.request = _fields(taken.message)

    def _begin(self, taken: _Taken) -> None:
        """In a greenlet of its own: hold the command, so that it is carried out once."""
        call = taken.call
        if call is None:
            return
        key = command_key(self.command.name, call.actor, call.command_id)
        try:
            taken.token = self._commands.begin(key, without_secrets(taken.request, self._request), call.deadline)
            taken.key = key
            taken.renewal = eventlet.spawn_after(LEASE_SECONDS / 3, self._renew, taken)
        except Remembered as before:
            self._answer(taken, result_on_wire(before.reply), "remembered")
        except Exception as error:  # noqa: BLE001 every failure becomes a reply
            self._settle_error(taken, error)
        else:
            self._work(taken)

    def _renew(self, taken: _Taken) -> None:
        while taken.token:
            try:
                self._commands.extend(taken.key, taken.token)
            except PyMongoError as error:
                log.warning("lease not renewed", command=self.command.name, error=type(error).__name__)
            eventlet.sleep(LEASE_SECONDS / 3)

    def _work(self, taken: _Taken) -> None:
        try:
            # what the schema makes of it may not be JSON: the digest of a command is of what came
            request = self._load(taken.request)
        except Exception as error:  # noqa: BLE001 every failure becomes a reply
            self._settle_error(taken, error)
            return
        try:
            self.container.spawn_worker(
                self,
                (request, taken.call),
                {},
                context_data={traces.HEADER: taken.trace},
                handle_result=partial(self._done, taken),
            )
        except ContainerBeingKilled:
            return  # not acknowledged: another replica gets it

    def _load(self, payload: dict[str, Any]) -> dict[str, Any]:
        try:
            loaded: dict[str, Any] = self._request.load(payload)
        except ValidationError as error:
            raise Invalid(errors=pointers(error.messages)) from None
        return loaded

    def _done(self, taken: _Taken, _worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """In the worker, after the method. Must not raise: nameko would end the process."""
        try:
            if exc_info is not None:
                self._settle_error(taken, exc_info[1])
            else:
                self._settle(taken, result)
        except Exception:
            log.exception("reply failed", command=self.command.name)
        return None, None

    def _settle(self, taken: _Taken, result: Any) -> None:
        try:
            reply = self._dump(result if result is not None else {})
            body = result_on_wire(reply)
            if self.command.reads and taken.call:
                # before it is shown; a read that the audit log cannot be told of is refused
                self._recorder.seen(self.command, taken.call.actor, taken.request, reply, taken.call.now)
        except Exception as error:  # noqa: BLE001 a reply that does not fit its contract is a defect of ours
            self._settle_error(taken, error)
            return
        if taken.token:
            token, taken.token = taken.token, ""
            self._stop_renewing(taken)
            try:
                kept = {name: value for name, value in reply.items() if name not in self._forgotten}
                self._commands.finish(taken.key, token, kept)
            except PyMongoError as error:
                # it is done; only a repeat within the hour would be carried out again, which rules must bear
                log.warning("reply not remembered", command=self.command.name, error=type(error).__name__)
        self._answer(taken, body, "done")

    def _settle_error(self, taken: _Taken, error: BaseException) -> None:
        if isinstance(error, Forbidden) and taken.call and taken.call.actor.kind in TOLD_OF:
            # telling waits for the broker, and this may be the reading greenlet
            self.container.spawn_managed_thread(partial(self._tell_refusal, taken, error), identifier=self.method_name)
        else:
            self._answer_error(taken, error)

    def _tell_refusal(self, taken: _Taken, error: Forbidden) -> None:
        """Nothing was seen or done: where the audit log cannot be told, they are refused all the same."""
        if taken.call:
            try:
                self._recorder.refused(self.command, taken.call.actor, _named(taken), taken.call.now)
            except Unavailable:
                log.warning("refusal not told", command=self.command.name)
        self._answer_error(taken, error)

    def _answer_error(self, taken: _Taken, error: BaseException) -> None:
        refusal, outcome = self._refusal(error)
        if isinstance(refusal, Unexpected):
            log.error("command failed", command=self.command.name, cause=_cause(error), exc_info=error)
        if taken.token:
            token, taken.token = taken.token, ""
            self._stop_renewing(taken)
            try:
                self._commands.abandon(taken.key, token)
            except PyMongoError as problem:
                log.warning("command not given back", command=self.command.name, error=type(problem).__name__)
        self._send(taken, refusal_on_wire(rpc.error_on_wire(refusal)))
        self._report(taken, outcome)

    def _refusal(self, error: BaseException) -> tuple[Refused, str]:
        if isinstance(error, Refused):
            return error, type(error).__name__
        if isinstance(error, _Late):
            return Unavailable(), "late"
        if isinstance(error, ConnectionFailure):
            return Unavailable(), "Unavailable"
        return Unexpected(), "Unexpected"

    def _stop_renewing(self, taken: _Taken) -> None:
        if taken.renewal is not None:
            taken.renewal.cancel()

    def _answer(self, taken: _Taken, body: bytes, outcome: str) -> None:
        self._send(taken, body)
        self._report(taken, outcome)

    def _send(self, taken: _Taken, body: bytes) -> None:
        reply_to = taken.message.properties.get("reply_to")
        answer = reply_message(taken.message, body) if reply_to else None
        self.bus.acknowledge(taken.message, answer, reply_to or "")

    def _report(self, taken: _Taken, outcome: str) -> None:
        seconds = time.monotonic() - taken.started
        COMMANDS.labels(self.command.name, outcome).observe(seconds)
        call = taken.call
        log.info(
            "command",
            service=self.command.service,
            command=self.command.name,
            command_id=call.command_id if call else None,
            organisation_id=call.actor.organisation_id if call else None,
            actor=call.actor.id if call else None,
            ms=round(seconds * 1000, 1),
            outcome=outcome,
            traceparent=taken.trace,
        )


def _fields(message: amqp.Message) -> dict[str, Any]:
    """The named fields of a request on nameko's wire; raises Invalid for a body that is none."""
    try:
        body = json.loads(message.body)
        fields, unnamed = body["kwargs"], body["args"]
    except (ValueError, KeyError, TypeError):
        fields, unnamed = None, None
    if unnamed or not isinstance(fields, dict):
        raise Invalid(errors=[{"pointer": "", "detail": "Send an object with named fields."}])
    return fields


def _named(taken: _Taken) -> dict[str, Any]:
    """What was asked, of a request that may not have been read yet."""
    try:
        return taken.request or _fields(taken.message)
    except Invalid:
        return {}


def _cause(error: BaseException) -> str | None:
    cause = error.__cause__ or error.__context__
    return type(cause).__name__ if cause else None


answers = Answers.decorator
