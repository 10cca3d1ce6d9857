"""The diagram of a caller's path is the path that is walked."""

from services.waiting.path_document import markdown
from tests.habits.tree import ROOT


def test_the_diagram_of_the_path_is_up_to_date() -> None:
    assert (ROOT / "docs" / "callers-path.md").read_text() == markdown(), (
        "run: python -m services.waiting.path_document > docs/callers-path.md"
    )
