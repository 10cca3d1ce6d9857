"""Signing in with an organisation's own provider, over real HTTP: two processes of accounts, the gateway, and providers."""

import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey

from contracts import accounts
from plumbing.ids import new_id
from tests.wiring.sign_in_scene import Network, Scene, mock_provider, problem_of, somebody

pytest_plugins = ["tests.wiring.sign_in_fixtures"]


def at_the_mock(browser: requests.Session, location: str, sub: str | None) -> str:
    """Fill in the mock's form; returns where it sends the browser back."""
    data = {"sub": sub} if sub else {"action": "deny"}
    return browser.post(location, data=data, allow_redirects=False).headers["Location"]


def test_a_person_comes_in_by_the_public_mock_and_is_known_again(here: Scene) -> None:
    with mock_provider() as issuer:
        network = here.network(issuer=issuer)
        sub, email = new_id(), network.address()
        claims = {"email": email, "email_verified": True, "name": "Mia Meyer"}
        requests.put(f"{issuer}/users/{sub}", json=claims, timeout=5).raise_for_status()
        visits = []
        for _ in range(2):
            browser = here.browser()
            start = f"{here.door.base_url}/api/sign-ins/oidc/start?organisation_id={network.id}&next=/rooms%3Fa%3D1"
            to_provider = browser.get(start, allow_redirects=False).headers["Location"]
            assert to_provider.startswith(f"{issuer}/oauth2/authorize?")
            assert here.come_back(browser, at_the_mock(browser, to_provider, sub)) == "/rooms?a=1"
            visits.append(here.who(browser))
        assert visits[0]["id"] == visits[1]["id"]
        assert (visits[0]["email"], visits[0]["name"], visits[0]["role"]) == (email, "Mia Meyer", "provider")
        browser = here.browser()
        to_provider = browser.get(start, allow_redirects=False).headers["Location"]
        assert problem_of(here.come_back(browser, at_the_mock(browser, to_provider, None))) == "cancelled"


def test_what_goes_to_the_provider_proves_the_browser_and_the_question(here: Scene, network: Network) -> None:
    browser = here.browser()
    to_provider = browser.get(f"{here.door.base_url}/sign-in/with/{network.id}", allow_redirects=False)
    asked = dict(parse_qsl(urlsplit(to_provider.headers["Location"]).query))
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == f"{here.door.base_url}/sign-in/callback"
    assert set(asked["scope"].split()) == {"openid", "email", "profile"}
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    cookie = to_provider.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "verifier" not in asked


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", ""]
)
def test_nobody_is_sent_elsewhere_afterwards(here: Scene, network: Network, path: str) -> None:
    somebody(here, network)
    browser = here.browser()
    url = f"{here.door.base_url}/sign-in/with/{network.id}?{urlencode({'next': path})}"
    back = browser.get(browser.get(url, allow_redirects=False).headers["Location"], allow_redirects=False)
    assert here.come_back(browser, back.headers["Location"]) == "/"


ODD: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "n" * 48}},
    "no nonce": {"claims": {"nonce": None}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "another audience": {"claims": {"aud": "somebody-else"}},
    "another party": {"claims": {"aud": ["housecall", "other"], "azp": "other"}},
    "several audiences without a party": {"claims": {"aud": ["housecall", "other"]}},
    "no subject": {"claims": {"sub": None}},
    "no end": {"claims": {"exp": None}},
    "unsigned": {"signature": "none"},
    "the public key as a shared secret": {"signature": "public key as secret"},
    "the client secret as a key": {"signature": "client secret"},
    "a stranger's key": {"signature": "stranger"},
    "no issuer beside the code": {"answer": {"iss": None}},
    "another issuer beside the code": {"answer": {"iss": "https://evil.example"}},
}
OLD: dict[str, dict[str, Any]] = {
    "over": {"claims": {"exp": 1_700_000_000}},
    "made long ago": {"claims": {"iat": 1_700_000_000}},
    "made in the future": {"claims": {"iat": 2_100_000_000, "exp": 2_200_000_000}},
}


@pytest.mark.parametrize(("odd", "word"), [*((o, "odd_answer") for o in ODD), *((o, "clock") for o in OLD)])
def test_a_token_that_does_not_fit_lets_nobody_in(here: Scene, network: Network, odd: str, word: str) -> None:
    email = somebody(here, network)
    here.provider.odd = {**ODD, **OLD}[odd]
    browser = here.browser()
    assert problem_of(here.sign_in(network, browser)) == word
    assert "housecall" not in browser.cookies
    listed = here.stage.ask(accounts.LIST_MEMBERS, {}, network.owner)["items"]
    assert email not in [each["email"] for each in listed]


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(here: Scene, network: Network) -> None:
    somebody(here, network)
    mine, theirs = here.browser(), here.browser()
    stolen = here.start(network, theirs)
    assert problem_of(here.come_back(mine, stolen)) == "expired"
    here.start(network, mine)
    assert problem_of(here.come_back(mine, stolen)) == "mismatch"
    # a code of another's question, brought with the own state: PKCE
    own = dict(parse_qsl(urlsplit(here.start(network, mine)).query))
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    injected = f"{here.door.base_url}/sign-in/callback?{urlencode({**own, 'code': code})}"
    assert problem_of(here.come_back(mine, injected)) == "expired"


def test_an_answer_is_good_once(here: Scene, network: Network) -> None:
    somebody(here, network)
    browser = here.browser()
    back = here.start(network, browser)
    question = browser.cookies["housecall_question"]
    assert problem_of(here.come_back(browser, back)) is None
    assert problem_of(here.come_back(browser, back)) == "expired"
    browser.cookies.set("housecall_question", question)
    assert problem_of(here.come_back(browser, back)) == "used"


def test_a_cookie_of_our_own_kind_but_not_of_our_own_making_is_none(here: Scene, network: Network) -> None:
    browser = here.browser()
    back = here.start(network, browser)
    value = browser.cookies["housecall_question"]
    browser.cookies.clear()
    browser.cookies.set("housecall_question", value[:-2] + ("AA" if value[-2:] != "AA" else "BB"))
    assert problem_of(here.come_back(browser, back)) == "expired"


def test_keys_that_the_provider_has_changed_are_read_again(here: Scene, network: Network) -> None:
    somebody(here, network)
    assert problem_of(here.sign_in(network)) is None
    here.provider.keys.append(RSAKey.generate_key(2048, {"kid": new_id()}))
    somebody(here, network)
    assert problem_of(here.sign_in(network)) is None


def test_a_provider_that_is_away_is_said_to_be(here: Scene) -> None:
    with mock_provider() as issuer:
        network = here.network(issuer=issuer)
        browser = here.browser()
        start = f"{here.door.base_url}/sign-in/with/{network.id}"
        to_provider = browser.get(start, allow_redirects=False).headers["Location"]
        back = at_the_mock(browser, to_provider, new_id())
    assert problem_of(here.come_back(browser, back)) == "provider_away"
    # one of the processes may remember for minutes what the provider said of itself, and learns of it on the way back
    gone = here.browser().get(start, allow_redirects=False).headers["Location"]
    assert gone.startswith(f"{issuer}/") or problem_of(gone) == "provider_away"
    nowhere = here.browser().get(f"{here.door.base_url}/sign-in/with/{new_id()}", allow_redirects=False)
    assert problem_of(nowhere.headers["Location"]) == "no_provider"


def test_nothing_secret_or_personal_is_logged(here: Scene, network: Network) -> None:
    email = somebody(here, network)
    browser = here.browser()
    back = here.start(network, browser)
    here.come_back(browser, back)
    code = parse_qs(urlsplit(back).query)["code"][0]
    logs = [path.read_text() for path in here.door.log_of("api").parent.glob("*.log")]
    assert not [word for word in (email, code, "Mia Meyer") if any(word in text for text in logs)]


def test_a_service_that_dies_while_the_provider_thinks_is_no_dead_end(here: Scene, network: Network) -> None:
    """Both replicas are killed at the moment that the code is redeemed; the repeat and a new try get clear answers."""
    somebody(here, network)
    browser = here.browser()
    back = here.start(network, browser)
    here.provider.odd, here.provider.redeeming = {"waits": True}, type(here.provider.redeeming)()
    with ThreadPoolExecutor(1) as crowd:
        coming = crowd.submit(here.come_back, browser, back)
        assert here.provider.redeeming.wait(15)
        _kill_accounts(here)
        here.provider.gate.set()
        with here.stage.running("services.accounts", "accounts", BASE_URL=here.door.base_url):
            # the command was not acknowledged, so the new process has it again: the state is its own, the code is used
            word = problem_of(coming.result(60))
            assert word in ("expired", "housecall_away", None)
            assert problem_of(here.come_back(browser, back)) == "expired"
            somebody(here, network)
            assert problem_of(here.sign_in(network)) is None


def _kill_accounts(here: Scene) -> None:
    """As the machine may."""
    for process in here.accounts:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
