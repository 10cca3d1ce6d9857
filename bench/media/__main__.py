"""`python -m bench.media [--json FILE]`: rows media.native and media.python beside Janus, all three in turn in one run."""

import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.row import Row, at_most, compared, main
from deploy.local.install import install_debian
from deploy.local.problem import SetUpProblem

NAMESPACE = Path(__file__).with_name("namespace.sh")
ENOUGH, MOST_ROUNDS, SECONDS, SHAPE = 3, 8, 8, "4x6"
# what waits in buffers at the beginning and at the end of a run is in the wrong one of the two counts
_LEAST_DELIVERED, _MOST_DELIVERED, _LOST = 0.97, 1.03, 0.01
GOALS = {"native": 0.50, "python": 1.3}


def is_valid(run: dict[str, Any]) -> bool:
    """Whether the server did the whole work: otherwise its CPU says nothing."""
    if not run.get("steady") or run["refused"] or run["lost"] > _LOST:
        return False
    return bool(_LEAST_DELIVERED <= run["delivered"] <= _MOST_DELIVERED)


def measure() -> list[Row]:
    if shutil.which("janus") is None:
        install_debian("janus")
    if shutil.which("ip") is None:
        install_debian("iproute2")
    subprocess.run([sys.executable, "-m", "services.media.node.build"], check=True)
    command = [str(NAMESPACE), sys.executable, "-m", "bench.media.runs", "1", str(SECONDS), SHAPE]
    costs: dict[str, list[float]] = {kind: [] for kind in ("janus", *GOALS)}
    for _ in range(MOST_ROUNDS):
        wanted = [kind for kind, found in costs.items() if len(found) < ENOUGH]
        if not wanted:
            break
        # the peer runs in every round, so that each figure has one from about the same minute
        kinds = ["janus", *(kind for kind in wanted if kind != "janus")]
        done = subprocess.run([*command, *kinds], stdout=subprocess.PIPE, text=True, check=True)
        for line in done.stdout.splitlines():
            print(line, file=sys.stderr, flush=True)
            run = json.loads(line)
            if is_valid(run):
                costs[run["kind"]].append(run["microseconds"])
    missing = [kind for kind, found in costs.items() if not found]
    if missing:
        raise SystemExit(f"no valid run of {' and '.join(missing)}: is the machine busy?")
    janus = statistics.median(costs["janus"])
    return [
        compared(
            f"media.{kind}", statistics.median(costs[kind]), "µs/packet", "Janus, event_loops=1", janus, at_most(goal)
        )
        for kind, goal in GOALS.items()
    ]


if __name__ == "__main__":
    try:
        main(measure)
    except SetUpProblem as problem:
        sys.exit(str(problem))
