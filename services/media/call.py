"""What is kept of a call: its seats, where it is placed, and what nodes must still be told to drop."""

from dataclasses import dataclass
from datetime import datetime

# A seat is reserved for a guest who was let in and has not come yet; with `left` it is given up.
PRESENT = frozenset({"seated", "connected", "reconnecting"})
HELD = PRESENT | {"reserved"}


@dataclass(frozen=True)
class Participant:
    """One seat, from its reservation or taking to its giving up; a person who left and comes again gets another.

    `kept_until`: when the seat is given up unless its browser is connected by then; none while it is.
    `report`: the number of the node's last report about this seat, so that an older one that comes late is dropped.
    `held`: on hold, receives and sends nothing. `muted`: kinds of media that a host silenced, which only they themselves undo.
    """

    id: str
    display_name: str
    role: str
    device_id: str
    state: str
    member_id: str | None = None
    caller_id: str | None = None
    joined_at: datetime | None = None
    kept_until: datetime | None = None
    left_at: datetime | None = None
    left_reason: str | None = None
    report: int | None = None
    held: bool = False
    muted: tuple[str, ...] = ()
    hand_raised_at: datetime | None = None


@dataclass(frozen=True)
class Chore:
    """Something that a node must still drop: one seat of the call, or (`participant_id` none) the whole call."""

    node_key: str
    participant_id: str | None = None


@dataclass(frozen=True)
class Call:
    """What happens in a room from its first participant to its last.

    `node_key` names the node's process, so that a node that restarted is another place; `placement` counts the placings.
    `due_at` is the earliest `kept_until` of its seats, `chores_since` when the oldest chore was noted; both are there to be
    found by. `unsettled` are seats whose hold or muting the node may not have been told yet. `largest_number`: of people, as the room said when somebody last came. `left_keys` are nodes that fell silent before they had dropped what they should; they may come back. The store counts `version`.
    """

    id: str
    organisation_id: str
    room_id: str
    state: str
    node_id: str
    node_key: str
    placement: int
    started_at: datetime
    begun: bool = False
    ended_at: datetime | None = None
    participants: tuple[Participant, ...] = ()
    chores: tuple[Chore, ...] = ()
    chores_since: datetime | None = None
    unsettled: tuple[str, ...] = ()
    left_keys: tuple[str, ...] = ()
    due_at: datetime | None = None
    largest_number: int | None = None
    version: int = 1

    def held(self) -> tuple[Participant, ...]:
        """The seats that are taken or reserved now."""
        return tuple(participant for participant in self.participants if participant.state in HELD)

    def present(self) -> tuple[Participant, ...]:
        """The seats that are taken now."""
        return tuple(participant for participant in self.participants if participant.state in PRESENT)

    def seat(self, participant_id: str) -> Participant | None:
        """One of the seats, also one that was given up."""
        return next((participant for participant in self.participants if participant.id == participant_id), None)
