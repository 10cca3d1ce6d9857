"""What the small service of the bus's tests answers: its commands, which the tests call."""

from marshmallow import fields

from contracts.command import Command, Request, View


class Echo(Request):
    """`pause` in seconds; `fail`: conflict, limit, or anything else for a defect."""

    text = fields.String(required=True)
    pause = fields.Float(load_default=0.0)
    fail = fields.String(load_default=None, allow_none=True)


class Echoed(View):
    text = fields.String(required=True)
    times = fields.Integer()
    pid = fields.Integer()


class OneNote(Request):
    note_id = fields.String(required=True)


class NoteView(View):
    id = fields.String(required=True)
    text = fields.String()
    count = fields.Integer()


ECHO = Command("rooms.echo", Echo, Echoed, "room.read")
COUNT = Command("rooms.count", Echo, Echoed, "room.change", changes=True)
WRITE = Command("rooms.write", Echo, NoteView, "room.change", changes=True)
TOUCH = Command("rooms.touch", OneNote, NoteView, "room.change", changes=True)
ASK_SELF = Command("rooms.ask_self", Echo, Echoed, "room.read")
