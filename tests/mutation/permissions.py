"""`python -m tests.mutation.permissions [--unit] [WORD …]`: takes each single check out of the sources, and lets the tests find it.

The rows of the table are taken out by tests/wiring/test_widened_rows.py. With words, only the mutants that name one of them; with
`--unit`, only the tests that need nothing outside. Prints each mutant that survives, and fails when there is one.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mutation.checks import Mutant, mutants

ROOT = Path(__file__).parents[2]
WALKS = ("test_permission_walk.py", "test_http_walk.py", "test_topic_walk.py")
# wiring tests that are not named for their service
ALSO = {"rooms": ("test_plans_and_rooms.py", "test_room_links.py"), "accounts": ("test_notices.py",)}
LIMIT_SECONDS = 600


def every_mutant() -> list[Mutant]:
    """Of every service but the node's data plane, of the store below them, and of the topics of the live connection."""
    sources = [
        *sorted((ROOT / "services").rglob("*.py")), ROOT / "plumbing/store.py", ROOT / "plumbing/services/answering.py",
        ROOT / "gateway/live/topics.py",
    ]  # fmt: skip
    found: list[Mutant] = []
    for path in sources:
        if "node" in path.relative_to(ROOT).parts:
            continue
        text = path.read_text()
        found += mutants(path.relative_to(ROOT), text, is_store=path.name == "store.py")
    return found


def stages(mutant: Mutant, unit_only: bool) -> Iterator[list[str]]:
    """Tests that may find it, the quick ones first; each by path from the root."""
    parts = mutant.path.parts
    if parts[0] == "services":
        service = parts[1]
        if (ROOT / "tests/unit" / service).is_dir():
            yield [f"tests/unit/{service}"]
        if unit_only:
            return
        wiring = {
            *(ROOT / "tests/wiring").glob(f"test_{service}*.py"),
            *(ROOT / "tests/wiring" / name for name in ALSO.get(service, ())),
        }
        stores = (ROOT / "tests/stores").glob(f"test_{service}*.py")
        yield [str(path.relative_to(ROOT)) for path in sorted({*stores, *wiring})]
    elif parts[0] == "gateway":
        yield ["tests/unit/gateway"]
    else:
        yield ["tests/unit/plumbing"]
        if not unit_only:
            yield ["tests/stores/test_documents.py", "tests/wiring/test_commands.py"]
    if not unit_only:
        yield [f"tests/wiring/{name}" for name in WALKS]


@contextmanager
def copy_of_sources() -> Iterator[Path]:
    """A tree to change, on the same packages and the same broker and database."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "tree"
        skipped = shutil.ignore_patterns(".*", "node_modules", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=skipped, symlinks=True)
        for name in (".venv", ".run", "node_modules"):
            if (ROOT / name).exists():
                (copy / name).symlink_to(ROOT / name)
        yield copy


class Tests:
    """The tests in a copy of the sources. One that fails with every check in its place finds nothing, and is left out."""

    def __init__(self, copy: Path) -> None:
        self._copy = copy
        self._broken: dict[tuple[str, ...], list[str]] = {}

    def finding(self, mutant: Mutant, unit_only: bool = False) -> str | None:
        """The first that fails without the check; None when all pass."""
        place = self._copy / mutant.path
        kept = place.read_text()
        try:
            for tests in stages(mutant, unit_only):
                left_out = [f"--deselect={name}" for name in self._failing(tests)]
                place.write_text(mutant.text)
                failed = self._run(["-x", *left_out, *tests])
                place.write_text(kept)
                if failed:
                    return failed[0]
        finally:
            place.write_text(kept)
        return None

    def _failing(self, tests: list[str]) -> list[str]:
        key = tuple(tests)
        if key not in self._broken:
            self._broken[key] = self._run(tests)
        return self._broken[key]

    def _run(self, arguments: list[str]) -> list[str]:
        """The names of those that fail."""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-m",
            "not long",
            "-p",
            "no:cacheprovider",
            "--tb=no",
            *arguments,
        ]
        environment = {**os.environ, "PYTHONPATH": str(self._copy), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                command,
                cwd=self._copy,
                env=environment,
                capture_output=True,
                text=True,
                timeout=LIMIT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return [arguments[-1]]
        lines = [line.split() for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        # 5: there are none; anything else that is not 0 without a name is a suite that cannot even begin
        return [line[1] for line in lines] or ([] if done.returncode in (0, 5) else [arguments[-1]])


def survivors(chosen: list[Mutant], unit_only: bool = False) -> list[Mutant]:
    """Those that no test finds; says of each what found it."""
    left = []
    with copy_of_sources() as copy:
        tests = Tests(copy)
        for mutant in chosen:
            found = tests.finding(mutant, unit_only)
            print(f"{'found   ' if found else 'SURVIVES'} {mutant}  {found or ''}", flush=True)
            if found is None:
                left.append(mutant)
    return left


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.permissions", description=__doc__)
    parser.add_argument("--unit", action="store_true")
    parser.add_argument("words", nargs="*")
    asked = parser.parse_args()
    chosen = [each for each in every_mutant() if not asked.words or any(word in str(each) for word in asked.words)]
    left = survivors(chosen, asked.unit)
    print(f"{len(chosen) - len(left)} of {len(chosen)} were found")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
