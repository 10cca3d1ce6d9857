"""Signing in and out, and who one is."""

import datetime as dt
from dataclasses import asdict
from typing import Any

import marshmallow as ma
import segno
from flask import Response, current_app, g, request

from contracts import accounts, membership, organisations, people, rooms, second_factor, signing_in
from contracts.actor import PUBLIC
from contracts.command import Done, View
from contracts.errors import Unavailable
from gateway.api import asking, bodies
from gateway.api.area import Area
from gateway.identity import seen_in
from plumbing import clock
from plumbing.ids import new_id

area = Area("sign-ins", "Signing in and out, and who one is")


class Credentials(ma.Schema):
    email = people.EmailAddress(required=True)
    password = ma.fields.String(required=True, validate=ma.validate.Length(1, 256))


class Address(ma.Schema):
    email = people.EmailAddress(required=True)


class ChosenPassword(ma.Schema):
    """`token` of the link, behind its #."""

    token = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    password = ma.fields.String(required=True, validate=ma.validate.Length(1, 256))


class Code(ma.Schema):
    """`step` as signing in answered it; `code` from the app, or a recovery code."""

    step = ma.fields.String(required=True, validate=ma.validate.Length(1, 128))
    code = ma.fields.String(required=True, validate=ma.validate.Length(6, 32))


class DrawnSecondFactor(second_factor.NewSecondFactor):
    """`qr_code`: a QR code of `uri` (ISO/IEC 18004), as a `data:` address of an SVG picture."""

    qr_code = ma.fields.String(required=True)


class SignedInView(View):
    expires_at = signing_in.SignInView._declared_fields["expires_at"]
    member = ma.fields.Nested(people.MemberView, required=True)


class Me(View):
    """`entitlements` is null when rooms does not answer at the moment, or who asks must add a second step first."""

    member = ma.fields.Nested(people.MemberView, required=True)
    organisation = ma.fields.Nested(organisations.OrganisationView, required=True)
    entitlements = ma.fields.Nested(rooms.Entitlements, required=True, allow_none=True)
    must_add_second_step = ma.fields.Boolean(required=True)


@area.blueprint.route("/sign-ins", methods=["POST"])
@area.described(Credentials, SignedInView, "/sign-ins", status=201)
def sign_in() -> Response:
    """Sign in by e-mail and password; the answer sets the cookie. 202 with `step` where a second factor is asked for."""
    given = bodies.json_object(request)
    return begun(asking.ask(accounts.SIGN_IN, {**given, **seen(given)}, PUBLIC))


@area.blueprint.route("/sign-ins/finish", methods=["POST"])
@area.described(Code, SignedInView, "/sign-ins/finish", status=201)
def finish_sign_in() -> Response:
    """Bring the code of the second factor, with the `step` that signing in answered; the answer sets the cookie."""
    given = bodies.json_object(request)
    asked = {("token" if name == "step" else name): value for name, value in given.items() if name != "token"}
    return begun(asking.ask(second_factor.FINISH_SIGN_IN, {**asked, **seen(given)}, PUBLIC))


@area.blueprint.route("/sign-ins/current", methods=["DELETE"])
@area.blueprint.response(204)
def sign_out() -> Response:
    """Sign out in this browser, everywhere at once."""
    found = asking.signed_in()
    asking.ask(accounts.SIGN_OUT, {}, found.actor)
    identity = asking.hall().identity
    identity.sign_ins.forget(str(found.actor.sign_in_id))
    response = asking.nothing()
    identity.cookies.forget_sign_in(response)
    return response


@area.blueprint.route("/me", methods=["GET"])
@area.blueprint.response(200, Me)
def me() -> Response:
    """The member, their organisation, and what its plan includes."""
    found = asking.signed_in()
    organisation = asking.ask(accounts.GET_ORGANISATION, {}, found.actor)
    entitlements: Any = None
    must_add = found.must_add_second_step
    try:
        entitlements = None if must_add else asking.ask(rooms.GET_ENTITLEMENTS, {}, found.actor)
    except Unavailable:
        # a member whose rooms are away for a moment is still somebody
        current_app.logger.warning("entitlements are not known at the moment")
    shown = {"member": found.member, "organisation": organisation, "entitlements": entitlements}
    return asking.reply({**shown, "must_add_second_step": must_add})


@area.blueprint.route("/password-resets", methods=["POST"])
@area.described(Address, Done, "/password-resets", status=202)
def ask_password_reset() -> Response:
    """A mail with a link to a new password, if the address is a member's. The answer is the same for everybody."""
    given = bodies.json_object(request)
    asked = {**given, **bodies.ours(given, network=seen_in(request).network)}
    return asking.reply(asking.ask(signing_in.ASK_PASSWORD_RESET, asked, PUBLIC), 202)


@area.blueprint.route("/password-resets/finish", methods=["POST"])
@area.described(ChosenPassword, Done, "/password-resets/finish")
def reset_password() -> Response:
    """Choose a new password, by the link of a mail."""
    given = bodies.json_object(request)
    asked = {**given, **bodies.ours(given, device=device_here())}
    response = asking.reply(asking.ask(signing_in.RESET_PASSWORD, asked, PUBLIC))
    _keep_device(response)
    return response


area.answers("POST", "/me/password", signing_in.CHANGE_PASSWORD, "Another password; the member's other sign-ins end.")
area.answers("PATCH", "/me", membership.CHANGE_OWN_PROFILE, "The member's own name or language.")


@area.blueprint.route("/me/second-factor", methods=["POST"])
@area.described(second_factor.ProvedAgain, DrawnSecondFactor, "/me/second-factor", status=201)
def begin_second_factor() -> Response:
    """A secret for an authenticator app, shown once; takes the password, or a sign-in of the last ten minutes. Also as a picture that the app reads."""
    begun = asking.ask(second_factor.BEGIN_SECOND_FACTOR, bodies.json_object(request), asking.member())
    drawn = segno.make(begun["uri"], error="m", micro=False)
    return asking.reply({**begun, "qr_code": drawn.svg_data_uri(scale=4, border=2, dark="#000", light="#fff")}, 201)


area.answers(
    "POST", "/me/second-factor/confirm", second_factor.CONFIRM_SECOND_FACTOR,
    "Let every sign-in ask for a code from now on; answers ten recovery codes, shown once.",
)  # fmt: skip
area.answers(
    "POST", "/me/second-factor/disable", second_factor.DISABLE_SECOND_FACTOR, "Ask for no code any more; takes the password, or a sign-in of the last ten minutes."
)  # fmt: skip
area.answers("GET", "/sign-ins", signing_in.LIST_SIGN_INS, "Where the member is signed in, newest first.")
area.answers("DELETE", "/sign-ins/<id:sign_in_id>", signing_in.END_SIGN_IN, "End one of the member's own sign-ins.")
area.answers("DELETE", "/sign-ins", signing_in.END_OTHER_SIGN_INS, "End all of the member's sign-ins but this one.")


def seen(given: dict[str, Any]) -> dict[str, str]:
    """What only we say of where a sign-in comes from. Raises Invalid for a body that says it."""
    return bodies.ours(given, **asdict(seen_in(request)), device=device_here())


def device_here() -> str:
    """This browser's id; one that has none is given this one when it is let in."""
    if "device_id" not in g:
        g.device_id = asking.hall().identity.cookies.device(request.cookies) or new_id()
    return str(g.device_id)


def begun(opened: dict[str, Any]) -> Response:
    """The cookie of a sign-in; without one (202) what brings the code."""
    if opened.get("step"):
        return asking.reply({"step": opened["step"], "expires_at": opened["expires_at"]}, 202)
    response = asking.reply({"expires_at": opened["expires_at"], "member": opened["member"]}, 201)
    let_in(response, opened)
    return response


def let_in(response: Response, opened: dict[str, Any]) -> None:
    """The cookie of a sign-in that was opened, and a device's where the browser has none."""
    cookies = asking.hall().identity.cookies
    seconds = dt.datetime.fromisoformat(opened["expires_at"]) - clock.now()
    cookies.set_sign_in(response, opened["token"], int(seconds.total_seconds()))
    _keep_device(response)


def _keep_device(response: Response) -> None:
    cookies = asking.hall().identity.cookies
    if cookies.device(request.cookies) is None:
        cookies.give_device(response, device_here())
