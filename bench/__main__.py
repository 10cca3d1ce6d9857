"""All figures, or those of the parts named: `python -m bench [media|gateway|rpc|live|invitations|rooms|waiting|scheduler|reminders|webhooks …] [--json FILE]`."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.row import Row, table, write

PARTS = ("media", "gateway", "rpc", "live", "invitations", "rooms", "waiting", "scheduler", "reminders", "webhooks")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./bench.sh", description="Figures, each beside a floor or a peer of the same run."
    )
    parser.add_argument("parts", nargs="*", help=f"any of: {', '.join(PARTS)}; none: all")
    parser.add_argument(
        "--json", type=Path, help="write the rows as a list of {id, value, unit, beside, ratio, goal, met}"
    )
    arguments = parser.parse_args()
    unknown = [part for part in arguments.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    rows: list[Row] = []
    failed: list[str] = []
    for part in arguments.parts or PARTS:
        found = _measured(part)
        if found is None:
            failed.append(part)
        else:
            rows += found
    print(table(rows))
    if arguments.json:
        write(rows, arguments.json)
    if failed:
        print(f"could not be measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _measured(part: str) -> list[Row] | None:
    """A part runs as a process of its own, so that one's threads, patches and memory do not touch another's figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.json"
        print(f"measuring {part} …", file=sys.stderr, flush=True)
        done = subprocess.run(
            [sys.executable, "-m", f"bench.{part}", "--json", str(path)], stdout=sys.stderr, check=False
        )
        if done.returncode or not path.exists():
            return None
        return [Row(**row) for row in json.loads(path.read_text())]


if __name__ == "__main__":
    sys.exit(main())
