"""Participants that are found by the state that their client gave them: a page after the other, and none is missed."""

import datetime as dt
from typing import Any

import pytest

from contracts.errors import NotFound
from plumbing.ids import new_id
from plumbing.mapping import to_document
from services.invitations.participants.participant import Participant
from services.invitations.participants.store import MOST_ON_A_PAGE, ParticipantsStore
from tests.fakes import FakeOutbox

OURS, CLIENT, CLINIC = new_id(), new_id(), new_id()
AT = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)


def a_participant(second: int, **more: Any) -> Participant:
    said = {"organisation_id": OURS, "client_id": CLIENT, "state": "arrived", **more}
    return Participant(
        id=new_id(), session_id=new_id(), clinic_id=CLINIC, role="guest", link_hash=None,
        created_at=AT + dt.timedelta(seconds=second), **said,
    )  # fmt: skip


@pytest.fixture
def store(real_database: Any, outbox: FakeOutbox) -> ParticipantsStore:
    return ParticipantsStore(real_database, outbox)


def test_every_page_follows_the_one_before_though_several_came_at_one_moment(store: ParticipantsStore) -> None:
    # two of each second, so that a page ends between two of one moment
    ours = [a_participant(number // 2) for number in range(2 * MOST_ON_A_PAGE + 3)]
    others = [a_participant(1, state="gone"), a_participant(1, client_id=new_id()), a_participant(1, removed_at=AT)]
    kept = [{**to_document(each), "version": 1, "sequences": {}, "outbox": []} for each in [*ours, *others]]
    store.documents.collection.insert_many(kept)
    found: list[Participant] = []
    sizes = []
    while True:
        page = store.of(OURS, CLIENT, None, "arrived", False, found[-1].id if found else None)
        sizes.append(len(page))
        found += page[:MOST_ON_A_PAGE]
        if len(page) <= MOST_ON_A_PAGE:
            break
    assert sizes == [MOST_ON_A_PAGE + 1, MOST_ON_A_PAGE + 1, 3]
    assert [each.id for each in found] == [each.id for each in sorted(ours, key=lambda one: (one.created_at, one.id))]


def test_a_page_after_nobody_is_none(store: ParticipantsStore) -> None:
    with pytest.raises(NotFound):
        store.of(OURS, CLIENT, None, "arrived", False, new_id())
