"""Signing in with an organisation's own provider, over real HTTP: two processes of accounts, the gateway, and providers."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pyotp
import pytest
import requests
from joserfc.jwk import RSAKey

from contracts import accounts, membership, second_factor, signing_in, single_sign_on
from contracts.actor import PUBLIC, Actor
from contracts.errors import Conflict, Invalid, NotFound, NotSignedIn
from plumbing.clock import now
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import Events
from tests.wiring.sign_in_scene import Network, Scene, mock_provider, problem_of, scene
from tests.wiring.test_accounts import PASSWORD, newcomer, sign_in
from tests.wiring.two_replicas import kept_by, refusal


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("provider"), backing) as made:
        yield made


@pytest.fixture(scope="module")
def network(here: Scene) -> Network:
    return here.network()


def somebody(here: Scene, network: Network, **claims: Any) -> str:
    """The odd provider says who comes next; returns the address."""
    email = network.address()
    here.provider.says(**{"sub": new_id(), "email": email, "email_verified": True, "name": "Mia Meyer", **claims})
    return email


def added(here: Scene, network: Network, **changes: Any) -> dict[str, Any]:
    asked = newcomer(**{"email": network.address(), **changes})
    made: dict[str, Any] = here.stage.ask(accounts.ADD_MEMBER, asked, network.owner)
    return made


def signed_in(here: Scene, email: str) -> Actor:
    token = sign_in(here.stage, email)["token"]
    found = here.stage.ask(accounts.RESOLVE_SIGN_IN, {"token": token}, PUBLIC)
    who = found["member"]
    return Actor("member", who["id"], who["organisation_id"], (who["role"],), sign_in_id=found["sign_in_id"])


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


ODD = {
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
OLD = {
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


def test_roles_and_clinics_are_as_the_provider_says_today(here: Scene) -> None:
    network = here.network(default_role=None)
    clinic = here.stage.ask(accounts.CREATE_CLINIC, {"name": "North"}, network.owner)["id"]
    rules = [
        {"claim": "realm_access.roles", "value": "hc-admin", "role": "admin"},
        {"claim": "groups", "value": "doctors", "role": "provider"},
        {"claim": "groups", "value": "north", "clinic_id": clinic},
    ]
    here.set_up(network, default_role=None, default_clinic_ids=[network.clinic_id], rules=rules)
    sub = new_id()
    email = somebody(here, network, sub=sub, groups=["cooks"])
    assert problem_of(here.sign_in(network)) == "no_role"
    ways = [
        ({"groups": ["doctors", "north"]}, ("provider", [clinic])),
        ({"groups": ["doctors"]}, ("provider", [network.clinic_id])),
        ({"groups": ["north"], "realm_access": {"roles": ["hc-admin"]}}, ("admin", [clinic])),
    ]
    for claims, wanted in ways:
        here.provider.says(sub=sub, email=email, email_verified=True, **claims)
        browser = here.browser()
        assert problem_of(here.sign_in(network, browser)) is None
        who = here.who(browser)
        assert (who["role"], who["clinic_ids"]) == wanted
    here.provider.says(sub=sub, email=email, email_verified=True, groups=["cooks"])
    assert problem_of(here.sign_in(network)) == "no_role"


def test_an_owner_is_made_only_by_a_rule_that_says_so(here: Scene) -> None:
    network = here.network()
    refusal(Invalid, here.stage, single_sign_on.SET_PROVIDER, {
        "issuer": here.provider.issuer, "client_id": "c", "default_role": "owner",
    }, network.owner)  # fmt: skip
    here.set_up(network, rules=[{"claim": "groups", "value": "chiefs", "role": "owner"}])
    somebody(here, network, groups=["chiefs"])
    browser = here.browser()
    assert problem_of(here.sign_in(network, browser)) is None
    assert here.who(browser)["role"] == "owner"


def test_what_only_userinfo_says_counts_too(here: Scene) -> None:
    network = here.network(rules=[{"claim": "groups", "value": "staff", "role": "coordinator"}])
    email = network.address()
    here.provider.says(sub=new_id())
    here.provider.more = {"email": email, "email_verified": True, "groups": ["staff"]}
    browser = here.browser()
    assert problem_of(here.sign_in(network, browser)) is None
    assert (here.who(browser)["email"], here.who(browser)["role"]) == (email, "coordinator")
    here.provider.says(sub=new_id())
    here.provider.more = {"sub": "somebody else", "email": network.address(), "email_verified": True}
    assert problem_of(here.sign_in(network)) == "odd_answer"
    # an address of the token is not verified by what userinfo says of another one
    here.provider.says(sub=new_id(), email=network.address())
    here.provider.more = {"email": email, "email_verified": True, "groups": []}
    assert problem_of(here.sign_in(network)) == "not_verified"


def test_who_has_an_account_is_connected_once_and_loses_what_others_may_know(here: Scene, network: Network) -> None:
    known = added(here, network)
    before = signed_in(here, known["email"])
    sub = new_id()
    somebody(here, network, sub=sub, email=known["email"])
    browser = here.browser()
    assert problem_of(here.sign_in(network, browser)) is None
    assert here.who(browser)["id"] == known["id"]
    # whoever made the account ready knows its password and may be signed in: neither is of use any more
    refusal(NotSignedIn, here.stage, accounts.SIGN_IN, {"email": known["email"], "password": PASSWORD}, PUBLIC)
    mine = here.stage.ask(signing_in.LIST_SIGN_INS, {}, before)["items"]
    assert len(mine) == 1
    # the same address from another account there, as when it is given to somebody new
    somebody(here, network, email=known["email"])
    assert problem_of(here.sign_in(network)) == "other_account"
    # known by the subject, whatever the address is by now
    somebody(here, network, sub=sub, email="mia@elsewhere.example")
    browser = here.browser()
    assert problem_of(here.sign_in(network, browser)) is None
    assert here.who(browser)["id"] == known["id"]


def test_who_was_invited_is_in_by_the_provider(here: Scene, network: Network) -> None:
    email = network.address()
    invited = here.stage.ask(membership.INVITE_MEMBER, {"email": email, "role": "coordinator"}, network.owner)
    somebody(here, network, email=email)
    browser = here.browser()
    assert problem_of(here.sign_in(network, browser)) is None
    who = here.who(browser)
    assert (who["id"], who["state"], who["role"]) == (invited["id"], "active", "coordinator")


def test_a_provider_cannot_name_members_of_another_organisation(here: Scene, network: Network) -> None:
    victim = added(here, network)
    for settings in ({}, {"trusts_addresses": True}):
        attacker = here.network(proved=False, **settings)
        here.set_up(attacker, domains=[attacker.domain, network.domain], **settings)
        somebody(here, network, email=victim["email"])
        assert problem_of(here.sign_in(attacker)) == "foreign_address"
    here.stage.ask(single_sign_on.CONFIRM_DOMAIN, {"domain": attacker.domain}, _operator(attacker))
    assert problem_of(here.sign_in(attacker)) == "foreign_address"
    # not even where the member of the other organisation has an address of the own domain
    stray = added(here, network, email=f"{new_id()[-12:]}@{attacker.domain}")
    somebody(here, network, email=stray["email"])
    assert problem_of(here.sign_in(attacker)) == "taken"
    assert sign_in(here.stage, victim["email"])["token"]
    assert sign_in(here.stage, stray["email"])["token"]


def test_an_account_of_a_shared_issuer_is_known_only_where_it_was_connected(here: Scene, network: Network) -> None:
    sub = new_id()
    somebody(here, network, sub=sub)
    assert problem_of(here.sign_in(network)) is None
    other = here.network()
    assert problem_of(here.sign_in(other)) == "foreign_address"


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ({"email_verified": False}, "not_verified"),
        ({"email_verified": None}, "not_verified"),
        ({"email": None}, "no_address"),
        ({"email": "mia@elsewhere.example"}, "foreign_address"),
    ],
)
def test_an_address_counts_only_where_the_provider_has_verified_it(
    here: Scene, network: Network, claims: dict[str, Any], word: str
) -> None:
    somebody(here, network, **claims)
    assert problem_of(here.sign_in(network)) == word


def test_a_provider_that_never_says_verified_may_be_trusted_but_not_against_its_word(here: Scene) -> None:
    network = here.network(trusts_addresses=True)
    somebody(here, network, email_verified=None)
    assert problem_of(here.sign_in(network)) is None
    somebody(here, network, email_verified=False)
    assert problem_of(here.sign_in(network)) == "not_verified"


def test_strangers_stay_out_unless_members_are_added(here: Scene) -> None:
    network = here.network(adds_members=False)
    email = somebody(here, network)
    assert problem_of(here.sign_in(network)) == "not_a_member"
    here.set_up(network, adds_members=True)
    browser = here.browser()
    assert problem_of(here.sign_in(network, browser)) is None
    assert here.who(browser)["email"] == email


def test_who_is_suspended_or_removed_stays_out_and_may_be_invited_again(here: Scene, network: Network) -> None:
    sub, browser = new_id(), here.browser()
    email = somebody(here, network, sub=sub)
    here.sign_in(network, browser)
    asked = {"member_id": here.who(browser)["id"]}
    for command in (membership.SUSPEND_MEMBER, membership.REMOVE_MEMBER):
        here.stage.ask(command, asked, network.owner)
        assert problem_of(here.sign_in(network)) == "suspended"
    here.stage.ask(membership.INVITE_MEMBER, {"email": email, "role": "reporter"}, network.owner)
    assert problem_of(here.sign_in(network, browser)) is None
    assert here.who(browser)["role"] == "reporter"


def test_of_many_first_visits_at_once_one_member_comes(here: Scene, network: Network) -> None:
    email = somebody(here, network)
    browsers = [here.browser() for _ in range(6)]
    backs = [here.start(network, browser) for browser in browsers]
    with ThreadPoolExecutor(6) as crowd:
        ends = list(crowd.map(here.come_back, browsers, backs))
    assert [problem_of(end) for end in ends] == [None] * 6
    listed = here.stage.ask(accounts.LIST_MEMBERS, {}, network.owner)["items"]
    assert [each["email"] for each in listed].count(email) == 1


def test_an_owner_always_has_a_way_in(here: Scene) -> None:
    network = here.network()
    doctor = added(here, network)
    owner = added(here, network, role="owner")
    here.set_up(network, passwords="owners")
    told = refusal(NotSignedIn, here.stage, accounts.SIGN_IN, {"email": doctor["email"], "password": PASSWORD}, PUBLIC)
    assert (told.extra["reason"], told.extra["organisation_id"]) == ("use_provider", network.id)
    wrong = refusal(NotSignedIn, here.stage, accounts.SIGN_IN, {"email": doctor["email"], "password": "x"}, PUBLIC)
    assert wrong.extra == {}
    assert sign_in(here.stage, owner["email"])["token"]
    # whoever runs the provider is no owner by that
    somebody(here, network, email=owner["email"])
    assert problem_of(here.sign_in(network)) == "owner_not_connected"


def test_an_owner_connects_the_own_account_and_keeps_the_password(here: Scene) -> None:
    network = here.network()
    owner = added(here, network, role="owner")
    browser = here.browser()
    url = here.door.base_url
    signed = browser.post(f"{url}/api/sign-ins", json={"email": owner["email"], "password": PASSWORD}, timeout=20)
    assert signed.status_code == 201
    somebody(here, network, email="chief@anywhere.example", sub=(sub := new_id()))
    asked = {"next": "/settings/sign-in"}
    foreign = {"Origin": "https://evil.example"}
    assert browser.post(f"{url}/api/sign-ins/oidc/connect", json=asked, headers=foreign).status_code == 403
    begun = browser.post(f"{url}/api/sign-ins/oidc/connect", json=asked)
    back = browser.get(begun.json()["location"], allow_redirects=False).headers["Location"]
    assert here.come_back(browser, back) == "/settings/sign-in"
    assert browser.get(f"{url}/api/sign-in-provider").json()["connected"] is True
    other = here.browser()
    assert problem_of(here.sign_in(network, other)) is None
    assert here.who(other)["id"] == owner["id"]
    assert sign_in(here.stage, owner["email"])["token"]
    # the account of somebody else's is not taken from them
    second = added(here, network, role="owner")
    thief = here.browser()
    thief.post(f"{url}/api/sign-ins", json={"email": second["email"], "password": PASSWORD}, timeout=20)
    here.provider.says(sub=sub)
    begun = thief.post(f"{url}/api/sign-ins/oidc/connect", json=asked)
    back = thief.get(begun.json()["location"], allow_redirects=False).headers["Location"]
    assert here.come_back(thief, back) == "/settings/sign-in?problem=other_account"


def test_the_second_factor_of_the_provider_counts_only_where_that_is_set(here: Scene) -> None:
    network = here.network()
    sub, browser = new_id(), here.browser()
    email = somebody(here, network, sub=sub)
    here.sign_in(network, browser)
    who = here.who(browser)
    me = Actor("member", who["id"], network.id, (who["role"],), sign_in_id=new_id())
    secret = here.stage.ask(second_factor.BEGIN_SECOND_FACTOR, {}, me)["secret"]
    code = {"code": pyotp.TOTP(secret).at(now(), counter_offset=-1)}
    here.stage.ask(second_factor.CONFIRM_SECOND_FACTOR, code, me)

    def comes(amr: list[str]) -> str:
        here.provider.says(sub=sub, email=email, email_verified=True, amr=amr)
        return here.sign_in(network)

    assert "#step=" in comes(["pwd", "mfa"])
    here.set_up(network, counts_second_factor=True)
    assert "#step=" in comes(["pwd"])
    end = comes(["pwd", "mfa"])
    assert "#" not in end
    browser = here.browser()
    here.provider.says(sub=sub, amr=["pwd"])
    step = here.sign_in(network, browser).partition("#step=")[2]
    asked = {"step": step, "code": pyotp.TOTP(secret).at(now())}
    assert browser.post(f"{here.door.base_url}/api/sign-ins/finish", json=asked).status_code == 201
    assert here.who(browser)["id"] == who["id"]


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


def test_a_domain_says_whose_it_is_and_nothing_of_its_people(here: Scene, network: Network) -> None:
    def asked(domain: str) -> Any:
        return requests.get(f"{here.door.base_url}/api/sign-ins/provider", params={"domain": domain}, timeout=10).json()

    wanted = {"organisation_id": network.id, "organisation_name": network.name}
    assert asked(network.domain) == asked(network.domain.upper()) == wanted
    unproved = here.network(proved=False)
    nobody = {"organisation_id": None, "organisation_name": None}
    assert asked(unproved.domain) == asked("elsewhere.example") == asked("no domain") == nobody


def test_a_domain_is_proved_by_a_record_and_is_one_organisations_only(here: Scene) -> None:
    first, second = here.network(proved=False), here.network(proved=False)
    saved = here.set_up(second, domains=[first.domain])
    asked = {"domain": first.domain}
    assert refusal(Conflict, here.stage, single_sign_on.PROVE_DOMAIN, asked, first.owner).extra["reason"] == "no_record"
    own = here.stage.ask(single_sign_on.GET_PROVIDER, {}, first.owner)["provider"]["domains"][0]
    theirs = saved["provider"]["domains"][0]
    assert own["record_name"] == theirs["record_name"] == f"_housecall.{first.domain}"
    assert own["record_text"] != theirs["record_text"]
    here.names.records[own["record_name"]] = own["record_text"]
    assert (
        refusal(Conflict, here.stage, single_sign_on.PROVE_DOMAIN, asked, second.owner).extra["reason"] == "no_record"
    )
    proved = here.stage.ask(single_sign_on.PROVE_DOMAIN, asked, first.owner)
    assert proved["provider"]["domains"][0]["proved_at"]
    here.names.records[own["record_name"]] = theirs["record_text"]
    assert refusal(Conflict, here.stage, single_sign_on.PROVE_DOMAIN, asked, second.owner).extra["reason"] == "taken"
    here.stage.ask(single_sign_on.REMOVE_PROVIDER, {}, first.owner)
    assert here.stage.ask(single_sign_on.PROVE_DOMAIN, asked, second.owner)["provider"]["domains"][0]["proved_at"]
    refusal(NotFound, here.stage, single_sign_on.PROVE_DOMAIN, {"domain": "other.example"}, second.owner)


@pytest.mark.parametrize(
    "odd",
    [
        {"configuration": {"issuer": "https://other.example"}},
        {"configuration": {"token_endpoint": None}},
        {"configuration": {"jwks_uri": "file:///etc/passwd"}},
        {"configuration": {"id_token_signing_alg_values_supported": ["HS256", "none"]}},
        {"configuration": {"code_challenge_methods_supported": ["plain"]}},
        {"configuration": {"jwks_uri": "http://169.254.169.254/latest"}},
        {"redirects": "http://127.0.0.1:1/"},
        {"status": 404},
        {"status": 503},
        {"endless": True},
    ],
    ids=lambda odd: str(odd)[:60],
)
def test_a_provider_that_does_not_fit_is_not_saved(here: Scene, network: Network, odd: dict[str, Any]) -> None:
    here.provider.odd = odd
    asked = {"issuer": here.provider.issuer, "client_id": "c"}
    refused = refusal(Invalid, here.stage, single_sign_on.SET_PROVIDER, asked, network.owner)
    assert refused.extra["errors"][0]["pointer"] == "/issuer"
    here.provider.odd = {}


@pytest.mark.parametrize(
    "issuer",
    [
        "http://10.0.0.1", "http://192.168.1.1:8080", "http://169.254.169.254", "http://[fd00::1]", "http://[::ffff:10.0.0.1]",
        "http://100.64.0.1", "http://0.0.0.0", "ftp://example.com", "https://user@example.com", "https://example.com#a",
        "nonsense", "https://no-such-host.invalid", "http://localhost:1",
    ],
)  # fmt: skip
def test_an_address_inside_is_not_asked(here: Scene, network: Network, issuer: str) -> None:
    asked = {"issuer": issuer, "client_id": "c"}
    refused = refusal(Invalid, here.stage, single_sign_on.SET_PROVIDER, asked, network.owner)
    assert refused.extra["errors"][0]["pointer"] == "/issuer"


def test_the_secret_is_never_said_again_nor_kept_in_the_clear(here: Scene) -> None:
    network = here.network()
    secret = f"very-secret-{new_id()}"
    saved = here.set_up(network, client_secret=secret)
    assert saved["provider"]["has_secret"] is True
    assert secret not in str(saved)
    with kept_by(here.stage, "accounts") as database:
        kept = str([list(database[name].find()) for name in database.list_collection_names()])
    assert secret not in kept
    # another provider does not get the secret of the first
    asked = {"issuer": here.provider.issuer, "client_id": "another"}
    again = here.stage.ask(single_sign_on.SET_PROVIDER, asked, network.owner)
    assert again["provider"]["has_secret"] is True
    with mock_provider() as issuer:
        refused = refusal(Invalid, here.stage, single_sign_on.SET_PROVIDER, {**asked, "issuer": issuer}, network.owner)
        assert refused.extra["errors"][0]["pointer"] == "/client_secret"


def test_events_say_that_it_changed_and_not_how(here: Scene) -> None:
    events = Events(here.stage.amqp_uri, "accounts")
    network = here.network()
    somebody(here, network)
    here.sign_in(network)
    subject = f"sign_in_provider/{network.id}"
    said = ["sign_in_provider.changed", "sign_in_provider.domain_proved"]
    eventually(lambda: events.types(subject) == said, what="what was set up is said")
    eventually(lambda: "member.connected" in events.types(), what="the connection is said")
    assert network.domain not in str([event["data"] for event in events.heard()])
    events.close()


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


def _operator(network: Network) -> Actor:
    return Actor("system", "media", network.id)


def _kill_accounts(here: Scene) -> None:
    """As the machine may."""
    for process in here.accounts:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
