"""What mails may say, and links that were lost: two processes of invitations on a real broker, database and mail server."""

import datetime as dt
import statistics
import time

from contracts import invitations
from contracts.actor import PUBLIC, Actor
from contracts.errors import TooMany
from plumbing.ids import new_id
from services.invitations.lost_links import ASKED_PER_NETWORK
from tests.patience import eventually
from tests.unit.invitations.mail_server import MailServer
from tests.wiring import clinic
from tests.wiring.clinic import ORGANISATION, ROOM, SMITH, STRANGER
from tests.wiring.invitations_scene import (
    address,
    events,
    eventually_sent,
    mail,
    open_link,
    opened,
    refusal,
    send,
    stage,
    token_in,
)  # fmt: skip
from tests.wiring.one_service import Events, Stage

ASKED_IN_TURNS = 40
__all__ = ["events", "mail", "opened", "stage"]


def test_a_clinic_that_words_its_mails_neutrally_names_nobody(stage: Stage, mail: MailServer, events: Events) -> None:
    owner = Actor("member", new_id(), ORGANISATION, roles=("owner",), name="Olive")
    to = address()
    asked = {"room_id": ROOM, "title": "Psychiatry", "message": "About your medication."}
    assert stage.ask(invitations.PREVIEW_INVITATION, asked, SMITH)["heading"] == "Psychiatry"
    try:
        kept = stage.ask(invitations.CHANGE_MAIL_SETTINGS, {"neutral": True, "shown_name": "Northside"}, owner)
        wanted = {"neutral": True, "reply_to": "sender", "shown_name": "Northside", "phone_region": None}
        assert kept["organisation"] == wanted
        previewed = stage.ask(invitations.PREVIEW_INVITATION, asked, SMITH)
        assert (previewed["heading"], previewed["reply_to"], previewed["message"]) == ("Your video call", None, "")
        sent = send(stage, to, title=asked["title"], message=asked["message"])
        token = token_in(mail, to)
    finally:
        stage.ask(invitations.CHANGE_MAIL_SETTINGS, {"neutral": False, "shown_name": None}, owner)
    message = mail.mail_to(to)
    everything = "".join(str(part.get_content()) for part in message.walk() if not part.is_multipart()) + str(
        message["From"]
    )
    assert not [secret for secret in ("Psychiatry", "Smith", "medication") if secret in everything]
    assert open_link(stage, token)["title"] == sent["invitation"]["title"] == "Psychiatry"
    eventually(lambda: events.types("mail_settings/" + ORGANISATION) == ["mail.settings_changed"] * 2, what="said")
    elsewhere = stage.ask(invitations.GET_MAIL_SETTINGS, {}, STRANGER)
    assert elsewhere["organisation"]["neutral"] is False


def test_a_lost_link_comes_again_and_a_strangers_asking_looks_the_same(stage: Stage, mail: MailServer) -> None:
    to, nobody = address(), address()
    sent = send(stage, to)
    token = token_in(mail, to)
    eventually_sent(stage, sent)
    kept = clinic.database(stage)
    earlier = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6)
    kept["invitations"].update_one({"_id": sent["invitation"]["id"]}, {"$set": {"recipients.0.queued_at": earlier}})
    answers = [
        stage.ask(invitations.ASK_FOR_LINK, {"address": asked, "network": "192.0.2.7"}, PUBLIC)
        for asked in (to.upper(), nobody, to)
    ]
    assert answers == [{"ok": True}] * 3
    assert token_in(mail, to, times=2) == token
    eventually(lambda: kept["lost_links"].count_documents({"address": {"$exists": True}}) == 0, what="all looked after")
    assert mail.times_taken()[nobody] == 0
    assert mail.times_taken()[to] == 2


def test_how_long_the_answer_takes_tells_a_stranger_nothing(stage: Stage, mail: MailServer) -> None:
    to, nobody = address(), address()
    for _ in range(5):
        send(stage, to)
    token_in(mail, to, times=5)
    took: dict[str, list[float]] = {to: [], nobody: []}
    for number in range(ASKED_IN_TURNS):
        for each in (to, nobody) if number % 2 else (nobody, to):
            asked = {"address": each, "network": f"198.51.100.{number}"}
            began = time.perf_counter()
            stage.ask(invitations.ASK_FOR_LINK, asked, PUBLIC)
            took[each].append(time.perf_counter() - began)
    for one, other in ((to, nobody), (nobody, to)):
        # what one of them usually takes is nothing out of the ordinary for the other
        low, high = (statistics.quantiles(took[other], n=20)[place] for place in (0, -1))
        assert low <= statistics.median(took[one]) <= high, took


def test_whoever_tries_many_addresses_is_stopped(stage: Stage) -> None:
    for number in range(ASKED_PER_NETWORK):
        asked = {"address": f"p{number}@example.com", "network": "192.0.2.8"}
        stage.ask(invitations.ASK_FOR_LINK, asked, PUBLIC)
    refused = refusal(stage, invitations.ASK_FOR_LINK, {"address": address(), "network": "192.0.2.8"}, PUBLIC)
    assert isinstance(refused, TooMany)
    assert refused.extra["retry_after_seconds"] == 600
    stage.ask(invitations.ASK_FOR_LINK, {"address": address(), "network": "192.0.2.9"}, PUBLIC)
