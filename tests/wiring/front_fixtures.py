"""Every real service and the api process before them, once for all walks: `pytest_plugins = ["tests.wiring.front_fixtures"]`."""

from collections.abc import Iterator
from typing import Any

import pytest

from gateway.api import create_app
from plumbing.settings import load
from tests.patience import eventually
from tests.wiring.every_service import every_service
from tests.wiring.front import ORIGIN, Front
from tests.wiring.house import House
from tests.wiring.one_service import Stage


@pytest.fixture(scope="session")
def every(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    """One process of every service."""
    with every_service(tmp_path_factory.mktemp("every"), backing) as made:
        yield made


@pytest.fixture(scope="session")
def front(every: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """`ours` with everybody in it, `theirs` with one of everything."""
    folder = tmp_path_factory.mktemp("front")
    # an address is one member's by an index
    every.migrate("accounts")
    (folder / "cookie.key").write_text("c" * 40)
    settings = every.environment(
        "gateway", 0, BASE_URL=ORIGIN, LIVE_URL="ws://localhost/live", COOKIE_KEY=str(folder / "cookie.key")
    )
    app = create_app(load("gateway_api", settings))
    hall, hearing = app.extensions["housecall"], app.extensions["housecall_hearing"]
    eventually(hall.rpc.up.is_set, what="the gateway has its broker")
    made = Front(app, House(every, "Ours"), House(every, "Theirs"))
    made.theirs.furnish()
    made.let_in()
    yield made
    hearing.stop()
    hall.rpc.stop()
