"""The rules of messages between the staff and who waits."""

from datetime import timedelta

import pytest
from marshmallow import ValidationError

from contracts.actor import Actor
from contracts.errors import Conflict, TooMany
from contracts.waiting import EVENTS
from contracts.waiting_messages import LONGEST_MESSAGE, MOST_MESSAGES, WriteToCaller
from plumbing.ids import new_id
from services.waiting import messages, path
from services.waiting.caller import Caller
from services.waiting.views import caller_view
from tests.unit.waiting.people import LATER, NOW, admitted, caller

MEMBER = new_id()


def told(subject: Caller, text: str = "Five minutes more", id: str | None = None) -> Caller:
    written = messages.notify(
        subject, id=id or new_id(), text=text, member_id=MEMBER, member_name="Dr Smith", now=LATER
    )
    assert written is not None
    return written.state


def test_a_message_is_kept_with_who_wrote_it_and_its_event_carries_ids_alone() -> None:
    message_id = new_id()
    written = messages.notify(
        caller(), id=message_id, text="Soon.", member_id=MEMBER, member_name="Dr Smith", now=LATER
    )
    assert written is not None
    assert [(each.by, each.name, each.text) for each in written.state.messages] == [("staff", "Dr Smith", "Soon.")]
    (event,) = written.events
    assert (event.type, event.data["message_id"], event.data["member_id"]) == ("caller.notified", message_id, MEMBER)
    assert not EVENTS[event.type]().validate(event.data)
    assert "Soon." not in str(event.data)


def test_who_waits_writes_back() -> None:
    written = messages.reply(told(caller()), id=new_id(), text="Thank you", now=LATER)
    assert written is not None
    assert [(each.by, each.text) for each in written.state.messages] == [
        ("staff", "Five minutes more"),
        ("guest", "Thank you"),
    ]
    assert [(event.type, event.data["member_id"]) for event in written.events] == [("caller.replied", None)]


def test_the_same_message_again_changes_nothing() -> None:
    subject = told(caller(), id="one")
    again = messages.notify(subject, id="one", text="Soon.", member_id=MEMBER, member_name="Dr Smith", now=LATER)
    assert again is None


def test_nobody_writes_to_who_waits_no_more() -> None:
    with pytest.raises(Conflict, match="waits no more"):
        told(admitted())
    with pytest.raises(Conflict, match="waits no more"):
        messages.reply(admitted(), id=new_id(), text="Hello?", now=LATER)


def test_the_latest_are_kept_and_all_are_gone_with_the_caller() -> None:
    subject = caller()
    for number in range(MOST_MESSAGES + 3):
        subject = told(subject, str(number))
    assert [subject.messages[0].text, len(subject.messages)] == ["3", MOST_MESSAGES]
    left = path.leave(subject, now=NOW)
    assert left is not None
    assert left.state.messages == ()


def test_a_device_that_has_lost_the_place_reads_none_of_them() -> None:
    subject = told(caller())
    own, other = (
        Actor("guest", device, subject.organisation_id, device_id=device, caller_id=subject.id)
        for device in (subject.device_id, "another")
    )
    assert [message["text"] for message in caller_view(subject, own)["messages"]] == ["Five minutes more"]
    assert caller_view(subject, other)["messages"] == []


def test_a_message_of_100_kilobytes_is_refused_by_the_name_of_its_field() -> None:
    request = {"caller_id": new_id(), "text": "a" * LONGEST_MESSAGE}
    assert WriteToCaller().load(request)["text"] == request["text"]
    for text in ("a" * 100_000, "a" * (LONGEST_MESSAGE + 1), "", "  "):
        with pytest.raises(ValidationError) as refused:
            WriteToCaller().load({**request, "text": text})
        assert set(refused.value.messages_dict) == {"text"}


def test_who_feels_worse_says_so_once_and_the_staff_see_since_when() -> None:
    said = messages.feel_worse(caller(), now=LATER)
    assert said is not None
    assert [event.type for event in said.events] == ["caller.worsened"]
    assert not EVENTS["caller.worsened"]().validate(said.events[0].data)
    assert messages.feel_worse(said.state, now=LATER) is None
    assert caller_view(said.state, Actor("member", MEMBER, said.state.organisation_id))["worse_at"] == LATER
    with pytest.raises(Conflict, match="whoever is with you"):
        messages.feel_worse(admitted(), now=LATER)


def test_nobody_floods_the_staff() -> None:
    subject = caller()
    for number in range(10):
        written = messages.reply(subject, id=f"m{number}", text="Hello?", now=LATER)
        assert written is not None
        subject = written.state
    with pytest.raises(TooMany):
        messages.reply(subject, id="m10", text="Hello?", now=LATER)
    assert messages.reply(subject, id="m9", text="Hello?", now=LATER) is None
    assert messages.reply(subject, id="m11", text="Hello?", now=LATER + timedelta(minutes=2)) is not None
