"""The calendar feed of a member: made, replaced and ended by themselves, resolved for the gateway."""

from functools import partial
from typing import Any

from contracts import calendar_feed as contract
from contracts.errors import NotFound
from plumbing.services import Call, answers
from services.accounts import calendar_feed as rules
from services.accounts.calendar_feed import CalendarFeed
from services.accounts.entrypoints import Entrypoints
from services.accounts.member import ACTIVE


class CalendarFeeds(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(contract.GET_CALENDAR_FEED)
    def get_calendar_feed(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Whether the asker has one, and since when."""
        return rules.feed_view(self.store.calendar_feed_of(call.actor.id, call.organisation_id))

    @answers(contract.MAKE_CALENDAR_FEED)
    def make_calendar_feed(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A new address of the asker's feed, shown this once; an earlier one opens nothing any more."""
        secret = rules.new_secret()
        feeds = self.store.calendar_feeds
        feeds.create(CalendarFeed(call.actor.id, call.organisation_id), actor=call.actor)
        rule = partial(rules.make, secret=secret, titles=request["titles"], now=call.now)
        kept = feeds.update(call.actor.id, call.organisation_id, rule, call.actor)
        return {**rules.feed_view(kept), "secret": secret}

    @answers(contract.END_CALENDAR_FEED)
    def end_calendar_feed(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """No address opens the asker's feed any more."""
        known = self.store.calendar_feed_of(call.actor.id, call.organisation_id)
        if known.secret_hash:
            self.store.calendar_feeds.update(known.id, call.organisation_id, rules.end, call.actor)
        return {"ok": True}

    @answers(contract.RESOLVE_CALENDAR_FEED)
    def resolve_calendar_feed(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Whose feed that address is, while they are a member and did not replace it."""
        found = self.store.calendar_feeds.find_one({"secret_hash": rules.hash_of(request["secret"])})
        who = self.store.members.get(found.id, found.organisation_id) if found else None
        if found is None or who is None or who.state != ACTIVE:
            raise NotFound("There is no such calendar feed.")
        return {
            "member_id": who.id,
            "organisation_id": who.organisation_id,
            "role": who.role,
            "clinic_ids": list(who.clinic_ids),
            "language": who.language,
            "titles": found.titles,
        }
