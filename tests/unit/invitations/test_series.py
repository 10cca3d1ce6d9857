"""The mail and the calendar entry of a series: what other people's programs read out of it is what is planned."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import vobject  # type: ignore[import-untyped]
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from contracts.errors import Conflict, Gone
from services.invitations import following, repeating
from services.invitations.invitation import Invitation, Occurrence, Repeats, opened_by
from tests.unit.invitations.mails import body, calendar, read
from tests.unit.invitations.things import MIA, NOW, hash_of_link, planned, taken, timed

SERIES = "01920000-0000-7000-8000-0000000000ce"


def series(*starts: str, zone: str = "Europe/Berlin", rule: str = "FREQ=WEEKLY;BYDAY=TU", **changes: Any) -> Repeats:
    times = [planned(start, zone) for start in starts]
    made = Repeats(
        series_id=SERIES,
        rule=f"{rule};UNTIL={times[-1].starts_at:%Y%m%dT%H%M%SZ}",
        frequency="weekly",
        interval=1,
        weekdays=("tu",),
        monthly_by="date",
        first=times[0],
        occurrences=tuple(
            Occurrence(f"{SERIES[:-3]}{n:03x}", time.local_start, time, "") for n, time in enumerate(times)
        ),
    )
    return replace(made, **changes)


def tuesdays(count: int = 6, first: str = "2027-03-09", time: str = "09:00", zone: str = "Europe/Berlin") -> Repeats:
    day = dt.date.fromisoformat(first)
    return series(*(f"{day + dt.timedelta(weeks=n)}T{time}" for n in range(count)), zone=zone)


def moved(known: Repeats, which: int, start: str, minutes: int = 30) -> Repeats:
    one = replace(known.occurrences[which], planned=planned(start, known.first.zone, minutes))
    return _with(known, which, one)


def cancelled(known: Repeats, *which: int) -> Repeats:
    for one in which:
        known = _with(known, one, replace(known.occurrences[one], cancelled=True))
    return known


def _with(known: Repeats, which: int, one: Occurrence) -> Repeats:
    occurrences = [*known.occurrences]
    occurrences[which] = one
    return replace(known, occurrences=tuple(occurrences))


def invited(known: Repeats, **changes: Any) -> Invitation:
    return replace(timed(series=known, planned=known.first), **changes)


def times(known: Repeats) -> list[tuple[dt.datetime, int]]:
    kept = [each.planned for each in known.occurrences if not each.cancelled]
    return sorted((each.starts_at, each.minutes) for each in kept)


def read_by_icalendar(source: bytes) -> list[tuple[dt.datetime, int]]:
    """Master and exceptions as a calendar program puts them together (RFC 5545 §3.8.4.4), dates by dateutil."""
    events = Calendar.from_ical(source).walk("VEVENT")
    (master,) = [event for event in events if "RECURRENCE-ID" not in event]
    assert len({str(event["UID"]) for event in events}) == 1
    start, length = master.decoded("DTSTART"), master.decoded("DTEND") - master.decoded("DTSTART")
    found = {
        local.replace(tzinfo=start.tzinfo): length
        for local in rrulestr(_without_zone(master), dtstart=start.replace(tzinfo=None))
    }
    for each in _listed(master.get("EXDATE")):
        found.pop(each, None)
    kept = {moment.astimezone(dt.UTC): length for moment, length in found.items()}
    for event in events:
        if "RECURRENCE-ID" in event:
            assert kept.pop(event.decoded("RECURRENCE-ID").astimezone(dt.UTC), None)
    for event in events:
        if "RECURRENCE-ID" in event:
            kept[event.decoded("DTSTART").astimezone(dt.UTC)] = event.decoded("DTEND") - event.decoded("DTSTART")
    return sorted((moment, int(length.total_seconds() // 60)) for moment, length in kept.items())


def _without_zone(master: Any) -> str:
    """UNTIL as the local time that it is at DTSTART's place, which dateutil wants for local dates."""
    rule = dict(master["RRULE"])
    until = rule["UNTIL"][0].astimezone(master.decoded("DTSTART").tzinfo).replace(tzinfo=None)
    parts = master["RRULE"].to_ical().decode().split(";")
    return ";".join([*(part for part in parts if not part.startswith("UNTIL")), f"UNTIL={until:%Y%m%dT%H%M%S}"])


def _listed(value: Any) -> Iterator[dt.datetime]:
    for each in value if isinstance(value, list) else [value] if value else []:
        yield from (date.dt for date in each.dts)


def read_by_vobject(source: bytes) -> list[dt.datetime]:
    """The instants by the zone rules that the entry carries itself."""
    parsed = vobject.readOne(source.decode())
    (master,) = [event for event in parsed.vevent_list if not hasattr(event, "recurrence_id")]
    found = {moment.astimezone(dt.UTC) for moment in master.getrruleset(addRDate=False)}
    others = [event for event in parsed.vevent_list if hasattr(event, "recurrence_id")]
    found -= {event.recurrence_id.value.astimezone(dt.UTC) for event in others}
    return sorted(found | {event.dtstart.value.astimezone(dt.UTC) for event in others})


CHANGED = {
    "as booked": tuesdays(),
    "one moved": moved(tuesdays(), 2, "2027-03-25T14:00", 45),
    "the first moved": moved(tuesdays(), 0, "2027-03-10T14:00"),
    "one cancelled": cancelled(tuesdays(), 1),
    "the first cancelled": cancelled(tuesdays(), 0),
    "following cancelled": cancelled(moved(tuesdays(), 2, "2027-03-25T14:00"), 3, 4, 5),
    "one left out": replace(tuesdays(), occurrences=(*tuesdays().occurrences[:2], *tuesdays().occurrences[3:]), excluded=("2027-03-23T09:00",)),
    "following at another time": moved(moved(moved(moved(tuesdays(), 2, "2027-03-23T11:00"), 3, "2027-03-30T11:00"), 4, "2027-04-06T11:00"), 5, "2027-04-13T11:00"),
    "a skipped hour": series("2027-03-27T02:30", "2027-03-29T02:30", "2027-03-30T02:30", rule="FREQ=DAILY", excluded=("2027-03-28T02:30",)),
    "a doubled hour": series("2027-10-30T02:30", "2027-10-31T02:30", "2027-11-01T02:30", rule="FREQ=DAILY"),
    "over two years": series(*(f"{2027 + n // 12}-{1 + n % 12:02d}-12T09:00" for n in range(24)), rule="FREQ=MONTHLY;BYMONTHDAY=12"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGED)
def test_other_programs_read_the_times_that_are_planned(what: str) -> None:
    source = calendar(read(invited(CHANGED[what], calendar_revision=3))).to_ical()
    assert read_by_icalendar(source) == times(CHANGED[what])
    if what != "a skipped hour":  # vobject's own dates stumble over an hour that is none
        assert read_by_vobject(source) == [moment for moment, _ in times(CHANGED[what])]


@settings(max_examples=40)
@given(
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
    count=st.integers(1, 30),
    gone=st.sets(st.integers(0, 29), max_size=8),
    later=st.dictionaries(st.integers(0, 29), st.integers(-1000, 1000), max_size=12),
)
def test_whatever_was_moved_and_cancelled_is_read_as_planned(
    zone: str, count: int, gone: set[int], later: dict[int, int]
) -> None:
    known = tuesdays(count, zone=zone)
    for which, minutes in later.items():
        if which < count:
            start = dt.datetime.fromisoformat(known.occurrences[which].recurrence_id) + dt.timedelta(minutes=minutes)
            if start.hour > 3:
                known = moved(known, which, start.isoformat(timespec="minutes"))
    known = cancelled(known, *(which for which in gone if which < count - 1))
    assert read_by_icalendar(calendar(read(invited(known))).to_ical()) == times(known)


def test_one_entry_says_what_most_do_and_the_revision() -> None:
    found = calendar(read(invited(CHANGED["following at another time"], calendar_revision=3)))
    (master,) = [event for event in found.events if "RECURRENCE-ID" not in event]
    assert master.decoded("DTSTART").hour == 11
    assert len(found.events) == 3
    assert {event["SEQUENCE"] for event in found.events} == {3}
    assert found["METHOD"] == "REQUEST"


def test_a_cancelled_series_leaves_the_calendar_whole() -> None:
    known = cancelled(tuesdays(), *range(6))
    found = calendar(read(invited(known, cancelled_at=NOW, calendar_revision=2)))
    assert (found["METHOD"], len(found.events), str(found.events[0]["STATUS"])) == ("CANCEL", 1, "CANCELLED")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Every Tuesday, 6 times", "09:00 – 09:30", "invites you to several video calls", "Tuesday, 9 March 2027"]),
        ("de", ["Jeden Dienstag, 6 Mal", "09:00 – 09:30", "lädt Sie zu mehreren", "Dienstag, 9. März 2027"]),
        ("ar", ["كل الثلاثاء", "6 مرات"]),
    ],
)  # fmt: skip
def test_the_mail_says_the_rule_and_the_dates(language: str, words: list[str]) -> None:
    text = body(read(invited(tuesdays(), language=language)), "plain")
    for each in words:
        assert each in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"frequency": "daily"}, "Every day"),
        ({"frequency": "daily", "interval": 3}, "Every 3 days"),
        ({"interval": 2, "weekdays": ("tu", "th")}, "Every 2 weeks on Tuesday and Thursday"),
        ({"weekdays": ("mo", "tu", "we", "th", "fr")}, "Every day from Monday to Friday"),
        ({"frequency": "monthly"}, "Every month on day 9"),
        ({"frequency": "monthly", "monthly_by": "weekday"}, "Every month on the second Tuesday"),
        ({"frequency": "monthly", "monthly_by": "last_weekday", "interval": 2}, "Every 2 months on the last Tuesday"),
    ],
)
def test_each_rule_has_its_words(changes: dict[str, Any], words: str) -> None:
    assert f"{words}, 6 times" in body(read(invited(replace(tuesdays(), **changes))), "plain")


def test_who_was_told_reads_that_times_changed_and_which_one_differs() -> None:
    known = invited(moved(tuesdays(), 2, "2027-03-25T14:00"), calendar_revision=1)
    known = replace(known, recipients=(taken(told=known.planned),))
    message = read(known)
    assert message["Subject"] == "New times: My first call with client"
    assert "Thursday, 25 March 2027, 14:00 – 14:30" in body(message, "plain")


def test_many_dates_are_counted_and_not_all_said() -> None:
    assert "and 18 more" in body(read(invited(tuesdays(30))), "plain")


def test_the_link_leads_to_the_occurrence_that_is_now_or_next() -> None:
    known = invited(cancelled(tuesdays(), 1), recipients=(taken(),))
    ids = [each.session_id for each in tuesdays().occurrences]
    first, third = (tuesdays().occurrences[n].planned for n in (0, 2))
    for moment, which in (
        (NOW, 0),
        (first.ends_at, 0),
        (first.ends_at + repeating.LATE, 2),
        (third.starts_at, 2),
        (third.ends_at + dt.timedelta(days=300), 5),
    ):
        assert repeating.at(known, moment).session_id == ids[which]
    opened_by(known, hash_of_link(MIA, 1), tuesdays().occurrences[5].planned.ends_at)
    with pytest.raises(Gone):
        opened_by(known, hash_of_link(MIA, 1), tuesdays().occurrences[5].planned.ends_at + dt.timedelta(days=1))


def test_each_occurrence_reminds_once_and_says_its_own_time() -> None:
    known = invited(tuesdays(), recipients=(taken(told=tuesdays().first),))
    second = tuesdays().occurrences[1].planned
    change = following.remind(known, 60, second.starts_at, NOW)
    assert change
    assert following.remind(change.state, 60, second.starts_at, NOW) is None
    message = read(change.state)
    assert "Tuesday, 16 March 2027" in body(message, "plain")
    assert "Every Tuesday" not in body(message, "plain")
    with pytest.raises(Conflict):
        following.remind(known, 60, second.starts_at + dt.timedelta(hours=1), NOW)


def test_who_came_the_last_time_is_reminded_and_who_waits_is_not() -> None:
    first, second = (each.planned for each in tuesdays().occurrences[:2])
    for arrived, reminded in ((first.starts_at, 1), (second.starts_at - dt.timedelta(minutes=30), 0)):
        known = invited(tuesdays(), recipients=(taken(arrived_at=arrived),))
        change = following.remind(known, 10, second.starts_at, second.starts_at)
        assert change
        assert len(change.events) == reminded


def test_a_changed_series_is_one_mail_and_an_older_revision_none() -> None:
    known = invited(tuesdays(), recipients=(taken(told=tuesdays().first),))
    after = moved(moved(tuesdays(), 2, "2027-03-25T14:00"), 3, "2027-04-01T14:00")
    change = following.change_series(known, after, known.title, 1, NOW)
    assert change
    assert [event.type for event in change.events] == ["invitation.resent"]
    assert following.change_series(change.state, tuesdays(), known.title, 1, NOW) is None


def test_when_nothing_is_to_come_any_more_it_is_cancelled() -> None:
    known = invited(tuesdays(), recipients=(taken(told=tuesdays().first),))
    change = following.change_series(known, cancelled(tuesdays(), *range(6)), known.title, 4, NOW)
    assert change
    assert (change.state.cancelled_at, change.state.calendar_revision) == (NOW, 4)


def test_a_zone_says_its_name_and_no_offset_that_is_wrong_in_winter() -> None:
    text = body(read(invited(tuesdays())), "plain")
    assert "(Europe/Berlin)" in text
    assert "UTC+" not in text
