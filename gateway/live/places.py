"""Telling guests how many wait before them and how long it may take: every few seconds, all of an organisation at once."""

import threading
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import structlog

from contracts import waiting
from contracts.errors import Refused
from gateway.live import frames
from gateway.live.connection import Subscription
from gateway.live.hub import Hub
from gateway.live.topics import Subject
from gateway.live.wire import encoded
from plumbing.rpc import RpcClient

log = structlog.get_logger()
EVERY_SECONDS = 5.0
_UNNUMBERED = "00000000000000000000"


class Places:
    """The places of those guests who are connected to this worker. They are no events: nothing of them is kept or numbered."""

    def __init__(self, hub: Hub, rpc: RpcClient, every_seconds: float = EVERY_SECONDS) -> None:
        self._hub = hub
        self._rpc = rpc
        self._every_seconds = every_seconds
        self._told: dict[Subscription, dict[str, Any]] = {}
        self._stopped = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="places", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def tell(self) -> None:
        """One round: whoever's place is another than when last told is told."""
        guests = self._guests()
        told = self._told
        self._told = {each: told[each] for group in guests.values() for each in group if each in told}
        for followers in guests.values():
            for some in _at_most(followers, waiting.MOST_PLACES):
                self._tell(some)

    def _run(self) -> None:
        while not self._stopped.wait(self._every_seconds):
            try:
                self.tell()
            except Refused as refusal:
                # they are told in the next round
                log.info("places could not be read", error=type(refusal).__name__)
            except Exception:
                log.exception("places could not be told")

    def _guests(self) -> dict[str | None, list[Subscription]]:
        """By organisation, those who follow their own place."""
        found: dict[str | None, list[Subscription]] = {}
        for connection in self._hub.connections(lambda actor: actor.kind == "guest"):
            subscription = connection.subscriptions.get("caller")
            if subscription is not None:
                found.setdefault(connection.actor.organisation_id, []).append(subscription)
        return found

    def _tell(self, followers: list[Subscription]) -> None:
        asked = sorted({str(each.connection.actor.caller_id) for each in followers})
        reply = self._rpc.call(waiting.LIST_PLACES, {"caller_ids": asked}, followers[0].connection.actor)
        places = {each["caller_id"]: each for each in reply["items"]}
        for follower in followers:
            self._tell_one(follower, places.get(str(follower.connection.actor.caller_id)))

    def _tell_one(self, follower: Subscription, place: dict[str, Any] | None) -> None:
        if place == self._told.get(follower):
            return
        subject = Subject("place", str(follower.connection.actor.caller_id))
        frame = encoded(frames.change(follower.topic, subject, _UNNUMBERED, place))
        follower.change(subject, None, frame, gone=place is None)
        if place is None:
            self._told.pop(follower, None)
        else:
            self._told[follower] = place


def _at_most(followers: Iterable[Subscription], number: int) -> Iterator[list[Subscription]]:
    left = iter(followers)
    while some := list(islice(left, number)):
        yield some
