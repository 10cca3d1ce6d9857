"""Which members a filter of a directory may be true of, as far as an index can tell. Pure."""

from collections.abc import Mapping
from typing import Any

from plumbing.store import equal_to
from services.accounts.addresses import key_of_typed

# in lower case, as `filters.lookups` gives them
LOOKED_UP = frozenset({"id", "username", "externalid", "emails", "emails.value"})


def looked_up(name: str, text: str) -> list[Mapping[str, Any]]:
    """MongoDB's filters of whose `name` may equal `text`, each for one index; who came otherwise is called by their address."""
    match name:
        case "id":
            return [{"_id": text}]
        case "username":
            return called(text.casefold(), key_of_typed(text))
        case "externalid":
            return [{"directory.external_id": equal_to(text)}]
        case _:
            return [{"keys.emails": text.casefold()}]


def called(user_name_key: str, email_key: str) -> list[Mapping[str, Any]]:
    """Who is called so by the directory, or has come otherwise and has that address."""
    return [
        {"directory.user_name_key": equal_to(user_name_key)},
        {"directory": None, "email_key": email_key},
    ]
