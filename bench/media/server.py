"""The media node as it is, told what to do over a unix socket instead of RabbitMQ: `python -m bench.media.server SOCKET ADDRESS BACKEND`."""

import asyncio
import contextlib
import json
import sys
from typing import Any

from services.media.node.calls import Calls
from services.media.node.forwarding.choice import open_forwarder
from services.media.node.port import Port, open_socket
from services.media.node.taps import Taps, srtp_functions, srtp_handle

_LONGEST_LINE = 1 << 20


async def serve(path: str, address: str, backend: str) -> None:
    """Until killed. Each line in is {id, method, arguments}; each line out {id, result} or {signal, to}."""
    sock = open_socket(address, 0)
    forwarder = open_forwarder(sock, backend, srtp_functions(), srtp_handle)
    port = Port(sock, forwarder, (address, sock.getsockname()[1]))
    writers: list[asyncio.StreamWriter] = []

    def say(body: dict[str, Any]) -> None:
        for writer in writers:
            writer.write(json.dumps(body).encode() + b"\n")

    calls = Calls(Taps(port), lambda to, body: say({"signal": body, "to": to}), lambda _key, _body: None)
    port.start()
    calls.start()

    async def answer(request: dict[str, Any]) -> None:
        result = getattr(calls, request["method"])(*request["arguments"])
        say({"id": request["id"], "result": await result if asyncio.iscoroutine(result) else result})

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with contextlib.suppress(ConnectionError):
            async with asyncio.TaskGroup() as tasks:
                while line := await reader.readline():
                    tasks.create_task(answer(json.loads(line)))
        writers.remove(writer)

    async with await asyncio.start_unix_server(connected, path, limit=_LONGEST_LINE) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:4]))
