"""A new organisation, by whoever holds a link: of a mail where strangers may sign up, or of whoever runs Housecall."""

import marshmallow as ma
from flask import Response, request

from contracts import signing_up
from contracts.actor import PUBLIC
from contracts.command import Done
from contracts.people import LANGUAGES, EmailAddress
from gateway.api import asking, bodies
from gateway.api.area import Area
from gateway.identity import seen_in

area = Area("sign-ups", "A new organisation, by the link of a mail or of whoever runs Housecall")


class Asked(ma.Schema):
    email = EmailAddress(required=True)
    language = ma.fields.String(validate=ma.validate.OneOf(LANGUAGES))


@area.blueprint.route("/sign-ups", methods=["POST"])
@area.described(Asked, Done, "/sign-ups", status=202)
def ask_sign_up() -> Response:
    """A mail with a link, where strangers may sign up (403 elsewhere). The answer is the same for every address."""
    given = bodies.json_object(request)
    asked = {**given, **bodies.ours(given, network=seen_in(request).network)}
    return asking.reply(asking.ask(signing_up.ASK_SIGN_UP, asked, PUBLIC), 202)


area.answers(
    "POST", "/sign-ups/look", signing_up.OPEN_SIGN_UP, "What the link lets its holder make.", asked_by=asking.anybody
)
area.answers(
    "POST", "/sign-ups/finish", signing_up.FINISH_SIGN_UP,
    "Make the organisation, with whoever holds the link as its owner; the link is used up.", status=201,
    asked_by=asking.anybody,
)  # fmt: skip
