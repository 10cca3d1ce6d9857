"""Sign-ins are remembered for seconds, and never longer than they last."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Response

from contracts import accounts
from contracts.actor import PUBLIC, Actor
from contracts.command import Command
from contracts.errors import Conflict, NotSignedIn, Unavailable
from gateway.cookies import Cookies
from gateway.hall import hear_account
from gateway.identity import Identity, SignIns
from tests.unit.gateway.test_cookies import MIA, OMAR, jar

START = dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC)


class Accounts:
    """Our own port to accounts: answers resolve_sign_in for one open sign-in, and counts how often it was asked."""

    def __init__(self) -> None:
        self.now = START.timestamp()
        self.expires_at = START + dt.timedelta(hours=8)
        self.open = True
        self.away = False
        self.asked = 0
        self.while_asked: Callable[[], None] = lambda: None

    def call(self, command: Command, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        assert (command, actor) == (accounts.RESOLVE_SIGN_IN, PUBLIC)
        self.asked += 1
        if self.away:
            raise Unavailable
        if not self.open or payload["token"] != "good":
            raise NotSignedIn
        self.while_asked()
        member = {"id": "smith", "organisation_id": "org", "role": "provider", "clinic_ids": ["c"], "name": "Dr Smith"}
        return {"sign_in_id": "s1", "expires_at": self.expires_at.isoformat(), "member": member}


@pytest.fixture
def port() -> Accounts:
    return Accounts()


@pytest.fixture
def sign_ins(port: Accounts) -> SignIns:
    return SignIns(port, clock=lambda: port.now)  # type: ignore[arg-type]


def test_a_sign_in_is_asked_about_once_in_ten_seconds(port: Accounts, sign_ins: SignIns) -> None:
    for _ in range(5):
        sign_ins.resolve("good")
    assert port.asked == 1
    port.now += 10.1
    sign_ins.resolve("good")
    assert port.asked == 2


def test_the_actor_says_who_and_where(sign_ins: SignIns) -> None:
    actor = sign_ins.resolve("good").actor
    assert actor == Actor("member", "smith", "org", ("provider",), ("c",), name="Dr Smith", sign_in_id="s1")


def test_a_sign_in_that_ended_is_forgotten_at_once(port: Accounts, sign_ins: SignIns) -> None:
    sign_ins.resolve("good")
    port.open = False
    hear_account(sign_ins, {"type": "sign_in.ended", "data": {"sign_in_id": "s1", "member_id": "smith"}})
    with pytest.raises(NotSignedIn):
        sign_ins.resolve("good")


def test_a_member_who_changed_is_asked_about_again(port: Accounts, sign_ins: SignIns) -> None:
    sign_ins.resolve("good")
    hear_account(sign_ins, {"type": "member.changed", "data": {"member_id": "smith"}})
    sign_ins.resolve("good")
    assert port.asked == 2


def test_an_answer_from_before_the_ending_is_not_kept(port: Accounts, sign_ins: SignIns) -> None:
    port.while_asked = lambda: sign_ins.forget("s1")
    sign_ins.resolve("good")
    port.open = False
    with pytest.raises(NotSignedIn):
        sign_ins.resolve("good")


def test_it_is_not_remembered_past_its_end(port: Accounts, sign_ins: SignIns) -> None:
    port.expires_at = START + dt.timedelta(seconds=3)
    sign_ins.resolve("good")
    port.now += 4
    port.open = False
    with pytest.raises(NotSignedIn):
        sign_ins.resolve("good")


def test_a_wrong_token_is_never_remembered(port: Accounts, sign_ins: SignIns) -> None:
    for _ in range(2):
        with pytest.raises(NotSignedIn):
            sign_ins.resolve("bad")
    assert port.asked == 2


def test_when_accounts_is_away_that_is_said(port: Accounts, sign_ins: SignIns) -> None:
    port.away = True
    with pytest.raises(Unavailable):
        sign_ins.resolve("good")


@pytest.fixture
def identity(sign_ins: SignIns) -> Identity:
    return Identity(Cookies(b"k" * 32, secure=False), sign_ins)


def test_without_a_cookie_nobody_is_signed_in(identity: Identity) -> None:
    with pytest.raises(NotSignedIn):
        identity.member({})


def test_the_only_guest_of_a_browser_need_not_name_the_link(identity: Identity) -> None:
    response = Response()
    identity.cookies.set_guest(response, "token-a", MIA)
    assert identity.guest(jar(response), None) == MIA
    identity.cookies.set_guest(response, "token-b", OMAR)
    with pytest.raises(Conflict):
        identity.guest(jar(response), None)
    assert identity.guest(jar(response), "token-b") == OMAR


def test_a_link_by_which_nobody_arrived_is_nobody(identity: Identity) -> None:
    with pytest.raises(NotSignedIn):
        identity.guest({}, "token-a")
