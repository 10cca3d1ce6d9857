"""live.fanout: from the command that changes a room to the moment when the last of many browsers is shown it.

The command, its write, the event, the one read for each audience and the frames are all in the time.
"""

import asyncio
import json
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

from bench.row import Row, alone, at_most, main
from bench.sockets import Tab, open_tabs
from bench.stack import running
from contracts import accounts, rooms
from contracts.actor import PUBLIC, Actor
from deploy.local.files import ROOT
from plumbing.actor import Signer
from plumbing.rpc import RpcClient

SOCKETS = 500
CHANGES = 40
GOAL_MS = 80.0
ROLES = ("owner", "provider", "coordinator")


def measure() -> list[Row]:
    """99 of 100 screens are shown a change within this many milliseconds."""
    with running("accounts", "rooms", "gateway-live") as stack:
        about = {
            "settings": stack.settings("gateway"), "live_url": stack.live_url, "base_url": stack.base_url,
            "members": [stack.password(role) for role in ROLES],
        }  # fmt: skip
        command = [sys.executable, "-m", "bench.live", "watch"]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=stack.settings("gateway"),
            input=json.dumps(about),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    found = json.loads(done.stdout)
    print(
        f"{SOCKETS} sockets: p50 {found['p50']:.0f} ms, p99 {found['p99']:.0f} ms, opened in {found['opened_seconds']:.1f} s"
    )
    return [alone(f"live.fanout_{SOCKETS}", found["p99"], "ms", at_most(GOAL_MS))]


async def watch(about: dict[str, Any]) -> dict[str, float]:
    """Opens the sockets, changes a room again and again, and waits each time until all were shown it."""
    settings = about["settings"]
    client = RpcClient(settings["AMQP_URI"], "gateway", Signer.from_file("gateway", settings["ACTOR_PRIVATE_KEY"]))
    sign_ins = [
        client.call(accounts.SIGN_IN, {"email": email, "password": password}, PUBLIC, timeout=30)
        for email, password in about["members"]
    ]
    owner = sign_ins[0]["member"]
    actor = Actor("member", owner["id"], owner["organisation_id"], roles=(owner["role"],), name=owner["name"])
    room = next(room for room in client.call(rooms.LIST_ROOMS, {}, actor)["items"] if room["kind"] == "meeting")
    place = urlsplit(about["live_url"])
    began = time.monotonic()
    cookies = [f"housecall={each['token']}" for each in sign_ins]
    tabs = await open_tabs(place.hostname or "", place.port or 0, about["base_url"], cookies, SOCKETS)
    opened = time.monotonic() - began
    times: list[float] = []
    for number in range(CHANGES):
        before = [len(tab.shown) for tab in tabs]
        began = time.monotonic()
        change = {"room_id": room["id"], "locked": number % 2 == 0}
        await asyncio.to_thread(client.call, rooms.CHANGE_ROOM, change, actor)
        await _all_shown(tabs, before)
        times += [tab.shown[seen] - began for tab, seen in zip(tabs, before, strict=True)]
    for tab in tabs:
        tab.close()
    client.stop()
    times.sort()
    return {"p50": times[len(times) // 2] * 1000, "p99": times[int(len(times) * 0.99)] * 1000, "opened_seconds": opened}


async def _all_shown(tabs: list[Tab], before: list[int]) -> None:
    end = time.monotonic() + 30
    while any(len(tab.shown) <= seen for tab, seen in zip(tabs, before, strict=True)):
        if time.monotonic() > end or any(tab.lost for tab in tabs):
            raise RuntimeError("a screen was not shown the change")
        await asyncio.sleep(0.005)


if __name__ == "__main__":
    if sys.argv[1:] == ["watch"]:
        print(json.dumps(asyncio.run(watch(json.load(sys.stdin)))))
    else:
        main(measure)
