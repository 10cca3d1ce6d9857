"""Attributes of a resource by name and type: what a directory sends, in one form (RFC 7643 §2). Pure."""

from dataclasses import dataclass, field
from typing import Any, Self

from contracts.directory_schemas import EXTERNAL_ID, GROUP, GROUP_URN, USER, USER_URN
from contracts.fields import clean_text
from services.accounts.directory.refusals import invalid

LONGEST_TEXT = 1024
_TRUE, _FALSE = "true", "false"


@dataclass(frozen=True)
class Attribute:
    """`parts` are the sub-attributes of a complex one, by name in lower case."""

    name: str
    type: str
    many: bool
    read_only: bool
    exact: bool
    parts: dict[str, "Attribute"] = field(default_factory=dict)

    @classmethod
    def of(cls, said: dict[str, Any]) -> Self:
        """From a schema's entry."""
        parts = {each["name"].lower(): cls.of(each) for each in said.get("subAttributes", ())}
        read_only = said["mutability"] == "readOnly"
        return cls(
            said["name"],
            said["type"],
            said["multiValued"],
            read_only,
            bool(said.get("caseExact")),
            parts,  # type: ignore[arg-type]
        )


@dataclass(frozen=True)
class Shape:
    """The attributes of one kind of resource, by name in lower case (names are the same in any case, RFC 7643 §2.1)."""

    urn: str
    attributes: dict[str, Attribute]

    def find(self, name: str) -> Attribute | None:
        """The attribute, named plainly or behind the schema's URN; None for one that is not kept."""
        prefix = f"{self.urn}:".lower()
        return self.attributes.get(name.lower().removeprefix(prefix))


def _shape(urn: str, said: list[dict[str, Any]]) -> Shape:
    return Shape(urn, {each["name"].lower(): Attribute.of(each) for each in (*said, EXTERNAL_ID)})


USERS, GROUPS = _shape(USER_URN, USER), _shape(GROUP_URN, GROUP)


def read(resource: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """What of a resource is kept and may be written, in its own spelling; what is unknown is left out, as is what is null.

    Raises Invalid where a type is wrong.
    """
    found: dict[str, Any] = {}
    for name, value in resource.items():
        attribute = shape.find(name)
        if attribute is None or attribute.read_only:
            continue
        kept = value_of(value, attribute)
        if kept is not None:
            found[attribute.name] = kept
    return found


def value_of(value: Any, attribute: Attribute) -> Any:
    """The value in its attribute's type; None where it has none: null, or an empty list (RFC 7643 §2.5)."""
    if value is None or value == []:
        return None
    if not attribute.many:
        return _single(value, attribute)
    values = value if isinstance(value, list) else [value]
    return [found for each in values if (found := entry_of(each, attribute)) is not None] or None


def entry_of(value: Any, attribute: Attribute) -> Any:
    """One value of an attribute that may have several; a bare text stands for its `value`."""
    if attribute.type == "complex" and isinstance(value, str):
        value = {"value": value}
    return _single(value, attribute)


def _single(value: Any, attribute: Attribute) -> Any:
    match attribute.type:
        case "complex":
            return _complex(value, attribute)
        case "boolean":
            return _boolean(value, attribute)
    if not isinstance(value, str):
        raise invalid(f"{attribute.name} is a text.")
    text = clean_text(value)
    if len(text) > LONGEST_TEXT:
        raise invalid(f"{attribute.name} has at most {LONGEST_TEXT} characters.")
    return text or None


def _complex(value: Any, attribute: Attribute) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        raise invalid(f"{attribute.name} has parts: send an object.")
    found = {}
    for name, each in value.items():
        part = attribute.parts.get(str(name).lower())
        if part is not None and not part.read_only:
            kept = value_of(each, part)
            if kept is not None:
                found[part.name] = kept
    return found or None


def _boolean(value: Any, attribute: Attribute) -> bool:
    """Entra says "True" and "False" as texts."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in (_TRUE, _FALSE):
        return value.strip().lower() == _TRUE
    raise invalid(f"{attribute.name} is true or false.")
