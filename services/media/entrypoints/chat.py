"""What people write to each other in a call."""

from typing import Any

from contracts import call_chat
from plumbing.ids import follow
from plumbing.services import Call as Asked
from plumbing.services import answers
from services.media import lines
from services.media.entrypoints import Entrypoints


class Chat(Entrypoints):
    """Lines, read by those who are in the call."""

    @answers(call_chat.SAY_IN_CALL)
    def say_in_call(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """A line to everybody in the call."""
        call = self.store.calls.get(request["call_id"], asked.organisation_id)
        line, event = lines.said(
            call,
            participant_id=request["participant_id"],
            actor=asked.actor,
            line_id=follow(asked.command_id, "line"),
            text=request["text"],
            now=asked.now,
        )
        self.store.lines.create(line, event, actor=asked.actor)
        now = self.store.calls.get(call.id, call.organisation_id)
        if now.state == "ended":
            # it ended while this was written
            self.store.forget_lines(now, asked.now)
        return {"ok": True}

    @answers(call_chat.LIST_LINES)
    def list_lines(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """The newest, for who comes in."""
        call = self.store.calls.get(request["call_id"], asked.organisation_id)
        lines.check_reads(call, asked.actor)
        return {"items": [lines.line_view(line) for line in self.store.lines_of(call)]}

    @answers(call_chat.GET_LINE)
    def get_line(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """One, when it was just said."""
        line = self.store.lines.get(request["line_id"], asked.organisation_id)
        lines.check_reads(self.store.calls.get(line.call_id, asked.organisation_id), asked.actor)
        return lines.line_view(line)
