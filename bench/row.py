"""One figure: what was measured, beside what, and whether it reached its goal."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """`ratio` is `value` over the value of `beside`, both from this run; null where there is no peer. `goal` is in words."""

    id: str
    value: float
    unit: str
    beside: str | None
    ratio: float | None
    goal: str
    met: bool | None


def at_least(bound: float) -> Callable[[float], tuple[str, bool]]:
    """A goal that is reached from `bound` upwards."""
    return lambda figure: (f"≥ {bound:g}", figure >= bound)


def at_most(bound: float) -> Callable[[float], tuple[str, bool]]:
    """A goal that is reached from `bound` downwards."""
    return lambda figure: (f"≤ {bound:g}", figure <= bound)


def compared(
    name: str, value: float, unit: str, beside: str, peer: float, goal: Callable[[float], tuple[str, bool]]
) -> Row:
    """A row whose goal is about the ratio to a peer."""
    ratio = value / peer
    words, met = goal(ratio)
    return Row(name, round(value, 3), unit, f"{beside}: {peer:.3f} {unit}", round(ratio, 3), words, met)


def alone(name: str, value: float, unit: str, goal: Callable[[float], tuple[str, bool]]) -> Row:
    """A row without a peer, whose goal is about the value."""
    words, met = goal(value)
    return Row(name, round(value, 3), unit, None, None, f"{words} {unit}", met)


def write(rows: Sequence[Row], path: Path) -> None:
    """The rows as a JSON list."""
    path.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")


def table(rows: Sequence[Row]) -> str:
    """The rows for a reader, a line each."""
    lines = [("figure", "value", "beside", "ratio", "goal", "")]
    for row in rows:
        ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
        met = {True: "met", False: "not met", None: ""}[row.met]
        lines.append((row.id, f"{row.value:g} {row.unit}", row.beside or "–", ratio, row.goal, met))
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def main(measure: Callable[[], Sequence[Row]]) -> None:
    """A part's own command: measures, prints its table, and writes `--json FILE`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    rows = measure()
    print(table(rows))
    if arguments.json:
        write(rows, arguments.json)
