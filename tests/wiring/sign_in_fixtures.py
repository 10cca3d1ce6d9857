"""The scene of signing in by a provider, and a network on it, as fixtures: `pytest_plugins = ["tests.wiring.sign_in_fixtures"]`."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.wiring.sign_in_scene import Network, Scene, scene


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("provider"), backing) as made:
        yield made


@pytest.fixture(scope="module")
def network(here: Scene) -> Network:
    return here.network()
