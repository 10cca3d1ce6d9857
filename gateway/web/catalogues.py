"""Finds every text of the templates and modules, and keeps the catalogues of the other languages in step with them.

`python -m gateway.web.catalogues` adds what is new to each catalogue, untranslated, and takes out what is no longer said.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
_LINE_WIDTH = 120
# One form for each of Unicode's plural categories, in their order (CLDR), as the modules count them too.
_PLURAL_FORMS = {
    "de": "nplurals=2; plural=(n != 1);",
    "ar": (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);"
    ),
}
_HEADER = "# What the pages say. Made complete by `python -m gateway.web.catalogues`."
# Texts are written as literals in single quotes, so that they can be found without reading the whole language.
# Header lines that would change with every update, or that say nothing.
_NOISE = re.compile(r'"(?:POT-Creation-Date|PO-Revision-Date|Report-Msgid|Last-Translator|Language-Team|Generated-By)')
_LITERAL = r"'((?:[^'\\\n]|\\.)*)'"
_ONE = re.compile(rf"(?<![\w.])_\(\s*{_LITERAL}")
_SEVERAL = re.compile(rf"(?<![\w.])ngettext\(\s*{_LITERAL},\s*{_LITERAL}")
_CALL = re.compile(r"(?<![\w.])(?:_|ngettext)\((?!\s*')")
_DEFINES = re.compile(r"function (?:_|ngettext)\(")


@dataclass(frozen=True)
class Text:
    """One text and where it is said. `plural` is its form for many."""

    text: str
    plural: str | None
    place: str


def sources(folder: Path = HERE) -> list[Path]:
    """Every file that says something to a reader."""
    return sorted([*folder.glob("templates/**/*.html"), *folder.glob("assets/js/**/*.js")])


def texts(folder: Path = HERE) -> Iterator[Text]:
    """All texts, in the order of files and lines."""
    for path in sources(folder):
        place = path.relative_to(folder).as_posix()
        content = path.read_text()
        for match in _ONE.finditer(content):
            yield Text(_plain(match[1]), None, place)
        for match in _SEVERAL.finditer(content):
            yield Text(_plain(match[1]), _plain(match[2]), place)


def unreadable(folder: Path = HERE) -> list[str]:
    """Calls whose text is no literal, and so would never be translated."""
    found = []
    for path in sources(folder):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if _CALL.search(line) and not _DEFINES.search(line):
                found.append(f"{path.relative_to(folder)}:{number}")
    return found


def update(path: Path, language: str, folder: Path = HERE) -> Catalog:
    """The catalogue at `path`, with exactly the texts of today; translations that still fit are kept."""
    known = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    fresh = Catalog(locale=language, project="Housecall", header_comment=_HEADER, fuzzy=False, charset="utf-8")
    fresh.mime_headers = [("Plural-Forms", _PLURAL_FORMS[language])]
    for text in texts(folder):
        key = (text.text, text.plural) if text.plural else text.text
        before = known.get(text.text)
        fresh.add(key, before.string if before else None, locations=[(text.place, 0)])
    return fresh


def write(path: Path, catalogue: Catalog) -> None:
    """Without dates and line numbers, so that a catalogue changes only where a text does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = BytesIO()
    write_po(content, catalogue, width=_LINE_WIDTH, include_lineno=False)
    path.write_text("".join(line for line in content.getvalue().decode().splitlines(True) if not _NOISE.match(line)))


def main() -> None:
    """Update each catalogue that there is."""
    for path in sorted(HERE.glob("locale/*/LC_MESSAGES/messages.po")):
        catalogue = update(path, path.parent.parent.name)
        write(path, catalogue)
        missing = sum(1 for message in catalogue if message.id and not message.string)
        sys.stdout.write(f"{path}: {len(catalogue)} texts, {missing} without translation\n")


def _plain(literal: str) -> str:
    return literal.replace("\\'", "'").replace("\\\\", "\\")


if __name__ == "__main__":
    main()
