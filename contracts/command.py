"""What a command is: a call from one process to a service, with its request, its reply and the permission it needs."""

from dataclasses import dataclass

import marshmallow as ma


class Request(ma.Schema):
    """What may come in. Unknown fields are refused by name."""

    class Meta:
        unknown = ma.RAISE


class View(ma.Schema):
    """What a service answers. Readers ignore fields that they do not know."""

    class Meta:
        unknown = ma.EXCLUDE


class Nothing(Request):
    """A request without fields."""


class Done(View):
    """A reply that only says that it is done."""

    ok = ma.fields.Boolean(required=True)


@dataclass(frozen=True)
class Command:
    """`name` is `service.verb_noun`; `changes` says that it alters state, so that its id is remembered with its reply.

    `reads`: of which kind of thing the reply shows a patient's data, so that the audit log is told who saw which.
    """

    name: str
    request: type[ma.Schema]
    reply: type[ma.Schema]
    permission: str
    changes: bool = False
    reads: str | None = None

    @property
    def service(self) -> str:
        return self.name.partition(".")[0]

    @property
    def method(self) -> str:
        return self.name.partition(".")[2]
