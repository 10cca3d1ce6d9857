"""The diagram of a caller's path, made from the path itself: `python -m services.waiting.path_document > docs/callers-path.md`."""

import sys

from services.waiting.path import PATH, Step

_HEAD = """# A caller's path

Every way that a caller can go, and the event that says so. What is not here is not possible. Made from
`services/waiting/path.py` by `python -m services.waiting.path_document`.
"""


def markdown() -> str:
    """The text of docs/callers-path.md."""
    moves = {key: step for key, step in PATH.items() if key[0] != step.state}
    return "\n".join([_HEAD, *_diagram(moves), "", *_table()]) + "\n"


def _diagram(moves: dict[tuple[str, str], Step]) -> list[str]:
    """Mermaid; of all actions that lead the same way, one arrow. What leaves the state as it is stands in the table alone."""
    actions: dict[tuple[str, str], list[str]] = {}
    for (state, action), step in moves.items():
        actions.setdefault((state, step.state), []).append(action)
    arrows = [f"    {state} --> {to}: {', '.join(names)}" for (state, to), names in actions.items()]
    return ["```mermaid", "stateDiagram-v2", "    [*] --> waiting: arrive", *arrows, "    left --> [*]", "```"]


def _table() -> list[str]:
    rows = [f"| {state} | {action} | {step.state} | `{step.event}` |" for (state, action), step in PATH.items()]
    return ["| from | action | to | event |", "|---|---|---|---|", "| | arrive | waiting | `caller.waiting` |", *rows]


if __name__ == "__main__":
    sys.stdout.write(markdown())
