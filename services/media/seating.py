"""Brings nodes to what the call documents say: seats people, places calls anew, drops what was given up.

Every step may be repeated, by this process or another: nodes take each command as often as it comes.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import structlog

from contracts import media_node
from contracts.command import Command
from contracts.errors import NotFound, Refused, Unavailable
from plumbing import clock
from plumbing.store import Documents
from services.media import placement, seats, standing
from services.media.call import HELD, Call, Chore
from services.media.placement import Census, Node

log = structlog.get_logger()
KINDS = ("audio", "video")
# node id, command, payload → reply
Tell = Callable[[str, Command, dict[str, Any]], Any]


class Nodes(Protocol):
    """What is known of nodes (services.media.store.Nodes)."""

    def census(self) -> Census:
        """Those that live."""

    def placed(self, key: str) -> None:
        """A call was put on this one."""


class Seating:
    """`tell` carries a command to a node, in the name of this process, and returns when it is done there."""

    def __init__(self, calls: Documents[Call], nodes: Nodes, tell: Tell) -> None:
        self._calls = calls
        self._nodes = nodes
        self._tell = tell

    def node_for_new_call(self) -> Node:
        """The node where the next call goes.

        Raises:
            Unavailable: no node lives, or all are being drained.
        """
        node = placement.choose(self._nodes.census().live)
        if node is None:
            raise Unavailable("No media server is running at the moment; try again shortly.")
        self._nodes.placed(node.key)
        return node

    def seat(self, call: Call, participant_ids: Iterable[str], now: datetime) -> Call:
        """Opens the call on its node and seats these people there; on another node if that one does not answer.

        Returns the call as it then is. Raises Unavailable when no node answers, or the seat was given up meanwhile.
        """
        wanted = frozenset(participant_ids)
        try:
            self._seat(call, participant_ids)
        except NotFound:
            # it was closed between opening and seating: ended, or the node was started again
            self._drop_what_was_given_up(call, wanted)
            raise Unavailable("This call has just ended; try again.") from None
        except Unavailable:
            moved = self._place(call, avoid={call.node_key}, now=now)
            if moved.node_key == call.node_key:
                raise
            self._seat(moved, [seat.id for seat in moved.held()])
            call = moved
        self._drop_what_was_given_up(call, wanted)
        return call

    def place_anew(self, calls: Iterable[Call], census: Census, now: datetime) -> None:
        """Puts those of the calls whose node is gone on live ones, then seats everybody there; browsers follow by themselves.

        Placing comes first for all of them, because browsers rejoin, and are seated, as soon as they hear of it.
        """
        gone = [call for call in calls if census.gone(call.node_id, call.node_key)]
        placed = [(call, self._place(call, avoid=(), now=now)) for call in gone]
        for before, call in placed:
            if call.node_key != before.node_key and call.state == "open":
                log.info("call placed anew", call_id=call.id, node_id=call.node_id, placement=call.placement)
                self._seat_everybody(call)

    def do_chores(self, call: Call) -> None:
        """Has nodes drop what the call gave up, and heed who is on hold or muted; what a live node does not answer to is left for the next time."""
        if call.unsettled:
            self._settle(call)
        if not call.chores:
            return
        census = self._nodes.census()
        silent = [chore for chore in call.chores if census.gone(_node_id(chore.node_key), chore.node_key)]
        done = [chore for chore in call.chores if chore not in silent and self._do(call, chore)]
        restarted = [chore for chore in silent if any(node.id == _node_id(chore.node_key) for node in census.live)]
        silent = [chore for chore in silent if chore not in restarted]
        self._calls.update(
            call.id,
            call.organisation_id,
            lambda newer: seats.chores_done(newer, done=[*done, *restarted], silent=silent),
        )

    def node_is_back(self, call: Call, census: Census, now: datetime) -> None:
        """Has nodes that were silent for a while drop what was given up meanwhile."""
        for key in census.keys.intersection(call.left_keys):
            rule = partial(seats.node_is_back, node_key=key, now=now)
            call = self._calls.update(call.id, call.organisation_id, rule)
        self.do_chores(call)

    def _drop_what_was_given_up(self, call: Call, wanted: frozenset[str]) -> None:
        """Who ends a call has it closed at once, which may be before a slower seating opens it there again."""
        kept = self._calls.get(call.id, call.organisation_id)
        gone = wanted - {seat.id for seat in kept.held()}
        if not gone:
            return
        each = [None] if kept.state == "ended" else sorted(gone)
        for participant_id in each:
            self._do(kept, Chore(call.node_key, participant_id))
        raise Unavailable("This call has just ended; try again.")

    def _do(self, call: Call, chore: Chore) -> bool:
        command, payload = media_node.CLOSE_CALL, {"call_id": call.id}
        if chore.participant_id is not None:
            command, payload = media_node.UNSEAT, {"call_id": call.id, "participant_id": chore.participant_id}
        try:
            self._tell(_node_id(chore.node_key), command, payload)
        except NotFound:
            return True
        except Refused as refusal:
            log.warning("node chore waits", call_id=call.id, node_key=chore.node_key, error=type(refusal).__name__)
            return False
        return True

    def _settle(self, call: Call) -> None:
        """The node's seats are to stand as they are kept. One that is not there now will be seated so.

        A node that refuses one word (of the version before) is asked again; the other seats do not wait for it.
        """
        heard = []
        for participant_id in call.unsettled:
            seat = call.seat(participant_id)
            if call.state == "ended" or seat is None or seat.state not in HELD:
                heard.append(participant_id)
                continue
            about = {"call_id": call.id, "participant_id": participant_id}
            told = [(media_node.HOLD if seat.held else media_node.UNHOLD, about)]
            told += [
                (media_node.MUTE if kind in seat.muted else media_node.UNMUTE, {**about, "kind": kind})
                for kind in KINDS
            ]
            try:
                for command, payload in told:
                    self._tell(call.node_id, command, payload)
            except NotFound:
                heard.append(participant_id)
            except Refused as refusal:
                log.warning("seat not settled", call_id=call.id, node_id=call.node_id, error=type(refusal).__name__)
            else:
                heard.append(participant_id)
        if heard:
            self._calls.update(call.id, call.organisation_id, partial(standing.settled, told=call, heard=heard))

    def _place(self, call: Call, avoid: Iterable[str], now: datetime) -> Call:
        node = placement.choose(self._nodes.census().live, frozenset(avoid))
        if node is None or node.key == call.node_key:
            return call
        self._nodes.placed(node.key)
        from_key = call.node_key
        return self._calls.update(
            call.id,
            call.organisation_id,
            lambda newer: seats.place(newer, node_id=node.id, node_key=node.key, from_key=from_key, now=now),
        )

    def _seat_everybody(self, call: Call) -> None:
        try:
            self._seat(call, [seat.id for seat in call.held()])
        except Refused as refusal:
            # each browser that rejoins has itself seated
            log.warning("not seated", call_id=call.id, node_id=call.node_id, error=type(refusal).__name__)

    def _seat(self, call: Call, participant_ids: Iterable[str]) -> None:
        seats = list(participant_ids)
        opened = {"call_id": call.id, "organisation_id": call.organisation_id}
        self._tell(call.node_id, media_node.OPEN_CALL, opened)
        for participant_id in seats:
            asked = {"call_id": call.id, "participant_id": participant_id, **_stands(call, participant_id)}
            self._tell(call.node_id, media_node.SEAT, asked)
        # somebody may have been put on hold while the node did not know them yet
        rule = partial(standing.seated, as_of=call, seats=seats, now=clock.now())
        kept = self._calls.update(call.id, call.organisation_id, rule)
        if kept.unsettled and kept.node_key == call.node_key:
            self._settle(kept)


def _stands(call: Call, participant_id: str) -> dict[str, Any]:
    """Only what is out of the ordinary: a node of the version before knows no such words, and may then not seat them."""
    seat = call.seat(participant_id)
    found: dict[str, Any] = {"held": True} if seat and seat.held else {}
    return found | ({"muted": list(seat.muted)} if seat and seat.muted else {})


def _node_id(node_key: str) -> str:
    return node_key.rpartition("@")[0]
