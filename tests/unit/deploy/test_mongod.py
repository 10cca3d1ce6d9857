"""MongoDB as we start it keeps what people typed out of its log."""

from pathlib import Path

import pytest
import yaml

from deploy.local import mongod
from deploy.local.mongod import Mongod

ROOT = Path(__file__).parents[3]


def check(command: list[str]) -> None:
    assert command[command.index("--slowOpSampleRate") + 1] == "0"


def test_slow_queries_are_not_logged_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongod, "mongod_path", lambda: Path("mongod"))
    check(Mongod(tmp_path, 27017).command())


def test_slow_queries_are_not_logged_in_containers() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    check(compose["services"]["mongo"]["command"])
