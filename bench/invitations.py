"""invitations.send: invitations sent per second by one replica, beside a bare smtplib loop with the same mails into the same sink.

The replica claims, composes, sends, records each acceptance with its event, and publishes the events; the loop only sends.
"""

import json
import os
import secrets
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from joserfc.jwk import OKPKey
from pymongo import MongoClient

from bench.row import Row, at_least, compared, main
from plumbing import clock, mongo
from plumbing.ids import follow, new_id
from plumbing.keys import public_keys
from services.invitations.compose import Composer
from services.invitations.invitation import Invitation, Recipient, Sender
from services.invitations.links import hash_of, token_of
from services.invitations.store import InvitationsStore

BASE_URL = "https://housecall.example"
MAIL_FROM = "Housecall <no-reply@housecall.example>"
LINK_KEY = b"k" * 40
GOAL = 0.7
MOST_SECONDS = 120.0
ROUNDS = 5
HOSTS = 25
"""Who invite, each in their name; the words are those that every invitation begins with."""
# in a round: how many invitations, and to how many people each
SHAPES = {"invitations.send": (250, 1), "invitations.send_to_many": (10, 25)}


class NoOutbox:
    """For keeping invitations without events; those of sending are published by the service."""

    def register(self, collection: Any) -> None:
        """Nothing to sweep here."""

    def send_soon(self, collection: Any, document: Any) -> None:
        """Nothing to publish here."""


class Sink:
    """bench.mail_sink as a process; `times` has when each mail came, by `time.monotonic()`."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench.mail_sink"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())
        self.times: list[float] = []
        threading.Thread(target=self._read, daemon=True).start()

    def rate(self, count: int) -> float:
        """Wait for so many mails in all since the last call; returns how many came per second, first to last."""
        give_up = time.monotonic() + MOST_SECONDS
        while len(self.times) < count:
            if time.monotonic() > give_up:
                raise RuntimeError(f"only {len(self.times)} of {count} mails came in {MOST_SECONDS:.0f} s")
            time.sleep(0.05)
        times, self.times = sorted(self.times), []
        return (len(times) - 1) / (times[-1] - times[0])

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.times.append(float(line.partition(" ")[0]))


def measure() -> list[Row]:
    """A row for each shape."""
    backing = json.loads(subprocess.check_output([sys.executable, "-m", "deploy.local.backing"]))
    sink = Sink()
    prefix = f"bench_{secrets.token_hex(6)}_"
    with MongoClient[dict[str, Any]](backing["mongo_uri"], w="majority") as client:
        store = InvitationsStore(mongo.database(client, f"{prefix}invitations"), NoOutbox())
        try:
            with _replica(prefix, sink, backing):
                return [_row(name, *shape, sink, store) for name, shape in SHAPES.items()]
        finally:
            client.drop_database(f"{prefix}invitations")
            sink.stop()


def _row(name: str, count: int, people: int, sink: Sink, store: InvitationsStore) -> Row:
    """Both in turn and several times, so that whatever else the machine does falls on both; the middle one counts."""
    bare, sent = [], []
    for _ in range(ROUNDS):
        invitations = [_invitation(people, number % HOSTS) for number in range(count)]
        bare.append(_bare_loop(invitations, sink))
        sent.append(_service(invitations, sink, store))
    return compared(name, median(sent), "mails/s", "bare smtplib loop", median(bare), at_least(GOAL))


def _invitation(people: int, host: int = 0) -> Invitation:
    now, id = clock.now(), new_id()
    recipients = []
    for number in range(people):
        recipient_id = follow(id, str(number))
        link_hash = hash_of(token_of(LINK_KEY, recipient_id, 1))
        address = f"mia-{secrets.token_hex(6)}@example.com"
        recipients.append(Recipient(recipient_id, address, "Mia K.", link_hash, now, now))
    return Invitation(
        id=id,
        organisation_id=new_id(),
        room_id=new_id(),
        room_name=f"Dr Smith {host}",
        session_id=None,
        title="My first call with client",
        message="I would like to invite you to a call with Dr Smith.\n\nPlease fill in the forms and email them back.",
        language="en",
        sender=Sender(f"Dr Smith {host}", "Northside Clinic", "smith@clinic.example", "+61 2 5550 1234"),
        planned=None,
        recipients=tuple(recipients),
        link_hashes=tuple(one.link_hash or "" for one in recipients),
        created_at=now,
        due_at=now,
    )


def _bare_loop(invitations: list[Invitation], sink: Sink) -> float:
    composer = Composer(BASE_URL, MAIL_FROM, LINK_KEY)
    mails = [composer.mail(each, person, clock.now()) for each in invitations for person in each.recipients]
    with smtplib.SMTP("127.0.0.1", sink.port, "localhost") as connection:
        for mail in mails:
            connection.sendmail(mail.envelope_from, [mail.envelope_to], mail.content)
    return sink.rate(len(mails))


def _service(invitations: list[Invitation], sink: Sink, store: InvitationsStore) -> float:
    collection = store.invitations.collection
    for each in invitations:
        store.invitations.create(replace(each, due_at=None))
    # everything is due in one moment, so that what is measured is sending and not how fast it is asked for
    new = {"_id": {"$in": [each.id for each in invitations]}}
    collection.update_many(new, [{"$set": {"due_at": "$created_at"}}])
    rate = sink.rate(sum(len(each.recipients) for each in invitations))
    _wait_until_recorded(collection)
    return rate


def _wait_until_recorded(collection: Any) -> None:
    give_up = time.monotonic() + MOST_SECONDS
    while collection.count_documents({"due_at": {"$type": "date"}}):
        if time.monotonic() > give_up:
            raise RuntimeError("not every mail was recorded as taken")
        time.sleep(0.05)


@contextmanager
def _replica(prefix: str, sink: Sink, backing: dict[str, Any]) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        key = OKPKey.generate_key("Ed25519", {"kid": "invitations"})
        Path(folder, "actor.pem").write_bytes(key.as_pem(private=True))
        Path(folder, "actors.json").write_text(json.dumps(public_keys({"invitations": key})))
        Path(folder, "link.key").write_bytes(LINK_KEY)
        environment = {
            **os.environ,
            "AMQP_URI": backing["amqp_uri"],
            "MONGO_URI": backing["mongo_uri"],
            "DATABASE_PREFIX": prefix,
            "ACTOR_PRIVATE_KEY": f"{folder}/actor.pem",
            "ACTOR_PUBLIC_KEYS": f"{folder}/actors.json",
            "LINK_KEY": f"{folder}/link.key",
            "SMTP_URI": f"smtp://127.0.0.1:{sink.port}",
            "BASE_URL": BASE_URL,
            "MAIL_FROM": MAIL_FROM,
            "LOG_LEVEL": "warning",
        }
        command = [sys.executable, "-m", "services.invitations"]
        subprocess.run([*command, "migrate"], env=environment, check=True)
        process = subprocess.Popen(command, env=environment)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main(measure)
