"""Sending from a real MongoDB to a real mail server: claimed once, recorded once, tried again, left to others."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from plumbing.store import Kept
from services.invitations import invitation as rules
from services.invitations.compose import Composer, Mail
from services.invitations.delivery import Outcome
from services.invitations.invitation import FAILED, QUEUED, REFUSED, TAKEN, Invitation
from services.invitations.postman import Postman
from services.invitations.smtp import MailServer as Connection
from services.invitations.store import INDEXES, InvitationsStore
from tests.fakes import FakeOutbox
from tests.patience import eventually
from tests.unit.invitations.mail_server import MailServer
from tests.unit.invitations.things import KEY, MIA, NOW, OMAR, ORGANISATION, hash_of_link, invitation, recipient

LEASE_SECONDS = 6.0


class Clock:
    """What the senders take for the time."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(real_database: Any, outbox: FakeOutbox) -> InvitationsStore:
    real_database["invitations"].create_indexes(INDEXES["invitations"])
    return InvitationsStore(real_database, outbox)


@pytest.fixture
def server() -> Iterator[MailServer]:
    made = MailServer()
    with made.running():
        yield made


def postman(
    store: InvitationsStore, server: MailServer, clock: Callable[[], datetime], owner: str = "me"
) -> Postman[Mail]:
    composer = Composer("https://housecall.example", "no-reply@mail.example", KEY)
    return Postman(store, composer, lambda: Connection(server.uri), owner, LEASE_SECONDS, clock)


def deliver(store: InvitationsStore, server: MailServer, clock: Callable[[], datetime]) -> bool:
    connection = Connection(server.uri)
    try:
        return postman(store, server, clock).deliver_due(connection)
    finally:
        connection.close()


def people(count: int, number: int = 1) -> Invitation:
    return invitation(
        *(
            recipient(f"01920000-0000-7000-8{number:03x}-{each:012x}", f"p{number}-{each}@example.com")
            for each in range(count)
        ),
        number=number,
    )


def kept(store: InvitationsStore, sent: Invitation) -> Invitation:
    return store.invitations.get(sent.id, ORGANISATION)


def test_each_recipient_gets_a_mail_and_each_taking_is_an_event(
    store: InvitationsStore, server: MailServer, clock: Clock, outbox: FakeOutbox
) -> None:
    sent = store.invitations.create(people(3))
    assert deliver(store, server, clock)
    assert server.times_taken() == {f"p1-{each}@example.com": 1 for each in range(3)}
    assert [one.delivery for one in kept(store, sent).recipients] == [TAKEN] * 3
    assert outbox.types == ["invitation.sent"] * 3
    assert [event["sequence"][-1] for event in outbox.events] == ["1", "2", "3"]
    assert not deliver(store, server, clock)


def test_a_mailbox_that_is_none_bounces_and_the_others_are_sent(
    store: InvitationsStore, server: MailServer, clock: Clock, outbox: FakeOutbox
) -> None:
    server.answer_rcpt = lambda address: "550 5.1.1 no" if address == "p1-1@example.com" else None
    sent = store.invitations.create(people(3))
    deliver(store, server, clock)
    assert [one.delivery for one in kept(store, sent).recipients] == [TAKEN, REFUSED, TAKEN]
    assert sorted(outbox.types) == ["invitation.bounced", "invitation.sent", "invitation.sent"]
    clock.now += timedelta(days=1)
    assert not deliver(store, server, clock)


def test_what_the_server_puts_off_is_tried_again_when_its_pause_is_over(
    store: InvitationsStore, server: MailServer, clock: Clock
) -> None:
    server.answer_rcpt = lambda _: "451 4.7.1 greylisted" if len(server.asked) < 3 else None
    sent = store.invitations.create(people(1))
    assert deliver(store, server, clock)
    assert not deliver(store, server, clock)
    clock.now += timedelta(seconds=7)
    assert deliver(store, server, clock)
    clock.now += timedelta(seconds=20)
    assert deliver(store, server, clock)
    assert (kept(store, sent).recipients[0].delivery, len(server.asked)) == (TAKEN, 3)


def test_a_server_that_is_away_is_asked_once_for_all_and_again_later(store: InvitationsStore, clock: Clock) -> None:
    server = MailServer()
    sent = store.invitations.create(people(20))
    assert deliver(store, server, clock)
    waiting = kept(store, sent)
    assert {(one.delivery, one.attempts) for one in waiting.recipients} == {(QUEUED, 1)}
    clock.now += timedelta(seconds=7)
    with server.running():
        deliver(store, server, clock)
    assert [one.delivery for one in kept(store, sent).recipients] == [TAKEN] * 20


def test_after_two_days_it_is_given_up(store: InvitationsStore, server: MailServer, clock: Clock) -> None:
    server.answer_data = lambda _: "451 later"
    sent = store.invitations.create(people(1))
    while due_at := kept(store, sent).due_at:
        clock.now = due_at
        assert deliver(store, server, clock)
    assert kept(store, sent).recipients[0].delivery == FAILED
    assert clock.now - NOW <= timedelta(days=2)


def test_many_senders_send_each_mail_once(store: InvitationsStore, server: MailServer, clock: Clock) -> None:
    sent = [store.invitations.create(people(5, number)) for number in range(1, 31)]
    senders = [postman(store, server, clock, owner) for owner in "abc"]
    for each in senders:
        each.start()
    eventually(lambda: store.invitations.count({"due_at": {"$type": "date"}}) == 0, what="all are sent", seconds=60)
    for each in senders:
        each.stop()
    assert set(server.times_taken().values()) == {1}
    assert len(server.times_taken()) == 150
    assert {one.delivery for each in sent for one in kept(store, each).recipients} == {TAKEN}


def test_a_new_invitation_wakes_the_sender(store: InvitationsStore, server: MailServer, clock: Clock) -> None:
    sender = postman(store, server, clock)
    sender.start()
    store.invitations.create(people(1))
    sender.wake()
    eventually(lambda: len(server.taken) == 1, what="it is sent")
    sender.stop()


def test_what_is_revoked_while_others_are_sent_is_not_sent(
    store: InvitationsStore, server: MailServer, clock: Clock
) -> None:
    sent = store.invitations.create(people(40))
    last = sent.recipients[-1]

    def revoke_at_the_first(_address: str) -> None:
        if len(server.asked) == 1:
            store.invitations.update(sent.id, ORGANISATION, lambda one: rules.revoke(one, last.id))

    server.answer_rcpt = revoke_at_the_first
    deliver(store, server, clock)
    assert last.address not in server.times_taken()
    assert [one.delivery for one in kept(store, sent).recipients] == [TAKEN] * 39 + [FAILED]


def test_what_others_change_meanwhile_is_kept_beside_what_was_sent(
    store: InvitationsStore, server: MailServer, clock: Clock, outbox: FakeOutbox
) -> None:
    sent = store.invitations.create(people(30))
    ids = iter([one.id for one in sent.recipients])

    def arrive(_address: str) -> None:
        arriving = next(ids)
        store.invitations.update(sent.id, ORGANISATION, lambda one: rules.note_arrived(one, arriving, NOW))

    server.answer_rcpt = arrive
    deliver(store, server, clock)
    people_now = kept(store, sent).recipients
    assert {(one.delivery, one.arrived_at) for one in people_now} == {(TAKEN, NOW)}
    stored = store.invitations.collection.find_one({"_id": sent.id})
    assert stored is not None
    said = [event["type"] for event in stored["outbox"]]
    assert (said.count("invitation.sent"), said.count("invitation.arrived")) == (30, 30)
    assert [int(event["sequence"]) for event in stored["outbox"]] == list(range(1, 61))


def test_what_a_dead_sender_had_claimed_is_sent_by_another(
    store: InvitationsStore, server: MailServer, clock: Clock
) -> None:
    sent = store.invitations.create(people(1))
    assert [one.state.id for one in store.claim_due(NOW, "dead/0", 0.5, 16)] == [sent.id]
    assert not deliver(store, server, clock)
    eventually(lambda: deliver(store, server, clock), what="the lease is over", seconds=10)
    assert kept(store, sent).recipients[0].delivery == TAKEN


def test_what_is_sent_again_at_once_finds_no_lease_of_the_first_time(
    store: InvitationsStore, server: MailServer, clock: Clock
) -> None:
    server.answer_rcpt = lambda address: "451 later" if address == "p2-1@example.com" else None
    done, put_off = store.invitations.create(people(1)), store.invitations.create(people(2, 2))
    deliver(store, server, clock)
    leases = store.invitations.collection.count_documents({"lease": {"$exists": True}})
    assert (leases, kept(store, put_off).recipients[1].attempts) == (0, 1)
    store.invitations.update(
        done.id, ORGANISATION, lambda one: rules.resend(one, one.recipients[0].id, NOW, hash_of_link)
    )
    assert deliver(store, server, clock)
    assert server.times_taken()["p1-0@example.com"] == 2


def test_a_slow_mail_does_not_lose_its_lease(store: InvitationsStore, server: MailServer, clock: Clock) -> None:
    """Longer than the lease, in the middle of which another sender looks for work."""
    slow = threading.Event()
    store.invitations.create(people(1))
    began: list[float] = []

    def answer(_address: str) -> None:
        began.append(time.monotonic())
        slow.wait(2.5)

    server.answer_data = answer
    composer = Composer("https://housecall.example", "no-reply@mail.example", KEY)
    sender = Postman(store, composer, lambda: Connection(server.uri), "slow", 1.0, clock)
    work = threading.Thread(target=sender.deliver_due, args=(Connection(server.uri),))
    work.start()
    eventually(lambda: began, what="the mail is being handed over")
    seen: list[Kept[Invitation]] = []
    while work.is_alive():
        seen += store.claim_due(NOW, f"other/{len(seen)}", 1.0, 16)
        work.join(0.1)
    assert seen == []
    assert len(server.taken) == 1


def test_a_taken_mail_is_written_down_although_the_database_fails_for_a_while(
    store: InvitationsStore, server: MailServer, clock: Clock
) -> None:
    sent = store.invitations.create(people(1))
    record, failures = store.record, iter(range(3))

    def failing(
        claimed: Sequence[Kept[Invitation]], outcomes: Sequence[Outcome], now: datetime
    ) -> list[Kept[Invitation]]:
        if next(failures, None) is not None:
            raise ConnectionError
        return record(claimed, outcomes, now)

    store.record = failing  # type: ignore[method-assign]
    deliver(store, server, clock)
    assert kept(store, sent).recipients[0].delivery == TAKEN
    assert len(server.taken) == 1


def test_a_resent_mail_carries_the_same_link(store: InvitationsStore, server: MailServer, clock: Clock) -> None:
    sent = store.invitations.create(invitation())
    deliver(store, server, clock)
    store.invitations.update(sent.id, ORGANISATION, lambda one: rules.resend(one, MIA, NOW, hash_of_link))
    deliver(store, server, clock)
    first, second = (taken.message for taken in server.taken)
    bodies = [message.get_body(("plain",)) for message in (first, second)]
    assert len({body.get_content() for body in bodies if body}) == 1
    assert first["Message-ID"] != second["Message-ID"]


def test_a_mail_that_cannot_be_composed_stops_nobody_else(
    store: InvitationsStore, server: MailServer, clock: Clock
) -> None:
    sent = store.invitations.create(
        invitation(recipient(address="mia@" + "x" * 70 + "ü.com"), recipient(OMAR, "omar@x.com"))
    )
    deliver(store, server, clock)
    first, second = kept(store, sent).recipients
    assert (first.delivery, first.attempts, second.delivery) == (QUEUED, 1, TAKEN)


def test_claims_are_not_held_up_by_what_is_not_due(store: InvitationsStore) -> None:
    store.invitations.create(replace(people(1), due_at=NOW + timedelta(seconds=1)))
    store.invitations.create(replace(people(1, 2), due_at=None))
    assert store.claim_due(NOW, "me/0", 5.0, 16) == []
