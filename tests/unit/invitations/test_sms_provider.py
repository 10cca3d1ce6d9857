"""What the provider of texts answers, over real HTTP, and what it means for one text."""

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from deploy.local.ports import free_port
from deploy.mail.__main__ import QuietRequests
from deploy.sms.page import create_app
from deploy.sms.textbox import Textbox
from services.invitations import delivery
from services.invitations.carriers import Carriers
from services.invitations.delivery import AWAY, LATER
from services.invitations.invitation import REFUSED, TAKEN
from services.invitations.sms import Text
from services.invitations.sms_codes import problem_of
from services.invitations.sms_provider import HttpProvider, meaning
from services.invitations.smtp import MailServer

SECRET = "s" * 32


@pytest.fixture(scope="module")
def sink() -> Iterator[tuple[str, Textbox]]:
    box = Textbox()
    server = make_server("127.0.0.1", 0, create_app(box, SECRET, ""), threaded=True, request_handler=QuietRequests)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://AC1@127.0.0.1:{server.server_port}/2010-04-01/Accounts/AC1/Messages.json", box
    server.shutdown()
    thread.join(5)
    server.server_close()


def a_text(to: str = "+491701234567", key: str = "k1") -> Text:
    return Text("o", to, "You have a video call.", key, "")


def test_a_text_is_handed_over_once_however_often_it_is_tried(sink: tuple[str, Textbox]) -> None:
    provider = HttpProvider(sink[0], SECRET, "+15005550006")
    assert [provider.send(a_text()).kind for _ in range(2)] == [TAKEN, TAKEN]
    [kept] = sink[1].newest_first("+491701234567")
    assert (kept.sender, kept.body, kept.key) == ("+15005550006", "You have a video call.", "k1")
    provider.close()
    assert provider.send(a_text(key="k2")).kind == TAKEN


def test_what_the_provider_refuses_puts_off_or_will_not_have_from_us(sink: tuple[str, Textbox]) -> None:
    provider = HttpProvider(sink[0], SECRET, "+15005550006")
    refused = provider.send(a_text("+491701230001"))
    assert (refused.kind, refused.problem) == (REFUSED, delivery.NO_NUMBER)
    put_off = provider.send(a_text("+491701230003", "k3"))
    assert (put_off.kind, put_off.problem) == (LATER, delivery.TEXT_PUT_OFF)
    assert provider.send(a_text("+491701230003", "k3")).kind == TAKEN
    unknown = HttpProvider(sink[0], "w" * 32, "+15005550006").send(a_text(key="k4"))
    assert (unknown.kind, unknown.problem) == (AWAY, delivery.TEXT_SIGN_IN)


def test_a_provider_that_is_not_there_is_asked_again_later() -> None:
    answer = HttpProvider(f"http://AC1@127.0.0.1:{free_port()}/x", SECRET, "+15005550006").send(a_text())
    assert (answer.kind, answer.problem) == (AWAY, delivery.TEXT_NO_ANSWER)


@pytest.mark.parametrize(
    ("status", "said", "kind", "problem"),
    [
        (201, b"{}", TAKEN, None),
        (429, b"{}", LATER, delivery.TEXT_PUT_OFF),
        (503, b"<html>", LATER, delivery.TEXT_PUT_OFF),
        (400, b'{"code": 21610}', REFUSED, delivery.OPTED_OUT),
        (400, b'{"code": 21614}', REFUSED, delivery.NO_NUMBER),
        (400, b'{"code": 21606}', AWAY, delivery.TEXT_SIGN_IN),
        (400, b"[1]", REFUSED, delivery.TEXT_REFUSED),
        (400, b'{"code": "x"', REFUSED, delivery.TEXT_REFUSED),
        (404, b"", AWAY, delivery.TEXT_SIGN_IN),
        (302, b"", AWAY, delivery.TEXT_SIGN_IN),
    ],
)
def test_an_answer_means_taken_refused_later_or_away(status: int, said: bytes, kind: str, problem: str | None) -> None:
    answer = meaning(status, said)
    assert (answer.kind, answer.problem) == (kind, problem)


def test_every_problem_of_a_text_has_words() -> None:
    for code in (None, 21610, 21211, 30003, 30004, 30005, 1):
        assert problem_of(code) in delivery.PROBLEMS


def test_who_asked_for_no_more_texts_gets_none_and_without_a_provider_nobody_does(sink: tuple[str, Textbox]) -> None:
    mails = MailServer("smtp://127.0.0.1:1")
    provider = HttpProvider(sink[0], SECRET, "+15005550006")
    asked = Carriers(mails, provider, lambda organisation, number: (organisation, number) == ("o", "+491709999999"))
    refused = asked.send(a_text("+491709999999"))
    assert (refused.kind, refused.problem) == (REFUSED, delivery.OPTED_OUT)
    assert sink[1].newest_first("+491709999999") == []
    answer = Carriers(mails, None, lambda *_: False).send(a_text())
    assert (answer.kind, answer.problem) == (AWAY, delivery.NO_TEXTS)
