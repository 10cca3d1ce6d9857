"""One run: rooms are filled on one server, then its CPU and what arrives are measured: `python -m bench.media.load KIND SOCKET ADDRESS PID ROOMSxSIZE SECONDS`."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from bench.media import client
from bench.media.janus_rooms import JanusRooms
from bench.media.node_rooms import NodeRooms

_SETTLE_SECONDS = 30
_SETTLED = 0.98


def cpu_seconds(pid: int) -> float:
    """Of all threads, by the scheduler's nanoseconds."""
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


async def settled(size: int, senders: int) -> bool:
    """Wait until what arrives is what should."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < deadline:
        sent, received = client.TOTALS.sent, client.TOTALS.received
        await asyncio.sleep(1)
        due = (client.TOTALS.sent - sent) * (size - 1)
        if len(client.SENDERS) == senders and due and client.TOTALS.received - received >= _SETTLED * due:
            return True
    return False


async def run(kind: str, path: str, address: str, pid: int, rooms: int, size: int, seconds: float) -> dict[str, Any]:
    """Fill, settle, measure; the figures of one run."""
    client.use_only(address)
    filled: NodeRooms | JanusRooms = JanusRooms(path) if kind == "janus" else NodeRooms(path)
    await filled.fill(rooms, size)
    sending = asyncio.ensure_future(client.keep_sending())
    steady = await settled(size, rooms * size * 2)
    totals = client.TOTALS
    before = (totals.sent, totals.received, totals.lost, cpu_seconds(pid), time.monotonic(), time.process_time())
    await asyncio.sleep(seconds)
    after = (totals.sent, totals.received, totals.lost, cpu_seconds(pid), time.monotonic(), time.process_time())
    sent, received, lost, cpu, elapsed, own = (b - a for a, b in zip(before, after, strict=True))
    sending.cancel()
    profiles = {
        c.getTransceivers()[0].receiver.transport._ssl.get_selected_srtp_profile().decode() for c in filled.connections
    }
    return {
        "kind": kind, "steady": steady, "microseconds": cpu / max(1, received) * 1e6, "per_second": received / elapsed,
        "delivered": received / max(1, sent * (size - 1)), "lost": lost / max(1, received), "cpu": cpu / elapsed,
        "client_cpu": own / elapsed, "verified": totals.verified, "refused": totals.refused, "ciphers": sorted(profiles),
    }  # fmt: skip


if __name__ == "__main__":
    kind, path, address, pid, shape, seconds = sys.argv[1:7]
    rooms, size = (int(part) for part in shape.split("x"))
    print(json.dumps(asyncio.run(run(kind, path, address, int(pid), rooms, size, float(seconds)))), flush=True)
    os._exit(0)  # hundreds of connections need not be closed one by one
