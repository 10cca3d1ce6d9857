"""From an event to the screens: each changed thing is read once for each audience that looks at it, and sent to all of them.

Events that come while it is read are answered by one more read. Reads of one subject for one audience never overtake each
other, so nobody is shown an older view after a newer one.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import structlog

from contracts.errors import Refused, Unavailable
from contracts.events import sequence_text
from gateway.live import frames
from gateway.live.audiences import Owners
from gateway.live.connection import Subscription
from gateway.live.hub import Hub
from gateway.live.reading import Reading
from gateway.live.topics import Changed, Subject, call_followed, changed_by
from gateway.live.wire import encoded

log = structlog.get_logger()
_MOST_SUBJECTS = 100_000
_READ_AGAIN_SECONDS = 0.5
LINE = "line"
_OF_WHO_SITS_IN_IT = frozenset({"call", LINE})
_UNKNOWN = sequence_text(0)


class Sequences:
    """The number of the last event heard of each subject, as far as this worker knows."""

    def __init__(self) -> None:
        self._last: OrderedDict[Subject, str] = OrderedDict()

    def note(self, subject: Subject, sequence: str | None) -> None:
        if sequence is not None and sequence > self._last.get(subject, ""):
            self._last[subject] = sequence
            if len(self._last) > _MOST_SUBJECTS:
                self._last.popitem(last=False)

    def last(self, subject: Subject) -> str:
        return self._last.get(subject, _UNKNOWN)


@dataclass
class _Read:
    """One subject being read for one audience; `again` when it changed meanwhile."""

    changed: Changed
    again: bool = False


class Changes:
    """Hears events, reads views, tells the subscriptions."""

    def __init__(self, hub: Hub, reading: Reading, owners: Owners, at_once: int = 32) -> None:
        self.sequences = Sequences()
        self._hub = hub
        self._reading = reading
        self._owners = owners
        self._readers = ThreadPoolExecutor(at_once, thread_name_prefix="views")
        self._reads: dict[tuple[Subject, Hashable], _Read] = {}
        self._lock = threading.Lock()

    def hear(self, event: dict[str, Any]) -> None:
        """One event of any service; does not wait."""
        if event.get("type") == "room.created":
            self._owners.learn(event["data"])
        changed = changed_by(event)
        if changed is None:
            return
        self.sequences.note(changed.subject, changed.sequence)
        for audience in self._audiences(changed):
            self._ask_for(changed, audience)

    def stop(self) -> None:
        self._readers.shutdown(wait=False, cancel_futures=True)

    def _audiences(self, changed: Changed) -> dict[Hashable, list[Subscription]]:
        found: dict[Hashable, list[Subscription]] = {}
        for follower in self._hub.followers(changed.organisation_id, changed.keys()):
            actor = follower.connection.actor
            # a call and what is written in it is also for who sits in it, whatever others like them may see
            each_alone = changed.subject.kind in _OF_WHO_SITS_IN_IT
            alike = () if each_alone else self._owners.audience(actor, changed.room_id)
            found.setdefault(alike or (actor.kind, actor.id, actor.caller_id), []).append(follower)
        return found

    def _ask_for(self, changed: Changed, audience: Hashable) -> None:
        key = (changed.subject, audience)
        with self._lock:
            read = self._reads.get(key)
            if read is not None:
                read.again = True
                return
            read = self._reads[key] = _Read(changed)
        self._readers.submit(self._run, key, read)

    def _run(self, key: tuple[Subject, Hashable], read: _Read) -> None:
        try:
            while True:
                read.again = False
                self._read_and_tell(read.changed, key[1])
                with self._lock:
                    if not read.again:
                        del self._reads[key]
                        return
        except Unavailable:
            later = threading.Timer(_READ_AGAIN_SECONDS, lambda: self._readers.submit(self._run, key, read))
            later.daemon = True
            later.start()
        except BaseException:
            with self._lock:
                self._reads.pop(key, None)
            log.exception("a view could not be shown", kind=key[0].kind)
            raise

    def _read_and_tell(self, changed: Changed, audience: Hashable) -> None:
        subject = changed.subject
        followers = self._audiences(changed).get(audience)
        if not followers:
            return
        sequence = self.sequences.last(subject)
        try:
            view = self._reading.subject(subject, followers[0].connection.actor)
        except Unavailable:
            raise
        except Refused as refusal:
            log.warning("a view was refused", kind=subject.kind, error=type(refusal).__name__)
            return
        if view is None and subject.kind == LINE:
            return  # who is not in the call is not even told that something was written
        version = view.get("version") if view else None
        made: dict[str, bytes] = {}
        # those who came while it was read are told too: their snapshot may be older
        for follower in self._audiences(changed).get(audience, ()):
            also = call_followed(follower.topic, [(subject, view)] if view else ())
            if also:
                self._hub.follow_also(follower, also)
            topic = str(follower.topic)
            if topic not in made:
                made[topic] = encoded(frames.change(follower.topic, subject, sequence, view))
            follower.change(subject, version, made[topic], gone=view is None)
