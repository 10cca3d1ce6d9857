"""Who sees the queue of a room, and who decides about it: what rooms says of the room decides."""

import pytest

from contracts.errors import Conflict, Forbidden
from services.waiting import access
from tests.unit.waiting.people import caller

ROOM = {"kind": "user", "may_host": True, "may_receive": True}


def test_the_queue_is_seen_by_who_receives_for_the_room() -> None:
    access.check_receives(ROOM)
    with pytest.raises(Forbidden):
        access.check_receives({**ROOM, "may_receive": False})


@pytest.mark.parametrize(("kind", "words"), [("user", "Only the owner"), ("meeting", "Only those who host")])
def test_who_comes_in_is_decided_by_who_hosts(kind: str, words: str) -> None:
    access.check_hosts({**ROOM, "kind": kind})
    with pytest.raises(Forbidden, match=words):
        access.check_hosts({**ROOM, "kind": kind, "may_host": False})


def test_who_was_handed_on_between_a_look_and_a_decision_is_not_decided_about() -> None:
    access.check_still_there(caller(), caller().room_id)
    with pytest.raises(Conflict, match="decided about this caller meanwhile") as refused:
        access.check_still_there(caller(room_id="another"), caller().room_id)
    assert refused.value.extra["elsewhere"]
