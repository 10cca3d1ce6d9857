"""Where carriers report: what they posted is passed on as it came, from nobody in particular, and nothing is said back."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contracts import delivery_reports
from contracts.actor import PUBLIC, Actor
from contracts.command import Command
from contracts.errors import Forbidden
from tests.unit.invitations.test_dsn import dsn


class Services:
    """Our own port to the services: keeps what was asked for, and refuses what is not proved."""

    def __init__(self) -> None:
        self.asked: list[tuple[Command, dict[str, Any], Actor]] = []

    def call(self, command: Command, payload: dict[str, Any], actor: Actor, **_: Any) -> dict[str, Any]:
        self.asked.append((command, payload, actor))
        assert command.request().load(payload) == payload
        if "" in (payload.get("secret", "-"), payload.get("signature", "-")):
            raise Forbidden
        return {"ok": True}


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def client(app: Flask, services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    port: Any = services
    monkeypatch.setitem(app.extensions, "housecall", replace(app.extensions["housecall"], rpc=port))
    with app.test_client() as opened:
        yield opened


def test_an_answer_to_a_text_is_passed_on_with_its_signature(client: FlaskClient, services: Services) -> None:
    form = {"From": "+491701234567", "Body": "STOP"}
    answer = client.post("/api/sms/inbound", data=form, headers={"X-Twilio-Signature": "abc"})
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert b"<Response/>" in answer.data
    asked = {"fields_given": form, "signature": "abc"}
    assert services.asked == [(delivery_reports.HEAR_TEXT, asked, PUBLIC)]


def test_what_became_of_a_text_is_passed_on_with_the_token_of_its_address(
    client: FlaskClient, services: Services
) -> None:
    form = {"MessageStatus": "delivered"}
    answer = client.post("/api/sms/status/t.m", data=form, headers={"X-Twilio-Signature": "abc"})
    assert (answer.status_code, answer.data) == (204, b"")
    asked = {"fields_given": form, "signature": "abc", "token": "t.m"}
    assert services.asked == [(delivery_reports.HEAR_TEXT_STATUS, asked, PUBLIC)]


def test_a_report_of_a_mail_server_is_passed_on_byte_by_byte(client: FlaskClient, services: Services) -> None:
    raw = bytes(range(256))
    headers = {"Authorization": "Bearer s3cret", "Content-Type": "message/rfc822"}
    assert client.post("/api/mail/bounces", data=raw, headers=headers).status_code == 204
    [(command, asked, actor)] = services.asked
    assert (command, asked["secret"], actor) == (delivery_reports.HEAR_BOUNCE, "s3cret", PUBLIC)
    assert asked["report"].encode("latin-1") == raw


@pytest.mark.parametrize("path", ["/api/sms/inbound", "/api/sms/status/t.m", "/api/mail/bounces"])
def test_what_is_not_proved_is_refused(client: FlaskClient, path: str) -> None:
    for headers in ({}, {"Authorization": "Basic eA=="}):
        assert client.post(path, data=b"x", headers=headers).status_code == 403


def test_of_a_long_report_the_beginning_is_passed_on(client: FlaskClient, services: Services) -> None:
    raw = dsn() + b"x" * 900_000
    assert client.post("/api/mail/bounces", data=raw, headers={"Authorization": "Bearer s3cret"}).status_code == 204
    [(_, asked, _)] = services.asked
    assert len(asked["report"]) == delivery_reports.LONGEST_REPORT
    assert asked["report"].startswith(dsn().decode("latin-1"))


def test_a_report_that_is_too_large_is_refused_before_anybody_looks_at_it(
    client: FlaskClient, services: Services
) -> None:
    answer = client.post("/api/mail/bounces", data=b"x" * 1_000_001, headers={"Authorization": "Bearer s3cret"})
    assert (answer.status_code, services.asked) == (413, [])
