"""Every test of the media suite that takes `backend` runs over both forwarders."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.media.participants import BACKENDS, only_loopback


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The forwarder under test; native must have been built."""
    return str(request.param)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run a coroutine to its end, within so many seconds."""
    only_loopback(monkeypatch)

    def run(coroutine: Coroutine[Any, Any, Any], seconds: float = 30) -> Any:
        return asyncio.run(asyncio.wait_for(coroutine, seconds))

    return run
