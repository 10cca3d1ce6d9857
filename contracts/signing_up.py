"""What accounts says of a new organisation that somebody makes by themselves: a link first, then everything at once."""

from marshmallow import fields, validate

from contracts.command import Command, Done, Request, View
from contracts.fields import Instant, TypedText, name_text
from contracts.people import LANGUAGES, EmailAddress


class AskSignUp(Request):
    email = EmailAddress(required=True)
    language = fields.String(validate=validate.OneOf(LANGUAGES), load_default="en")
    network = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))


class SignUpLink(Request):
    # told apart from another when repeated, which a password is not: nobody guesses it from its digest
    token = fields.String(required=True, validate=validate.Length(1, 64))


class SignUpView(View):
    """What the holder of a link may make: an organisation on `plan`, with `email` as its owner's address."""

    email = fields.String(required=True)
    plan = fields.String(required=True)
    language = fields.String(required=True)
    until = Instant(required=True)


class FinishSignUp(SignUpLink):
    """The organisation with its first clinic, and its owner."""

    organisation_name = name_text(required=True)
    clinic_name = name_text(required=True)
    zone = fields.String(required=True, validate=validate.Length(1, 64))
    language = fields.String(validate=validate.OneOf(LANGUAGES), load_default="en")
    contact_phone = TypedText(longest=40, load_default=None, allow_none=True)
    name = name_text(required=True)
    password = fields.String(required=True, validate=validate.Length(1, 256), load_only=True)


class SignedUp(View):
    """With which address the owner signs in."""

    email = fields.String(required=True)


ASK_SIGN_UP = Command("accounts.ask_sign_up", AskSignUp, Done, "sign_up.ask")
OPEN_SIGN_UP = Command("accounts.open_sign_up", SignUpLink, SignUpView, "sign_up.finish")
FINISH_SIGN_UP = Command("accounts.finish_sign_up", FinishSignUp, SignedUp, "sign_up.finish", changes=True)
