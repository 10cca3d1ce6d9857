"""`./check`: format, lint, types, import rules and all tests, each part by itself or all of them in order.

A part whose folder has no tests is named as such and never counted as passed; a run in which no test ran at all fails.
In the parts that wait for real processes, the few tests that failed are run once more by themselves. What passes then is
named as unsteady at the end of the run: a defect to mend, of the test or of what it tests, that does not stop the others' work.
"""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from deploy.local import backing, install
from deploy.local.files import ROOT, run_directory
from deploy.local.problem import SetUpProblem
from deploy.local.progress import say

NOTHING_COLLECTED = 5
TESTS_FAILED = 1
MOST_UNSTEADY = 3  # more than this is no accident: the part has failed, whatever a second run would say
PACKAGES = ("contracts", "plumbing", "services", "gateway", "deploy", "bench", "tests")


@dataclass(frozen=True)
class Part:
    """One thing to check: commands, or the name of a folder of tests."""

    name: str
    about: str
    commands: tuple[tuple[str, ...], ...] = ()
    backing: bool = False
    chromium: bool = False
    spamassassin: bool = False
    coturn: bool = False
    second_look: bool = False

    @property
    def folder(self) -> Path | None:
        """Return the folder of its tests, None for a part that is not tests."""
        return None if self.commands else ROOT / "tests" / self.name


def parts() -> dict[str, Part]:
    """Return all parts by name, in the order in which they run."""
    tool = str(Path(sys.executable).parent)
    sources = tuple(name for name in PACKAGES if (ROOT / name).is_dir())
    typescript = (install.node_command(), "node_modules/typescript/bin/tsc", "-p", "tsconfig.json")
    every = [
        Part("format", "ruff format", ((f"{tool}/ruff", "format", "--check", "--quiet", "."),)),
        Part("lint", "ruff check", ((f"{tool}/ruff", "check", "--quiet", "."),)),
        Part("imports", "who may import whom", ((f"{tool}/lint-imports",),)),
        Part("types", "mypy", ((f"{tool}/mypy", *sources),)),
        Part("scripts", "the pages' JavaScript", (typescript,)),
        Part("unit", "rules, without anything outside"),
        Part("contracts", "recorded messages of every shape"),
        Part("habits", "what can go stale"),
        Part("stores", "one test body over the fake and the real store", backing=True),
        Part("wiring", "one service on a real broker", backing=True, spamassassin=True, second_look=True),
        Part("media", "two peers through a real node", backing=True, chromium=True, coturn=True, second_look=True),
        Part("journeys", "all processes, over the public API", backing=True, second_look=True),
        Part("browser", "pages in Chromium", backing=True, chromium=True, second_look=True),
    ]
    return {part.name: part for part in every}


FAST = ("format", "lint", "imports", "types", "scripts", "unit", "contracts", "habits")


@dataclass(frozen=True)
class Outcome:
    """How a part ended: `failed` tests or commands; `ran` is False when there was nothing to run."""

    name: str
    ran: bool
    failed: bool
    output: str = ""
    unsteady: tuple[str, ...] = ()


def run_part(part: Part, marks: str, live: bool) -> Outcome:
    """Run one part; its output goes to the terminal when `live`, else into the outcome."""
    if part.folder is not None and not any(part.folder.rglob("test_*.py")):
        return Outcome(part.name, ran=False, failed=False, output=f"{part.name}: there are no tests\n")
    began = time.monotonic()
    failed, output, unsteady = False, "", tuple[str, ...]()
    for command in part.commands or (_pytest(marks, _report(part.name), f"tests/{part.name}"),):
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=None if live else subprocess.PIPE,
            stderr=None if live else subprocess.STDOUT,
            text=True,
            check=False,
        )
        output += done.stdout or ""
        if part.folder is not None and done.returncode == NOTHING_COLLECTED:
            return Outcome(part.name, ran=False, failed=False, output=f"{part.name}: no test matches '{marks}'\n")
        if part.second_look and done.returncode == TESTS_FAILED:
            unsteady = passed_again(part)
            failed = not unsteady
        else:
            failed = failed or done.returncode != 0
    seconds = time.monotonic() - began
    output += f"{'FAILED' if failed else 'ok':>6}  {part.name:<10} {part.about:<48} {seconds:6.1f} s\n"
    return Outcome(part.name, ran=True, failed=failed, output=output, unsteady=unsteady)


def passed_again(part: Part) -> tuple[str, ...]:
    """Run a part's failed tests once more and return which they were; none when too many failed or one fails again."""
    failed = failed_tests(_report(part.name))
    if not 0 < len(failed) <= MOST_UNSTEADY:
        return ()
    say(f"Once more, by themselves: {', '.join(failed)}")
    again = _pytest("", _report(f"{part.name}-again"), *failed)
    done = subprocess.run(again, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    return failed if done.returncode == 0 else ()


def failed_tests(report: Path) -> tuple[str, ...]:
    """Return the node ids of the tests that failed, or came to no end for an error, in a JUnit report of pytest."""
    cases = ET.parse(report).iter("testcase")  # noqa: S314, our own file
    wrong = (case for case in cases if case.find("failure") is not None or case.find("error") is not None)
    return tuple(
        dict.fromkeys(f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}" for case in wrong)
    )


def _pytest(marks: str, report: Path, *chosen: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pytest", "-q", "-m", marks, f"--junitxml={report}", *chosen)


def _report(name: str) -> Path:
    return run_directory() / "check" / f"{name}.xml"


def counts(outcomes: list[Outcome]) -> tuple[int, int, int]:
    """Return how many tests passed, failed and were skipped, from the reports of the parts that ran."""
    passed = failed = skipped = 0
    for outcome in outcomes:
        if not outcome.ran or not _report(outcome.name).exists():
            continue
        for suite in ET.parse(_report(outcome.name)).iter("testsuite"):  # noqa: S314, our own file
            wrong = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            left_out = int(suite.get("skipped", 0))
            failed += wrong
            skipped += left_out
            passed += int(suite.get("tests", 0)) - wrong - left_out
    return passed, failed, skipped


def check(names: list[str], marks: str) -> int:
    """Run the parts and print what came of them; returns 0 only when something ran and nothing failed."""
    for old in (run_directory() / "check").glob("*.xml"):
        old.unlink()
    install.need_browser_libraries()
    known = parts()
    chosen = [known[name] for name in names]
    if any(part.backing for part in chosen):
        install.need_rabbitmq()
        install.need_native()
    if any(part.chromium for part in chosen):
        install.need_chromium()
    if any(part.spamassassin for part in chosen):
        install.need_spamassassin()
    if any(part.coturn for part in chosen):
        install.need_coturn()
    outcomes = []
    stop_backing = any(part.backing for part in chosen) and not backing.is_running()
    try:
        quick = [part for part in chosen if part.name in FAST]
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            for outcome in pool.map(lambda part: run_part(part, marks, live=False), quick):
                say(outcome.output.rstrip("\n"))
                outcomes.append(outcome)
        for part in chosen:
            if part not in quick:
                outcomes.append(run_part(part, marks, live=True))
                say(outcomes[-1].output.rstrip("\n"))
    finally:
        if stop_backing:
            backing.stop()
    return _conclude(outcomes)


def _conclude(outcomes: list[Outcome]) -> int:
    unsteady = [test for outcome in outcomes for test in outcome.unsteady]
    failed = [outcome.name for outcome in outcomes if outcome.failed]
    if len(unsteady) > MOST_UNSTEADY:
        failed += [outcome.name for outcome in outcomes if outcome.unsteady]
    passed_tests, failed_tests, skipped_tests = counts(outcomes)
    for test in unsteady:
        say(f"Unsteady, failed and then passed; mend it: {test}")
    if failed:
        say(f"Failed: {', '.join(failed)}.")
    if not any(outcome.ran for outcome in outcomes):
        say("Nothing was checked: there are no such tests.")
    say(
        f"tests: {passed_tests + len(unsteady)} passed ({len(unsteady)} of them unsteady), "
        f"{failed_tests - len(unsteady)} failed, {skipped_tests} skipped"
    )
    return 0 if any(outcome.ran for outcome in outcomes) and not failed else 1


def main() -> int:
    """Do what the command line asks for."""
    known = parts()
    listed = "\n".join(f"  {part.name:<10} {part.about}" for part in known.values())
    parser = argparse.ArgumentParser(
        prog="./check",
        description="Checks everything; or 'fast' (under a minute), 'long' (what is longer), or the parts that are named.",
        epilog=f"parts:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="fast|long|PART")
    chosen = parser.parse_args().parts
    for name in chosen:
        if name not in ("fast", "long", *known):
            parser.error(f"there is no part {name!r}; choose from fast, long, {', '.join(known)}")
    marks = "long" if "long" in chosen else "not long"
    names = [name for name in chosen if name in known]
    if "fast" in chosen:
        names = [*FAST, *(name for name in names if name not in FAST)]
    if not names:
        names = [name for name, part in known.items() if marks == "not long" or part.folder is not None]
    try:
        return check(names, marks)
    except SetUpProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
