"""Rooms full of load clients on our node, over `bench.media.server`'s socket."""

import asyncio
import itertools
import json
from typing import Any

from bench.media import client

_LONGEST_LINE = 1 << 20
_PATIENCE_SECONDS = 60


class NodeRooms:
    """Every client sends, and receives all others of its room."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._ids = itertools.count()
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._receiving: dict[str, tuple[str, Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections: list[Any] = []

    async def fill(self, rooms: int, size: int) -> None:
        reader, self._writer = await asyncio.open_unix_connection(self._path, limit=_LONGEST_LINE)
        self._spawn(self._read(reader))
        for room in range(rooms):
            await self._ask("open_call", f"room-{room}", "organisation")
            for number in range(size):
                await self._join(f"room-{room}", f"client-{room}-{number}")

    async def _join(self, room: str, name: str) -> None:
        sending, receiving = client.Connection(client.CONFIGURATION), client.Connection(client.CONFIGURATION)
        self.connections += [sending, receiving]
        self._receiving[name] = (room, receiving)
        await self._ask("seat", room, name)
        await client.accept(sending, await self._ask("publish", room, name, await client.offer(sending), {}))
        await self._ask("subscribe", room, name)

    async def _ask(self, method: str, *arguments: Any) -> Any:
        number = next(self._ids)
        self._answers[number] = waiting = asyncio.get_running_loop().create_future()
        self._writer.write(json.dumps({"id": number, "method": method, "arguments": arguments}).encode() + b"\n")
        return await asyncio.wait_for(waiting, _PATIENCE_SECONDS)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            body = json.loads(line)
            if "id" in body:
                waiting = self._answers.pop(body["id"], None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(body["result"])
            elif body["signal"]["type"] == "offer":
                self._spawn(self._answer(body["to"], body["signal"]))

    async def _answer(self, name: str, body: dict[str, Any]) -> None:
        room, receiving = self._receiving[name]
        await self._ask("answer", room, name, body["offer_id"], await client.answer_to(receiving, body["sdp"]))
