"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

from deploy.local.check import parts
from tests.habits.tree import ROOT, files, name_of

DOCUMENTS = [path for path in files() if path.suffix == ".md"]
TOP = {path.relative_to(ROOT).parts[0] for path in files()}
LINK = re.compile(r"\]\(([^)#\s]+)")
CODE = re.compile(r"`([A-Za-z0-9_./*-]+)`")
MOST_LINES_OF_A_DECISION = 40


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    targets = [
        target
        for target in LINK.findall(document.read_text())
        if "://" not in target and not target.startswith("mailto:")
    ]
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_path_that_is_named_exists(document: Path) -> None:
    named = {path for path in CODE.findall(document.read_text()) if "/" in path and path.partition("/")[0] in TOP}
    assert sorted(path for path in named if not any(ROOT.glob(path.rstrip("/")))) == []


def test_every_part_of_check_that_is_documented_exists() -> None:
    known = {"fast", "long", "PART", *parts()}
    said = [
        (name_of(document), word)
        for document in DOCUMENTS
        for word in re.findall(r"\./check ([A-Za-z]+)", document.read_text())
        if word not in known
    ]
    assert said == []


def test_every_invariant_names_the_tests_that_hold_it() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text().partition("## Invariants")[2].partition("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("| **")]
    held_by = {row: CODE.findall(row.rsplit("|", 2)[1]) for row in rows}
    assert rows
    assert [row for row, tests in held_by.items() if not tests] == []
    assert [test for tests in held_by.values() for test in tests if not (ROOT / test).is_file()] == []


def test_every_decision_is_listed_numbered_in_order_and_short() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    listed = re.findall(r"docs/adr/([\w-]+\.md)", (ROOT / "ARCHITECTURE.md").read_text())
    assert listed == [path.name for path in decisions]
    for number, path in enumerate(decisions, 1):
        lines = path.read_text().splitlines()
        assert (path.name[:4], lines[0].partition(".")[0]) == (f"{number:04}", f"# {number}")
        assert len(lines) <= MOST_LINES_OF_A_DECISION
