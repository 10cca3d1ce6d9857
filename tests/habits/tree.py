"""What is under version control, for tests that read the sources themselves."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contracts", "plumbing", "services", "gateway", "deploy", "bench")


@cache
def files() -> tuple[Path, ...]:
    """Return every file that is committed, or would be with the next `git add`; in an image without git, every file."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def sources(*folders: str) -> list[Path]:
    """Return the committed Python files under the named folders."""
    return [path for path in files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]


def name_of(path: Path) -> str:
    """Return a file's path inside the repository."""
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str | None:
    """Return a file's text, None for a binary one."""
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return None
