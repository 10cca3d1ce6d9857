"""Rooms full of load clients on Janus' VideoRoom, over its WebSocket, tuned as its authors advise for one core."""

import asyncio
import json
import secrets
from pathlib import Path
from typing import Any

import simple_websocket

from bench.media import client

JANUS_PORT = 18188
_PATIENCE_SECONDS = 60


def configuration(folder: Path, address: str) -> str:
    """Write Janus' files into `folder` and return the address of its WebSocket."""
    (folder / "janus.jcfg").write_text(
        f'''general: {{ configs_folder = "{folder}" event_loops = 1 debug_level = 2 session_timeout = 0 }}
media: {{ rtp_port_range = "20000-29999" }}
nat: {{ ice_enforce_list = "{address}" }}
plugins: {{ disable = "libjanus_audiobridge.so,libjanus_echotest.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_nosip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so,libjanus_lua.so,libjanus_duktape.so" }}
transports: {{ disable = "libjanus_http.so,libjanus_pfunix.so,libjanus_rabbitmq.so,libjanus_mqtt.so,libjanus_nanomsg.so" }}
loggers: {{ disable = "libjanus_jsonlog.so" }}
events: {{ broadcast = false }}
'''
    )
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: { }\n")
    (folder / "janus.transport.websockets.jcfg").write_text(
        f'general: {{ json = "compact" ws = true ws_port = {JANUS_PORT} ws_ip = "127.0.0.1" wss = false }}\n'
    )
    return f"ws://127.0.0.1:{JANUS_PORT}/"


class JanusRooms:
    """Every client sends, and receives all others of its room."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self.connections: list[Any] = []

    async def fill(self, rooms: int, size: int) -> None:
        self._socket = await simple_websocket.AioClient.connect(self._path, subprotocols=["janus-protocol"])
        self._reading = asyncio.ensure_future(self._read())
        for room in range(1, rooms + 1):
            await self._fill_room(room, size)

    async def _fill_room(self, room: int, size: int) -> None:
        members = []
        for number in range(size):
            session, handle = await self._attach()
            if number == 0:
                create = {
                    "request": "create", "room": room, "publishers": 50, "bitrate": 0, "audiocodec": "opus", "videocodec": "vp8",
                    "transport_wide_cc_ext": True, "fir_freq": 0,
                }  # fmt: skip
                await self._message(session, handle, create)
            joined = await self._message(session, handle, {"request": "join", "ptype": "publisher", "room": room})
            sending = client.Connection(client.CONFIGURATION)
            self.connections.append(sending)
            answer = await self._message(
                session, handle, {"request": "publish"}, {"type": "offer", "sdp": await client.offer(sending)}
            )
            await client.accept(sending, answer["jsep"]["sdp"])
            data = joined["plugindata"]["data"]
            members.append((session, data["id"], data["private_id"]))
        # a feed can be subscribed to once its publisher is connected
        for connection in self.connections:
            while connection.connectionState != "connected":  # noqa: ASYNC110 the event may be past
                await asyncio.sleep(0.02)
        for session, feed, private in members:
            handle = await self._handle(session)
            streams = [{"feed": other} for _, other, _ in members if other != feed]
            join = {"request": "join", "ptype": "subscriber", "room": room, "private_id": private, "streams": streams}
            offered = await self._message(session, handle, join)
            receiving = client.Connection(client.CONFIGURATION)
            self.connections.append(receiving)
            answer = await client.answer_to(receiving, offered["jsep"]["sdp"])
            await self._message(session, handle, {"request": "start"}, {"type": "answer", "sdp": answer})

    async def _attach(self) -> tuple[int, int]:
        session = (await self._ask({"janus": "create"}))["data"]["id"]
        return session, await self._handle(session)

    async def _handle(self, session: int) -> int:
        attached = await self._ask({"janus": "attach", "session_id": session, "plugin": "janus.plugin.videoroom"})
        return int(attached["data"]["id"])

    async def _message(
        self, session: int, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None
    ) -> Any:
        message = {"janus": "message", "session_id": session, "handle_id": handle, "body": body}
        return await self._ask(message | ({"jsep": jsep} if jsep else {}))

    async def _ask(self, message: dict[str, Any]) -> Any:
        transaction = secrets.token_hex(8)
        self._answers[transaction] = waiting = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps(message | {"transaction": transaction}))
        answer = await asyncio.wait_for(waiting, _PATIENCE_SECONDS)
        if answer["janus"] == "error" or "error_code" in answer.get("plugindata", {}).get("data", {}):
            raise RuntimeError(f"Janus refused: {answer}")
        return answer

    async def _read(self) -> None:
        while data := await self._socket.receive():
            body = json.loads(data)
            waiting = self._answers.get(body.get("transaction", ""))
            if waiting is not None and body["janus"] != "ack" and not waiting.done():
                waiting.set_result(body)
