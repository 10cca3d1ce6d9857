"""The entrypoints of warm handovers; `services.waiting.service` puts them beside those of callers."""

from collections.abc import Callable
from functools import partial
from typing import Any

from contracts import accounts, rooms, waiting_handovers
from contracts.errors import Conflict, NotFound
from contracts.guests import COMPANIONS
from plumbing import clock
from plumbing.heard import Heard
from plumbing.services import Call, Caller, answers, every
from services.waiting import access, moving
from services.waiting.caller import Caller as WaitingCaller
from services.waiting.entrypoints.seats import release_seat, reserve_seat
from services.waiting.handovers import handover as rules
from services.waiting.handovers.handover import Decision, Handover, handover_view
from services.waiting.moving import Destination
from services.waiting.path import Decision as CallerDecision
from services.waiting.store import WaitingStore

_AT_ONCE = 200


class HandoverEntrypoints:
    """A part of services.waiting.service.WaitingService."""

    store: WaitingStore
    calls: Caller

    @answers(waiting_handovers.OFFER_HANDOVER)
    def offer_handover(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A host offers somebody in their call to a colleague, who is rung; of two offers of one caller there is one."""
        caller = self.store.callers.get(request["caller_id"], call.organisation_id)
        access.check_hosts(self.calls(rooms.GET_ROOM, {"room_id": caller.room_id}, actor=call.actor))
        if caller.role in COMPANIONS:
            raise Conflict("A carer or an interpreter comes along with their client. Offer the client.")
        made = rules.offered(
            caller,
            id=call.command_id,
            by=(call.actor.id, call.actor.name or "A host"),
            to=self._colleague(request["member_id"], call),
            note=request["note"],
            now=call.now,
        )
        try:
            kept = self.store.handovers.documents.create(made, rules.said(made, "offered"), actor=call.actor)
        except Conflict as conflict:
            if "open_caller_id" not in conflict.extra.get("fields", ()):
                raise
            other = self.store.handovers.open_of(call.organisation_id, caller.id)
            to = other.to_name if other else "somebody"
            raise Conflict(f"They are offered to {to} already. Withdraw that first.") from None
        return handover_view(kept)

    @answers(waiting_handovers.ACCEPT_HANDOVER)
    def accept_handover(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The colleague says yes; the one who offers may enter their room from now on, so nobody else's client may be in there."""
        known = self._handover(request, call)
        if known.state == "offered":
            self._check_nobody_else(known)
        return self._decided(known, partial(rules.accept, member_id=call.actor.id, now=call.now), call)

    @answers(waiting_handovers.DECLINE_HANDOVER)
    def decline_handover(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The colleague says no, with a word or without."""
        rule = partial(rules.decline, member_id=call.actor.id, message=request["message"], now=call.now)
        return self._decided(self._handover(request, call), rule, call)

    @answers(waiting_handovers.WITHDRAW_HANDOVER)
    def withdraw_handover(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One of the two calls it off."""
        rule = partial(rules.withdraw, member_id=call.actor.id, now=call.now)
        return self._decided(self._handover(request, call), rule, call)

    @answers(waiting_handovers.COMPLETE_HANDOVER)
    def complete_handover(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The caller comes in to both, out of the old call and into the new one at once. Pressed by both it happens once."""
        handover = self._handover(request, call)
        rules.check_completes(handover, call.actor.id)
        caller = self.store.callers.get(handover.caller_id, call.organisation_id)
        bring_in = partial(moving.hand_over, handover=_leads(handover), now=call.now)
        if bring_in(caller) is not None:
            self._bring_in(caller, handover, bring_in, request["confirmed"], call)
        return self._decided(handover, rules.complete, call)

    @answers(waiting_handovers.KEEP_NOTE)
    def keep_note(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The note outlasts the call, or goes."""
        rule = partial(rules.keep_note, member_id=call.actor.id, kept=request["kept"], now=call.now)
        return self._decided(self._handover(request, call), rule, call)

    @answers(waiting_handovers.GET_HANDOVER)
    def get_handover(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One of the reader's own."""
        return handover_view(self._handover(request, call))

    @answers(waiting_handovers.LIST_HANDOVERS)
    def list_handovers(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The reader's own that go on, and those whose note was kept."""
        found = self.store.handovers.listed_for(call.organisation_id, call.actor.id)
        return {"items": [handover_view(each) for each in found]}

    @answers(waiting_handovers.GET_PASS)
    def get_pass(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Whether somebody who hands over may enter the room of the colleague now: not beside another client."""
        leading = self.store.handovers.leading(call.organisation_id, request["member_id"], request["room_id"])
        found = next((each for each in leading if rules.lets_in(each)), None)
        if found:
            self._check_nobody_else(found)
        return {"allowed": found is not None}

    @every(seconds=5.0)
    def let_offers_run_out(self) -> None:
        """What nobody answered or completed in time; the first replica to write does it."""
        now = clock.now()
        for each in self.store.handovers.due(now, _AT_ONCE):
            self.store.handovers.change(each, partial(rules.run_out, now=now))

    def handovers_follow(self, event: Heard) -> None:
        """What became of the caller: brought in, gone, or sent elsewhere."""
        because = {"caller.held": "held", "call.transferred": "moved"}.get(event.type, "caller_left")
        brought_by = event.data.get("handover_id")
        for each in self.store.handovers.listed_of(event.organisation_id, event.data["caller_id"]):
            if brought_by == each.id:
                self.store.handovers.change(each, rules.complete)
            else:
                self.store.handovers.change(each, partial(rules.caller_is_gone, because=because, now=event.time))

    def _bring_in(
        self,
        caller: WaitingCaller,
        handover: Handover,
        bring_in: Callable[[WaitingCaller], CallerDecision],
        confirmed: bool,
        call: Call,
    ) -> None:
        room = self.calls(rooms.GET_ROOM, {"room_id": handover.to_room_id}, organisation_id=call.organisation_id)
        access.check_open(room)
        access.check_beside(caller, self.store.in_rooms(handover.organisation_id, [handover.to_room_id]), confirmed)
        reserve_seat(self.calls, caller, room)

        def still_there(known: WaitingCaller) -> CallerDecision:
            decided = bring_in(known)
            if decided:
                access.check_still_there(known, handover.from_room_id)
            return decided

        try:
            self.store.callers.update(caller.id, caller.organisation_id, still_there, call.actor)
        except Conflict:
            release_seat(self.calls, caller, handover.to_room_id)
            raise

    def _check_nobody_else(self, handover: Handover) -> None:
        """Raises Conflict while another client is in the room where the two would speak of this one."""
        caller = self.store.callers.get(handover.caller_id, handover.organisation_id)
        there = self.store.in_rooms(handover.organisation_id, [handover.to_room_id])
        try:
            access.check_beside(caller, there, confirmed=False)
        except Conflict as conflict:
            ids = conflict.extra["caller_ids"]
            text = f"Another client is in the call of {handover.to_name}, and would hear this. End that call first."
            raise Conflict(text, caller_ids=ids) from None

    def _colleague(self, member_id: str, call: Call) -> tuple[str, str, str]:
        """Raises NotFound for who is no active member, Conflict for who has no room of their own to meet in."""
        member = self.calls(accounts.GET_MEMBER, {"member_id": member_id}, organisation_id=call.organisation_id)
        if member["state"] != "active":
            raise NotFound("There is no such member now.")
        listed = self.calls(rooms.LIST_ROOMS, {}, organisation_id=call.organisation_id)["items"]
        for room in listed:
            own = room["kind"] == "user" and room["owner_member_id"] == member_id and not room.get("owner_gone")
            if own and room["state"] == "open":
                return member_id, str(member["name"]), str(room["id"])
        raise Conflict(f"{member['name']} has no open room of their own. Transfer the caller instead.")

    def _handover(self, request: dict[str, Any], call: Call) -> Handover:
        found = self.store.handovers.documents.get(request["handover_id"], call.organisation_id)
        rules.check_concerns(found, call.actor.id)
        return found

    def _decided(self, handover: Handover, rule: Callable[[Handover], Decision], call: Call) -> dict[str, Any]:
        kept = self.store.handovers.documents.update(handover.id, handover.organisation_id, rule, call.actor)
        return handover_view(kept)


def _leads(handover: Handover) -> moving.Leading:
    to = Destination(handover.to_room_id, handover.to_name)
    by, receives = (handover.from_member_id, handover.from_name), (handover.to_member_id, handover.to_name)
    return moving.Leading(handover.id, to, by, receives)
