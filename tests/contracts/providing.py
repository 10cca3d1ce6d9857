"""What no journey causes of an organisation's own sign-in provider: set up, used by somebody new and by an owner, removed."""

from contracts import single_sign_on
from contracts.actor import Actor
from plumbing.ids import new_id
from plumbing.rpc import RpcClient
from tests.journeys.client import Visitor
from tests.wiring.odd_provider import CLIENT, SECRET, OddProvider, odd_provider

_OPERATOR = "operator"


def sign_in_elsewhere(operator: RpcClient, owner: Visitor) -> None:
    """`owner` is signed in; the provider answers on this machine."""
    domain = f"{new_id()[-12:]}.example"
    organisation = owner.get("/api/me")["organisation"]
    clinic_ids = [clinic["id"] for clinic in organisation["clinics"]]
    with odd_provider() as provider:
        rules = [
            {"claim": "groups", "value": "staff", "role": "coordinator", "clinic_id": None},
            {"claim": "groups", "value": "north", "role": None, "clinic_id": clinic_ids[0]},
        ]
        settings = {
            "issuer": provider.issuer, "client_id": CLIENT, "client_secret": SECRET, "domains": [domain], "rules": rules,
            "scopes": ["openid", "email", "profile"], "adds_members": True, "default_role": "provider",
            "default_clinic_ids": clinic_ids, "passwords": "everybody", "trusts_addresses": False,
            "counts_second_factor": False,
        }  # fmt: skip
        owner.request("PUT", "/api/sign-in-provider", settings).raise_for_status()
        itself = Actor("system", _OPERATOR, organisation["id"])
        operator.call(single_sign_on.CONFIRM_DOMAIN, {"domain": domain}, itself)
        owner.post("/api/sign-in-provider/domains/prove", {"domain": domain})
        with Visitor(owner.stack) as newcomer:
            newcomer.get(f"/api/sign-ins/provider?domain={domain}")
            provider.says(sub=new_id(), email=f"mia@{domain}", email_verified=True, groups=["staff", "north"])
            _go(newcomer, provider, f"{newcomer.base}/sign-in/with/{organisation['id']}")
            newcomer.get("/api/me")
        provider.says(sub=new_id())
        _go(owner, provider, owner.post("/api/sign-ins/oidc/connect", {"next": "/settings/sign-in"})["location"])
        owner.get("/api/sign-in-provider")
        owner.request("DELETE", "/api/sign-in-provider").raise_for_status()


def _go(browser: Visitor, provider: OddProvider, address: str) -> None:
    """There and back, as far as an address of ours that is no step of the way."""
    while address.startswith(provider.issuer) or "/sign-in/" in address:
        answer = browser.http.get(address, allow_redirects=False, timeout=20)
        answer.raise_for_status()
        address = answer.headers["Location"]
    assert "problem=" not in address, address
