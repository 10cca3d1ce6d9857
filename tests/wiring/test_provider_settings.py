"""How an organisation sets up its own provider: what is asked, what is refused, and whose a domain is."""

import subprocess
import sys
from typing import Any

import pytest
import requests

from contracts import single_sign_on
from contracts.errors import Conflict, Invalid, NotFound
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import ROOT, Events
from tests.wiring.sign_in_scene import Network, Scene, mock_provider, problem_of, somebody
from tests.wiring.two_replicas import kept_by, refusal

pytest_plugins = ["tests.wiring.sign_in_fixtures"]


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


def test_the_operator_confirms_a_domain(here: Scene) -> None:
    network = here.network(proved=False)
    command = [sys.executable, "-m", "services.accounts", "confirm-domain", network.id]
    settings = here.stage.environment("accounts", 0)

    def confirm(domain: str) -> int:
        return subprocess.run([*command, domain], cwd=ROOT, env=settings, capture_output=True, check=False).returncode

    assert confirm("other.example") == 2
    assert confirm(network.domain) == 0
    somebody(here, network)
    assert problem_of(here.sign_in(network)) is None


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
