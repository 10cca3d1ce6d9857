"""Who has a seat in a call, and whose sound and picture may reach whom. Pure: knows no connections and no packets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

KINDS = ("audio", "video")


@dataclass(frozen=True)
class Seat:
    """Somebody who was admitted. `muted` holds kinds that a host silenced; only the person undoes that."""

    held: bool = False
    muted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Call:
    """A call on this node. Whoever is not in `seats` may be connected already, and neither sends nor receives anything."""

    id: str
    organisation_id: str
    seats: Mapping[str, Seat] = field(default_factory=lambda: MappingProxyType({}))


def seat(call: Call, participant_id: str, held: bool | None = None, muted: Iterable[str] | None = None) -> Call:
    """Admitted. Somebody who sits already keeps their seat as it is, but for what is said of it."""
    seat = call.seats.get(participant_id, Seat())
    if held is not None:
        seat = replace(seat, held=held)
    if muted is not None:
        seat = replace(seat, muted=frozenset(muted))
    return _with(call, participant_id, seat)


def unseat(call: Call, participant_id: str) -> Call:
    """Out of the call; nothing happens to somebody who is not in it."""
    return replace(
        call, seats=MappingProxyType({key: seat for key, seat in call.seats.items() if key != participant_id})
    )


def hold(call: Call, participant_id: str, held: bool) -> Call:
    """KeyError for somebody without a seat."""
    return _with(call, participant_id, replace(call.seats[participant_id], held=held))


def mute(call: Call, participant_id: str, kind: str, muted: bool) -> Call:
    """KeyError for somebody without a seat."""
    former = call.seats[participant_id]
    kinds = former.muted | {kind} if muted else former.muted - {kind}
    return _with(call, participant_id, replace(former, muted=kinds))


def may_know(call: Call, listener: str, speaker: str) -> bool:
    """Whether the speaker's tracks are offered to the listener at all."""
    return listener != speaker and listener in call.seats and speaker in call.seats


def may_flow(call: Call, listener: str, speaker: str, kind: str) -> bool:
    """Whether packets of this kind may go from the speaker to the listener now."""
    if not may_know(call, listener, speaker):
        return False
    return not call.seats[listener].held and not call.seats[speaker].held and kind not in call.seats[speaker].muted


def _with(call: Call, participant_id: str, changed: Seat) -> Call:
    return replace(call, seats=MappingProxyType({**call.seats, participant_id: changed}))
