"""The files that a browser fetches: which there are, their version, and which modules an entry brings along."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

HERE = Path(__file__).parent / "assets"
# Two floors up is the checkout, where `npm ci` puts the pinned libraries.
NODE_MODULES = Path(__file__).parents[2] / "node_modules"
VENDOR = {"vendor/preact.js": "htm/preact/standalone.module.js"}
_SERVED = {".js", ".css", ".svg"}
_IMPORT = re.compile(r"^(?:import|export)\s(?:[^'\"]*?from\s+)?'(\.[^']+)'", re.MULTILINE)


@dataclass(frozen=True)
class Assets:
    """Name (as in the address, below `/assets/`) → file. Nothing outside this list is ever served."""

    files: dict[str, Path]

    @cached_property
    def version(self) -> str:
        """Changes with any file, so that an address with it in can be kept for ever."""
        digest = hashlib.sha256()
        for name, path in sorted(self.files.items()):
            digest.update(name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()[:12]

    def modules(self, entry: str) -> list[str]:
        """The entry and all that it imports, so that a page can ask for them at once instead of one after another."""
        found: list[str] = []
        ahead = [entry]
        while ahead:
            name = ahead.pop(0)
            if name in found:
                continue
            found.append(name)
            ahead += self.imports(name)
        return found

    def imports(self, name: str) -> list[str]:
        """What this module imports itself. What a library imports is its own affair."""
        if name in VENDOR:
            return []
        return [_resolve(name, reference) for reference in _IMPORT.findall(self.files[name].read_text())]

    @staticmethod
    def media_type(name: str) -> str:
        if name.endswith(".js"):
            return "text/javascript"
        return mimetypes.guess_type(name)[0] or "application/octet-stream"


def load(folder: Path = HERE, node_modules: Path = NODE_MODULES) -> Assets:
    """All that is in the folder, and the pinned libraries.

    Raises:
        FileNotFoundError: a library is not installed; the text says which command brings it.
    """
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.suffix in _SERVED}
    for name, place in VENDOR.items():
        path = node_modules / place
        if not path.is_file():
            raise FileNotFoundError(f"{path} is missing: run `npm ci` in {node_modules.parent}.")
        files[name] = path
    return Assets(files)


def _resolve(importer: str, reference: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(importer).parent / reference).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
