"""Addresses that were mangled on their way lead nowhere else."""

import os
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from gateway.api import create_app
from plumbing.settings import load


@pytest.mark.parametrize("path", ["/join//token", "//join/token", "/api//me"])
def test_a_doubled_slash_is_not_found_and_never_a_redirect_to_the_host_that_was_named(
    path: str, tmp_path: Path
) -> None:
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
    app = create_app(load("gateway_api", settings))
    app.extensions["housecall"].rpc.stop()
    app.extensions["housecall_hearing"].stop()
    answer = app.test_client().get(path, base_url="http://elsewhere.example")
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)
