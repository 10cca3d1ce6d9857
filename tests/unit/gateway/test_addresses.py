"""Addresses: those that were mangled on their way lead nowhere else, and a visitor's is their own behind a proxy."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, request
from joserfc.jwk import OKPKey

from gateway.api import create_app
from plumbing.settings import load


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Flask]:
    def make(**more: str) -> Flask:
        (tmp_path / "actor.pem").write_bytes(OKPKey.generate_key("Ed25519").as_pem(private=True))
        (tmp_path / "cookie.key").write_bytes(os.urandom(32).hex().encode())
        settings = {
            "AMQP_URI": "amqp://nobody:nothing@127.0.0.1:1/none",
            "MONGO_URI": "mongodb://127.0.0.1:1/?replicaSet=none",
            "BASE_URL": "http://localhost",
            "LIVE_URL": "ws://localhost/live",
            "ACTOR_PRIVATE_KEY": str(tmp_path / "actor.pem"),
            "COOKIE_KEY": str(tmp_path / "cookie.key"),
            "ENVIRONMENT": "test",
        }
        app = create_app(load("gateway_api", {**settings, **more}))
        app.extensions["housecall"].rpc.stop()
        app.extensions["housecall_hearing"].stop()
        return app

    return make


@pytest.mark.parametrize("path", ["/join//token", "//join/token", "/api//me"])
def test_a_doubled_slash_is_not_found_and_never_a_redirect_to_the_host_that_was_named(
    path: str, made: Callable[..., Flask]
) -> None:
    answer = made().test_client().get(path, base_url="http://elsewhere.example")
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)


@pytest.mark.parametrize(
    ("proxies", "seen"), [("0", "10.0.0.9"), ("1", "198.51.100.7"), ("2", "203.0.113.5")], ids=["none", "one", "two"]
)
def test_a_visitors_address_is_what_the_trusted_proxies_say(
    proxies: str, seen: str, made: Callable[..., Flask]
) -> None:
    app = made(TRUSTED_PROXIES=proxies)
    app.add_url_rule("/address", view_func=lambda: str(request.remote_addr))
    answer = app.test_client().get(
        "/address",
        headers={"X-Forwarded-For": "192.0.2.1, 203.0.113.5, 198.51.100.7"},
        environ_overrides={"REMOTE_ADDR": "10.0.0.9"},
    )
    assert answer.text == seen
