"""A network between a participant and the node that loses what it is told to lose, never by chance."""

import asyncio
from collections.abc import Callable
from typing import Any

Loses = Callable[[int, bytes], bool]
"""(how manieth media datagram in this direction, datagram) → whether it is lost."""


def every(nth: int) -> Loses:
    """Each nth media datagram is lost."""
    return lambda number, _data: number % nth == nth - 1


def nothing(_number: int, _data: bytes) -> bool:
    return False


class _End(asyncio.DatagramProtocol):
    def __init__(self, came: Callable[[bytes, Any], None]) -> None:
        self._came = came

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._came(data, addr)


class LossyLink:
    """A UDP relay in front of the node: each participant's address gets a socket of its own behind it."""

    def __init__(self, to_node: Loses = nothing, from_node: Loses = nothing) -> None:
        self._loses = {"to": to_node, "from": from_node}
        self._counted = {"to": 0, "from": 0}
        self.lost = {"to": 0, "from": 0}
        self._behind: dict[Any, asyncio.DatagramTransport] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._front: Any = None
        self.node_address: Any = None
        self.port = 0

    async def open(self) -> "LossyLink":
        loop = asyncio.get_running_loop()
        self._front, _ = await loop.create_datagram_endpoint(lambda: _End(self._from_participant), ("127.0.0.1", 0))
        self.port = self._front.get_extra_info("sockname")[1]
        return self

    def close(self) -> None:
        for transport in (self._front, *self._behind.values()):
            transport.close()

    def _is_lost(self, direction: str, data: bytes) -> bool:
        if not data or not 128 <= data[0] < 192 or 192 <= data[1] <= 223:
            return False
        number = self._counted[direction]
        self._counted[direction] += 1
        lost = self._loses[direction](number, data)
        self.lost[direction] += lost
        return lost

    def _from_participant(self, data: bytes, address: Any) -> None:
        if not self._is_lost("to", data):
            task = asyncio.ensure_future(self._pass_on(data, address))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, data: bytes, address: Any) -> None:
        if address not in self._behind:
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _End(lambda back, _: self._to_participant(back, address)), ("127.0.0.1", 0)
            )
            if address in self._behind:
                transport.close()
            else:
                self._behind[address] = transport
        self._behind[address].sendto(data, self.node_address)

    def _to_participant(self, data: bytes, address: Any) -> None:
        if not self._is_lost("from", data):
            self._front.sendto(data, address)
