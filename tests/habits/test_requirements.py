"""What is installed is pinned, by hash, and is what was asked for."""

import json
import re
from pathlib import Path

import pytest

from tests.habits.tree import ROOT

NAMES = ("uv", "node", "runtime", "dev")


def pinned(path: Path) -> dict[str, str]:
    """Return version by normalised name (PEP 503)."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", path.read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("name", NAMES)
def test_every_wish_is_pinned_as_wished(name: str) -> None:
    wished, got = pinned(ROOT / f"requirements/{name}.in"), pinned(ROOT / f"requirements/{name}.txt")
    assert {key: got.get(key) for key in wished} == wished, "run: ./run requirements"


@pytest.mark.parametrize("name", NAMES)
def test_every_pin_has_a_hash(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text()
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_what_is_tested_is_what_runs() -> None:
    runtime, dev = pinned(ROOT / "requirements/runtime.txt"), pinned(ROOT / "requirements/dev.txt")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_browser_libraries_are_pinned_by_hash_and_without_an_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    libraries = {name: about for name, about in packages.items() if name}
    assert all(about.get("integrity", "").startswith("sha512-") for about in libraries.values())
    assert not any("resolved" in about for about in libraries.values())
