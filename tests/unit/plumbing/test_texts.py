"""Texts in the reader's language."""

from pathlib import Path

import pytest

from plumbing import texts

CATALOGUE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Join the call"
msgstr "Am Gespräch teilnehmen"

msgid "%(n)s person waits"
msgid_plural "%(n)s people wait"
msgstr[0] "%(n)s Person wartet"
msgstr[1] "%(n)s Personen warten"

#, fuzzy
msgid "Half done"
msgstr "Halb"
"""


@pytest.fixture
def loaded(tmp_path: Path) -> texts.Texts:
    path = tmp_path / "locale" / "de" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE, encoding="utf-8")
    return texts.load(tmp_path)


def test_a_text_is_given_in_the_language_asked_for(loaded: texts.Texts) -> None:
    assert loaded.translations("de").gettext("Join the call") == "Am Gespräch teilnehmen"
    assert loaded.translations("de").ngettext("%(n)s person waits", "%(n)s people wait", 3) == "%(n)s Personen warten"


def test_an_unknown_language_reads_english(loaded: texts.Texts) -> None:
    assert loaded.translations("xx").gettext("Join the call") == "Join the call"


def test_messages_for_clients_leave_out_what_is_not_finished(loaded: texts.Texts) -> None:
    messages = loaded.messages("de")
    assert messages["Join the call"] == "Am Gespräch teilnehmen"
    assert messages["%(n)s person waits"] == ["%(n)s Person wartet", "%(n)s Personen warten"]
    assert "Half done" not in messages


@pytest.mark.parametrize(
    ("wished", "header", "chosen"),
    [
        (["de"], "en", "de"),
        ([None, "fr"], "fr-CA, de-AT;q=0.8, en;q=0.9", "en"),
        ([], "fr, de-AT;q=0.7", "de"),
        ([], "de;q=0, *", "en"),
        ([], "", "en"),
        ([], "de;q=1.2.3, ;;;, x" * 50, "en"),
    ],
)
def test_the_language_is_the_recipients_then_the_browsers(
    loaded: texts.Texts, wished: list[str | None], header: str, chosen: str
) -> None:
    assert loaded.choose(wished, header) == chosen


def test_arabic_reads_from_right_to_left() -> None:
    assert texts.direction("ar") == "rtl"
    assert texts.direction("de") == "ltr"
