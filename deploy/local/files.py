"""Where a running copy keeps its files, and how they are written so that nobody reads half of one.

Everything lives under one directory, `.run` or what HOUSECALL_RUN_DIR says, so several copies run side by side.
"""

import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def run_directory() -> Path:
    """Return the absolute directory of this copy's data, keys and logs, made if it was missing."""
    directory = Path(os.environ.get("HOUSECALL_RUN_DIR") or ROOT / ".run").absolute()
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a file in one step, readable from its first moment by those whom `mode` names only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    os.replace(draft, path)


def write_json(path: Path, value: Any, mode: int = 0o644) -> None:
    """Write `value` as indented JSON in one step."""
    write_whole(path, json.dumps(value, indent=2) + "\n", mode)


def read_json(path: Path, otherwise: Any = None) -> Any:
    """Return the file's JSON, or `otherwise` when there is no file or it holds none."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return otherwise
