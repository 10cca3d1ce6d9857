"""Invitations to telephone numbers, and what carriers report afterwards: over a real broker, database, provider and mail server."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from contracts import delivery_reports, invitations
from contracts.actor import PUBLIC, Actor
from contracts.errors import Forbidden
from deploy.mail.__main__ import QuietRequests
from deploy.sms.page import create_app
from deploy.sms.textbox import Text, Textbox, signature
from plumbing.ids import new_id
from services.invitations import phones
from tests.patience import eventually
from tests.unit.invitations.mail_server import MailServer
from tests.unit.invitations.test_dsn import dsn
from tests.wiring import clinic
from tests.wiring.clinic import BASE_URL, PLANNED, SMITH
from tests.wiring.invitations_scene import address, of_recipient, open_link, read, refusal, send
from tests.wiring.one_service import Events, Stage

SECRET = "s" * 32
OURS = "+15005550006"


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    server = MailServer()
    with server.running():
        yield server


@pytest.fixture(scope="module")
def box() -> Textbox:
    return Textbox()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts")


@pytest.fixture(scope="module")
def stage(folder: Path, backing: dict[str, Any], mail: MailServer, box: Textbox) -> Iterator[Stage]:
    (folder / "secret").write_text(SECRET)
    provider = make_server("127.0.0.1", 0, create_app(box, SECRET, ""), threaded=True, request_handler=QuietRequests)
    threading.Thread(target=provider.serve_forever, daemon=True).start()
    more = {
        "SMS_URL": f"http://AC1@127.0.0.1:{provider.server_port}/2010-04-01/Accounts/AC1/Messages.json",
        "SMS_KEY": str(folder / "secret"),
        "SMS_FROM": OURS,
        "BOUNCE_DOMAIN": "bounces.example",
        "BOUNCE_KEY": str(folder / "secret"),
    }
    with (
        clinic.clinic(folder, backing, mail.uri) as (made, _, settings),
        made.running("services.invitations", "invitations", **settings, **more),
    ):
        yield made
    provider.shutdown()


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    made = Events(stage.amqp_uri, "invitations")
    yield made
    made.close()


def number() -> str:
    """Another one for each test; none that the sink answers otherwise."""
    return f"+49170{int(new_id()[-6:], 16) % 9_000_00 + 1_000_00}9"


def text_to(box: Textbox, to: str, count: int = 1) -> Text:
    """The newest text to this number, once so many have come."""
    return eventually(lambda: box.newest_first(to), lambda found: len(found) == count, what=f"{count} texts")[0]


def fate(stage: Stage, sent: dict[str, Any], place: int = 0) -> tuple[str, str | None, str | None]:
    person = read(stage, sent)["recipients"][place]
    return person["delivery"], person["reported"], person["delivery_problem"]


def becomes(stage: Stage, sent: dict[str, Any], wanted: tuple[str, str | None, str | None], place: int = 0) -> None:
    eventually(lambda: fate(stage, sent, place), lambda found: found == wanted, what=f"it is {wanted}")


def hear(stage: Stage, fields: dict[str, str], path: str = "/api/sms/inbound", secret: str = SECRET) -> None:
    said = {"fields_given": fields, "signature": signature(secret, BASE_URL + path, fields)}
    if path == "/api/sms/inbound":
        stage.ask(delivery_reports.HEAR_TEXT, said, PUBLIC)
    else:
        stage.ask(delivery_reports.HEAR_TEXT_STATUS, {**said, "token": path.rpartition("/")[2]}, PUBLIC)


def hear_bounce(stage: Stage, raw: bytes, secret: str = SECRET) -> None:
    asked = {"report": raw.decode("latin-1"), "secret": secret}
    stage.ask(delivery_reports.HEAR_BOUNCE, asked, PUBLIC)


def test_a_number_gets_a_text_whose_link_opens_and_an_address_beside_it_a_mail(
    stage: Stage, mail: MailServer, box: Textbox
) -> None:
    to, beside = number(), address()
    sent = send(stage, f"Mia <{to}>, {beside}, +49 30 901820", planned=PLANNED)
    assert [verdict["reason"] for verdict in sent["verdicts"]] == [None, None, phones.NOT_MOBILE]
    text = text_to(box, to)
    eventually(lambda: mail.times_taken()[beside], what="the mail")
    assert "Tue, 30 Mar 2027, 10:00 (Europe/Berlin)" in text.body
    assert "first call" not in text.body
    link = next(line for line in text.body.split("\n") if line.startswith(f"{BASE_URL}/join/"))
    assert open_link(stage, link.rpartition("/")[2])["invited_name"] == "Mia"
    for place in (0, 1):
        becomes(stage, sent, ("taken", None, None), place)


def test_what_the_provider_reports_is_seen_and_said(stage: Stage, box: Textbox, events: Events) -> None:
    good, bad = number(), number()
    sent = send(stage, f"{good}, {bad}")
    paths = [text_to(box, each).reported_at.removeprefix(BASE_URL) for each in (good, bad)]
    hear(stage, {"MessageStatus": "sent"}, paths[0])
    hear(stage, {"MessageStatus": "delivered"}, paths[0])
    hear(stage, {"MessageStatus": "undelivered", "ErrorCode": "30003"}, paths[1])
    hear(stage, {"MessageStatus": "undelivered", "ErrorCode": "30003"}, paths[1])
    becomes(stage, sent, ("taken", "delivered", None), 0)
    becomes(stage, sent, ("refused", "bounced", "unreachable"), 1)
    subject = f"invitation/{sent['invitation']['id']}"
    eventually(
        lambda: sorted(set(events.types(subject)) & {"invitation.delivered", "invitation.bounced"}),
        lambda found: len(found) == 2,
        what="both are said",
    )
    assert events.types(subject).count("invitation.bounced") == 1
    assert all(good not in str(event) and bad not in str(event) for event in events.heard())


def test_nobody_else_can_report_or_answer(stage: Stage, box: Textbox) -> None:
    to = number()
    sent = send(stage, to)
    path = text_to(box, to).reported_at.removeprefix(BASE_URL)
    becomes(stage, sent, ("taken", None, None))
    for where, fields in ((path, {"MessageStatus": "failed"}), ("/api/sms/inbound", {"From": to, "Body": "STOP"})):
        with pytest.raises(Forbidden):
            hear(stage, fields, where, secret="w" * 32)
    # proved, and about a sending that there is none of
    hear(stage, {"MessageStatus": "failed"}, path[:-1] + ("a" if path[-1] != "a" else "b"))
    assert fate(stage, sent) == ("taken", None, None)
    assert send(stage, to)["verdicts"][0]["accepted"]


def test_who_answers_stop_gets_no_more_texts_until_they_answer_start(stage: Stage, box: Textbox) -> None:
    to = number()
    sent = send(stage, to)
    text_to(box, to)
    becomes(stage, sent, ("taken", None, None))
    hear(stage, {"From": to, "Body": "Stop"})
    refused = send(stage, f"{to}, {address()}")
    assert [verdict["reason"] for verdict in refused["verdicts"]] == [phones.OPTED_OUT, None]
    stage.ask(invitations.RESEND_INVITATION, of_recipient(sent), SMITH, command_id=new_id())
    becomes(stage, sent, ("refused", None, "opted_out"))
    assert len(box.newest_first(to)) == 1
    hear(stage, {"From": to, "Body": "START"})
    stage.ask(invitations.RESEND_INVITATION, of_recipient(sent), SMITH, command_id=new_id())
    text_to(box, to, 2)
    becomes(stage, sent, ("taken", None, None))


def test_a_mail_that_comes_back_is_bounced_with_its_reason_and_a_forged_report_changes_nothing(
    stage: Stage, mail: MailServer, events: Events
) -> None:
    to = address()
    sent = send(stage, to)
    eventually(lambda: mail.times_taken()[to], what="the mail")
    becomes(stage, sent, ("taken", None, None))
    back_to = next(taken.sender for taken in mail.taken if taken.to == to)
    assert back_to.startswith("bounce+")
    hear_bounce(stage, dsn(to="bounce+" + "a" * 32 + "." + "b" * 16 + "@bounces.example"))
    hear_bounce(stage, b"\xff no report \x00")
    with pytest.raises(Forbidden):
        hear_bounce(stage, dsn(to=back_to), secret="w" * 32)
    assert fate(stage, sent) == ("taken", None, None)
    hear_bounce(stage, dsn("delayed", "4.4.1", "", to=back_to))
    assert fate(stage, sent) == ("taken", "delayed", "on_its_way")
    for _ in range(2):
        hear_bounce(stage, dsn("failed", "5.2.2", "", to=back_to))
    assert fate(stage, sent) == ("refused", "bounced", "mailbox_full")
    subject = f"invitation/{sent['invitation']['id']}"
    eventually(lambda: "invitation.bounced" in events.types(subject), what="it is said")
    assert events.types(subject).count("invitation.bounced") == 1


def test_the_region_of_numbers_is_a_setting_of_the_organisation(stage: Stage) -> None:
    owner = Actor("member", new_id(), clinic.ORGANISATION, roles=("owner",), name="Owner")
    asked = {"recipients": "0170 1234567"}
    before = stage.ask(invitations.CHECK_RECIPIENTS, asked, SMITH)["items"][0]
    assert before["reason"] == phones.NO_COUNTRY
    stage.ask(invitations.CHANGE_MAIL_SETTINGS, {"phone_region": "DE"}, owner, command_id=new_id())
    assert stage.ask(invitations.CHECK_RECIPIENTS, asked, SMITH)["items"][0]["address"] == "+491701234567"
    assert stage.ask(invitations.GET_CHANNELS, {}, SMITH)["phone_region"] == "DE"
    refused = refusal(stage, invitations.CHANGE_MAIL_SETTINGS, {"phone_region": "ZZ"}, owner)
    assert refused.extra["errors"][0]["pointer"] == "/phone_region"


def test_no_log_holds_a_number_or_a_text(stage: Stage, box: Textbox, folder: Path) -> None:
    logs = "".join(path.read_text() for path in folder.glob("invitations-*.log"))
    for text in box.newest_first():
        assert text.to not in logs
        assert text.to[1:] not in logs
    assert "/join/" not in logs


def test_the_preview_shows_the_text_without_a_link_that_opens(stage: Stage) -> None:
    preview = stage.ask(invitations.PREVIEW_INVITATION, {"room_id": clinic.ROOM, "planned": PLANNED}, SMITH)
    assert "(Europe/Berlin)" in preview["text"]
    assert f"{BASE_URL}/join/…\n" in preview["text"]
