"""The entrypoints of "text me when you are ready"; `services.waiting.service` puts them beside those of callers."""

import secrets
from functools import partial
from typing import Any

import structlog

from contracts import accounts, rooms, text_notices, waiting
from contracts.errors import Invalid, Refused, Unavailable
from plumbing import clock
from plumbing.ids import follow
from plumbing.services import Call, Caller, answers, every
from services.waiting import access
from services.waiting.caller import Caller as WaitingCaller
from services.waiting.path import Decision
from services.waiting.store import WaitingStore
from services.waiting.texting import text_me
from services.waiting.views import caller_view

log = structlog.get_logger()

_AT_ONCE = 200


class Texting:
    """A part of services.waiting.service.WaitingService."""

    store: WaitingStore
    calls: Caller

    @answers(waiting.ASK_TEXT)
    def ask_text(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A code goes to the number, to see that it is theirs."""
        caller = self._own_caller(request, call)
        text_me.check_may_ask(caller, call.now)
        code = f"{secrets.randbelow(10**text_me.DIGITS):0{text_me.DIGITS}}"
        try:
            number = self._send(caller, text_notices.CODE, request["number"], code, call.command_id)
        except Invalid as refused:
            detail = refused.detail
            raise Invalid(detail, errors=[{"pointer": "/number", "detail": detail}]) from None
        rule = partial(text_me.ask, number=number, page=request["page"], code=code, now=call.now)
        return self._changed(caller, rule, call)

    @answers(waiting.CONFIRM_TEXT)
    def confirm_text(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The code that came: from now on the page can be closed."""
        caller = self._own_caller(request, call)
        kept = self.store.callers.update(
            caller.id, caller.organisation_id, partial(text_me.confirm, code=request["code"], now=call.now), call.actor
        )
        text_me.check_confirmed(kept)
        return caller_view(kept, call.actor)

    @answers(waiting.GIVE_UP_TEXT)
    def give_up_text(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """They stay on the page after all."""
        return self._changed(self._own_caller(request, call), text_me.give_up, call)

    @answers(waiting.TEXT_CALLER)
    def text_caller(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One of the staff brings somebody back who asked to be texted."""
        caller = self.store.callers.get(request["caller_id"], call.organisation_id)
        if caller.in_area:
            access.check_sees_area(caller, call.actor)
        else:
            access.check_receives(self.calls(rooms.GET_ROOM, {"room_id": caller.room_id}, actor=call.actor))
        rule = partial(text_me.texted, now=call.now, member_id=call.actor.id)
        if rule(caller) is not None:
            self._bring_back(caller)
        return self._changed(caller, rule, call)

    @every(seconds=5.0)
    def text_who_is_near(self) -> None:
        """Everybody away of whom it is nearly the turn. The text is the same one, whichever replica asks for it."""
        now = clock.now()
        for caller in self.store.wish_for_text(_AT_ONCE):
            if not text_me.to_text(caller) or self.store.before(caller, text_me.NEAR + 1) > text_me.NEAR:
                continue
            try:
                self._bring_back(caller)
            except Unavailable:
                log.info("a text has to wait", caller_id=caller.id)
                continue
            except Refused as refused:
                # whoever asked to be texted no more, or whose number is none any more
                log.warning("a text cannot be sent", caller_id=caller.id, error=type(refused).__name__)
            self.store.change_if_known(caller.id, caller.organisation_id, partial(_if_still, now=now))

    def _bring_back(self, caller: WaitingCaller) -> None:
        wish = caller.text_me
        if wish:
            self._send(caller, text_notices.COME_BACK, wish.number, wish.page, follow(caller.id, "come back"))

    def _send(self, caller: WaitingCaller, kind: str, to: str, secret: str, text_id: str) -> str:
        ask = partial(self.calls, organisation_id=caller.organisation_id)
        organisation = ask(accounts.GET_ORGANISATION, {})["name"]
        asked = {"kind": kind, "to": to, "language": caller.language, "organisation": organisation, "secret": secret}
        return str(ask(text_notices.SEND_TEXT, asked, command_id=text_id)["number"])

    def _own_caller(self, request: dict[str, Any], call: Call) -> WaitingCaller:
        caller = self.store.callers.get(request["caller_id"], call.organisation_id)
        access.check_own(caller, call.actor)
        return caller

    def _changed(self, caller: WaitingCaller, rule: Any, call: Call) -> dict[str, Any]:
        return caller_view(self.store.callers.update(caller.id, caller.organisation_id, rule, call.actor), call.actor)


def _if_still(caller: WaitingCaller, now: Any) -> Decision:
    return text_me.texted(caller, now=now) if text_me.to_text(caller) else None
