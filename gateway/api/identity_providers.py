"""Signing in with the organisation's own identity provider, as its owner sets it up."""

from flask import Response, request

from contracts import single_sign_on
from gateway.api import asking, bodies
from gateway.api.area import Area

area = Area("identity provider", "The organisation's own identity provider (OpenID Connect)")
# the provider and its name servers are asked meanwhile
PATIENCE_SECONDS = 25.0


@area.blueprint.route("/sign-in-provider", methods=["PUT"])
@area.described(single_sign_on.SetProvider, single_sign_on.ProviderSettings, "/sign-in-provider")
def put_provider() -> Response:
    """Set it up or change it, everything at once; refused where the provider's own configuration does not fit."""
    actor = asking.member()
    asked = bodies.json_object(request)
    return asking.reply(asking.ask(single_sign_on.SET_PROVIDER, asked, actor, timeout=PATIENCE_SECONDS))


@area.blueprint.route("/sign-in-provider/domains/prove", methods=["POST"])
@area.described(single_sign_on.NamedDomain, single_sign_on.ProviderSettings, "/sign-in-provider/domains/prove")
def prove_domain() -> Response:
    """Look for the TXT record of an e-mail domain; when it is there, the domain counts."""
    actor = asking.member()
    asked = bodies.json_object(request)
    return asking.reply(asking.ask(single_sign_on.PROVE_DOMAIN, asked, actor, timeout=PATIENCE_SECONDS))


area.answers("GET", "/sign-in-provider", single_sign_on.GET_PROVIDER, "What is set up, without the client secret.")
area.answers(
    "DELETE", "/sign-in-provider", single_sign_on.REMOVE_PROVIDER, "No provider any more: everybody signs in by password."
)  # fmt: skip
