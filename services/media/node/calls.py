"""The calls on this node: applies the rules of `conference` to the participants' connections."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from contracts.errors import Conflict, NotFound
from services.media.node import conference
from services.media.node.conference import Call
from services.media.node.peer import Peer
from services.media.node.publication import Track
from services.media.node.taps import Taps

log = logging.getLogger(__name__)

_WATCH_SECONDS = 0.25
_MOST_PARTICIPANTS = 64

Say = Callable[[str, dict[str, Any]], None]


class Calls:
    """`signal(participant_id, body)` goes to one browser; `report(key, body)` to whoever watches nodes. Neither may block."""

    def __init__(self, taps: Taps, signal: Say, report: Say) -> None:
        self._taps, self._signal, self._report = taps, signal, report
        self._calls: dict[str, Call] = {}
        self._peers: dict[str, dict[str, Peer]] = {}
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        for call_id in list(self._calls):
            await self.close_call(call_id, "node_stopped")

    @property
    def size(self) -> tuple[int, int]:
        """(calls, seats)."""
        return len(self._calls), sum(len(call.seats) for call in self._calls.values())

    def open_call(self, call_id: str, organisation_id: str) -> None:
        """Once is enough. Conflict when another organisation has a call of this id."""
        call = self._calls.setdefault(call_id, Call(call_id, organisation_id))
        if call.organisation_id != organisation_id:
            raise Conflict("A call with this id belongs to somebody else.")
        self._peers.setdefault(call_id, {})

    async def close_call(self, call_id: str, reason: str = "call_ended") -> None:
        """Everybody is disconnected and told so. A call that is not here is closed already."""
        self._calls.pop(call_id, None)
        for participant_id, peer in self._peers.pop(call_id, {}).items():
            self._signal(
                participant_id,
                {"type": "closed", "call_id": call_id, "participant_id": participant_id, "reason": reason},
            )
            await peer.close()

    def seat(
        self, call_id: str, participant_id: str, held: bool | None = None, muted: Iterable[str] | None = None
    ) -> None:
        self._change(call_id, lambda call: conference.seat(call, participant_id, held, muted))

    async def unseat(self, call_id: str, participant_id: str) -> None:
        """Nothing flows from this moment, and the connections are closed."""
        self._change(call_id, lambda call: conference.unseat(call, participant_id))
        peer = self._peers[call_id].pop(participant_id, None)
        if peer is not None:
            self._signal(
                participant_id,
                {"type": "closed", "call_id": call_id, "participant_id": participant_id, "reason": "unseated"},
            )
            await peer.close()
            self._apply(call_id)

    def hold(self, call_id: str, participant_id: str, held: bool) -> None:
        self._change_seated(call_id, lambda call: conference.hold(call, participant_id, held))

    def mute(self, call_id: str, participant_id: str, kind: str, muted: bool) -> None:
        self._change_seated(call_id, lambda call: conference.mute(call, participant_id, kind, muted))

    async def publish(self, call_id: str, participant_id: str, sdp: str, sources: dict[str, str]) -> str:
        return await self._peer(call_id, participant_id).publish(sdp, sources)

    def subscribe(self, call_id: str, participant_id: str) -> None:
        self._peer(call_id, participant_id).subscribe()

    async def answer(self, call_id: str, participant_id: str, offer_id: str, sdp: str) -> None:
        await self._peer(call_id, participant_id).answer(offer_id, sdp)

    def report(self) -> dict[str, Any]:
        """Counters of every participant: what they send, and what they are sent."""
        return {
            call_id: {
                "organisation_id": call.organisation_id,
                "participants": {
                    participant_id: {**self._seat_report(call, participant_id), **peer.report()}
                    for participant_id, peer in self._peers[call_id].items()
                },
            }
            for call_id, call in self._calls.items()
        }

    @staticmethod
    def _seat_report(call: Call, participant_id: str) -> dict[str, Any]:
        seat = call.seats.get(participant_id)
        return {
            "seated": seat is not None,
            "held": bool(seat and seat.held),
            "muted": sorted(seat.muted) if seat else [],
        }

    def _call(self, call_id: str) -> Call:
        if call_id not in self._calls:
            raise NotFound("This call is not on this node.")
        return self._calls[call_id]

    def _change(self, call_id: str, rule: Callable[[Call], Call]) -> None:
        self._calls[call_id] = rule(self._call(call_id))
        self._apply(call_id)

    def _change_seated(self, call_id: str, rule: Callable[[Call], Call]) -> None:
        try:
            self._calls[call_id] = rule(self._call(call_id))
        except KeyError:
            raise NotFound("This participant has no seat in the call.") from None
        self._apply(call_id)

    def _peer(self, call_id: str, participant_id: str) -> Peer:
        """Also somebody who is not seated yet may connect; nothing flows to or from them."""
        self._call(call_id)
        peers = self._peers[call_id]
        if participant_id not in peers:
            if len(peers) >= _MOST_PARTICIPANTS:
                raise Conflict("This call is full.")
            peers[participant_id] = Peer(
                self._taps,
                participant_id,
                signal=lambda body: self._signal(
                    participant_id, {"call_id": call_id, "participant_id": participant_id, **body}
                ),
                on_change=partial(self._apply, call_id),
                on_state=partial(self._look_at, call_id, participant_id),
            )
        return peers[participant_id]

    def _apply(self, call_id: str) -> None:
        """Make every connection of the call carry what the rules allow now."""
        call, peers = self._calls.get(call_id), self._peers.get(call_id, {})
        if call is None:
            return
        for listener, peer in peers.items():
            if peer.subscription is None:
                continue

            def may_flow(track: Track, listener: str = listener) -> bool:
                current = self._calls.get(call_id)
                return current is not None and conference.may_flow(current, listener, track.participant_id, track.kind)

            known = [speaker for speaker in peers if conference.may_know(call, listener, speaker)]
            peer.subscription.want([track for speaker in known for track in peers[speaker].tracks], may_flow)

    def _look_at(self, call_id: str, participant_id: str) -> None:
        """Say when somebody was connected, was first heard, or was lost."""
        peer = self._peers.get(call_id, {}).get(participant_id)
        if peer is None:
            return
        about = {"call_id": call_id, "participant_id": participant_id}
        connected = peer.is_connected()
        if connected != peer.was_connected:
            peer.was_connected = connected
            self._report("seat.connected" if connected else "seat.lost", about)
        if connected and not peer.was_heard and peer.is_heard():
            peer.was_heard = True
            self._report("seat.first_packet", about)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            for call_id, peers in list(self._peers.items()):
                for participant_id, peer in list(peers.items()):
                    try:
                        self._look_at(call_id, participant_id)
                        peer.drop_the_dead()
                    except Exception:  # one participant's trouble must not end the watch over the others
                        log.exception("a participant could not be looked at")
