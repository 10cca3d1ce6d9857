"""Reminders asked for together: each is one mail, whoever asks again, and each invitation answers for itself."""

from typing import Any

from contracts import reminding
from plumbing.ids import new_id
from plumbing.mapping import to_document
from tests.patience import eventually
from tests.unit.invitations.mail_server import MailServer
from tests.unit.invitations.test_series import invited, series
from tests.wiring import clinic
from tests.wiring.clinic import FOREIGN, ORGANISATION, PLANNED
from tests.wiring.invitations_scene import address, events, mail, opened, send, stage, token_in
from tests.wiring.one_service import Stage
from tests.wiring.two_replicas import ourselves

__all__ = ["events", "mail", "opened", "stage"]
STARTS_AT = "2027-03-30T08:00:00.000Z"


def asked_for(invitation_id: str, organisation_id: str = ORGANISATION, starts_at: str = STARTS_AT) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "invitation_id": invitation_id,
        "minutes_before": 60,
        "starts_at": starts_at,
    }


def test_each_gets_one_reminder_and_each_that_cannot_says_why(stage: Stage, mail: MailServer) -> None:
    first, second, third = address(), address(), address()
    sent = [send(stage, to, planned=PLANNED)["invitation"]["id"] for to in (first, second, third)]
    for to in (first, second, third):
        token_in(mail, to)
    asked = [
        asked_for(sent[0]),
        asked_for(sent[1], starts_at="2027-03-30T09:00:00.000Z"),
        asked_for(sent[2], FOREIGN),
        asked_for(new_id()),
    ]
    for _ in range(2):
        answered = stage.ask(reminding.SEND_REMINDERS, {"reminders": asked}, ourselves())["items"]
        assert [each["state"] for each in answered] == ["noted", "not_heard", "gone", "gone"]
    token_in(mail, first, times=2)
    assert (mail.times_taken()[second], mail.times_taken()[third]) == (1, 1)


def test_two_sessions_of_one_series_are_two_reminders_though_they_are_asked_for_at_once(
    stage: Stage, mail: MailServer
) -> None:
    to = address()
    sent = send(stage, to, planned=PLANNED)["invitation"]["id"]
    token_in(mail, to)
    tuesdays = series("2027-03-30T10:00", "2027-04-06T10:00")
    kept = to_document(invited(tuesdays))["series"]
    clinic.database(stage)["invitations"].update_one({"_id": sent}, {"$set": {"series": kept}, "$inc": {"version": 1}})
    asked = [asked_for(sent), asked_for(sent, starts_at="2027-04-06T08:00:00.000Z")]
    for _ in range(2):
        answered = stage.ask(reminding.SEND_REMINDERS, {"reminders": asked}, ourselves())["items"]
        assert [(each["state"], each["starts_at"]) for each in answered] == [
            ("noted", each["starts_at"]) for each in asked
        ]
    token_in(mail, to, times=3)
    eventually(
        lambda: clinic.database(stage)["invitations"].find_one({"_id": sent, "due_at": None}), what="all is sent"
    )
    assert mail.times_taken()[to] == 3
