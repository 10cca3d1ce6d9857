"""Tests wait for what they wait for, and never for a guessed time."""

import ast
from pathlib import Path

from tests.habits.tree import name_of, sources

SLEEPS = {"sleep", "wait_for_timeout"}


def sleeps(path: Path) -> list[int]:
    """Return the lines on which the file sleeps; `sleep(0)` only gives way and is none."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        gives_way = bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0
        if called in SLEEPS and not gives_way:
            found.append(node.lineno)
    return found


def test_no_test_sleeps() -> None:
    # a service under test may be slow on purpose; those who test it may not
    tests = [path for path in sources("tests") if path.name.startswith(("test_", "conftest"))]
    assert {name_of(path): lines for path in tests if (lines := sleeps(path))} == {}


def test_a_sleep_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text("import time\ntime.sleep(1)\ntime.sleep(0)\n")
    assert sleeps(tmp_path / "test_x.py") == [2]


def test_no_test_file_is_without_tests() -> None:
    empty = [
        name_of(path)
        for path in sources("tests")
        if path.name.startswith("test_")
        and not any(
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
            for node in ast.walk(ast.parse(path.read_text()))
        )
    ]
    assert empty == []
