"""Somebody who repeats each command until it is answered, somebody who kills processes meanwhile, and an organisation for both."""

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import requests

from contracts.accounts import CREATE_ORGANISATION
from contracts.actor import system
from deploy.local.demo_organisation import OPERATOR
from deploy.secrets import ACTOR_PRIVATE_KEY
from plumbing.actor import Signer
from plumbing.ids import new_id
from plumbing.rpc import RpcClient
from tests.journeys.client import Visitor

ANSWERED_SECONDS = 90.0
PASSWORD = "seven green kettles sing"
_AGAIN = frozenset({502, 503, 504})


def found_organisation(stack: dict[str, Any], folder: Path) -> str:
    """A new organisation on Premium, as an operator makes one; its owner's address."""
    email = f"owner-{new_id()}@example.com"
    client = RpcClient(
        stack["amqp_uri"], OPERATOR, Signer.from_file(OPERATOR, str(folder / "keys" / OPERATOR / ACTOR_PRIVATE_KEY))
    )
    owner = {"email": email, "name": "Olive Owner", "password": PASSWORD}
    asked = {"name": "Killed at any moment", "plan": "premium", "owner": owner}
    try:
        client.call(CREATE_ORGANISATION, asked, system(OPERATOR), timeout=20.0)
    finally:
        client.stop()
    return email


class Steady(Visitor):
    """Sends each command with a key of its own, again and again, until it is answered; `tries` and `answers` are counted."""

    def __init__(self, stack: dict[str, Any]) -> None:
        super().__init__(stack)
        self.tries = self.answers = 0
        self._pause = threading.Event()

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        status, _ = self.command("POST", "/api/sign-ins", {"email": email, "password": password})
        assert status == 201, status

    def command(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and what was said. Fails for what is no answer (500), and for none within a minute and a half."""
        key, until = new_id(), time.monotonic() + ANSWERED_SECONDS
        while True:
            self.tries += 1
            with suppress(requests.RequestException):
                answer = self.request(method, path, body, headers={"Idempotency-Key": key})
                if answer.status_code not in _AGAIN:
                    assert answer.status_code != 500, f"{method} {path}: {answer.text}"
                    self.answers += 1
                    return answer.status_code, json.loads(answer.content or b"null")
            assert time.monotonic() < until, f"{method} {path} was not answered"
            self._pause.wait(0.1)

    def read(self, path: str) -> Any:
        """What a GET says, as soon as it is answered."""
        status, said = self.command("GET", path)
        assert status == 200, f"{path}: {status} {said}"
        return said


class Killer:
    """Kills one process after another (SIGKILL), of those whose names begin so; who started them starts them again.

    The next one is killed when some commands have been answered since, however slow the machine: killed again and again while
    they start, all of them would be away for good.
    """

    def __init__(self, folder: Path, names: tuple[str, ...], seed: int, answered: Callable[[], int]) -> None:
        self._processes = folder / "processes.json"
        self._names = names
        self._chance = random.Random(seed)
        self._answered = answered
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.killed: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(10)

    def _run(self) -> None:
        enough = 0
        while not self._stopping.wait(self._chance.uniform(0.02, 1.0)):
            if self._answered() < enough:
                continue
            alive = [each for each in json.loads(self._processes.read_text()) if each["pid"]]
            one = self._chance.choice([each for each in alive if each["name"].startswith(self._names)])
            with suppress(ProcessLookupError):
                os.kill(one["pid"], signal.SIGKILL)
                self.killed.append(one["name"])
            enough = self._answered() + self._chance.randrange(1, 6)
