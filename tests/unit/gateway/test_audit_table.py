"""The audit log as a table: whole lines, and nothing that a spreadsheet would carry out."""

import csv

import pytest

from gateway.api.audit import cells, row_text

ENTRY = {
    "id": "e", "at": "2026-11-22T20:00:00.000Z", "who": {"id": "m", "kind": "member", "name": "Olive, “Owner”"}, "how": "saw",
    "what": "caller.seen", "subject": None, "subject_name": None, "subjects": ["caller/a", "caller/b"],
    "data": {"count": 2, "changed": ["name", "zone"]},
    "origin": {"sign_in_id": "s", "network": "203.0.113.9", "browser": 'Mozilla "5.0"'},
}  # fmt: skip


def test_an_entry_is_one_line_that_reads_back() -> None:
    (line,) = csv.reader([row_text(cells(ENTRY))])
    assert line[:7] == ["2026-11-22T20:00:00.000Z", "m", "Olive, “Owner”", "member", "saw", "caller.seen", ""]
    assert line[8:12] == ["caller/a caller/b", "changed=name zone; count=2", "203.0.113.9", 'Mozilla "5.0"']


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("http://x")'])
def test_a_cell_is_never_a_formula(formula: str) -> None:
    (line,) = csv.reader([row_text((formula,))])
    assert line == [f"'{formula}"]
