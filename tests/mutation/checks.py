"""Every single check in the sources: a tenant in a filter, a refusal, a rule that says who may; and the source without it. Pure."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REFUSALS = frozenset({"Forbidden", "NotFound", "NotSignedIn"})
TENANT = "organisation_id"
_RULE = "may_"
_NO_FILTERS = frozenset({"IndexModel", "$set", "$setOnInsert"})


@dataclass(frozen=True)
class Mutant:
    """One check that is taken out: `what` it was, `text` the whole file without it."""

    path: Path
    line: int
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.what}"


def mutants(path: Path, source: str, *, is_store: bool) -> Iterator[Mutant]:
    """Each check of one file, taken out. Tenants are looked for only where documents are read (`is_store`)."""
    tree = ast.parse(source)
    inner = {id(below) for node in ast.walk(tree) if _writes(node) for below in ast.walk(node)}
    for node in ast.walk(tree):
        match node:
            case ast.Dict() if is_store and id(node) not in inner:
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == TENANT:
                        yield Mutant(path, key.lineno, "the tenant of a filter", _without_pair(source, key, value))
            case ast.Raise() if _name(node.exc) in REFUSALS and id(node) not in inner:
                yield Mutant(path, node.lineno, f"raise {_name(node.exc)}", _replaced(source, node, "pass"))
            case ast.FunctionDef() if node.name.startswith(_RULE) and _name(node.returns) == "bool":
                last = node.body[-1]
                yield Mutant(path, node.lineno, f"{node.name} says no", _replaced(source, last, "return True"))


def _writes(node: ast.AST) -> bool:
    """Index declarations and what is written: no filter in them, though they name the tenant."""
    if isinstance(node, ast.Call):
        return _name(node.func) in _NO_FILTERS
    if isinstance(node, ast.Dict):
        return any(isinstance(key, ast.Constant) and key.value in _NO_FILTERS for key in node.keys)
    return False


def _name(node: ast.AST | None) -> str:
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _place(source: str, line: int, column: int) -> int:
    """Where an ast position (columns count bytes) is in the text."""
    lines = source.splitlines(keepends=True)
    return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())


def _replaced(source: str, node: ast.stmt, by: str) -> str:
    begin = _place(source, node.lineno, node.col_offset)
    end = _place(source, node.end_lineno or node.lineno, node.end_col_offset or 0)
    return source[:begin] + by + source[end:]


def _without_pair(source: str, key: ast.expr, value: ast.expr) -> str:
    begin = _place(source, key.lineno, key.col_offset)
    end = _place(source, value.end_lineno or value.lineno, value.end_col_offset or 0)
    rest = source[end:]
    return source[:begin] + (rest.lstrip()[1:] if rest.lstrip().startswith(",") else rest)
