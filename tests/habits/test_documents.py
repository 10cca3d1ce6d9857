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
