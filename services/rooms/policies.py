"""Reads the policies that lie in `policies/` and refuses one that is malformed or contradicts itself, naming the line.

Knows the form of the files; what the plans mean is in `plans.py`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from services.rooms.plans import Plan, Policies, Policy, contradictions

FOLDER = Path(__file__).parent / "policies"
_ANY = "any"
_LONGEST_NAME = 80


class PolicyProblem(Exception):
    """A policy that cannot be taken. Reads `file:line: what is wrong`."""

    def __init__(self, path: Path, line: int, text: str) -> None:
        super().__init__(f"{path.name}:{line}: {text}.")


def read_policies(folder: Path = FOLDER) -> Policies:
    """Every policy of the folder, by version. Raises PolicyProblem."""
    versions: dict[int, Policy] = {}
    for path in sorted(folder.glob("*.yaml")):
        policy = read_policy(path)
        if policy.version in versions:
            raise PolicyProblem(path, 1, f"version {policy.version} is in another file already")
        if policy.default and any(other.default for other in versions.values()):
            raise PolicyProblem(path, 1, "another policy is the default already")
        versions[policy.version] = policy
    if not any(policy.default for policy in versions.values()):
        raise PolicyProblem(folder, 1, "no policy is the default")
    return Policies(tuple(versions[number] for number in sorted(versions)))


def read_policy(path: Path) -> Policy:
    """One policy. Raises PolicyProblem."""
    page = _Page(path)
    fields = page.mapping(page.root, ("version", "default", "plans"))
    rows = page.rows(fields["plans"], "plans")
    plans = tuple(_plan(page, row) for row in rows)
    for found in contradictions(plans):
        field = page.mapping(rows[found.plan], _PLAN_FIELDS)[found.field]
        raise page.problem(field, found.text)
    return Policy(
        version=page.value(fields["version"], "version", _is_count),
        default=page.value(fields["default"], "default", _is_boolean),
        plans=plans,
    )


_PLAN_FIELDS = ("name", "aliases", "meeting_rooms", "meeting_rooms_renamed", "waiting_area", "first_rooms")


def _plan(page: "_Page", row: yaml.Node) -> Plan:
    fields = page.mapping(row, _PLAN_FIELDS)
    meeting_rooms = page.value(
        fields["meeting_rooms"], "meeting_rooms", lambda value: value == _ANY or _is_count(value)
    )
    return Plan(
        name=page.value(fields["name"], "name", _is_name),
        aliases=page.names(fields["aliases"], "aliases"),
        meeting_rooms=None if meeting_rooms == _ANY else meeting_rooms,
        meeting_rooms_renamed=page.value(fields["meeting_rooms_renamed"], "meeting_rooms_renamed", _is_boolean),
        waiting_area=page.value(fields["waiting_area"], "waiting_area", _is_boolean),
        first_rooms=page.names(fields["first_rooms"], "first_rooms"),
    )


class _Page:
    """A YAML file as nodes, which know their lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            root = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise PolicyProblem(path, line, f"this is not YAML: {error.problem}") from error
        if root is None:
            raise PolicyProblem(path, 1, "the file is empty")
        self.root = root

    def problem(self, node: yaml.Node, text: str) -> PolicyProblem:
        return PolicyProblem(self._path, node.start_mark.line + 1, text)

    def mapping(self, node: yaml.Node, fields: tuple[str, ...]) -> dict[str, yaml.Node]:
        """The fields of a mapping: these, all of them, each once, and no other."""
        if not isinstance(node, yaml.MappingNode):
            raise self.problem(node, f"here should be the fields {', '.join(fields)}")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value not in fields:
                raise self.problem(key, f"{key.value} is not a field here")
            if key.value in found:
                raise self.problem(key, f"{key.value} is given twice")
            found[key.value] = value
        for field in fields:
            if field not in found:
                raise self.problem(node, f"{field} is missing")
        return found

    def rows(self, node: yaml.Node, field: str) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.problem(node, f"{field} should be a list of at least one")
        return list(node.value)

    def names(self, node: yaml.Node, field: str) -> tuple[str, ...]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.problem(node, f"{field} should be a list of names")
        return tuple(self.value(item, field, _is_name) for item in node.value)

    def value(self, node: yaml.Node, field: str, fits: Callable[[Any], bool]) -> Any:
        value = yaml.SafeLoader("").construct_object(node) if isinstance(node, yaml.ScalarNode) else None
        if not fits(value):
            raise self.problem(node, f"{field} does not fit")
        return value


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST_NAME


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)
