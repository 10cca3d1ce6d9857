"""Where challenges are kept until they are used or over. No event tells of them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection

from services.accounts.security_keys.challenge import Challenge

INDEXES: dict[str, list[IndexModel]] = {
    "challenges": [IndexModel([("until", ASCENDING)], name="over", expireAfterSeconds=0)]
}
# no key is two members', whoever's they are (WebAuthn §7.1)
OF_MEMBERS = IndexModel(
    [("second_factor.keys.credential_id", ASCENDING)],
    name="security_key",
    unique=True,
    partialFilterExpression={"second_factor.keys.credential_id": {"$type": "string"}},
)


class Challenges:
    """A collection of them."""

    def __init__(self, collection: Collection[dict[str, Any]]) -> None:
        self._collection = collection

    def keep(self, challenge: Challenge) -> None:
        """One, in the place of an earlier one of the same sign-in."""
        document = asdict(challenge)
        self._collection.replace_one({"_id": challenge.id}, {"_id": document.pop("id"), **document}, upsert=True)

    def take(self, id: str, member_id: str, now: datetime) -> Challenge | None:
        """The one of that id, if it is not over; to one who asks, however many ask at once."""
        found = self._collection.find_one_and_delete({"_id": id, "member_id": member_id, "until": {"$gt": now}})
        if found is None:
            return None
        return Challenge(id=found.pop("_id"), **found)
