"""Every text of the pages is there in every language, with the same gaps to fill in."""

import gettext
import re

import pytest
from babel.messages.pofile import read_po

from gateway.web import catalogues

_GAP = re.compile(r"\{\w+\}")
LANGUAGES = ("ar", "de")


def catalogue(language: str):
    with (catalogues.HERE / f"locale/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=language)


def test_every_text_is_a_literal_that_can_be_found() -> None:
    assert catalogues.unreadable() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    known = catalogue(language)
    missing = []
    for text in catalogues.texts():
        message = known.get(text.text)
        forms = [] if message is None else [message.string] if isinstance(message.string, str) else message.string
        wanted = known.num_plurals if text.plural else 1
        if len(forms) != wanted or not all(forms):
            missing.append(f"{text.place}: {text.text}")
    assert missing == [], "run `python -m gateway.web.catalogues` and translate what is new"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_of_what_is_no_longer_said(language: str) -> None:
    said = {text.text for text in catalogues.texts()}
    kept = {
        message.id if isinstance(message.id, str) else message.id[0] for message in catalogue(language) if message.id
    }
    assert kept - said == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_fill_in_the_same_names(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[1]
        forms = [message.string] if isinstance(message.string, str) else message.string
        for form in forms:
            gaps = set(_GAP.findall(form))
            # a plural form may say its number in words ("two minutes" is one word in Arabic)
            if gaps != set(_GAP.findall(source)) and (
                isinstance(message.id, str) or gaps | {"{n}"} != set(_GAP.findall(source))
            ):
                wrong.append((source, form))
    assert wrong == []


def test_plural_forms_stand_in_the_order_of_the_categories() -> None:
    """The modules choose by Intl.PluralRules, whose categories are zero, one, two, few, many, other."""
    known = catalogue("ar")
    form_of = gettext.c2py(known.plural_expr)
    assert known.num_plurals == 6
    assert [form_of(number) for number in (0, 1, 2, 7, 11, 99, 100, 102)] == [0, 1, 2, 3, 4, 4, 5, 5]
