"""The api process's application before every real service, and one of everybody who may stand before it."""

import json
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from contracts.actor import ROLES
from tests.wiring.house import PASSWORD, House

ORIGIN = "http://localhost"
NOBODY, GUEST, PROGRAM = "nobody", "guest", "program"
EVERYBODY = (*ROLES, NOBODY, GUEST, PROGRAM)


@dataclass
class Front:
    """`cookies`: who → what their browser sends. A program comes with a bearer token that nobody gave."""

    app: Flask
    ours: House
    theirs: House
    cookies: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)

    def ask(self, who: str, method: str, path: str, **more: Any) -> TestResponse:
        """One request, as our own pages or a program send it; safe from many threads."""
        headers = {"X-Housecall": "1", "Host": "localhost", **more.pop("headers", {})}
        if self.cookies.get(who):
            headers["Cookie"] = self.cookies[who]
        if who == PROGRAM:
            headers["Authorization"] = "Bearer nobody-gave-this-token"
        return self.app.test_client(use_cookies=False).open(path, method=method, headers=headers, **more)

    def sign_in(self, email: str) -> str:
        """The cookie of a new sign-in."""
        answer = self.ask(NOBODY, "POST", "/api/sign-ins", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return _cookies(answer)

    def let_in(self) -> None:
        """A member of each role signs in, and a guest arrives by the link of a room."""
        for role in ROLES:
            self.emails[role] = self.ours.email if role == "owner" else self.ours.add(role)
            self.cookies[role] = self.sign_in(self.emails[role])
        path = f"/api/join/room/{self.ours.room['link']}/arrivals"
        self.cookies[GUEST] = _cookies(self.ask(NOBODY, "POST", path, json={"display_name": "Mia"}))


def problem(answer: TestResponse) -> dict[str, Any]:
    """What an error says, without the address that it was said at."""
    said: dict[str, Any] = json.loads(answer.data or b"{}")
    said.pop("instance", None)
    return said


def _cookies(answer: TestResponse) -> str:
    return "; ".join(line.partition(";")[0] for line in answer.headers.getlist("Set-Cookie"))
