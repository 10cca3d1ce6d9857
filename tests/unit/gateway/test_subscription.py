"""What a screen is shown: a snapshot first, then changes, and never an older view after a newer one."""

import pytest

from contracts.actor import Actor
from gateway.live.connection import Allowance, Subscription
from gateway.live.topics import Subject, Topic

ROOM = Subject("room", "r")
HOST = Actor("member", "smith", "org", roles=("provider",))


class Tab:
    """A connection as a subscription sees it: who, and what it was sent."""

    def __init__(self) -> None:
        self.actor = HOST
        self.sent: list[bytes] = []

    def send(self, frame: bytes) -> None:
        self.sent.append(frame)


@pytest.fixture
def tab() -> Tab:
    return Tab()


@pytest.fixture
def subscription(tab: Tab) -> Subscription:
    return Subscription(tab, Topic("rooms"))  # type: ignore[arg-type]


def begun(subscription: Subscription, version: int = 3) -> None:
    subscription.begin(b"snapshot", [(ROOM, {"version": version})])


def test_what_changes_while_the_snapshot_is_read_follows_it(subscription: Subscription, tab: Tab) -> None:
    subscription.change(ROOM, 4, b"four", gone=False)
    assert tab.sent == []
    begun(subscription)
    assert tab.sent == [b"snapshot", b"four"]


def test_of_what_changed_meanwhile_only_the_newest_follows(subscription: Subscription, tab: Tab) -> None:
    subscription.change(ROOM, 4, b"four", gone=False)
    subscription.change(ROOM, 5, b"five", gone=False)
    begun(subscription)
    assert tab.sent == [b"snapshot", b"five"]


def test_a_change_that_the_snapshot_has_overtaken_is_not_shown(subscription: Subscription, tab: Tab) -> None:
    subscription.change(ROOM, 2, b"two", gone=False)
    begun(subscription)
    assert tab.sent == [b"snapshot"]


def test_an_older_view_never_follows_a_newer_one(subscription: Subscription, tab: Tab) -> None:
    begun(subscription)
    subscription.change(ROOM, 5, b"five", gone=False)
    subscription.change(ROOM, 4, b"four", gone=False)
    assert tab.sent == [b"snapshot", b"five"]


def test_a_view_without_a_version_is_always_shown(subscription: Subscription, tab: Tab) -> None:
    begun(subscription)
    for _ in range(2):
        subscription.change(Subject("invitation", "i"), None, b"invitation", gone=False)
    assert tab.sent == [b"snapshot", b"invitation", b"invitation"]


def test_nobody_is_told_that_something_is_gone_which_they_never_saw(subscription: Subscription, tab: Tab) -> None:
    begun(subscription)
    subscription.change(Subject("caller", "c"), None, b"gone", gone=True)
    assert tab.sent == [b"snapshot"]
    subscription.change(ROOM, None, b"gone", gone=True)
    assert tab.sent == [b"snapshot", b"gone"]


def test_a_new_snapshot_holds_changes_again(subscription: Subscription, tab: Tab) -> None:
    begun(subscription)
    subscription.hold()
    subscription.change(ROOM, 4, b"four", gone=False)
    assert tab.sent == [b"snapshot"]
    begun(subscription)
    assert tab.sent == [b"snapshot", b"snapshot", b"four"]


def test_a_flood_of_frames_is_noticed() -> None:
    allowance = Allowance()
    assert all(allowance.take() for _ in range(300))
    assert not all(allowance.take() for _ in range(100))
