"""Cookies that nobody else can make, and that do not mix."""

import pytest
from flask import Response
from werkzeug.http import parse_cookie

from contracts.actor import Actor
from gateway.cookies import Cookies

KEY = b"k" * 32
MIA = Actor("guest", "recipient", "organisation", room_id="room", caller_id="caller-1", device_id="device")
OMAR = Actor("guest", "device", "organisation", room_id="room", caller_id="caller-2", device_id="device")


def jar(response: Response) -> dict[str, str]:
    """What a browser keeps of an answer."""
    return {
        name: value
        for line in response.headers.getlist("Set-Cookie")
        for name, value in parse_cookie(line.split(";")[0]).items()
    }


def lines(response: Response) -> list[str]:
    return response.headers.getlist("Set-Cookie")


@pytest.fixture
def cookies() -> Cookies:
    return Cookies(KEY, secure=False)


def test_a_guest_is_known_again_by_their_link(cookies: Cookies) -> None:
    response = Response()
    cookies.set_guest(response, "token-a", MIA)
    assert cookies.guest(jar(response), "token-a") == MIA
    assert cookies.guest(jar(response), "token-b") is None


def test_two_links_in_one_browser_do_not_mix(cookies: Cookies) -> None:
    response = Response()
    cookies.set_guest(response, "token-a", MIA)
    cookies.set_guest(response, "room/reception", OMAR)
    kept = jar(response)
    assert cookies.guest(kept, "token-a") == MIA
    assert cookies.guest(kept, "room/reception") == OMAR
    assert {actor.caller_id for actor in cookies.guests(kept)} == {"caller-1", "caller-2"}


def test_a_cookie_of_another_key_is_none(cookies: Cookies) -> None:
    response = Response()
    Cookies(b"x" * 32, secure=False).set_guest(response, "token-a", MIA)
    Cookies(b"x" * 32, secure=False).give_device(response)
    assert cookies.guest(jar(response), "token-a") is None
    assert cookies.device(jar(response)) is None


def test_one_kind_of_cookie_is_never_taken_for_another(cookies: Cookies) -> None:
    response = Response()
    cookies.give_device(response)
    device = next(iter(jar(response).values()))
    assert cookies.guest({cookies.guest_name("token-a"): device}, "token-a") is None


def test_a_guests_cookie_never_speaks_for_a_member(cookies: Cookies) -> None:
    response = Response()
    cookies.set_guest(response, "token-a", Actor("member", "smith", "organisation", roles=("owner",)))
    assert cookies.guest(jar(response), "token-a") is None


def test_a_name_does_not_give_the_link_away(cookies: Cookies) -> None:
    assert "token-a" not in cookies.guest_name("token-a")


def test_a_device_keeps_its_id(cookies: Cookies) -> None:
    response = Response()
    given = cookies.give_device(response)
    assert cookies.device(jar(response)) == given


def test_scripts_cannot_read_them_and_other_sites_cannot_send_them(cookies: Cookies) -> None:
    response = Response()
    cookies.set_sign_in(response, "token", 60)
    cookies.set_guest(response, "token-a", MIA)
    cookies.give_device(response)
    for line in lines(response):
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Domain" not in line


def test_where_the_site_is_https_they_are_bound_to_it() -> None:
    response = Response()
    Cookies(KEY, secure=True).set_sign_in(response, "token", 60)
    line = lines(response)[0]
    assert line.startswith("__Host-housecall=token")
    assert "Secure" in line
    assert "Path=/" in line


def test_signing_out_takes_the_cookie_away(cookies: Cookies) -> None:
    response = Response()
    cookies.forget_sign_in(response)
    assert "Max-Age=0" in lines(response)[0]
