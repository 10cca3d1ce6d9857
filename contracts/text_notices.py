"""What invitations says of single texts that another service asks for."""

from marshmallow import fields, validate

from contracts.command import Command, Nothing, Request, View
from contracts.fields import TypedText

CODE, COME_BACK = "text_code", "text_come_back"


class SendText(Request):
    """To a number as somebody typed it. The command's id is the text's: repeated, it is the same text.

    `secret`: the code, or the address that leads back; forgotten when the text is on its way. `organisation`: its name.
    """

    kind = fields.String(required=True, validate=validate.OneOf((CODE, COME_BACK)))
    to = TypedText(longest=60, required=True)
    language = fields.String(required=True, validate=validate.Length(2, 12))
    organisation = fields.String(required=True, validate=validate.Length(1, 300))
    secret = fields.String(required=True, validate=validate.Length(1, 500), load_only=True)


class TextSent(View):
    """`number`: as it was understood, E.164."""

    number = fields.String(required=True)


class TextsOffered(View):
    """Whether texts can be sent from here."""

    offered = fields.Boolean(required=True)


GET_TEXTS_OFFERED = Command("invitations.get_texts_offered", Nothing, TextsOffered, "caller.write")
SEND_TEXT = Command("invitations.send_text", SendText, TextSent, "notice.send", changes=True)
