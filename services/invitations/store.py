"""Where invitations are kept: one document for each, with its recipients, what waits to be sent, and its events."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import IndexModel
from pymongo.collation import Collation
from pymongo.database import Database

from contracts.errors import NotFound
from plumbing.mapping import from_document
from plumbing.store import PENDING_INDEX, Change, Documents, Kept, Outgoing, up_to
from services.invitations import delivery
from services.invitations.delivery import Outcome
from services.invitations.invitation import Invitation
from services.invitations.lost_links import LostLink
from services.invitations.mail_settings import MailSettings
from services.invitations.participants.store import INDEXES as PARTICIPANTS
from services.invitations.participants.store import ParticipantsStore

MOST_LISTED = 100
ANY_CASE = Collation(locale="en", strength=2)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_FREE = {"$lte": [{"$ifNull": ["$lease.until", _NEVER]}, "$$NOW"]}

INDEXES: dict[str, list[IndexModel]] = {
    "invitations": [
        IndexModel([("organisation_id", 1), ("room_id", 1), ("created_at", -1)], name="room"),
        # whoever opens a link brings nothing but the link
        IndexModel([("link_hashes", 1)], name="link"),
        # nor does whoever lost one bring more than their address
        IndexModel([("recipients.address", 1), ("created_at", -1)], name="address", collation=ANY_CASE),
        # only what waits to be sent is in it, so that it does not grow with the years
        IndexModel([("due_at", 1)], name="due", partialFilterExpression={"due_at": {"$type": "date"}}),
        PENDING_INDEX,
    ],
    "lost_links": [
        IndexModel([("network", 1), ("asked_at", 1)], name="network"),
        IndexModel([("asked_at", 1)], name="forgotten", expireAfterSeconds=3600),
    ],
    # its id says which number asked which organisation
    "opted_out": [IndexModel([("number", 1)], name="number")],
    "mail_settings": [IndexModel([("organisation_id", 1)], name="organisation"), PENDING_INDEX],
    **PARTICIPANTS,
}


class LostLinks:
    """What was asked for by who lost their link. Counted for a while, its address forgotten as soon as it was looked after."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._collection = database["lost_links"]

    def asked_from(self, network: str, since: datetime) -> int:
        """How often it was asked from there since then."""
        return self._collection.count_documents({"network": network, "asked_at": {"$gt": since}})

    def keep(self, lost: LostLink) -> None:
        """Look after it soon."""
        kept = {"_id": lost.id, "address": lost.address, "network": lost.network, "asked_at": lost.asked_at}
        self._collection.insert_one(kept)

    def waiting(self, most: int) -> list[LostLink]:
        """Those that nobody looked after yet, oldest first."""
        found = self._collection.find({"address": {"$type": "string"}}, sort=[("_id", 1)], limit=most)
        return [LostLink(each["_id"], each["address"], each["network"], each["asked_at"]) for each in found]

    def done(self, lost: LostLink) -> None:
        """It was looked after."""
        self._collection.update_one({"_id": lost.id}, {"$unset": {"address": ""}})


class OptedOut:
    """The numbers that asked an organisation for no more texts, in E.164."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._collection = database["opted_out"]

    def among(self, organisation_id: str, numbers: Iterable[str]) -> frozenset[str]:
        """Those of these numbers."""
        ids = [_opted_out_id(organisation_id, number) for number in numbers]
        found = self._collection.find({"_id": {"$in": ids}}, {"number": 1}) if ids else ()
        return frozenset(each["number"] for each in found)

    def has(self, organisation_id: str, number: str) -> bool:
        """Whether this one did."""
        return bool(self.among(organisation_id, [number]))

    def keep(self, organisation_id: str, number: str, now: datetime) -> None:
        """No more texts to it from there; asked again it is the same."""
        kept = {"organisation_id": organisation_id, "number": number, "asked_at": now}
        self._collection.update_one({"_id": _opted_out_id(organisation_id, number)}, {"$set": kept}, upsert=True)

    def forget(self, number: str) -> None:
        """It takes texts again, from everybody."""
        self._collection.delete_many({"number": number})


class InvitationsStore:
    """Invitations by id, by room, by link; and those that are due to be sent, claimed with a lease."""

    def __init__(
        self, database: Database[dict[str, Any]], outbox: Outgoing, tried_for: timedelta = delivery.TRIED_FOR
    ) -> None:
        self._tried_for = tried_for
        self.invitations = Documents(
            database["invitations"], outbox, kind=Invitation, source="invitations", subject="invitation"
        )
        self.mail_settings = Documents(
            database["mail_settings"], outbox, kind=MailSettings, source="invitations", subject="mail_settings"
        )
        self.participants = ParticipantsStore(database, outbox)
        self.lost = LostLinks(database)
        self.opted_out = OptedOut(database)
        self._collection = database["invitations"]

    def every_mail_settings(self, organisation_id: str) -> dict[str | None, MailSettings]:
        """clinic → its settings; under None the organisation's, where it has any."""
        return {each.clinic_id: each for each in self.mail_settings.find({"organisation_id": organisation_id})}

    def mail_settings_for(self, organisation_id: str, clinic_id: str | None) -> MailSettings:
        """Those that hold for a clinic's mails: its own, else the organisation's."""
        known = self.every_mail_settings(organisation_id)
        return known.get(clinic_id) or known.get(None) or MailSettings(organisation_id, organisation_id)

    def of_room(
        self, organisation_id: str, room_id: str, most: int = MOST_LISTED, after_id: str | None = None
    ) -> list[Invitation]:
        """The room's invitations, newest first; those after one of them. Raises NotFound for one that is none."""
        wanted: dict[str, Any] = {"organisation_id": organisation_id, "room_id": room_id}
        if after_id is not None:
            at = self.invitations.get(after_id, organisation_id).created_at
            older = [{"created_at": {"$lt": at}}, {"created_at": at, "_id": {"$lt": after_id}}]
            wanted |= {"created_at": {"$lte": at}, "$or": older}
        return self.invitations.find(wanted, [("created_at", -1), ("_id", -1)], most)

    def by_link(self, link_hash: str) -> Invitation:
        """The invitation to which this link belongs or once belonged. Raises NotFound."""
        found = self.invitations.find_one({"link_hashes": link_hash})
        if found is None:
            raise NotFound("There is no such link. Ask whoever sent it for a new one.")
        return found

    def invited_at(self, address: str) -> list[Invitation]:
        """Invitations in which this address is, in any case of its letters, newest first, at most 100."""
        found = self._collection.find(
            {"recipients.address": address}, {"outbox": 0}, sort=[("created_at", -1)], limit=MOST_LISTED
        ).collation(ANY_CASE)
        return [from_document(document, Invitation) for document in found]

    def organisations_writing_to(self, number: str) -> list[str]:
        """Those that invited this telephone number at any time."""
        found: list[str] = self._collection.distinct(
            "organisation_id", {"recipients.address": number}, collation=ANY_CASE
        )
        return found

    def organisation_of(self, invitation_id: str) -> str | None:
        """Whose it is; None where there is no such invitation."""
        found = self._collection.find_one({"_id": invitation_id}, {"organisation_id": 1})
        return found["organisation_id"] if found else None

    def claim_due(self, now: datetime, owner: str, lease_seconds: float, most: int) -> list[Kept[Invitation]]:
        """At most `most` invitations with a mail to send that no other sender holds, held by `owner` from now on.

        `owner` must be a new one for every claim. Leases go by the database's clock, so that clocks that differ do no harm.
        """
        free = {"due_at": up_to(now), "$expr": _FREE}
        due = self._collection.find(free, {"_id": 1}, sort=[("due_at", 1)], limit=most)
        ids = [document["_id"] for document in due]
        if not ids:
            return []
        self._collection.update_many({"_id": {"$in": ids}, **free}, [{"$set": {"lease": _lease(owner, lease_seconds)}}])
        return self.invitations.find_kept({"_id": {"$in": ids}, "lease.owner": owner})

    def renew(self, ids: Sequence[str], owner: str, lease_seconds: float) -> bool:
        """Hold them for longer; False when one is another's by now."""
        renewed = [{"$set": {"lease": _lease(owner, lease_seconds)}}]
        return self._collection.update_many(_held(ids, owner), renewed).matched_count == len(ids)

    def release(self, ids: Sequence[str], owner: str) -> None:
        """Let others have them."""
        if not ids:
            return
        self._collection.update_many(_held(ids, owner), {"$unset": {"lease": ""}})

    def record(
        self, claimed: Sequence[Kept[Invitation]], outcomes: Sequence[Outcome], now: datetime
    ) -> list[Kept[Invitation]]:
        """Keep what came of these tries with its events; returns the invitations as they are then.

        `claimed`: the invitations that the tries are of, as they were last known. All go to the database together, because
        one after the other they would take longer than the sending. Of which nothing is left to send, the lease ends with it.
        """
        tries: dict[str, list[Outcome]] = {}
        for outcome in outcomes:
            tries.setdefault(outcome.invitation_id, []).append(outcome)

        def rule(invitation: Invitation) -> Change[Invitation] | None:
            return delivery.record(invitation, tries[invitation.id], now, self._tried_for)

        return self.invitations.update_kept(claimed, rule, _ended_lease)

    def change_if_known(
        self, invitation_id: str, organisation_id: str | None, rule: Callable[[Invitation], Change[Invitation] | None]
    ) -> None:
        """Let a rule follow an event that names an invitation; one that is none here changes nothing."""
        try:
            self.invitations.update(invitation_id, organisation_id, rule)
        except NotFound:
            return


def _ended_lease(invitation: Invitation) -> Sequence[str]:
    return () if invitation.due_at else ("lease",)


def _opted_out_id(organisation_id: str, number: str) -> str:
    return f"{organisation_id} {number}"


def _held(ids: Sequence[str], owner: str) -> dict[str, Any]:
    return {"_id": {"$in": list(ids)}, "lease.owner": owner}


def _lease(owner: str, seconds: float) -> dict[str, Any]:
    until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": int(seconds * 1000)}}
    return {"owner": {"$literal": owner}, "until": until}
