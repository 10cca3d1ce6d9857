"""Every shape that crosses the bus, where its recordings are kept, and how a recording is read.

A recording is one message of a real run, as it was on the wire, with its secrets replaced. `event.<type>.json` is an
envelope (media_node: the body of a report); `command.<method>.request.json` is the body beside the claims of who asked;
`command.<method>.reply.json` is the body. A shape that has grown since has a second recording, `….2.json`: both are read.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import Schema

from contracts import catalogue, media_node

RECORDED = Path(__file__).parent / "recorded"
ANY = "*"
IS_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SPEAKERS = (*catalogue.SERVICES, "media_node")


@dataclass(frozen=True)
class Shape:
    """`name` is the file's, without number and ending; `schema` reads what `content` finds in the message."""

    speaker: str
    name: str
    schema: type[Schema]

    def __str__(self) -> str:
        return f"{self.speaker}/{self.name}"

    @property
    def kind(self) -> str:
        """`event`, `report`, `request` or `reply`."""
        if self.name.startswith("event."):
            return "report" if self.speaker == "media_node" else "event"
        return self.name.rpartition(".")[2]

    def content(self, message: dict[str, Any]) -> Any:
        """Return the part of a message that the schema describes."""
        match self.kind:
            case "event":
                return message["data"]
            case "request":
                return message["body"]["kwargs"]
            case "reply":
                return message["result"]
        return message

    def recordings(self) -> list[Path]:
        """Return the files, oldest first."""
        folder = RECORDED / self.speaker
        return sorted([*folder.glob(f"{self.name}.json"), *folder.glob(f"{self.name}.[0-9]*.json")], key=_number)

    def file(self, number: int) -> Path:
        """Return where the recording of that number is kept, counted from 1."""
        return RECORDED / self.speaker / (f"{self.name}.json" if number == 1 else f"{self.name}.{number}.json")


def every_shape() -> list[Shape]:
    """Return the shapes of the contracts as they are today."""
    shapes = []
    for speaker in SPEAKERS:
        said = media_node.REPORTS if speaker == "media_node" else catalogue.events(speaker)
        shapes += [Shape(speaker, f"event.{kind}", schema) for kind, schema in said.items()]
        for method, command in catalogue.commands(speaker).items():
            shapes.append(Shape(speaker, f"command.{method}.request", command.request))
            shapes.append(Shape(speaker, f"command.{method}.reply", command.reply))
    return shapes


def read(path: Path) -> dict[str, Any]:
    """Return a recorded message."""
    message: dict[str, Any] = json.loads(path.read_text())
    return message


def fields_of(value: Any, at: str = "") -> frozenset[str]:
    """Return the paths of everything that is said in a message. Items of a list, and things by id, share one path; null says nothing."""
    if isinstance(value, dict):
        parts = ((ANY if IS_ID.fullmatch(key) else key, part) for key, part in value.items())
        return frozenset[str]().union(*(fields_of(part, f"{at}/{key}") for key, part in parts))
    if isinstance(value, list):
        return frozenset([at]).union(*(fields_of(part, f"{at}/{ANY}") for part in value))
    return frozenset() if value is None else frozenset([at])


def _number(path: Path) -> int:
    last = path.stem.rpartition(".")[2]
    return int(last) if last.isdigit() else 1
