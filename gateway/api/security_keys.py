"""Security keys (W3C WebAuthn): a member's own, and signing in with one."""

from typing import Any

import marshmallow as ma
from flask import Response, request

from contracts import security_keys as contract
from contracts.actor import PUBLIC
from gateway.api import asking, bodies
from gateway.api.area import Area
from gateway.api.sign_ins import SignedInView, begun, seen

area = Area("security-keys", "Security keys as a second factor")


class Step(ma.Schema):
    """`step` as signing in answered it."""

    step = ma.fields.String(required=True, validate=ma.validate.Length(1, 128))


class AnsweredStep(Step):
    """`credential` as the browser wrote it (WebAuthn, AuthenticationResponseJSON)."""

    credential = ma.fields.Dict(ma.fields.String(), required=True)


area.answers("GET", "/me/security-keys", contract.LIST_SECURITY_KEYS, "The member's own security keys, oldest first.")
area.answers(
    "POST", "/me/security-keys/begin", contract.BEGIN_SECURITY_KEY,
    "What the browser makes a security key with, good for five minutes, once; takes the password, or a sign-in of the last ten minutes.", status=201,
)  # fmt: skip
area.answers(
    "POST", "/me/security-keys", contract.FINISH_SECURITY_KEY,
    "Let every sign-in ask for this key or a code; the first of a second factor answers ten recovery codes, shown once.",
    status=201,
)  # fmt: skip
area.answers("PATCH", "/me/security-keys/<id:key_id>", contract.RENAME_SECURITY_KEY, "Another name of a key.")
area.answers(
    "DELETE", "/me/security-keys/<id:key_id>", contract.REMOVE_SECURITY_KEY,
    "Ask for this key no more; takes the password, or a sign-in of the last ten minutes.",
)  # fmt: skip


@area.blueprint.route("/sign-ins/security-key/begin", methods=["POST"])
@area.described(Step, contract.RequestOptions, "/sign-ins/security-key/begin", status=201)
def begin_security_key_step() -> Response:
    """What the browser asks a security key with, by the `step` that signing in answered; `options` is null without any key."""
    return asking.reply(asking.ask(contract.BEGIN_SECURITY_KEY_STEP, _by_step(), PUBLIC), 201)


@area.blueprint.route("/sign-ins/security-key", methods=["POST"])
@area.described(AnsweredStep, SignedInView, "/sign-ins/security-key", status=201)
def finish_sign_in_with_key() -> Response:
    """Bring the answer of a security key, with the `step` that signing in answered; the answer sets the cookie."""
    given = _by_step()
    return begun(asking.ask(contract.FINISH_SIGN_IN_WITH_KEY, {**given, **seen(given)}, PUBLIC))


def _by_step() -> dict[str, Any]:
    given = bodies.json_object(request)
    return {("token" if name == "step" else name): value for name, value in given.items() if name != "token"}
