"""A queue that changes its name leaves the old one behind, with everything that waits in it, and bound for ever."""

import subprocess
import sys

from tests.habits.tree import ROOT

WRITTEN_DOWN = ROOT / "tests/habits/queues.txt"


def test_no_queue_changes_its_name_unnoticed() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "tests.habits.queues"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout == WRITTEN_DOWN.read_text(), (
        "a queue that is gone must be drained and deleted where it exists; then run: "
        "python -m tests.habits.queues > tests/habits/queues.txt"
    )
