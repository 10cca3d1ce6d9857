"""Topics of connections: the snapshot at the beginning, and again whenever events may have been missed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog

from contracts.errors import Invalid, NotSignedIn, Refused, Unavailable
from gateway.identity import SignIns
from gateway.live import closing, frames, topics
from gateway.live.changes import Changes
from gateway.live.connection import Connection, Subscription
from gateway.live.hub import Hub
from gateway.live.reading import Reading
from gateway.live.wire import encoded

log = structlog.get_logger()
MOST_TOPICS = 50
_READ_AGAIN_SECONDS = 0.5


class Following:
    """Subscribing, unsubscribing, and reading everything anew after the broker was away."""

    def __init__(self, hub: Hub, reading: Reading, changes: Changes, sign_ins: SignIns, at_once: int = 16) -> None:
        self._hub = hub
        self._reading = reading
        self._changes = changes
        self._sign_ins = sign_ins
        self._renewers = ThreadPoolExecutor(at_once, thread_name_prefix="snapshots")

    def subscribe(self, connection: Connection, topic_text: str, ref: Any) -> None:
        """Send a snapshot, then changes. Raises Invalid, Forbidden and NotFound; then nothing is followed.

        Raises Unavailable when a part does not answer; the topic is followed and its snapshot comes when the part is back.
        """
        topic = topics.parse(topic_text)
        topics.check_follows(connection.actor, topic)
        name = str(topic)
        subscription = connection.subscriptions.get(name)
        if subscription is not None:
            subscription.hold()
            self._show(subscription, ref)
            return
        if len(connection.subscriptions) >= MOST_TOPICS:
            raise Invalid(f"A connection follows at most {MOST_TOPICS} topics.")
        subscription = connection.subscriptions[name] = Subscription(connection, topic)
        # before the snapshot is read, so that no change falls between the two
        self._hub.follow(subscription)
        try:
            self._show(subscription, ref)
        except Unavailable:
            self._renew_later(connection)
            raise
        except Refused:
            self.unsubscribe(connection, topic_text)
            raise

    def unsubscribe(self, connection: Connection, topic_text: str) -> None:
        subscription = connection.subscriptions.pop(str(topics.parse(topic_text)), None)
        if subscription is not None:
            self._hub.unfollow(subscription)

    def renew_all(self) -> None:
        """Events may have been missed: check every sign-in and show every topic anew. Does not wait."""
        self._sign_ins.forget_all()
        for connection in self._hub.connections():
            for subscription in list(connection.subscriptions.values()):
                subscription.hold()
            self._renewers.submit(self._renew, connection)

    def renew_rooms(self, organisation_id: str) -> None:
        """All rooms of an organisation may look another way now: show the topics anew that show them. Does not wait."""
        for connection in self._hub.connections(lambda actor: actor.organisation_id == organisation_id):
            shown = [each for each in list(connection.subscriptions.values()) if topics.shows_rooms(each.topic)]
            for subscription in shown:
                subscription.hold()
            if shown:
                self._renewers.submit(self._renew, connection, shown)

    def stop(self) -> None:
        self._renewers.shutdown(wait=False, cancel_futures=True)

    def _renew_later(self, connection: Connection) -> None:
        later = threading.Timer(_READ_AGAIN_SECONDS, lambda: self._renewers.submit(self._renew, connection))
        later.daemon = True
        later.start()

    def _renew(self, connection: Connection, subscriptions: list[Subscription] | None = None) -> None:
        """Some of what a connection follows, else all of it."""
        if connection not in self._hub:
            return
        try:
            if connection.token is not None:
                self._sign_ins.resolve(connection.token)
            for subscription in subscriptions or list(connection.subscriptions.values()):
                self._renew_one(subscription)
        except NotSignedIn:
            connection.close(closing.SIGN_IN_ENDED)
        except Unavailable:
            self._renew_later(connection)
        except Exception:
            log.exception("topics could not be shown anew")
            raise

    def _renew_one(self, subscription: Subscription) -> None:
        try:
            self._show(subscription, None)
        except Unavailable:
            raise
        except Refused as refusal:
            connection, name = subscription.connection, str(subscription.topic)
            self.unsubscribe(connection, name)
            connection.send(encoded(frames.error(refusal, topic=name)))

    def _show(self, subscription: Subscription, ref: Any) -> None:
        views = self._reading.topic(subscription.topic, subscription.connection.actor)
        also = topics.call_followed(subscription.topic, views)
        if also and self._hub.follow_also(subscription, also):
            # what changed in their call before it was followed is read
            views = self._reading.topic(subscription.topic, subscription.connection.actor)
        # an event heard while it was read may be counted in already; its own change follows under the same number
        items = [(subject, self._changes.sequences.last(subject), view) for subject, view in views]
        subscription.begin(encoded(frames.snapshot(subscription.topic, items, ref)), views)
