"""People as the journeys play them: members and guests who speak the public API, and the mailbox that they read."""

import email
import email.policy
import json
import queue
import re
import threading
import time
import uuid
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any, Self

import requests
import simple_websocket

PATIENCE_SECONDS = 15.0


def eventually(
    read: Callable[[], Any], true: Callable[[Any], bool], what: str, seconds: float = PATIENCE_SECONDS
) -> Any:
    """Reads until it is true, or fails with the last that was read."""
    until = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        found = read()
        if true(found):
            return found
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds:.0f} s: {what}; last: {found!r}")
        pause.wait(0.05)


class Live:
    """One tab's WebSocket. Frames that arrive are kept until somebody waits for them."""

    def __init__(self, url: str, cookies: requests.cookies.RequestsCookieJar, origin: str) -> None:
        header = "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)
        self._socket = simple_websocket.Client(url, headers={"Cookie": header, "Origin": origin})
        self._frames: queue.Queue[dict[str, Any]] = queue.Queue()
        self._kept: list[dict[str, Any]] = []
        self._ref = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            while True:
                text = self._socket.receive()
                if text is not None:
                    self._frames.put(json.loads(text))
        except simple_websocket.ConnectionClosed:
            self._frames.put({"type": "closed"})

    def send(self, frame: dict[str, Any] | str) -> None:
        self._socket.send(frame if isinstance(frame, str) else json.dumps(frame))

    def wait_for(self, true: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """The first frame, of those not taken yet, for which it is true."""
        for index, frame in enumerate(self._kept):
            if true(frame):
                return self._kept.pop(index)
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                frame = self._frames.get(timeout=max(0.01, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(
                    f"no frame within {PATIENCE_SECONDS:.0f} s: {what}; seen: {self._kept!r}"[:3000]
                ) from None
            if true(frame):
                return frame
            self._kept.append(frame)

    def ask(self, **frame: Any) -> dict[str, Any]:
        """Sends a frame with a `ref` and gives the reply, snapshot or error that answers it."""
        self._ref += 1
        ref = self._ref
        self.send({**frame, "ref": ref})
        return self.wait_for(lambda answer: answer.get("ref") == ref, f"the answer to {frame['type']}")

    def wait_for_view(self, true: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """The view of the first change for which it is true."""
        frame = self.wait_for(lambda f: f["type"] == "change" and f["view"] is not None and true(f["view"]), what)
        return frame["view"]

    def close(self) -> None:
        try:
            self._socket.close()
        except simple_websocket.ConnectionClosed:
            return


class Visitor:
    """Somebody with a browser: cookies, and the header that our own pages send with what changes something."""

    def __init__(self, stack: dict[str, Any]) -> None:
        self.stack = stack
        self.base = stack["base_url"]
        self.http = requests.Session()
        self.http.headers["X-Housecall"] = "1"
        self._live: list[Live] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for live in self._live:
            live.close()
        self.http.close()

    def request(self, method: str, path: str, body: Any = None, **kwargs: Any) -> requests.Response:
        return self.http.request(method, self.base + path, json=body, timeout=20, **kwargs)

    def get(self, path: str) -> Any:
        return self._read(self.request("GET", path))

    def post(self, path: str, body: Any = None) -> Any:
        return self._read(self.request("POST", path, {} if body is None else body))

    @staticmethod
    def _read(answer: requests.Response) -> Any:
        assert answer.ok, f"{answer.status_code} {answer.text[:1000]}"
        return answer.json() if answer.content else None

    def live(self) -> Live:
        live = Live(self.stack["live_url"], self.http.cookies, self.base)
        self._live.append(live)
        return live


class Member(Visitor):
    """A member of the demonstration's organisation, signed in."""

    def __init__(self, stack: dict[str, Any], role: str) -> None:
        super().__init__(stack)
        account = next(member for member in stack["members"] if member["role"] == role)
        self.post("/api/sign-ins", {"email": account["email"], "password": account["password"]})
        self.me = self.get("/api/me")

    def rooms(self) -> list[dict[str, Any]]:
        return self.get("/api/rooms")["items"]

    def user_room(self) -> dict[str, Any]:
        member_id = self.me["member"]["id"]
        return next(room for room in self.rooms() if room["owner_member_id"] == member_id)

    def meeting_room(self) -> dict[str, Any]:
        return next(room for room in self.rooms() if room["kind"] == "meeting")

    def invite(self, room_id: str, recipients: str, **more: Any) -> dict[str, Any]:
        body = {
            "room_id": room_id,
            "recipients": recipients,
            "title": "My first call",
            "message": "Please come.",
            **more,
        }
        return self.post("/api/invitations", body)


class Guest(Visitor):
    """A client with a link: `/join/<token>` or `/join/room/<link>`."""

    def __init__(self, stack: dict[str, Any], link: str) -> None:
        super().__init__(stack)
        self.path = link[link.index("/join/") :]
        self.http.get(self.base + self.path, timeout=20)

    def hello(self) -> Any:
        return self.get(f"/api{self.path}")

    def arrive(self, name: str) -> Any:
        return self.post(
            f"/api{self.path}/arrivals", {"display_name": name, "device_test": {"camera": True, "microphone": True}}
        )


class Mailbox:
    """What the development mail page has received; a mail is waited for so many seconds."""

    def __init__(self, stack: dict[str, Any], seconds: float = PATIENCE_SECONDS) -> None:
        self._url = stack["mail_url"].rstrip("/")
        self._seconds = seconds

    def mail_to(self, address: str, number: int = 1) -> dict[str, Any]:
        """The newest mail to an address, once `number` have come."""

        def read() -> list[dict[str, Any]]:
            every = requests.get(f"{self._url}/messages.json", timeout=10).json()
            rows = every["items"] if isinstance(every, dict) else every
            return [row for row in rows if address in json.dumps(row["to"])]

        found = eventually(read, lambda rows: len(rows) >= number, f"{number} mail to {address}", self._seconds)
        raw = requests.get(f"{self._url}/messages/{found[0]['id']}/raw", timeout=10).content
        return {**found[0], "raw": raw}

    def join_link(self, address: str) -> str:
        message = email.message_from_bytes(self.mail_to(address)["raw"], policy=email.policy.default)
        found = re.search(r"https?://\S+/join/[\w-]{32}", text_of(message))
        assert found, f"a mail to {address} without a link"
        return found[0]


def link_in(mail: dict[str, Any], page: str) -> str:
    """The link to one of our pages in a mail, with what is behind its #."""
    text = text_of(email.message_from_bytes(mail["raw"], policy=email.policy.default))
    found = re.search(rf"https?://\S+/{page}#[\w-]+", text)
    assert found, f"a mail without a link to /{page}"
    return found[0]


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def address() -> str:
    """An address that no other journey uses."""
    return f"client-{uuid.uuid4().hex[:10]}@example.com"
