"""The broker is killed under load and started again: nothing is lost, and everything is back within three seconds of its
accepting connections."""

import socket
import threading
import time
from pathlib import Path
from typing import Any

from contracts.errors import Unavailable
from plumbing.ids import new_id
from tests.backing import VirtualHost
from tests.patience import eventually
from tests.wiring.echo_words import WRITE
from tests.wiring.echoing import SMITH, Echoing
from tests.wiring.own_broker import OwnBroker, own_broker

BACK_WITHIN_SECONDS = 3.0


class Load:
    """Writes notes from several threads, one after the other, until told to stop."""

    def __init__(self, service: Echoing, threads: int) -> None:
        self.written: list[tuple[float, str]] = []
        self.refused = 0
        self._service = service
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def since(self, moment: float) -> list[str]:
        return [id for when, id in self.written if when > moment]

    def _run(self) -> None:
        while not self._stopping.wait(0.02):
            try:
                note = self._service.ask(WRITE, {"text": new_id()}, SMITH, timeout=2.0)
            except Unavailable:
                self.refused += 1
            else:
                self.written.append((time.monotonic(), note["id"]))


def accepts(broker: OwnBroker) -> bool:
    """Whether it answers AMQP's first bytes, as every client sends them."""
    try:
        with socket.create_connection(("127.0.0.1", broker.broker.port), timeout=0.5) as connection:
            connection.settimeout(0.5)
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return bool(connection.recv(1))
    except OSError:
        return False


def test_a_killed_broker_loses_nothing_and_all_is_soon_back(tmp_path: Path, mongo_uri: str) -> None:
    with own_broker(tmp_path / "broker") as broker:
        host = VirtualHost("/", broker.uri, broker.broker.admin_uri)
        folder = tmp_path / "service"
        folder.mkdir()
        service = Echoing(folder, host, mongo_uri)
        service.migrate()
        try:
            with service.replicas():
                load = Load(service, threads=4)
                try:
                    measure(service, broker, load)
                finally:
                    load.stop()
                everything_was_heard_once(service, load)
        finally:
            service.close()


def measure(service: Echoing, broker: OwnBroker, load: Load) -> None:
    """Under load: kill, start, and see how soon commands are answered and events are heard again."""
    eventually(lambda: len(load.written), lambda count: count > 40, seconds=30)
    broker.kill()
    eventually(lambda: load.refused, lambda count: count > 0)
    broker.start()
    eventually(lambda: accepts(broker), what="the broker accepts connections", seconds=120)
    back = time.monotonic()
    first = eventually(lambda: load.since(back), what="a command is answered", seconds=20)[0]
    answered = time.monotonic() - back
    eventually(lambda: service.heard(f"room/{first}"), lambda found: found == [1], seconds=20)
    heard = time.monotonic() - back
    assert (answered < BACK_WITHIN_SECONDS, heard < BACK_WITHIN_SECONDS) == (True, True), (
        f"answered after {answered:.2f} s, heard after {heard:.2f} s"
    )
    eventually(lambda: len(load.since(back)), lambda count: count > 40, seconds=30)


def everything_was_heard_once(service: Echoing, load: Load) -> None:
    """Every note that is kept, answered or not, was said and heard, exactly once."""
    kept = {f"room/{one['_id']}" for one in service.database["notes"].find({}, {"_id": 1})}
    assert {f"room/{id}" for _, id in load.written} <= kept

    def heard() -> list[Any]:
        return [one["subject"] for one in service.written("heard")]

    subjects = eventually(heard, lambda found: set(found) == kept, seconds=30)
    assert len(subjects) == len(kept)
