"""Who somebody is here, by what an organisation's own provider says of them, over real HTTP."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest

from contracts import accounts, membership, second_factor, signing_in, single_sign_on
from contracts.actor import PUBLIC, Actor
from contracts.errors import Invalid, NotSignedIn
from plumbing.clock import now
from plumbing.ids import new_id
from tests.wiring.sign_in_scene import Network, Scene, added, mock_provider, problem_of, signed_in, somebody
from tests.wiring.test_accounts import PASSWORD, sign_in
from tests.wiring.two_replicas import ourselves, refusal

pytest_plugins = ["tests.wiring.sign_in_fixtures"]


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
    ways: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
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
    for trusts in (False, True):
        attacker = here.network(proved=False)
        here.set_up(attacker, domains=[attacker.domain, network.domain], trusts_addresses=trusts)
        somebody(here, network, email=victim["email"])
        assert problem_of(here.sign_in(attacker)) == "foreign_address"
    here.stage.ask(single_sign_on.CONFIRM_DOMAIN, {"domain": attacker.domain}, ourselves(attacker.id))
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
    with mock_provider() as elsewhere:
        here.set_up(network, issuer=elsewhere)
        assert browser.get(f"{url}/api/sign-in-provider").json()["connected"] is False
    here.set_up(network)
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
    (own,) = browser.get(f"{here.door.base_url}/api/sign-ins", timeout=20).json()["items"]
    me = Actor("member", who["id"], network.id, (who["role"],), sign_in_id=own["id"])
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
