"""What a run of the checks makes of tests that failed and passed when run again."""

from pathlib import Path

import pytest

from deploy.local import check
from deploy.local.check import MOST_UNSTEADY, Outcome, Part, failed_tests

REPORT = """<testsuites><testsuite tests="4" failures="1" errors="1" skipped="0">
<testcase classname="tests.wiring.test_rooms" name="test_one"/>
<testcase classname="tests.wiring.test_rooms" name="test_two[a/b::c]"><failure message="no"/></testcase>
<testcase classname="tests.wiring.test_calls" name="test_three"><error message="no"/></testcase>
<testcase classname="tests.wiring.test_calls" name="test_three"><failure message="no"/></testcase>
</testsuite></testsuites>"""


def test_failed_tests_are_read_as_what_pytest_can_run_again(tmp_path: Path) -> None:
    report = tmp_path / "wiring.xml"
    report.write_text(REPORT)
    assert failed_tests(report) == (
        "tests/wiring/test_rooms.py::test_two[a/b::c]",
        "tests/wiring/test_calls.py::test_three",
    )


@pytest.fixture
def second_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of tests that fail in a part's first run; one named `steady` fails in the second, too."""
    for name, passes in (("late", "len(ran) > 1"), ("steady", "False")):
        (tmp_path / f"test_{name}.py").write_text(
            f"from pathlib import Path\n\ndef test_{name}():\n"
            f"    kept = Path(__file__).with_suffix('.ran')\n"
            f"    kept.write_text((kept.read_text() if kept.exists() else '') + 'x')\n"
            f"    ran = kept.read_text()\n    assert {passes}\n"
        )
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "_report", lambda name: tmp_path / f"{name}.xml")
    return tmp_path


def run(folder: Path, test: str, second_look: bool) -> Outcome:
    part = Part("x", "about", ((*check._pytest("", folder / "x.xml"), test),), second_look=second_look)
    return check.run_part(part, "", live=False)


def test_a_test_that_passes_when_run_again_is_named_and_does_not_fail_the_part(second_run: Path) -> None:
    outcome = run(second_run, "test_late.py", second_look=True)
    assert (outcome.failed, outcome.unsteady) == (False, ("test_late.py::test_late",))


def test_a_test_that_fails_twice_fails_the_part(second_run: Path) -> None:
    outcome = run(second_run, "test_steady.py", second_look=True)
    assert (outcome.failed, outcome.unsteady) == (True, ())


def test_parts_that_wait_for_nothing_are_not_run_again(second_run: Path) -> None:
    assert run(second_run, "test_late.py", second_look=False).failed


def test_many_failures_are_no_accident(second_run: Path) -> None:
    many = "\n".join(f"def test_{number}():\n    assert False\n" for number in range(MOST_UNSTEADY + 1))
    (second_run / "test_many.py").write_text(many)
    outcome = run(second_run, "test_many.py", second_look=True)
    assert (outcome.failed, outcome.unsteady) == (True, ())
    assert not (second_run / "x-again.xml").exists()


def test_a_run_with_more_unsteady_tests_than_that_in_all_its_parts_fails(capsys: pytest.CaptureFixture[str]) -> None:
    def part(name: str, number: int) -> Outcome:
        return Outcome(name, ran=True, failed=False, unsteady=tuple(f"{name}{one}" for one in range(number)))

    assert check._conclude([part("x", MOST_UNSTEADY)]) == 0
    assert "Unsteady, failed and then passed; mend it: x0" in capsys.readouterr().out
    assert check._conclude([part("x", MOST_UNSTEADY), part("y", 1)]) == 1
