"""Texts in the reader's language: gettext catalogues read from their `.po` files at start, so that no compiled file is kept.

English is the source language and needs no catalogue.
"""

import gettext
import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_ACCEPTED = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q=([0-9.]+))?\s*$")


class Texts:
    """The catalogues of one package, by language."""

    def __init__(self, catalogues: dict[str, Catalog]) -> None:
        self._catalogues = catalogues
        self._translations: dict[str, gettext.NullTranslations] = {SOURCE_LANGUAGE: gettext.NullTranslations()}
        for language, catalogue in catalogues.items():
            compiled = BytesIO()
            write_mo(compiled, catalogue)
            compiled.seek(0)
            self._translations[language] = gettext.GNUTranslations(compiled)

    @property
    def languages(self) -> tuple[str, ...]:
        """English first, then the others by name."""
        return (SOURCE_LANGUAGE, *sorted(self._catalogues))

    def translations(self, language: str | None) -> gettext.NullTranslations:
        """gettext's own object (`gettext`, `ngettext`); English where the language is not there."""
        return self._translations.get(language or SOURCE_LANGUAGE, self._translations[SOURCE_LANGUAGE])

    def messages(self, language: str) -> dict[str, str | list[str]]:
        """source text → translation (a list of plural forms where the text has them), for clients in another program."""
        catalogue = self._catalogues.get(language, ())
        found: dict[str, str | list[str]] = {}
        for message in catalogue:
            if message.id and message.string and not message.fuzzy:
                key = message.id if isinstance(message.id, str) else message.id[0]
                found[key] = message.string if isinstance(message.string, str) else list(message.string)
        return found

    def choose(self, wished: Iterable[str | None], accept_language: str | None = None) -> str:
        """The first wished language that is there, else the best of an Accept-Language header (RFC 9110 §12.5.4), else English."""
        for language in [*wished, *_by_quality(accept_language or "")]:
            short = (language or "").partition("-")[0].lower()
            if short == SOURCE_LANGUAGE or short in self._catalogues:
                return short
        return SOURCE_LANGUAGE


def load(package: Path) -> Texts:
    """The catalogues at `package/locale/<language>/LC_MESSAGES/messages.po`."""
    catalogues = {}
    for path in sorted(package.glob("locale/*/LC_MESSAGES/messages.po")):
        language = path.parent.parent.name
        with path.open("rb") as file:
            catalogues[language] = read_po(file, locale=language)
    return Texts(catalogues)


def direction(language: str) -> str:
    """`rtl` or `ltr`, as HTML's dir attribute wants it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def _by_quality(header: str) -> list[str]:
    found = []
    for position, part in enumerate(header[:500].split(",")):
        match = _ACCEPTED.match(part)
        if match:
            try:
                quality = float(match[2] or 1)
            except ValueError:
                continue
            found.append((-quality, position, match[1].lower()))
    return [language for quality, _, language in sorted(found) if quality < 0]
