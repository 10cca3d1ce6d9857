"""On which node a call goes: the least loaded of those that live. Pure; what is known of a node is an argument."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

SILENCE_SECONDS = 3.0
# What a call is expected to bring, until the node's next report counts it.
EXPECTED_PARTICIPANTS = 3


@dataclass(frozen=True)
class Node:
    """One live node as it last reported. `placed` counts the calls placed on it since that report."""

    id: str
    key: str
    participants: int
    capacity: int
    cpu: float
    draining: bool
    placed: int

    @property
    def load(self) -> float:
        """Share of what it is meant for; 1 is full. A busy processor counts even when few are seated."""
        expected = self.participants + self.placed * EXPECTED_PARTICIPANTS
        return max(expected / max(self.capacity, 1), self.cpu if self.cpu > 0.8 else 0.0)


def node_key(node_id: str, started_at: float) -> str:
    """Names one process of a node: a restart makes another key."""
    return f"{node_id}@{started_at:.3f}"


@dataclass(frozen=True)
class Census:
    """The nodes that live, and whether reports have been coming in long enough for silence to mean death.

    After an outage of the bus every node has been silent, and the first to be heard again is not the only one left.
    """

    live: tuple[Node, ...]
    steady: bool

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the live nodes."""
        return frozenset(node.key for node in self.live)

    def gone(self, node_id: str, key: str) -> bool:
        """Whether this process of the node is no more: silent, or followed by another under the same id."""
        if key in self.keys:
            return False
        return self.steady or any(node.id == node_id for node in self.live)


def choose(live: Iterable[Node], avoid: Collection[str] = ()) -> Node | None:
    """The node for the next call: not draining, least loaded; `avoid` (keys) only if there is no other. None: there is none."""
    ready = [node for node in live if not node.draining]
    wanted = [node for node in ready if node.key not in avoid] or ready
    return min(wanted, key=lambda node: (node.load, node.participants, node.id), default=None)
