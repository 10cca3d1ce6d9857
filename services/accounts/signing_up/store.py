"""Where sign-ups are kept until they are used or over. No event tells of them: there is no organisation yet."""

from dataclasses import asdict
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection

from services.accounts.signing_up.sign_up import SignUp

INDEXES = [
    # no organisation leads: there is none
    IndexModel([("token_hash", ASCENDING)], name="token_hash", unique=True),
    IndexModel([("until", ASCENDING)], name="over", expireAfterSeconds=0),
    IndexModel([("mail_due", ASCENDING)], name="mail_due", partialFilterExpression={"mail_due": True}),
]


class SignUps:
    """A collection of them."""

    def __init__(self, collection: Collection[dict[str, Any]]) -> None:
        self._collection = collection

    def keep(self, sign_up: SignUp) -> None:
        """One more."""
        document = asdict(sign_up)
        self._collection.insert_one({"_id": document.pop("id"), **document})

    def with_token(self, token_hash: str) -> SignUp | None:
        """The one of that token."""
        found = self._collection.find_one({"token_hash": token_hash})
        return _sign_up(found) if found else None

    def due(self, most: int) -> list[SignUp]:
        """Those whose mail is still to be sent, oldest first."""
        found = self._collection.find({"mail_due": True}, sort=[("_id", ASCENDING)], limit=most)
        return [_sign_up(each) for each in found]

    def note_sent(self, sign_up_id: str) -> None:
        """Its mail is on its way."""
        self._collection.update_one({"_id": sign_up_id}, {"$set": {"mail_due": False}})

    def forget(self, sign_up_id: str) -> None:
        """It was used, or is of no use."""
        self._collection.delete_one({"_id": sign_up_id})


def _sign_up(document: dict[str, Any]) -> SignUp:
    return SignUp(id=document["_id"], **{name: value for name, value in document.items() if name != "_id"})
