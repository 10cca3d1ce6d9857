"""Builds the native forwarder: `python -m services.media.node.build`. Needs a C compiler and Python.h; the node works without."""

import subprocess
import sys
from pathlib import Path

NATIVE = Path(__file__).parent / "native"


def main() -> int:
    """0 where it is built now; else what the compiler said, and its code."""
    return subprocess.run(
        [sys.executable, "setup.py", "-q", "build_ext", "--inplace"], cwd=NATIVE, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
