"""The audit log: what is heard becomes an entry, owners search and export, and what is past its time goes."""

from dataclasses import replace
from functools import partial
from typing import Any

from contracts import audit as contract
from plumbing import clock
from plumbing.services import Call, Heard, answers, every, hears
from services.accounts.audit import entry, policy, search
from services.accounts.audit.entry import Entry
from services.accounts.audit.origin import origin
from services.accounts.audit.views import entry_view, member_ids
from services.accounts.entrypoints import Entrypoints

_LET_GO_AT_ONCE = 1000
_ENOUGH_FOR_A_TURN = 20


class AuditLog(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(contract.LIST_AUDIT)
    def list_audit(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A page of the log, newest first; reading it is an entry too."""
        return self._page(request, call, "audit.seen")

    @answers(contract.EXPORT_AUDIT)
    def export_audit(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A large page, to be kept elsewhere; an entry of its own kind."""
        return self._page(request, call, "audit.exported")

    @answers(contract.GET_AUDIT_POLICY)
    def get_audit_policy(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """How long the log is kept."""
        return {"keep_days": self.store.organisations.get(call.organisation_id, call.organisation_id).audit_keep_days}

    @answers(contract.CHANGE_AUDIT_POLICY)
    def change_audit_policy(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Keep it longer or shorter; an entry says by whom and how long it was."""
        rule = partial(policy.keep_for, keep_days=request["keep_days"])
        kept = self.store.organisations.update(call.organisation_id, call.organisation_id, rule, call.actor)
        return {"keep_days": kept.audit_keep_days}

    @hears("accounts")
    def on_accounts(self, event: Heard) -> None:
        """What people did here."""
        self._keep(entry.of_event(event))

    @hears("rooms")
    def on_rooms(self, event: Heard) -> None:
        """What people did with rooms."""
        self._keep(entry.of_event(event))

    @hears("invitations")
    def on_invitations(self, event: Heard) -> None:
        """Whom people invited."""
        self._keep(entry.of_event(event))

    @hears("scheduler")
    def on_scheduler(self, event: Heard) -> None:
        """What people planned."""
        self._keep(entry.of_event(event))

    @hears("waiting")
    def on_waiting(self, event: Heard) -> None:
        """Whom people let in."""
        self._keep(entry.of_event(event))

    @hears("media")
    def on_media(self, event: Heard) -> None:
        """Who was in which call."""
        self._keep(entry.of_event(event))

    @hears("integrations")
    def on_integrations(self, event: Heard) -> None:
        """What people connected."""
        self._keep(entry.of_event(event))

    @hears(contract.SOURCE)
    def on_audit(self, record: Heard) -> None:
        """Who saw what, who was refused, and sign-ins that failed (plumbing.records)."""
        kept = entry.of_record(record)
        if kept and record.data.get("network"):
            kept = replace(kept, origin_id=self._origin_of_failure(record))
        self._keep(kept)

    @every(seconds=60.0)
    def let_audit_go(self) -> None:
        """What is past its organisation's time goes, in batches that are safe to repeat."""
        now = clock.now()
        for each in self.store.organisations.find({}):
            bounds = policy.over_before(each.audit_keep_days, now)
            for _ in range(_ENOUGH_FOR_A_TURN):
                if self.store.audit.let_go(each.id, *bounds, _LET_GO_AT_ONCE) < _LET_GO_AT_ONCE:
                    break

    def _keep(self, kept: Entry | None) -> None:
        if kept:
            self.store.audit.add(kept)

    def _origin_of_failure(self, record: Heard) -> str:
        data, whose = record.data, str(record.organisation_id)
        seen = (data.get("network"), data.get("browser"))
        return self.store.audit.add_origin(origin(self.key, whose, str(data["member_id"]), None, seen, record.time))

    def _page(self, request: dict[str, Any], call: Call, what: str) -> dict[str, Any]:
        wanted = search.filter_of(call.organisation_id, request)
        found = self.store.audit.find(wanted, request["limit"] + 1)
        self.store.audit.add(_looked(what, request, call))
        shown = found[: request["limit"]]
        names = self.store.names_of(member_ids(shown), call.organisation_id)
        clients = {
            each.id: each.name
            for each in self.store.api_clients_with({each.who for each in shown}, call.organisation_id)
        }
        origins = self.store.audit.origins({each.origin_id for each in shown if each.origin_id}, call.organisation_id)
        more = len(found) > len(shown)
        return {
            "items": [entry_view(each, names, origins, clients) for each in shown],
            "cursor": search.cursor_after(shown[-1]) if more else None,
        }


def _looked(what: str, request: dict[str, Any], call: Call) -> Entry:
    """The entry of a look at the log: what was searched for is in it, for it may be somebody."""
    words = ("who", "what", "how", "subject")
    asked = {name: request[name] for name in words if request[name]}
    whose, who = call.organisation_id, call.actor
    subject = f"organisation/{whose}"
    subjects = tuple(dict.fromkeys(filter(None, (subject, request["subject"]))))
    return Entry(call.command_id, whose, call.now, who.id, entry.SAW, what, subject, subjects, asked, who.origin_id)
