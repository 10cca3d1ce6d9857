"""Runs a process of ours with a row of the table of permissions taken out: `python -m tests.mutation.widened services.rooms`.

The file that `WIDENED` names says which permission is everybody's at the moment, so that one start serves for every row.
"""

import os
import runpy
import sys
from pathlib import Path

from contracts import permissions
from contracts.actor import Actor


def main() -> None:
    widened = Path(os.environ["WIDENED"])
    allowed = permissions.allowed

    def widened_allowed(permission: str, actor: Actor) -> bool:
        return permission == widened.read_text() or allowed(permission, actor)

    permissions.allowed = widened_allowed
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
