"""Everything that is said, by speaker: the list that the architecture tests, the API description and the event catalogue read."""

from types import ModuleType

from contracts import accounts, integrations, invitations, media, media_node, rooms, scheduler, waiting
from contracts.command import Command
from contracts.events import EventData

SPEAKERS: dict[str, ModuleType] = {
    "accounts": accounts,
    "rooms": rooms,
    "invitations": invitations,
    "scheduler": scheduler,
    "waiting": waiting,
    "media": media,
    "integrations": integrations,
}
SERVICES: tuple[str, ...] = tuple(SPEAKERS)


def commands(speaker: str) -> dict[str, Command]:
    """method → command, of one service (or of `media_node`)."""
    module = media_node if speaker == "media_node" else SPEAKERS[speaker]
    # a contract too long for one file names its other files
    modules = (module, *getattr(module, "PARTS", ()))
    found = [value for each in modules for value in vars(each).values() if isinstance(value, Command)]
    return {command.method: command for command in found}


def events(speaker: str) -> dict[str, type[EventData]]:
    """type → schema of its data."""
    return getattr(SPEAKERS[speaker], "EVENTS", {})
