"""The version of the time zones' rules that this process computes with (IANA's, as `2026a`)."""

import re
import zoneinfo
from functools import cache
from importlib import metadata
from pathlib import Path

# `# version 2026a`, the first line of the compact source that Debian and others ship beside the compiled zones
_IN_SOURCE = re.compile(r"#\s*version\s+(\S+)")
UNKNOWN = ""
"""Before every version: what was computed by it is computed again by who knows theirs, and never the other way."""


def rules_version() -> str:
    """Of the first folder in which zones are looked for, else of the package; versions sort as they were published."""
    return _version(tuple(zoneinfo.TZPATH))


@cache
def _version(folders: tuple[str, ...]) -> str:
    for folder in map(Path, folders):
        if folder.is_dir():
            return _of_folder(folder)
    try:
        return _from_package(metadata.version("tzdata"))
    except metadata.PackageNotFoundError:
        return UNKNOWN


def _of_folder(folder: Path) -> str:
    named = folder / "+VERSION"
    if named.is_file():
        return named.read_text(encoding="ascii").strip()
    source = folder / "tzdata.zi"
    if source.is_file():
        with source.open(encoding="utf-8") as lines:
            found = _IN_SOURCE.match(next(lines, ""))
        return found.group(1) if found else UNKNOWN
    return UNKNOWN


def _from_package(version: str) -> str:
    """`2026.6` is IANA's `2026f`."""
    year, _, number = version.partition(".")
    return f"{year}{chr(ord('a') + int(number.partition('.')[0]) - 1)}"
