"""The files that a browser fetches: all there, none from elsewhere, none with inline code."""

import gzip
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from gateway.web import assets

FILES = assets.load()
OWN = {name: path for name, path in FILES.files.items() if name not in assets.VENDOR}
TEMPLATES = Path(assets.__file__).parent / "templates" / "web"
ENTRIES = (
    "js/staff/main.js", "js/guest/main.js", "js/sign-in.js", "js/forgot-password.js", "js/new-password.js", "js/welcome.js", "js/sign-up.js",
    "js/patient-information.js", "js/lost-link.js",
)  # fmt: skip
LARGEST_GUEST_BYTES = 150_000
# as it travels: what a phone on a bad network waits for
LARGEST_COMPRESSED_BYTES = 65_000


def test_every_module_that_is_imported_is_there() -> None:
    for entry in ENTRIES:
        for name in FILES.modules(entry):
            assert name in FILES.files


def test_every_module_is_reached_by_some_page() -> None:
    reached = {name for entry in ENTRIES for name in FILES.modules(entry)}
    for name in sorted(reached):
        # what few pages need they load when they need it
        later = re.findall(r"await import\('\./([^']+)'\)", FILES.files[name].read_text())
        reached |= {(Path(name).parent / each).as_posix() for each in later}
    assert {name for name in OWN if name.endswith(".js")} - reached == set()


def test_modules_form_no_circle() -> None:
    imports = {name: FILES.imports(name) for name in FILES.files if name.endswith(".js")}
    TopologicalSorter(imports).prepare()
    with pytest.raises(CycleError):
        TopologicalSorter({"one.js": ["other.js"], "other.js": ["one.js"]}).prepare()


def test_a_page_for_guests_is_small() -> None:
    drawn = "".join((TEMPLATES / name).read_text() for name in ("layout.html", "guest.html"))
    styles = re.findall(r"asset\('(css/[^']+)'\)", drawn)
    assert len(styles) > 2
    every = [*FILES.modules("js/guest/main.js"), *styles]
    contents = [FILES.files[name].read_bytes() for name in every]
    assert sum(map(len, contents)) < LARGEST_GUEST_BYTES
    assert sum(len(gzip.compress(content, mtime=0)) for content in contents) < LARGEST_COMPRESSED_BYTES


def test_the_version_changes_with_any_file(tmp_path) -> None:
    (tmp_path / "one.js").write_text("1")
    first = assets.load(tmp_path).version
    (tmp_path / "one.js").write_text("2")
    assert assets.load(tmp_path).version != first


def test_modules_write_no_markup_and_no_inline_style() -> None:
    for name, path in OWN.items():
        if name.endswith(".js"):
            assert not re.search(
                r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|style=", path.read_text()
            ), name


def test_templates_hold_no_inline_code_or_style() -> None:
    for path in (assets.HERE.parent / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), path
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script, path


def test_modules_stay_small() -> None:
    for name, path in OWN.items():
        if name.endswith((".js", ".ts")):
            assert len(path.read_text().splitlines()) < 300, name
