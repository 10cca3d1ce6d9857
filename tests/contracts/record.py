"""`python -m tests.contracts.record --run-dir DIR` records messages of the stack that runs in DIR (start it with `./run`).

The journeys are played, and then what no journey causes. Of each shape the message that says most is kept, if it says
something that no recording of that shape says yet. A recording is never changed: what was released stays readable. Stops
and starts again the stack's media node at the end, because a node only says once that it stops.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.contracts.seldom import play_seldom_things
from tests.contracts.shapes import Shape, fields_of, read
from tests.contracts.tap import Tap
from tests.patience import eventually

ROOT = Path(__file__).parents[2]


def write(shape: Shape, message: dict[str, object]) -> Path | None:
    """Keep the message if it says something new; return the new file."""
    known = shape.recordings()
    said = frozenset[str]().union(*(fields_of(shape.content(read(path))) for path in known))
    if known and fields_of(shape.content(message)) <= said:
        return None
    path = shape.file(len(known) + 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(message, indent=2, ensure_ascii=False) + "\n")
    return path


def stop_node(run_dir: Path) -> None:
    """End the media node; its supervisor starts another."""
    processes = json.loads((run_dir / "processes.json").read_text())
    os.kill(next(process["pid"] for process in processes if process["name"].startswith("media_node")), signal.SIGTERM)


def main() -> int:
    """Record, and say what is new and what is still missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.contracts.record", description=__doc__)
    parser.add_argument("--run-dir", type=Path, required=True, help="HOUSECALL_RUN_DIR of a running stack, e.g. .run")
    run_dir = parser.parse_args().run_dir
    stack = json.loads((run_dir / "demo.json").read_text())
    tap = Tap(stack["amqp_uri"])
    try:
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "tests/journeys"],
            cwd=ROOT,
            env={**os.environ, "HOUSECALL_STACK": str(run_dir)},
            check=False,
        )
        play_seldom_things(stack, run_dir / "keys")
        stop_node(run_dir)
        eventually(lambda: "media_node/event.node.stopped" not in tap.missing(), what="the node says that it stops")
    finally:
        tap.close()
    new = [path for shape, message in tap.kept.items() if (path := write(shape, message))]
    sys.stdout.write("".join(f"new: {path.relative_to(ROOT)}\n" for path in new))
    sys.stdout.write("".join(f"not heard: {name}\n" for name in tap.missing()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
