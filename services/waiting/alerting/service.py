"""The entrypoints of alerting; `services.waiting.service` puts them beside those of callers."""

from functools import partial
from typing import Any

import structlog

from contracts import accounts, availability, invitations, rooms, waiting
from contracts.errors import NotFound, Refused, Unavailable
from plumbing import clock
from plumbing.ids import follow
from plumbing.services import Call, Caller, answers, every, runtime
from services.waiting import access
from services.waiting.alerting import alarm
from services.waiting.alerting.alarm import Stage
from services.waiting.areas.area import Area
from services.waiting.caller import Caller as WaitingCaller
from services.waiting.store import WaitingStore
from services.waiting.views import caller_view

log = structlog.get_logger()

_AT_ONCE = 100
_MOST_TOLD = 50
# of many who come together each is shown, but nobody is mailed more often than this about one Waiting Area
_AT_MOST_EVERY_SECONDS = 300


class Alerting:
    """A part of services.waiting.service.WaitingService."""

    store: WaitingStore
    calls: Caller

    @answers(waiting.ACKNOWLEDGE_CALLER)
    def acknowledge_caller(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Somebody of the staff has seen that they wait; nobody is told any more."""
        caller = self.store.callers.get(request["caller_id"], call.organisation_id)
        if caller.in_area:
            access.check_sees_area(caller, call.actor)
        else:
            access.check_receives(self.calls(rooms.GET_ROOM, {"room_id": caller.room_id}, actor=call.actor))
        name = call.actor.name or "Somebody"
        rule = partial(alarm.acknowledge, member_id=call.actor.id, member_name=name, now=call.now)
        return caller_view(self.store.callers.update(caller.id, caller.organisation_id, rule, call.actor), call.actor)

    @every(seconds=5.0)
    def tell_who_is_on_duty(self) -> None:
        """Of everybody who rings and whom nobody has seen in time.

        What a process that died has sent is not sent again: the mails are those of the stage, whoever asks for them.
        """
        now = clock.now()
        for caller in self.store.to_alert(now, _AT_ONCE):
            area = self.store.areas.known(caller.area_id, caller.organisation_id) if caller.area_id else None
            stage = alarm.next_stage(area, caller)
            try:
                told = self._tell(caller, area, stage) if area and stage else 0
            except Unavailable:
                log.info("nobody could be told yet", caller_id=caller.id)
                continue
            except Refused as refused:
                # nobody behind them in the line is kept from being told of
                log.warning("nobody could be told", caller_id=caller.id, error=type(refused).__name__)
                told = 0
            rule = partial(alarm.alerted, area=area, told=told, now=now)
            self.store.change_if_known(caller.id, caller.organisation_id, rule)

    def _tell(self, caller: WaitingCaller, area: Area, stage: Stage) -> int:
        """A mail to each who is on duty in the clinic of the stage; how many they are. Raises Unavailable."""
        ask = partial(self.calls, organisation_id=caller.organisation_id)
        on_duty = ask(availability.LIST_ON_DUTY, {})["items"]
        those = [one["id"] for one in on_duty if stage.clinic_id in {duty["clinic_id"] for duty in one["clinics"]}]
        if not those:
            return 0
        organisation = ask(accounts.GET_ORGANISATION, {})
        worse = caller.worse_at is not None
        told = 0
        for member_id in those[:_MOST_TOLD]:
            try:
                member = ask(accounts.GET_MEMBER, {"member_id": member_id})
            except NotFound:
                continue
            notice = {
                "kind": "caller_worse" if worse else "caller_waits",
                "address": member["email"],
                "name": member["name"],
                "language": member.get("language") or organisation["language"],
                "values": {"organisation": organisation["name"], "sender": area.name},
                "link": f"{runtime.current().settings.base_url}/waiting-area",
            }
            mail_id = follow(_occasion(caller, area, stage, worse), member_id)
            ask(invitations.SEND_NOTICE, notice, command_id=mail_id)
            told += 1
        return told


def _occasion(caller: WaitingCaller, area: Area, stage: Stage, worse: bool) -> str:
    """What the mails are about: who feels worse is an occasion alone, others are one together for a while."""
    if worse:
        return follow(caller.id, f"worse {stage.name} {caller.ringing_since}")
    return follow(area.id, f"waits {stage.name} {int(stage.at.timestamp()) // _AT_MOST_EVERY_SECONDS}")
