"""API clients: what opens something, what no longer does, and what a token says."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from contracts.actor import Actor
from contracts.api_clients import ACCESS_SECONDS
from contracts.errors import Conflict, Invalid, NotFound, NotSignedIn, Outdated
from plumbing.actor import Signer, Verifier
from plumbing.ids import new_id
from services.accounts.api_clients import client as rules
from services.accounts.api_clients import tokens
from services.accounts.api_clients.client import ApiClient, Secret

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
KEY = tokens.key_of(b"k" * 32)
FIRST = "hckey_the-first"


def secret(text: str = FIRST, id: str = "first") -> Secret:
    return Secret(id, rules.hash_of(text), NOW)


def client(**changes: Any) -> ApiClient:
    made = ApiClient(
        new_id(), new_id(), "Bookings", ("rooms:read", "sessions:write"), (), (secret(),), "olive", NOW
    )  # fmt: skip
    return replace(made, **changes)


def made(use: str = tokens.ACCESS, **changes: Any) -> str:
    known = client(**changes)
    return tokens.make(use, known, "first", known.scopes, id=new_id(), issuer="http://localhost", key=KEY, now=NOW)


def test_a_secret_is_known_again_without_being_kept() -> None:
    known = client()
    assert rules.secret_of(known, FIRST) == known.secrets[0]
    assert rules.secret_of(known, "hckey_another") is None
    assert FIRST not in str(known)


def test_two_secrets_are_good_at_once_and_a_third_is_refused() -> None:
    both = rules.add_secret(client(), secret("hckey_second", "second")).state
    assert rules.secret_of(both, FIRST)
    assert rules.secret_of(both, "hckey_second")
    with pytest.raises(Conflict):
        rules.add_secret(both, secret("hckey_third", "third"))


def test_a_removed_secret_opens_nothing_and_the_last_one_stays() -> None:
    both = client(secrets=(secret(), secret("hckey_second", "second")))
    change = rules.remove_secret(both, "first")
    assert change
    assert rules.secret_of(change.state, FIRST) is None
    with pytest.raises(Conflict):
        rules.remove_secret(change.state, "second")


def test_a_revoked_client_keeps_no_secret_and_is_changed_no_more() -> None:
    change = rules.revoke(client())
    assert change
    assert change.state.secrets == ()
    assert rules.revoke(change.state) is None
    for changed in (
        lambda: rules.add_secret(change.state, secret()),
        lambda: rules.change(change.state, {}, None, None),
    ):
        with pytest.raises(NotFound):
            changed()


def test_a_change_on_an_old_version_is_refused_and_one_that_is_so_already_is_none() -> None:
    known = client(revision=3)
    with pytest.raises(Outdated):
        rules.change(known, {"name": "Other"}, None, 2)
    assert rules.change(known, {"name": "Bookings"}, None, 2) is None
    change = rules.change(known, {"name": "Other"}, None, 3)
    assert change
    assert change.state.revision == 4


def test_a_scope_that_is_not_cut_by_clinic_is_refused_to_a_client_of_some() -> None:
    with pytest.raises(Invalid):
        rules.check_reach(("rooms:read", "events:read"), (new_id(),))
    with pytest.raises(Invalid):
        rules.change(client(scopes=("events:read",)), {}, (new_id(),), None)
    rules.check_reach(("rooms:read", "events:read"), ())


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        (None, ("rooms:read", "sessions:write")),
        ("", ("rooms:read", "sessions:write")),
        (" rooms:read", ("rooms:read",)),
    ],
)
def test_a_token_has_what_was_asked_for_or_all(asked: str | None, granted: tuple[str, ...]) -> None:
    assert tokens.granted(client(), asked) == granted


def test_more_than_the_client_has_is_refused() -> None:
    with pytest.raises(Invalid):
        tokens.granted(client(), "rooms:read members:read")


def test_an_access_token_decodes_anywhere_and_names_who_made_the_client() -> None:
    body = made().split(".")[1]
    claims = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert claims["userId"] == "olive"
    assert claims["exp"] == int(NOW.timestamp()) + ACCESS_SECONDS


def test_a_token_is_good_for_its_own_use_and_for_its_time() -> None:
    assert tokens.read(tokens.ACCESS, made(), KEY, NOW).scopes == ("rooms:read", "sessions:write")
    for use, token, at in (
        (tokens.ACCESS, made(), NOW + timedelta(seconds=ACCESS_SECONDS)),
        (tokens.ACCESS, made(tokens.REFRESH), NOW),
        (tokens.REFRESH, made(), NOW),
        (tokens.ACCESS, made()[:-4] + "AAAA", NOW),
        (tokens.ACCESS, "no token", NOW),
    ):
        with pytest.raises(NotSignedIn):
            tokens.read(use, token, KEY, at)


@pytest.mark.parametrize("algorithm", ["none", "HS512"])
def test_a_token_by_another_algorithm_is_none(algorithm: str) -> None:
    _head, body, _ = made().split(".")
    claims = json.loads(urlsafe_b64decode(body + "=="))
    header = {"alg": algorithm, "typ": "at+jwt"}
    forged = jwt.encode(header, claims, KEY, algorithms=[algorithm])
    with pytest.raises(NotSignedIn):
        tokens.read(tokens.ACCESS, forged, KEY, NOW)


def test_a_token_of_a_client_and_a_statement_about_an_actor_are_never_taken_for_each_other() -> None:
    key = OKPKey.generate_key("Ed25519")
    statement = Signer("gateway", key, now=NOW.timestamp)(Actor("member", "olive", new_id(), roles=("owner",)))
    with pytest.raises(NotSignedIn):
        tokens.read(tokens.ACCESS, statement, KEY, NOW)
    verifier = Verifier({"gateway": key, "api-clients": key}, now=NOW.timestamp)
    forged = jwt.encode({"alg": "HS256", "kid": "gateway"}, {"actor": {}}, KEY, algorithms=["HS256"])
    for token in (made(), forged):
        with pytest.raises(NotSignedIn):
            verifier(token)
