"""What is written in a call: by those who are in it, for those who are in it."""

from dataclasses import replace

import pytest

from contracts.actor import Actor
from contracts.errors import Conflict, NotFound
from services.media import lines, seats
from services.media.call import Call
from tests.unit.media.people import MIA, MIA_SEAT, NOW, SMITH, SMITH_SEAT, consultation, minutes

ORGANISATION = consultation().organisation_id
DOCTOR = Actor("member", str(SMITH.member_id), ORGANISATION, roles=("provider",), name="Dr Smith")
COLLEAGUE = replace(DOCTOR, id="01920000-0000-7000-8000-0000000000d2")
CLIENT = Actor("guest", "phone", ORGANISATION, caller_id=MIA.caller_id, device_id="phone")
LINE = "01920000-0000-7000-8000-0000000000a1"


def say(call: Call, seat: str = MIA_SEAT, actor: Actor = CLIENT) -> tuple[lines.Line, object]:
    return lines.said(call, participant_id=seat, actor=actor, line_id=LINE, text="I cannot hear you", now=NOW)


def without_mia() -> Call:
    gone = seats.give_up(consultation(), participant_id=MIA_SEAT, reason="removed", now=minutes(1))
    assert gone is not None
    return gone.state


def ended() -> Call:
    over = seats.end(consultation(), now=minutes(1))
    assert over is not None
    return over.state


def test_a_line_is_kept_with_its_writers_name_and_its_event_has_no_word_of_it() -> None:
    line, event = say(consultation())
    assert (line.display_name, line.text, line.participant_id) == ("Mia", "I cannot hear you", MIA_SEAT)
    assert event.type == "call.said"  # type: ignore[attr-defined]
    assert set(event.data) == {"line_id", "call_id", "room_id", "participant_id"}  # type: ignore[attr-defined]


def test_nobody_writes_on_the_seat_of_another() -> None:
    with pytest.raises(NotFound):
        say(consultation(), SMITH_SEAT)


@pytest.mark.parametrize("call", [without_mia(), ended()])
def test_who_is_out_of_the_call_neither_writes_nor_reads(call: Call) -> None:
    with pytest.raises(Conflict):
        say(call)
    with pytest.raises(NotFound):
        lines.check_reads(call, CLIENT)


def test_those_in_the_call_read_and_those_who_may_only_see_it_do_not() -> None:
    lines.check_reads(consultation(), DOCTOR)
    lines.check_reads(consultation(), CLIENT)
    with pytest.raises(NotFound):
        lines.check_reads(consultation(), COLLEAGUE)
