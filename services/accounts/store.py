"""Where organisations, members, sign-ins and tries to sign in are kept."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from contracts.errors import TooMany
from plumbing.store import Documents, Outgoing, equal_to
from services.accounts.api_clients.client import ApiClient
from services.accounts.audit import store as audit
from services.accounts.audit.store import AuditStore
from services.accounts.calendar_feed import CalendarFeed
from services.accounts.directory import store as directory
from services.accounts.directory.store import DirectoryStore
from services.accounts.finding import keys_of
from services.accounts.guessing import store as guessing
from services.accounts.guessing.store import Guesses
from services.accounts.importing import store as importing
from services.accounts.importing.store import ImportsStore
from services.accounts.joining import Letter
from services.accounts.member import ACTIVE, EXPECTED, OWNER, REMOVED, Member
from services.accounts.organisation import Organisation
from services.accounts.security_keys import store as security_keys
from services.accounts.sign_in import SignIn
from services.accounts.signing_up import store as signing_up
from services.accounts.single_sign_on import store as single_sign_on
from services.accounts.single_sign_on.store import IdentityProvidersStore
from services.accounts.throttle import FREE_TRIES, Tries, next_try

_TRIES_AT_ONCE = 20
_OF_LETTERS = ("kind", "email_key", "at", "by")
_A_DAY_SECONDS = 24 * 3600
_BY_NAME = [("keys.name", ASCENDING), ("_id", ASCENDING)]


def _by_name(*fields: str) -> IndexModel:
    """Of an organisation's members, of those with one value of a field: a page of them in the order of names."""
    keys = [("organisation_id", ASCENDING), *((field, ASCENDING) for field in fields), *_BY_NAME]
    return IndexModel(keys, name="_".join(("by", *fields, "name_key")))


INDEXES: dict[str, list[IndexModel]] = {
    "members": [
        # the one index that no organisation leads: an address alone must say who signs in
        IndexModel([("email_key", ASCENDING)], name="email_key", unique=True),
        _by_name(),
        _by_name("state"),
        _by_name("role"),
        _by_name("clinic_ids"),
        IndexModel([("organisation_id", ASCENDING), ("keys.words", ASCENDING)], name="by_word"),
        IndexModel([("organisation_id", ASCENDING), ("on_duty.clinic_id", ASCENDING)], name="on_duty"),
        # whoever comes by a letter brings nothing else either
        IndexModel([("link_hash", ASCENDING)], name="link", partialFilterExpression={"link_hash": {"$type": "string"}}),
        IndexModel([("created_at", ASCENDING)], name="expected", partialFilterExpression={"state": EXPECTED}),
        single_sign_on.CONNECTED,
        security_keys.OF_MEMBERS,
        *directory.OF_MEMBERS,
    ],
    "sign_ins": [
        # nor this one: the token is all that a browser brings
        IndexModel([("token_hash", ASCENDING)], name="token_hash", unique=True),
        IndexModel([("organisation_id", ASCENDING), ("member_id", ASCENDING)], name="by_member"),
        IndexModel([("expires_at", ASCENDING)], name="expired", expireAfterSeconds=_A_DAY_SECONDS),
    ],
    "calendar_feeds": [
        # nor this one: the secret is all that a calendar program brings
        IndexModel(
            [("secret_hash", ASCENDING)],
            name="secret_hash",
            unique=True,
            partialFilterExpression={"secret_hash": {"$type": "string"}},
        )
    ],
    "api_clients": [IndexModel([("organisation_id", ASCENDING), ("_id", ASCENDING)], name="newest")],
    "sign_ups": signing_up.INDEXES,
    "tries": [IndexModel([("forgotten_at", ASCENDING)], name="forgotten", expireAfterSeconds=0)],
    **guessing.INDEXES,
    **importing.INDEXES,
    **security_keys.INDEXES,
    **directory.INDEXES,
    **single_sign_on.INDEXES,
    **audit.INDEXES,
}


class AccountsStore:
    """The states of accounts; the tries to sign in are counts without an owner, so they lie beside."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.organisations = Documents(
            database["organisations"], outbox, kind=Organisation, source="accounts", subject="organisation"
        )
        self.members = Documents(
            database["members"], outbox, kind=Member, source="accounts", subject="member", keys=keys_of
        )
        self.sign_ins = Documents(database["sign_ins"], outbox, kind=SignIn, source="accounts", subject="sign_in")
        self.imports = ImportsStore(database, outbox)
        self.directory = DirectoryStore(database, outbox, self.members)
        self.identity_providers = IdentityProvidersStore(database, outbox)
        self.sign_ups = signing_up.SignUps(database["sign_ups"])
        self.challenges = security_keys.Challenges(database["challenges"])
        self.audit = AuditStore(database)
        self.guesses = Guesses(database)
        self.calendar_feeds = Documents(
            database["calendar_feeds"], outbox, kind=CalendarFeed, source="accounts", subject="calendar_feed"
        )
        self.api_clients = Documents(
            database["api_clients"], outbox, kind=ApiClient, source="accounts", subject="api_client"
        )
        self._tries = database["tries"]
        self._letters = database["letters"]

    def member_with_address(self, email_key: str) -> Member | None:
        """The one member of that address."""
        return self.members.find_one({"email_key": email_key})

    def member_connected(self, subject_key: str) -> Member | None:
        """Whose account at their organisation's identity provider it is."""
        return self.members.find_one({"connection.subject_key": equal_to(subject_key)})

    def calendar_feed_of(self, member_id: str, organisation_id: str) -> CalendarFeed:
        """Theirs, also where there is none yet."""
        wanted = {"_id": member_id, "organisation_id": organisation_id}
        return self.calendar_feeds.find_one(wanted) or CalendarFeed(member_id, organisation_id)

    def sign_in_with_token(self, token_hash: str) -> SignIn | None:
        """The one sign-in of that token."""
        return self.sign_ins.find_one({"token_hash": token_hash})

    def members_by_name(self, wanted: Mapping[str, Any], limit: int) -> list[Member]:
        """Those that fit MongoDB's filter (`finding.query_of`), by name."""
        return self.members.find(wanted, sort=_BY_NAME, limit=limit)

    def count_members(self, wanted: Mapping[str, Any], most: int) -> int:
        """How many fit; `most` is as far as is counted."""
        return self.members.collection.count_documents(dict(wanted), limit=most)

    def names_of(self, ids: set[str], organisation_id: str) -> dict[str, str]:
        """Of its members, also of those who were removed."""
        found = self.members.find({"_id": {"$in": sorted(ids)}, "organisation_id": organisation_id})
        return {each.id: each.name for each in found}

    def api_clients_with(self, ids: set[str], organisation_id: str) -> list[ApiClient]:
        """Its API clients with these ids, also those that were revoked."""
        return self.api_clients.find({"_id": {"$in": sorted(ids)}, "organisation_id": organisation_id})

    def members_in(self, clinic_id: str, organisation_id: str) -> list[Member]:
        """Its members, and who is invited to be one."""
        present = {"organisation_id": organisation_id, "state": {"$ne": REMOVED}}
        return self.members.find({**present, "clinic_ids": clinic_id})

    def members_on_duty(self, organisation_id: str) -> list[Member]:
        """Who is on duty in any clinic, by name."""
        duty = {"organisation_id": organisation_id, "on_duty.clinic_id": {"$type": "string"}}
        return self.members.find(duty, sort=[("name", ASCENDING), ("_id", ASCENDING)])

    def owner_ids(self, organisation_id: str) -> set[str]:
        """Who can act as its owner at the moment."""
        owners = {"organisation_id": organisation_id, "role": OWNER, "state": ACTIVE}
        return {owner.id for owner in self.members.find(owners)}

    def open_sign_ins(self, member_id: str, organisation_id: str, now: datetime) -> list[SignIn]:
        """A member's sign-ins that neither ended nor expired, newest first."""
        theirs = {
            "organisation_id": organisation_id,
            "member_id": member_id,
            "ended_at": None,
            "is_step": {"$ne": True},
        }
        return self.sign_ins.find({**theirs, "expires_at": {"$gt": now}}, sort=[("created_at", -1)])

    def expected_members(self, since_before: datetime) -> list[Member]:
        """Those whose organisation was being made then and who have not become members yet."""
        return self.members.find({"state": EXPECTED, "created_at": {"$lt": since_before}})

    def forget_expected(self, member: Member) -> None:
        """Give the address free again; a member who is not just expected stays."""
        self.members.collection.delete_one({"_id": member.id, "state": EXPECTED})

    def member_with_link(self, link_hash: str) -> Member | None:
        """Whose link of a letter it is."""
        return self.members.find_one({"link_hash": equal_to(link_hash)})

    def keep_letter(self, letter: Letter) -> None:
        """To be written soon; kept once, however often it is asked for."""
        with suppress(DuplicateKeyError):
            self._letters.insert_one({"_id": letter.id, **{name: getattr(letter, name) for name in _OF_LETTERS}})

    def letters(self, most: int) -> list[Letter]:
        """What is to be written, oldest first."""
        kept = self._letters.find({}, sort=[("_id", ASCENDING)], limit=most)
        return [Letter(each["_id"], **{name: each[name] for name in _OF_LETTERS}) for each in kept]

    def forget_letter(self, letter_id: str) -> None:
        """It is on its way, or of no use."""
        self._letters.delete_one({"_id": letter_id})

    def count_try(self, key: str, now: datetime, free: int = FREE_TRIES) -> None:
        """Count one more try to sign in, by the rule `next_try`. Raises TooMany when it comes too soon."""
        for _ in range(_TRIES_AT_ONCE):
            kept = self._tries.find_one({"_id": key})
            before = Tries(kept["count"], kept["not_before"], kept["forgotten_at"]) if kept else None
            after = next_try(before, now, free)
            fields = {"count": after.count, "not_before": after.not_before, "forgotten_at": after.forgotten_at}
            try:
                seen = {"_id": key} if before is None else {"_id": key, "count": before.count}
                if before is None:
                    self._tries.insert_one({**seen, **fields})
                    return
                if self._tries.update_one(seen, {"$set": fields}).matched_count:
                    return
            except DuplicateKeyError:
                continue
        raise TooMany(retry_after_seconds=1)

    def forget_tries(self, key: str) -> None:
        """After a try that succeeded."""
        self._tries.delete_one({"_id": key})
