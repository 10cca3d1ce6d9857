"""That an organisation always has an owner, whoever leaves at the same moment. Pure.

Owners are documents of their own, so one write cannot count them. Who is about to be no owner any more is first noted in the
organisation, in a write that fails when the organisation changed since the owners were read; so two who leave at once see
each other.
"""

from collections.abc import Callable
from dataclasses import replace

from contracts.actor import Actor
from contracts.errors import Conflict
from plumbing.store import Change
from services.accounts import member
from services.accounts.member import ACTIVE, OWNER, Member
from services.accounts.organisation import Organisation

Rule = Callable[[Member], Change[Member] | None]


def let_go(organisation: Organisation, member_id: str, owner_ids: set[str]) -> Change[Organisation] | None:
    """Note that an owner is about to be none; `owner_ids` are the owners as read after the organisation was.

    Raises Conflict when nobody else would be left.
    """
    if not owner_ids - {member_id, *organisation.leaving_owner_ids}:
        raise Conflict("This is the last owner. Make somebody else an owner first.", last_owner_id=member_id)
    if member_id in organisation.leaving_owner_ids:
        return None
    return Change(replace(organisation, leaving_owner_ids=(*organisation.leaving_owner_ids, member_id)))


def gone(organisation: Organisation, member_id: str) -> Change[Organisation] | None:
    """It is done, or was given up: what the members say counts again."""
    left = tuple(each for each in organisation.leaving_owner_ids if each != member_id)
    return None if left == organisation.leaving_owner_ids else Change(replace(organisation, leaving_owner_ids=left))


def is_owner(known: Member) -> bool:
    """Whether they can act as one at the moment."""
    return known.role == OWNER and known.state == ACTIVE


def of_no_owner(rule: Rule, role: str | None, actor: Actor) -> Rule:
    """The rule, held against who the member is when it is written: they may have been made an owner since they were read.

    `role` is what it gives. Raises Forbidden as `member.may_change`, and Conflict where an owner would go uncounted.
    """

    def held(known: Member) -> Change[Member] | None:
        member.may_change(known, role, actor)
        change = rule(known)
        if change and is_owner(known) and not is_owner(change.state):
            raise Conflict("They were made an owner meanwhile. Read them again, and repeat it if it still fits.")
        return change

    return held
