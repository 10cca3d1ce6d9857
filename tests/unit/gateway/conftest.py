"""The api process without a broker: tests put their own port in the place of the services."""

import os
from pathlib import Path

import pytest
from flask import Flask
from joserfc.jwk import OKPKey

from gateway.api import create_app
from plumbing.settings import load


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("gateway")
    (folder / "actor.pem").write_bytes(OKPKey.generate_key("Ed25519").as_pem(private=True))
    (folder / "cookie.key").write_bytes(os.urandom(32).hex().encode())
    settings = {
        "AMQP_URI": "amqp://nobody:nothing@127.0.0.1:1/none",
        "MONGO_URI": "mongodb://127.0.0.1:1/?replicaSet=none",
        "BASE_URL": "http://localhost",
        "ACTOR_PRIVATE_KEY": str(folder / "actor.pem"),
        "COOKIE_KEY": str(folder / "cookie.key"),
        "ENVIRONMENT": "test",
    }
    made = create_app(load("gateway_api", settings))
    made.extensions["housecall"].rpc.stop()
    made.extensions["housecall_hearing"].stop()
    return made
