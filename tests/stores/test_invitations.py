"""Where invitations are kept: one test body over the twin in memory and MongoDB."""

from functools import partial
from typing import Any

import pytest

from contracts.errors import NotFound
from services.invitations import invitation as rules
from services.invitations.store import INDEXES, InvitationsStore
from tests.fakes import FakeOutbox
from tests.unit.invitations.things import MIA, NOW, OMAR, ORGANISATION, ROOM, hash_of_link, invitation, recipient


@pytest.fixture
def store(database: Any, outbox: FakeOutbox) -> InvitationsStore:
    database["invitations"].create_indexes(INDEXES["invitations"])
    return InvitationsStore(database, outbox)


def test_an_invitation_comes_back_as_it_was_kept(store: InvitationsStore, outbox: FakeOutbox) -> None:
    sent = invitation(recipient(), recipient(OMAR, "omar@example.com", None))
    assert store.invitations.create(sent, rules.created(sent)) == sent
    assert store.invitations.get(sent.id, ORGANISATION) == sent
    assert outbox.types == ["invitation.created"]
    assert outbox.events[0]["subject"] == f"invitation/{sent.id}"


def test_the_same_command_again_makes_no_second_invitation(store: InvitationsStore, outbox: FakeOutbox) -> None:
    sent = invitation()
    for _ in range(2):
        store.invitations.create(sent, rules.created(sent))
    assert store.invitations.count({}) == 1
    assert outbox.types == ["invitation.created"]


def test_a_link_finds_its_invitation_also_when_it_was_revoked(store: InvitationsStore) -> None:
    sent = store.invitations.create(invitation())
    store.invitations.update(sent.id, ORGANISATION, partial(rules.revoke, recipient_id=MIA))
    assert store.by_link(hash_of_link(MIA, 1)).id == sent.id
    with pytest.raises(NotFound):
        store.by_link(hash_of_link(MIA, 2))


def test_a_room_lists_its_own_newest_first(store: InvitationsStore) -> None:
    for number in (1, 2, 3):
        store.invitations.create(invitation(recipient(f"{MIA[:-1]}{number}"), number=number))
    store.invitations.create(invitation(recipient(OMAR), number=4, room_id=OMAR))
    store.invitations.create(invitation(recipient(f"{MIA[:-1]}9"), number=5, organisation_id=OMAR))
    listed = store.of_room(ORGANISATION, ROOM)
    assert [one.id[-1] for one in listed] == ["3", "2", "1"]
    assert store.of_room(ORGANISATION, ROOM, 1) == listed[:1]
    assert store.of_room(ORGANISATION, ROOM, 5, listed[0].id) == listed[1:]
    assert store.of_room(ORGANISATION, ROOM, 5, listed[2].id) == []
    with pytest.raises(NotFound):
        store.of_room(OMAR, ROOM, 5, listed[0].id)


def test_another_organisation_finds_nothing(store: InvitationsStore) -> None:
    sent = store.invitations.create(invitation())
    with pytest.raises(NotFound):
        store.invitations.get(sent.id, OMAR)


def test_an_event_about_an_invitation_that_is_none_changes_nothing(store: InvitationsStore) -> None:
    store.change_if_known(OMAR, ORGANISATION, partial(rules.note_arrived, recipient_id=MIA, now=NOW))
    assert store.invitations.count({}) == 0
