"""docs/protocol.md names every frame, topic and close code that there is."""

from pathlib import Path

import pytest

from gateway.live import closing, frames, topics

DOCUMENT = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text()
CODES = [code for code, _ in (value for name, value in vars(closing).items() if name.isupper())]


@pytest.mark.parametrize("kind", sorted(frames.KINDS))
def test_every_frame_of_a_client_is_described(kind: str) -> None:
    assert f'{{"type":"{kind}"' in DOCUMENT


@pytest.mark.parametrize("kind", ["hello", "snapshot", "change", "reply", "error", "pong", "call.offer", "call.closed"])
def test_every_frame_of_the_gateway_is_described(kind: str) -> None:
    assert f'{{"type":"{kind}"' in DOCUMENT


@pytest.mark.parametrize("topic", sorted(topics._WITHOUT_ID | {f"{name}:<id>" for name in topics._WITH_ID}))
def test_every_topic_is_described(topic: str) -> None:
    assert f"| `{topic}` |" in DOCUMENT


@pytest.mark.parametrize("code", CODES)
def test_every_close_code_is_described(code: int) -> None:
    assert f"| {code} |" in DOCUMENT
