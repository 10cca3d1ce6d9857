"""Nothing in the repository names a machine it was made on, a registry, or work that is still to do."""

import re

import pytest

from tests.habits.tree import ROOT, files, name_of, text_of

# split, so that this file does not name them either
REGISTRIES = ("pypi." + "org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian")
PLACES = ("/wo" + "rk/", "/ro" + "ot/")
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")
SHAPELESS = {"utils", "util", "common", "helpers", "helper", "base", "manager", "misc"}
LONGEST_LINES = 400


@pytest.mark.parametrize("forbidden", [*REGISTRIES, *PLACES])
def test_no_file_names_a_registry_or_a_place_on_one_machine(forbidden: str) -> None:
    assert [name_of(path) for path in files() if forbidden in (text_of(path) or "")] == []


def test_nothing_is_left_to_do_in_a_comment() -> None:
    assert [name_of(path) for path in files() if UNFINISHED.search(text_of(path) or "")] == []


def test_every_folder_and_module_is_named_for_what_it_is() -> None:
    shapeless = [
        name_of(path)
        for path in files()
        # kustomize's own word for what overlays build on
        if "kustomize" not in path.parts
        and SHAPELESS & {part.partition(".")[0].strip("_") for part in path.relative_to(ROOT).parts}
    ]
    assert shapeless == []


def test_no_source_file_is_two_of_them() -> None:
    long = {
        name_of(path): lines
        for path in files()
        if path.suffix in {".py", ".js", ".css"} and (lines := len((text_of(path) or "").splitlines())) > LONGEST_LINES
    }
    assert long == {}


def test_scripts_can_be_run() -> None:
    assert [
        script for script in ("run", "check", "bench.sh", ".ci/run") if not (ROOT / script).stat().st_mode & 0o111
    ] == []
