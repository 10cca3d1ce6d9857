"""The article, whole, in real browsers, with two replicas of every service: the demonstration is the test."""

import secrets
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.article import Article
from deploy.demo.stage import Stage

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(600)
def test_every_sentence_of_the_article_is_true(stack: dict[str, Any], playwright: Any) -> None:
    stage = Stage(playwright, ROOT / ".run" / "journeys" / "demo")
    try:
        Article(stage, stack, secrets.token_hex(3)).play()
    finally:
        stage.close()
