"""A policy that does not hold together is refused with the line that is wrong."""

from pathlib import Path

import pytest

from services.rooms.policies import FOLDER, PolicyProblem, read_policies

GOOD = (FOLDER / "1-default.yaml").read_text(encoding="utf-8")


def policies(folder: Path, *texts: str) -> None:
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    read_policies(folder)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("aliases: [Starter]", "aliases: [standard]", "is already a name of Essentials"),
        ("aliases: [Professional, Trial]", "aliases: [Starter]", "is already a name of Essentials"),
        ("    meeting_rooms: 1\n", "    meeting_rooms: 0\n", "begins with 1 Meeting Rooms and allows 0"),
        ("    meeting_rooms: any", "    meeting_rooms: 1", "Premium begins with 2 Meeting Rooms and allows 1"),
        ("    meeting_rooms: 1\n", "    meeting_rooms: any\n", "Standard allows less than Essentials"),
        ("    meeting_rooms_renamed: false", "    meeting_rooms_renamed: true", "Standard allows less than Essentials"),
        ("    waiting_area: false", "    waiting_area: true", "Standard allows less than Essentials"),
        ("first_rooms: [Reception]", "first_rooms: [Reception, Reception]", "Essentials"),
        ("    meeting_rooms: any", "    meeting_rooms: many", "meeting_rooms does not fit"),
        ("    meeting_rooms: any", "    meeting_rooms: -1", "meeting_rooms does not fit"),
        ("    waiting_area: true", "    waiting_area: sometimes", "waiting_area does not fit"),
        ("    waiting_area: true", "    waiting_aera: true", "waiting_aera is not a field here"),
        ("    waiting_area: true", "    meeting_rooms: 3", "meeting_rooms is given twice"),
        ("version: 1", "version: one", "version does not fit"),
        ("name: Premium", "name: ''", "name does not fit"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    with pytest.raises(PolicyProblem) as problem:
        policies(tmp_path, text)
    assert says in str(problem.value)
    line = int(str(problem.value).split(":")[1])
    assert 1 <= line <= len(text.splitlines())


def test_the_line_is_the_one_where_the_contradiction_stands(tmp_path: Path) -> None:
    text = GOOD.replace("    waiting_area: true", "    waiting_area: false").replace(
        "    waiting_area: false", "    waiting_area: true", 1
    )
    with pytest.raises(PolicyProblem) as problem:
        policies(tmp_path, text)
    line = line_of(text, "name: Standard") + 4
    assert str(problem.value).startswith(f"0.yaml:{line}: Standard allows less than Essentials")


def test_a_missing_field_is_named_with_the_line_of_its_plan(tmp_path: Path) -> None:
    text = GOOD.replace("    meeting_rooms: any\n", "")
    with pytest.raises(PolicyProblem, match="meeting_rooms is missing") as problem:
        policies(tmp_path, text)
    assert str(problem.value).startswith(f"0.yaml:{line_of(text, 'name: Premium')}:")


@pytest.mark.parametrize("text", ["", "plans: [", "- a", "version: 1\ndefault: true\nplans: []\n"])
def test_what_is_no_policy_at_all_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PolicyProblem):
        policies(tmp_path, text)


def test_two_policies_of_one_version_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyProblem, match="version 1 is in another file"):
        policies(tmp_path, GOOD, GOOD.replace("default: true", "default: false"))


def test_two_defaults_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyProblem, match="default already"):
        policies(tmp_path, GOOD, GOOD.replace("version: 1", "version: 7"))


def test_no_default_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyProblem, match="no policy is the default"):
        policies(tmp_path, GOOD.replace("default: true", "default: false"))
