"""An import under way: one row at a time, each so that doing it again does nothing more. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.actor import Actor
from plumbing.ids import follow
from plumbing.store import Change
from services.accounts.importing.verdicts import Wanted
from services.accounts.joining import MEMBER_INVITED, Letter
from services.accounts.member import INVITED, Member

RUNNING, DONE = "running", "done"
DUE = "due"
# addresses of rows are not kept longer than it takes to look after what was refused
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Import:
    """`total` rows, for the member `by_id` who asked; `counts` of what became of them once it is done."""

    id: str
    organisation_id: str
    by_id: str
    by_name: str
    by_roles: tuple[str, ...]
    total: int
    created_at: datetime
    # of which the ids of the letters follow; of the time at which it began, for a later letter must have a later id
    letters_id: str = ""
    state: str = RUNNING
    counts: dict[str, int] | None = None

    @property
    def actor(self) -> Actor:
        """Who asked, as they were then."""
        return Actor("member", self.by_id, self.organisation_id, roles=self.by_roles, name=self.by_name)


def begun(import_id: str, actor: Actor, total: int, letters_id: str, now: datetime) -> Import:
    """An import that begins now."""
    organisation_id = actor.organisation_id or ""
    return Import(import_id, organisation_id, actor.id, actor.name or "", actor.roles, total, now, letters_id)


def finish(known: Import, counts: dict[str, int]) -> Change[Import] | None:
    """Every row was seen to."""
    return None if known.state == DONE else Change(replace(known, state=DONE, counts=counts))


def newcomer(job: Import, wanted: Wanted, now: datetime) -> Member:
    """Whom a row invites; the id follows from import and address, so that a row done again makes nobody else."""
    return Member(
        id=follow(job.id, f"member {wanted.email_key}"),
        organisation_id=job.organisation_id,
        email=wanted.email,
        email_key=wanted.email_key,
        name=wanted.name or wanted.email.partition("@")[0][:80],
        role=wanted.role,
        clinic_ids=wanted.clinic_ids or (),
        language=wanted.language,
        password_hash=None,
        created_at=now,
        state=INVITED,
    )


def letter_to(job: Import, invited: Member, now: datetime) -> Letter:
    """Their invitation; the same one for the same row."""
    return Letter(
        follow(job.letters_id, f"letter {invited.id}"), MEMBER_INVITED, invited.email_key, now, job.by_name or None
    )


def import_view(job: Import, counts: dict[str, int], problems: list[dict[str, Any]]) -> dict[str, Any]:
    """As contracts.member_import.ImportView."""
    counts = job.counts or counts
    left = counts.get(DUE, 0)
    return {
        "id": job.id,
        "state": job.state,
        "total": job.total,
        "done": job.total - left,
        "counts": {name: count for name, count in counts.items() if name != DUE},
        "refused": problems,
    }
