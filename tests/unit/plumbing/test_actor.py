"""Who may speak for whom, and for how long."""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from contracts.actor import PUBLIC, Actor, system
from contracts.errors import NotSignedIn, Unexpected
from plumbing.actor import ALGORITHM, Passport, Signer, Verifier

KEYS = {kid: OKPKey.generate_key("Ed25519", {"kid": kid}) for kid in ("gateway", "rooms")}
SMITH = Actor("member", "m1", "o1", roles=("provider",), clinic_ids=("c1", "c2"), name="Dr Smith")


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def verify(time: Time) -> Verifier:
    return Verifier(KEYS, time)


def signed(kid: str, **changes: Any) -> str:
    claims = {"iss": kid, "iat": 1_000_000, "exp": 1_000_060, "actor": SMITH.claims(), **changes}
    return jwt.encode({"alg": ALGORITHM, "kid": kid}, claims, KEYS[kid], algorithms=[ALGORITHM])


@pytest.mark.parametrize("actor", [SMITH, PUBLIC, Actor("guest", "g", "o1", caller_id="c")], ids=lambda one: one.kind)
def test_the_gateway_speaks_for_people(time: Time, verify: Verifier, actor: Actor) -> None:
    assert verify(Signer("gateway", KEYS["gateway"], time)(actor)) == actor


def test_a_service_speaks_for_itself_only(time: Time, verify: Verifier) -> None:
    sign = Signer("rooms", KEYS["rooms"], time)
    assert verify(sign(system("rooms"))) == system("rooms")
    with pytest.raises(Unexpected):
        sign(SMITH)
    with pytest.raises(NotSignedIn):
        verify(signed("rooms"))


def test_the_gateway_does_not_speak_for_services(time: Time, verify: Verifier) -> None:
    with pytest.raises(Unexpected):
        Signer("gateway", KEYS["gateway"], time)(system("rooms"))
    with pytest.raises(NotSignedIn):
        verify(signed("gateway", actor=system("rooms").claims()))


def test_a_statement_is_good_for_a_minute_also_when_it_was_checked_before(time: Time, verify: Verifier) -> None:
    token = signed("gateway")
    verify(token)
    time.now += 64
    verify(token)
    time.now += 2
    with pytest.raises(NotSignedIn):
        verify(token)


def test_a_statement_from_the_future_is_none(verify: Verifier) -> None:
    with pytest.raises(NotSignedIn):
        verify(signed("gateway", iat=1_000_100, exp=1_000_160))


def test_a_statement_is_used_again_while_it_is_young(time: Time) -> None:
    sign = Signer("gateway", KEYS["gateway"], time)
    first = sign(SMITH)
    time.now += 19
    assert sign(SMITH) == first
    time.now += 2
    assert sign(SMITH) != first


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x.y.z",
        signed("gateway", iss="rooms"),
        signed("gateway", actor=None),
        signed("gateway", actor={"kind": "member"}),
        signed("gateway", exp=None),
        signed("gateway")[:-4] + "AAAA",
        jwt.encode({"alg": "HS256", "kid": "gateway"}, {"actor": SMITH.claims()}, __import__("joserfc.jwk").jwk.OctKey.generate_key()),
    ],
    ids=["empty", "nonsense", "another's name", "no actor", "half an actor", "no end", "altered", "another algorithm"],
)  # fmt: skip
def test_whatever_else_is_no_statement(verify: Verifier, token: str) -> None:
    with pytest.raises(NotSignedIn):
        verify(token)


def test_a_statement_of_an_unknown_kind_of_process_is_none(time: Time) -> None:
    with pytest.raises(NotSignedIn):
        Verifier({"rooms": KEYS["rooms"]}, time)(signed("gateway"))


def test_new_keys_are_read_when_an_unknown_kind_is_met(time: Time) -> None:
    known = {"rooms": KEYS["rooms"]}
    verify = Verifier(lambda: dict(known), time)
    known["gateway"] = KEYS["gateway"]
    time.now += 6
    assert verify(signed("gateway")) == SMITH


def test_a_service_passes_on_the_statement_that_it_was_given(time: Time, verify: Verifier) -> None:
    passport = Passport(Signer("rooms", KEYS["rooms"], time), verify)
    with pytest.raises(Unexpected):
        passport(SMITH)
    token = signed("gateway")
    assert passport(verify(token)) == token
    assert verify(passport(system("rooms"))) == system("rooms")
    time.now += 61
    with pytest.raises(Unexpected):
        passport(SMITH)
