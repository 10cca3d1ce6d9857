"""Each row of the table of permissions is taken out of the running services, one by one, and the walk finds whom it let in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.permissions import TABLE
from tests.wiring.every_service import every_service
from tests.wiring.house import is_listed
from tests.wiring.one_service import Stage
from tests.wiring.test_permission_walk import COMMANDS, everybody, walked


@pytest.fixture(scope="module")
def widened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("widened") / "permission"
    path.write_text("")
    return path


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any], widened: Path) -> Iterator[Stage]:
    with every_service(
        tmp_path_factory.mktemp("every"), backing, "tests.mutation.widened", {"WIDENED": str(widened)}
    ) as made:
        yield made


def test_a_row_that_is_taken_out_is_found_by_the_walk_for_everybody_whom_it_refuses(
    stage: Stage, widened: Path
) -> None:
    survived = []
    for permission in sorted(TABLE):
        commands = [command for command in COMMANDS if command.permission == permission]
        refused = sum(not is_listed(command, actor) for command in commands for actor in everybody())
        widened.write_text(permission)
        found = len(walked(stage, commands))
        if not commands or found != refused:
            survived.append((permission, len(commands), found, refused))
    widened.write_text("")
    assert survived == []
