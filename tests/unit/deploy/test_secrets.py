"""Each kind of process gets the secrets it needs, and no other's."""

import json
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import OKPKey

from contracts.actor import system
from deploy.rabbitmq.definitions import definitions
from deploy.rabbitmq.permissions import KINDS, SERVICES, permission_of, whole
from deploy.secrets import make_secrets
from plumbing.actor import Signer, Verifier


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    make_secrets(tmp_path / "keys")
    return tmp_path / "keys"


def contents(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): path.read_text()
        for path in directory.rglob("*")
        if path.is_file() and path.name != "definitions.json"
    }


def test_no_secret_can_be_read_by_another_user(secrets: Path) -> None:
    assert {oct(path.stat().st_mode & 0o777) for path in secrets.rglob("*") if path.is_file()} == {"0o600"}


def test_making_them_again_changes_none(secrets: Path) -> None:
    before = contents(secrets)
    make_secrets(secrets)
    assert contents(secrets) == before


def test_only_invitations_can_make_join_links_and_only_the_gateway_cookies(secrets: Path) -> None:
    assert [path.parent.name for path in secrets.rglob("link.key")] == ["invitations"]
    assert [path.parent.name for path in secrets.rglob("cookie.key")] == ["gateway"]
    assert sorted(path.parent.name for path in secrets.rglob("turn.secret")) == ["coturn", "media"]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"gateway", "media_node"}))
def test_what_a_kind_signs_everybody_can_verify(secrets: Path, kind: str) -> None:
    sign = Signer.from_file(kind, str(secrets / kind / "actor.pem"))
    verify = Verifier.from_file(str(secrets / "rooms" / "actors.json"))
    assert verify(sign(system(kind))) == system(kind)


def test_every_public_key_is_the_half_of_its_kinds_private_key(secrets: Path) -> None:
    published = {key["kid"]: key["x"] for key in json.loads((secrets / "gateway" / "actors.json").read_text())["keys"]}
    for kind in KINDS:
        pem = (secrets / kind / "actor.pem").read_bytes()
        assert load_pem_private_key(pem, password=None) is not None
        assert OKPKey.import_key(pem).as_dict(private=False)["x"] == published[kind]


def may(patterns: tuple[str, ...], name: str) -> bool:
    return re.match(whole(patterns), name) is not None


def test_the_media_node_can_call_nobody_and_hears_no_events() -> None:
    node = permission_of("media_node")
    assert not may(node.calls, "accounts.sign_in")
    assert may(node.calls, "0193a1b2-0000-7000-8000-000000000000")
    assert not any(may(node.read, f"{service}.events") for service in SERVICES)
    assert not may(node.write, "rpc-accounts")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_and_speaks_under_its_own_name_only(service: str) -> None:
    permission = permission_of(service)
    for other in SERVICES:
        assert may(permission.write, f"{other}.events") == (other == service)
        assert may(permission.answers, f"{other}.anything") == (other == service)
        assert may(permission.read, f"rpc-{other}") == (other == service)
        assert may(permission.read, f"evt-rooms--{other}.on_rooms") == (other == service)


def test_the_gateway_publishes_no_events() -> None:
    gateway = permission_of("gateway")
    assert not any(may(gateway.write, f"{service}.events") for service in SERVICES)


def test_no_password_is_in_the_definitions() -> None:
    passwords = {kind: f"secret-of-{kind}" for kind in (*KINDS, "admin")}
    text = json.dumps(definitions(passwords))
    assert not any(password in text for password in passwords.values())
