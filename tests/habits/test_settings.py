"""The settings that are documented are the settings that exist."""

from plumbing.settings import markdown
from tests.habits.tree import ROOT


def test_the_table_of_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == markdown(), (
        "run: python -m plumbing.settings --markdown > docs/settings.md"
    )
