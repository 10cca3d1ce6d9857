"""What the node is told over the bus, and what it says of itself. Reads as the table of its commands."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import marshmallow

from contracts import media_node as says
from contracts.actor import Actor
from contracts.command import Command
from contracts.errors import Forbidden, Invalid, pointers
from contracts.permissions import allowed
from services.media.node.bus import UnknownMethod
from services.media.node.calls import Calls
from services.media.node.port import Port

ALIVE_SECONDS = 1.0
_DONE = {"ok": True}

Answerer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class Control:
    """Carries out commands on `calls` for whoever may give them. `verify` turns a signed statement into its actor."""

    def __init__(self, node_id: str, capacity: int, calls: Calls, port: Port, verify: Callable[[str], Actor]) -> None:
        self._node_id, self._capacity, self._calls, self._port, self._verify = node_id, capacity, calls, port, verify
        self._started_at = time.time()
        self.draining = False
        self._measured = (time.monotonic(), time.process_time(), 0)
        self._commands: dict[str, tuple[Command, Answerer]] = {
            command.method: (command, answer)
            for command, answer in (
                (says.OPEN_CALL, self._open_call),
                (says.CLOSE_CALL, self._close_call),
                (says.SEAT, self._seat),
                (says.UNSEAT, self._unseat),
                (says.HOLD, self._hold),
                (says.UNHOLD, self._unhold),
                (says.MUTE, self._mute),
                (says.UNMUTE, self._unmute),
                (says.PUBLISH, self._publish),
                (says.SUBSCRIBE, self._subscribe),
                (says.ANSWER, self._answer),
                (says.REPORT, self._report),
            )
        }

    async def handle(self, method: str, payload: dict[str, Any], token: str) -> dict[str, Any]:
        """One call from the bus. Raises contract errors, and UnknownMethod."""
        if method not in self._commands:
            raise UnknownMethod
        command, answer = self._commands[method]
        if not allowed(command.permission, self._verify(token)):
            raise Forbidden
        try:
            request = command.request().load(payload)
        except marshmallow.ValidationError as error:
            raise Invalid(errors=pointers(error.messages)) from error
        return await answer(request)

    async def say_alive(self, report: Callable[[str, dict[str, Any]], None]) -> None:
        """Every second, until cancelled: whoever hears nothing for a few seconds knows that the node is gone."""
        while True:
            report("node.alive", self.alive())
            await asyncio.sleep(ALIVE_SECONDS)

    def alive(self) -> dict[str, Any]:
        """`cpu` is the share of one core since it was last asked; `packets_per_second` counts what was sent."""
        before, cpu_before, sent_before = self._measured
        self._measured = now, cpu, sent = time.monotonic(), time.process_time(), self._port.report()["sent"]
        elapsed = max(now - before, 1e-3)
        calls, participants = self._calls.size
        return {
            "node_id": self._node_id, "started_at": self._started_at, "calls": calls, "participants": participants,
            "packets_per_second": round((sent - sent_before) / elapsed), "cpu": round((cpu - cpu_before) / elapsed, 3),
            "capacity": self._capacity, "draining": self.draining,
        }  # fmt: skip

    async def _open_call(self, request: dict[str, Any]) -> dict[str, Any]:
        self._calls.open_call(request["call_id"], request["organisation_id"])
        return _DONE

    async def _close_call(self, request: dict[str, Any]) -> dict[str, Any]:
        await self._calls.close_call(request["call_id"])
        return _DONE

    async def _seat(self, request: dict[str, Any]) -> dict[str, Any]:
        self._calls.seat(request["call_id"], request["participant_id"], request.get("held"), request.get("muted"))
        return _DONE

    async def _unseat(self, request: dict[str, Any]) -> dict[str, Any]:
        await self._calls.unseat(request["call_id"], request["participant_id"])
        return _DONE

    async def _hold(self, request: dict[str, Any]) -> dict[str, Any]:
        self._calls.hold(request["call_id"], request["participant_id"], True)
        return _DONE

    async def _unhold(self, request: dict[str, Any]) -> dict[str, Any]:
        self._calls.hold(request["call_id"], request["participant_id"], False)
        return _DONE

    async def _mute(self, request: dict[str, Any]) -> dict[str, Any]:
        self._calls.mute(request["call_id"], request["participant_id"], request["kind"], True)
        return _DONE

    async def _unmute(self, request: dict[str, Any]) -> dict[str, Any]:
        self._calls.mute(request["call_id"], request["participant_id"], request["kind"], False)
        return _DONE

    async def _publish(self, request: dict[str, Any]) -> dict[str, Any]:
        sources = {track["mid"]: track["source"] for track in request["tracks"]}
        return {
            "sdp": await self._calls.publish(request["call_id"], request["participant_id"], request["sdp"], sources)
        }

    async def _subscribe(self, request: dict[str, Any]) -> dict[str, Any]:
        self._calls.subscribe(request["call_id"], request["participant_id"])
        return _DONE

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        await self._calls.answer(request["call_id"], request["participant_id"], request["offer_id"], request["sdp"])
        return _DONE

    async def _report(self, _request: dict[str, Any]) -> dict[str, Any]:
        return {"node": {**self.alive(), **self._port.report()}, "calls": self._calls.report()}
