"""Callers: who waits, and what the Call Manager decides about each; and the guest's own place."""

from typing import Any

import marshmallow as ma
from flask import Response, request

from contracts import text_notices, waiting, waiting_messages
from contracts.command import Nothing, Request
from gateway.api import asking, bodies
from gateway.api.area import Area, combined

area = Area("callers", "Who waits or is in a call, and the decisions about them; and the guest's own place")


class WhichLink(Request):
    """The link by which the guest came, `<token>`, `room/<link>` or `area/<link>`; needed where one browser opened several."""

    link = ma.fields.String()


@area.blueprint.route("/caller", methods=["GET"])
@area.described(WhichLink, waiting.CallerView, "/caller", reads=True)
def own_caller() -> Response:
    """The guest's own place."""
    return asking.reply(_of_guest(waiting.GET_CALLER, {}))


@area.blueprint.route("/caller/leave", methods=["POST"])
@area.described(Nothing, waiting.CallerView, "/caller/leave")
def leave() -> Response:
    """The guest gives their place up."""
    return asking.reply(_of_guest(waiting.LEAVE, bodies.json_object(request)))


@area.blueprint.route("/caller/messages", methods=["POST"])
@area.described(waiting_messages.Written, waiting.CallerView, "/caller/messages")
def write() -> Response:
    """The guest writes to the staff while they wait."""
    return asking.reply(_of_guest(waiting.WRITE, bodies.json_object(request)))


@area.blueprint.route("/caller/worse", methods=["POST"])
@area.described(Nothing, waiting.CallerView, "/caller/worse")
def feel_worse() -> Response:
    """The guest feels worse while they wait: it is shown to the staff at once."""
    return asking.reply(_of_guest(waiting.FEEL_WORSE, bodies.json_object(request)))


class TextMeNumber(Request):
    """`number` as the guest types it; a code goes there."""

    number = ma.fields.String(required=True)


class TextMeCode(Request):
    code = ma.fields.String(required=True)


@area.blueprint.route("/caller/text-me", methods=["GET"])
@area.described(WhichLink, text_notices.TextsOffered, "/caller/text-me", reads=True)
def texts_offered() -> Response:
    """Whether the guest can be texted when it is nearly their turn."""
    return asking.reply(asking.ask(text_notices.GET_TEXTS_OFFERED, {}, asking.guest()))


@area.blueprint.route("/caller/text-me", methods=["POST"])
@area.described(TextMeNumber, waiting.CallerView, "/caller/text-me")
def ask_text() -> Response:
    """The guest wants to be texted when it is nearly their turn: a code goes to their number."""
    link = request.args.get("link")
    # a program that named no link: the page that sends one again
    page = f"{asking.hall().origin}/{f'join/{link}' if link else 'lost-link'}"
    return asking.reply(_of_guest(waiting.ASK_TEXT, combined(bodies.json_object(request), {"page": page})))


@area.blueprint.route("/caller/text-me/code", methods=["POST"])
@area.described(TextMeCode, waiting.CallerView, "/caller/text-me/code")
def confirm_text() -> Response:
    """The code that came: from now on the place is kept without the page."""
    return asking.reply(_of_guest(waiting.CONFIRM_TEXT, bodies.json_object(request)))


@area.blueprint.route("/caller/text-me", methods=["DELETE"])
@area.described(Nothing, waiting.CallerView, "/caller/text-me")
def give_up_text() -> Response:
    """The guest stays on the page after all."""
    return asking.reply(_of_guest(waiting.GIVE_UP_TEXT, {}))


def _of_guest(command: Any, given: dict[str, Any]) -> Any:
    actor = asking.guest()
    return asking.ask(command, combined(given, {"caller_id": str(actor.caller_id)}), actor)


area.answers(
    "GET", "/callers", waiting.LIST_CALLERS, "Who waits or is in a call, of one room or of all that one receives for."
)
area.answers("GET", "/callers/<id:caller_id>", waiting.GET_CALLER, "One caller.")
area.answers(
    "POST", "/callers/<id:caller_id>/accept", waiting.ACCEPT_CALLER, "Let them in; one of several who press wins."
)
area.answers(
    "POST",
    "/callers/next",
    waiting.ACCEPT_NEXT,
    "Let in whoever is next in a room or Waiting Area; of two who ask, each gets another one.",
)
area.answers(
    "POST",
    "/callers/accept",
    waiting.ACCEPT_TOGETHER,
    "Let in just these, who came by one invitation or to one session.",
)
area.answers(
    "POST",
    "/callers/<id:caller_id>/acknowledge",
    waiting.ACKNOWLEDGE_CALLER,
    "Say that one has seen them; nobody else is alerted any more.",
)
area.answers(
    "POST",
    "/callers/<id:caller_id>/text",
    waiting.TEXT_CALLER,
    "Text them to come back, who asked for it; their place is kept for a while.",
)
area.answers(
    "POST", "/callers/<id:caller_id>/move-up", waiting.MOVE_UP, "Let them go first, with the reason, which is kept."
)
area.answers(
    "POST",
    "/callers/<id:caller_id>/rank",
    waiting.RANK_CALLER,
    "Say how urgent they are: they stand as if they had come earlier, and nobody is passed for ever.",
)
area.answers(
    "POST",
    "/callers/<id:caller_id>/hold",
    waiting.HOLD_BACK,
    "Put them out of the call and back to their place in the queue; whoever accepts them takes them back.",
)
area.answers(
    "POST",
    "/callers/<id:caller_id>/transfer",
    waiting.TRANSFER_CALLER,
    "Hand them on to a room or Waiting Area of any clinic, where somebody accepts them into a new call.",
)
area.answers(
    "GET",
    "/callers/destinations",
    waiting.LIST_DESTINATIONS,
    "Where somebody can be handed on to: Waiting Areas and open rooms.",
)
area.answers(
    "POST", "/callers/<id:caller_id>/refuse", waiting.REFUSE_CALLER, "Turn them away, with a message if wished."
)
area.answers("POST", "/callers/<id:caller_id>/messages", waiting.WRITE_TO_CALLER, "Write to them while they wait.")
area.answers(
    "POST", "/callers/messages", waiting.WRITE_TO_ALL, "Write to everybody who waits in one room or Waiting Area."
)
