"""What a page answers: in the reader's language, with a strict policy, and plainly where a link is dead."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contracts.errors import Gone, NotFound
from gateway.web import catalogues, create_blueprint

LIVE_URL = "wss://live.example.org/live"


def look_up(link: str) -> None:
    if link == "revoked":
        raise Gone
    if link in ("unknown", "room/unknown"):
        raise NotFound


@pytest.fixture
def browser() -> FlaskClient:
    app = Flask("pages")
    app.register_blueprint(create_blueprint(look_up_link=look_up, live_url=LIVE_URL))
    return app.test_client()


PAGES = (
    "/", "/sessions", "/waiting-area", "/help", "/rooms/01900000-0000-7000-8000-000000000001", "/sign-in",
    "/forgot-password", "/new-password", "/welcome", "/sign-up", "/patient-information", "/join/abc", "/join/room/dr-smith",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("accepts", "language", "direction"), [("de-AT", "de", "ltr"), ("ar", "ar", "rtl"), ("fr", "en", "ltr")]
)
def test_a_page_is_in_the_readers_language(
    browser: FlaskClient, path: str, accepts: str, language: str, direction: str
) -> None:
    answer = browser.get(path, headers={"Accept-Language": accepts})
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{direction}"' in answer.text


def test_a_chosen_language_is_remembered(browser: FlaskClient) -> None:
    browser.get("/sign-in?language=de", headers={"Accept-Language": "ar"})
    assert '<html lang="de"' in browser.get("/patient-information", headers={"Accept-Language": "ar"}).text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_allows_only_what_is_its_own(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "connect-src 'self' wss://live.example.org;" in policy
    assert "unsafe" not in policy
    assert f'content="{LIVE_URL}"' in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_everything_that_a_page_names_is_served_and_kept_for_ever(browser: FlaskClient, path: str) -> None:
    names = re.findall(r'"(/assets/[^"]+\.\w+)"', browser.get(path).text)
    assert names
    for name in names:
        answer = browser.get(name)
        assert answer.status_code == 200, name
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "status"), [("/join/unknown", 404), ("/join/room/unknown", 404), ("/join/revoked", 410)]
)
def test_a_dead_link_says_what_to_do_and_nothing_of_whose_it_was(browser: FlaskClient, path: str, status: int) -> None:
    answer = browser.get(path)
    assert answer.status_code == status
    assert "This link does not work" in answer.text
    assert "ask for a new link" in answer.text
    assert "<script" not in answer.text


def test_a_link_is_looked_up_and_never_kept_by_anybody_on_the_way(browser: FlaskClient) -> None:
    assert browser.get("/join/abc").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "name", ["nothing.js", "../pages.py", "js/types.d.ts", "%2e%2e/pages.py", "texts/xx.json", "texts/../de.json"]
)
def test_only_the_listed_files_are_served(browser: FlaskClient, name: str) -> None:
    assert browser.get(f"/assets/{name}").status_code == 404


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl"), ("en", "ltr")])
def test_modules_get_the_texts_of_a_language(browser: FlaskClient, language: str, direction: str) -> None:
    answer = browser.get(f"/assets/texts/{language}.json").get_json()
    assert answer["language"] == language
    assert answer["direction"] == direction
    assert ("Accept" in answer["messages"]) == (language != "en")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_guests_are_sent_every_text_of_their_pages_and_not_those_of_the_staff(
    browser: FlaskClient, language: str
) -> None:
    said = browser.get(f"/assets/texts/{language}-guest.json").get_json()["messages"]
    theirs = {
        text.text for text in catalogues.texts() if text.place.startswith(("assets/js/guest/", "assets/js/call/"))
    }
    assert theirs <= said.keys()
    assert "Add a Meeting Room" not in said
    assert browser.get("/assets/texts/xx-guest.json").status_code == 404


def test_an_unchanged_file_is_not_sent_again(browser: FlaskClient) -> None:
    tag = browser.get("/assets/css/tokens.css").headers["ETag"]
    assert browser.get("/assets/css/tokens.css", headers={"If-None-Match": tag}).status_code == 304


def test_an_address_that_is_none_is_a_page_for_people_and_a_problem_for_programs(browser: FlaskClient) -> None:
    person = browser.get("/nothing-here", headers={"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"})
    program = browser.get("/nothing-here", headers={"Accept": "application/json"})
    assert (person.status_code, program.status_code) == (404, 404)
    assert "There is no such page" in person.text
    assert program.content_type.startswith("application/problem+json")


def test_a_guests_page_with_all_that_it_brings_is_under_150_kb_on_the_way(browser: FlaskClient) -> None:
    page = browser.get("/join/abc", headers={"Accept-Language": "ar"})
    names = set(re.findall(r'"(/assets/[^"]+\.\w+)"', page.text)) | {"/assets/texts/ar-guest.json"}
    sizes = [len(browser.get(name, headers={"Accept-Encoding": "gzip"}).data) for name in names]
    assert len(page.data) + sum(sizes) < 150_000


def test_a_squeezed_file_is_the_same_file(browser: FlaskClient) -> None:
    plain = browser.get("/assets/css/parts.css")
    squeezed = browser.get("/assets/css/parts.css", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(squeezed.data) == plain.data
    assert squeezed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in squeezed.headers["Vary"]
