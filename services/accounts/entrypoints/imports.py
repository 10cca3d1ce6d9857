"""Members brought by a table: what it would do, doing it row by row, and how far it is."""

from functools import partial
from typing import Any

import structlog

from contracts import member_import
from contracts.actor import Actor
from contracts.errors import Conflict, Refused
from plumbing import clock
from plumbing.ids import new_id
from plumbing.services import Call, answers, every, off_hub
from services.accounts import member, owners
from services.accounts.entrypoints import Entrypoints
from services.accounts.importing import job
from services.accounts.importing.job import Import
from services.accounts.importing.table import Row, Table, read_table
from services.accounts.importing.verdicts import (
    CHANGE,
    INVITE,
    REFUSE,
    UNCHANGED,
    Problem,
    Reading,
    Verdict,
    Wanted,
    apply,
    judge,
    read_rows,
)
from services.accounts.organisation import Organisation

log = structlog.get_logger()
_OWNER = new_id()
_ROWS_AT_ONCE = 50
_REFUSED_SHOWN = 500


class Imports(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(member_import.CHECK_MEMBER_IMPORT)
    def check_member_import(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What each row would do. Does nothing."""
        table, verdicts = self._judged(request["text"], call.organisation_id, call.actor)
        counts = {will: sum(each.will == will for each in verdicts) for will in (INVITE, CHANGE, UNCHANGED, REFUSE)}
        shown = {"separator": table.separator, "columns": table.columns, "ignored": table.ignored}
        return {**shown, "counts": counts, "rows": verdicts}

    @answers(member_import.IMPORT_MEMBERS)
    def import_members(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Begin to do it; rows that are refused stop nobody else's."""
        _, verdicts = self._judged(request["text"], call.organisation_id, call.actor)
        begun = job.begun(call.command_id, call.actor, len(verdicts), new_id(), call.now)
        # first the rows: an import that is there has them all
        self.store.imports.keep_rows(begun.id, begun.organisation_id, verdicts, call.now)
        return self._import_view(self.store.imports.jobs.create(begun, actor=call.actor))

    @answers(member_import.GET_MEMBER_IMPORT)
    def get_member_import(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """How far it is, and what was refused."""
        return self._import_view(self.store.imports.jobs.get(request["import_id"], call.organisation_id))

    @every(seconds=1.0)
    def work_at_imports(self) -> None:
        """One import in one replica; one whose process died is soon taken up by another."""
        found = self.store.imports.claim(_OWNER)
        if found is None:
            return
        try:
            while due := self.store.imports.due(found, _ROWS_AT_ONCE):
                for wanted in due:
                    became, problems = self._do(found, wanted)
                    self.store.imports.settle(found, wanted.line, became, problems)
                if not self.store.imports.renew(found.id, _OWNER):
                    return
            counts = self.store.imports.counts(found)
            self.store.imports.jobs.update(found.id, found.organisation_id, partial(job.finish, counts=counts))
        finally:
            self.store.imports.release(found.id, _OWNER)

    def _do(self, running: Import, wanted: Wanted) -> tuple[str, tuple[Problem, ...]]:
        """One row, by what is so now: others may have changed it since the dry run."""
        new = job.newcomer(running, wanted, clock.now())
        try:
            found = self.store.member_with_address(wanted.email_key)
            if found is None or found.id == new.id:
                member.may_add(wanted.role, running.actor)
                kept = found or self.store.members.create(new, member.invited(new), actor=running.actor)
                self.store.keep_letter(job.letter_to(running, kept, kept.created_at))
                return INVITE, ()
            known = self.store.organisations.get(running.organisation_id, running.organisation_id)
            verdict = _judge(known, _reading(wanted), found, running.actor)
            if verdict.will == CHANGE:
                rule = owners.of_no_owner(
                    lambda now: member.change(now, apply(now, wanted)), wanted.role or None, running.actor
                )
                self.store.members.update(found.id, found.organisation_id, rule, running.actor)
            return verdict.will, verdict.problems
        except Conflict as taken:
            return REFUSE, (Problem("email", "taken", taken.detail, wanted.email),)
        except Refused as refused:
            return REFUSE, (Problem("", "refused", refused.detail),)

    def _judged(self, text: str, organisation_id: str, actor: Actor) -> tuple[Table, list[Verdict]]:
        known: Organisation = self.store.organisations.get(organisation_id, organisation_id)
        table, readings = off_hub(_read, text, known)
        keys = [each.wanted.email_key for each in readings if each.wanted]
        members = {each.email_key: each for each in self.store.members.find({"email_key": {"$in": keys}})}
        verdicts = [
            _judge(known, each, members.get(each.wanted.email_key) if each.wanted else None, actor) for each in readings
        ]
        return table, verdicts

    def _import_view(self, known: Import) -> dict[str, Any]:
        store = self.store.imports
        return job.import_view(known, store.counts(known), store.refused(known, _REFUSED_SHOWN))


def _read(text: str, known: Organisation) -> tuple[Table, list[Reading]]:
    table = read_table(text)
    return table, read_rows(table.rows, known.clinics)


def _judge(known: Organisation, reading: Reading, found: Any, actor: Actor) -> Verdict:
    return judge(reading, found, {clinic.id: clinic.name for clinic in known.clinics}, actor)


def _reading(wanted: Wanted) -> Reading:
    return Reading(Row(wanted.line, {"email": wanted.email}), (), wanted, ())
