"""What bench.echo answers. Apart from it, because a client must not be made green."""

from marshmallow import fields

from contracts.command import Command, Request, View

BODY = {"args": [{"i": 1, "room": "abc"}]}


class Echo(Request):
    """Any JSON."""

    args = fields.List(fields.Dict(), required=True)


class Echoed(View):
    """The same again."""

    args = fields.List(fields.Dict(), required=True)


ECHO = Command("rooms.echo", Echo, Echoed, "room.read")
