"""Zones whose rules were changed, for tests: a folder of compiled zones in which Berlin has no summer time any more."""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

LATER = "2099a"
"""Sorts after every version that was published."""


def without_summer_time(folder: Path) -> Path:
    """Write the zones: Berlin's clocks stay at UTC+1, as those of Lagos do."""
    zones = resources.files("tzdata") / "zoneinfo"
    for name, like in {"Europe/Berlin": "Africa/Lagos", "UTC": "UTC", "Australia/Sydney": "Australia/Sydney"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(zones.joinpath(*like.split("/")).read_bytes())
    (folder / "+VERSION").write_text(f"{LATER}\n")
    return folder


@contextmanager
def rules_of(folder: Path) -> Iterator[None]:
    """Compute with these zones here."""
    before = zoneinfo.TZPATH
    try:
        zoneinfo.reset_tzpath([str(folder)])
        zoneinfo.ZoneInfo.clear_cache()
        yield
    finally:
        zoneinfo.reset_tzpath(before)
        zoneinfo.ZoneInfo.clear_cache()
