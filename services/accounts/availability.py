"""Where a member is on duty, and what that outlives. Pure, and on plain values, so that `member.py` can stand on it.

It outlives a restart, a closed page and a sign-in that ran out: whoever is on duty said so. It ends when they say away, when
they sign out of their last browser, are suspended or removed, and in a clinic that they leave.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.availability import AWAY, ON_DUTY
from contracts.errors import Conflict, Invalid
from contracts.permissions import RECEIVES
from plumbing.store import Event


@dataclass(frozen=True)
class Duty:
    """On duty in one clinic."""

    clinic_id: str
    since: datetime


Duties = tuple[Duty, ...]


def wanted(duties: Duties, own: Sequence[str], asked: Sequence[str], state: str, now: datetime) -> Duties:
    """The duties after `state` is said of the clinics `asked` (none named: of all `own`). Who is on duty already stays so since then.

    Raises Invalid for a clinic that is not theirs, Conflict for who is in none.
    """
    if not own:
        raise Conflict("You are in no clinic yet. Ask whoever runs your organisation's account to add you to one.")
    strange = [place for place, clinic_id in enumerate(asked) if clinic_id not in own]
    if strange:
        detail = "This is none of your clinics."
        raise Invalid(detail, errors=[{"pointer": f"/clinic_ids/{place}", "detail": detail} for place in strange])
    meant = set(asked or own)
    if state == AWAY:
        return tuple(duty for duty in duties if duty.clinic_id not in meant)
    new = sorted(meant - {duty.clinic_id for duty in duties}, key=list(own).index)
    return (*duties, *(Duty(clinic_id, now) for clinic_id in new))


def still_held(duties: Duties, *, active: bool, role: str, clinic_ids: Iterable[str]) -> Duties:
    """Those that go on after something about the member is different."""
    if not active or role not in RECEIVES:
        return ()
    own = set(clinic_ids)
    return tuple(duty for duty in duties if duty.clinic_id in own)


def said(member_id: str, before: Duties, after: Duties) -> tuple[Event, ...]:
    """What is said of the difference; nothing where there is none."""
    was, is_now = {duty.clinic_id for duty in before}, {duty.clinic_id for duty in after}
    clinics = [
        {"clinic_id": clinic_id, "state": ON_DUTY if clinic_id in is_now else AWAY}
        for clinic_id in sorted(was ^ is_now)
    ]
    return (Event("member.availability_changed", {"member_id": member_id, "clinics": clinics}),) if clinics else ()
