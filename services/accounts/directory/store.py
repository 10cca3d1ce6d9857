"""Where a directory's tokens and groups are kept, and how members are found by what it says of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from plumbing.store import Documents, Outgoing
from services.accounts.directory.groups import Group
from services.accounts.directory.looking_up import called
from services.accounts.directory.token import DirectoryToken
from services.accounts.member import EXPECTED, REMOVED, Member

_OLDEST_FIRST = [("_id", ASCENDING)]
_BY_TEXT = {"$type": "string"}
INDEXES: dict[str, list[IndexModel]] = {
    # the token is all that a directory brings
    "directory_tokens": [IndexModel([("token_hash", ASCENDING)], name="token_hash", unique=True)],
    "directory_groups": [
        IndexModel([("organisation_id", ASCENDING), ("name_key", ASCENDING)], name="name_key", unique=True)
    ],
}
# of members, beside what others need of them
OF_MEMBERS = [
    IndexModel(
        [("organisation_id", ASCENDING), ("directory.user_name_key", ASCENDING)],
        name="user_name",
        unique=True,
        partialFilterExpression={"directory.user_name_key": _BY_TEXT},
    ),
    IndexModel(
        [("organisation_id", ASCENDING), ("directory.external_id", ASCENDING)],
        name="external_id",
        partialFilterExpression={"directory.external_id": _BY_TEXT},
    ),
    IndexModel([("organisation_id", ASCENDING), ("keys.emails", ASCENDING)], name="by_email"),
    # a page by position, and how many there are, without reading members
    IndexModel([("organisation_id", ASCENDING), ("_id", ASCENDING), ("state", ASCENDING)], name="oldest_first"),
    IndexModel(
        [("directory.owes_letter", ASCENDING)], name="owes", partialFilterExpression={"directory.owes_letter": _BY_TEXT}
    ),
]


class DirectoryStore:
    """Tokens and groups; members belong to `members`, which other parts of accounts share."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing, members: Documents[Member]) -> None:
        self.tokens = Documents(
            database["directory_tokens"], outbox, kind=DirectoryToken, source="accounts", subject="directory_token"
        )
        self.groups = Documents(
            database["directory_groups"], outbox, kind=Group, source="accounts", subject="directory_group"
        )
        self._members = members

    def token(self, token_hash: str) -> DirectoryToken | None:
        """The one of that text."""
        return self.tokens.find_one({"token_hash": token_hash})

    def tokens_of(self, organisation_id: str) -> list[DirectoryToken]:
        """Those that open something, newest first."""
        return self.tokens.find({"organisation_id": organisation_id, "revoked": False}, [("_id", -1)])

    def groups_of(self, organisation_id: str) -> list[Group]:
        """Oldest first."""
        return self.groups.find({"organisation_id": organisation_id}, _OLDEST_FIRST)

    def group_named(self, organisation_id: str, name_key: str) -> Group | None:
        """The one group of that name."""
        return self.groups.find_one({"organisation_id": organisation_id, "name_key": name_key})

    def forget_group(self, group: Group) -> None:
        """There is none such any more."""
        self.groups.collection.delete_one({"_id": group.id, "organisation_id": group.organisation_id})

    def members_in(self, group: Group) -> list[Member]:
        """Who belongs to a group, oldest first."""
        named = {"clinic_ids": group.clinic_id} if group.clinic_id else {"directory.group_roles": group.role}
        return self._members.find({**_present(group.organisation_id), **named}, _OLDEST_FIRST)

    def members_with_ids(self, organisation_id: str, ids: Iterable[str]) -> list[Member]:
        """Those of them that there are."""
        return self._members.find({**_present(organisation_id), "_id": {"$in": list(ids)}}, _OLDEST_FIRST)

    def member_called(self, organisation_id: str, user_name_key: str, email_key: str) -> list[Member]:
        """Who is called so by the directory, or has come otherwise and has that address."""
        return self.members_of_any(organisation_id, called(user_name_key, email_key))

    def members_of_any(self, organisation_id: str, wanted: Sequence[Mapping[str, Any]]) -> list[Member]:
        """Of whom one of these filters is true, oldest first. Each is asked by itself, so that each has its index."""
        found = [self._members.find({**_present(organisation_id), **each}) for each in wanted]
        return sorted({member.id: member for some in found for member in some}.values(), key=lambda each: each.id)

    def members_of(self, organisation_id: str) -> list[Member]:
        """All of them, oldest first."""
        return self._members.find(_present(organisation_id), _OLDEST_FIRST)

    def page_of(self, organisation_id: str, skip: int, most: int) -> tuple[int, list[Member]]:
        """How many there are, and some of them, oldest first."""
        total = self._members.count(_present(organisation_id))
        ids = self._members.collection.find(
            _present(organisation_id), {"_id": 1}, sort=_OLDEST_FIRST, skip=skip, limit=most
        )
        return total, self.members_with_ids(organisation_id, [each["_id"] for each in ids]) if most else []

    def owed_letters(self, most: int) -> list[Member]:
        """To whom an invitation is still to be written."""
        return self._members.find({"directory.owes_letter": _BY_TEXT}, limit=most)


def _present(organisation_id: str) -> dict[str, Any]:
    return {"organisation_id": organisation_id, "state": {"$nin": [EXPECTED, REMOVED]}}
