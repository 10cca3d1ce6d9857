"""From the text of a CSV file (RFC 4180, and what spreadsheets make of it) to rows with named cells. Pure."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.errors import Invalid
from contracts.fields import clean_text

MOST_ROWS = 5000
COLUMNS = ("email", "name", "role", "clinics", "language")
_SEPARATORS = (",", ";", "\t")
# what people and other programs call the columns, without case, spaces and signs
_CALLED = {
    "email": "email", "mail": "email", "emailaddress": "email", "emailadresse": "email", "address": "email",
    "name": "name", "fullname": "name", "displayname": "name",
    "role": "role", "rolle": "role",
    "clinics": "clinics", "clinic": "clinics", "kliniken": "clinics", "klinik": "clinics", "team": "clinics",
    "language": "language", "lang": "language", "sprache": "language",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """`line` is where it begins in the file, from 1. `cells` by column; `stray` when there was more than the head names."""

    line: int
    cells: dict[str, str]
    stray: bool = False


@dataclass(frozen=True)
class Table:
    """`columns` in the file's order; `ignored` are heads that mean nothing here, as written."""

    separator: str
    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(text: str) -> Table:
    """The rows of a table; empty ones are left out. Raises Invalid, naming the line, where it is none."""
    text = text.removeprefix("\ufeff")
    said, rest = _said_separator(text)
    skipped = 1 if said else 0
    separator = said or _separator_of(rest)
    records = _records(rest, separator, skipped)
    head = next(records, None)
    if head is None:
        raise _refused("The file is empty. The first line names the columns, and there must be one called email.", 1)
    columns, ignored = _columns(head[1], head[0])
    rows: list[Row] = []
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == MOST_ROWS:
            raise _refused(f"There are more than {MOST_ROWS} rows. Split the file.", line)
        named = {column: clean_text(cell) for column, cell in zip(columns, cells, strict=False) if column}
        rows.append(Row(line, named, any(cell.strip() for cell in cells[len(columns) :])))
    if not rows:
        raise _refused("There is no row below the line that names the columns.", head[0])
    return Table(separator, tuple(column for column in columns if column), ignored, tuple(rows))


def _said_separator(text: str) -> tuple[str | None, str]:
    """Excel's own first line, `sep=;`."""
    first, _, rest = text.partition("\n")
    said = first.strip("\r").strip('"')
    if said.lower().startswith("sep=") and said[4:] in _SEPARATORS:
        return said[4:], rest
    return None, text


def _separator_of(text: str) -> str:
    """The one by which the head falls into most columns that we know."""
    head = next((line for line in text.splitlines() if line.strip()), "")

    def known(separator: str) -> int:
        cells = next(csv.reader([head], delimiter=separator), [])
        return len({_called(cell) for cell in cells} - {None})

    return max(_SEPARATORS, key=known)


def _records(text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Each with the line on which it begins; one in quotes may go over several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1 + skipped
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise _refused(f"The quotes do not fit together ({error}).", line) from None


def _columns(head: list[str], line: int) -> tuple[list[str | None], tuple[str, ...]]:
    columns = [_called(cell) for cell in head]
    twice = next((column for column in COLUMNS if columns.count(column) > 1), None)
    if twice:
        raise _refused(f"The column {twice} is there twice.", line)
    if "email" not in columns:
        raise _refused("No column is called email. The first line names the columns.", line)
    ignored = tuple(clean_text(cell) for cell, column in zip(head, columns, strict=True) if not column and cell.strip())
    return columns, ignored


def _called(cell: str) -> str | None:
    plain = unicodedata.normalize("NFKC", cell).casefold()
    return _CALLED.get("".join(letter for letter in plain if letter.isalnum()))


def _refused(detail: str, line: int) -> Invalid:
    return Invalid(
        f"Line {line}: {detail}", errors=[{"pointer": "/text", "detail": f"Line {line}: {detail}"}], line=line
    )
