"""The organisation's plan, and what is said when it changes."""

from contracts.accounts import EVENTS
from services.accounts.organisation import change_plan
from tests.unit.accounts.things import organisation

ESSENTIALS = {"name": "Essentials", "policy_version": 1}


def test_a_change_of_plan_is_kept_counted_and_said() -> None:
    before = organisation()
    change = change_plan(before, ESSENTIALS)
    assert change is not None
    assert (change.state.plan, change.state.plan_revision) == ("Essentials", before.plan_revision + 1)
    (event,) = change.events
    assert (event.type, event.data["plan_before"]) == ("organisation.plan_changed", before.plan)
    assert EVENTS[event.type]().validate(dict(event.data)) == {}


def test_the_same_plan_of_another_version_is_a_change_and_the_same_of_the_same_is_none() -> None:
    before = organisation()
    same = {"name": before.plan, "policy_version": before.policy_version}
    assert change_plan(before, same) is None
    other = change_plan(before, {**same, "policy_version": before.policy_version + 1})
    assert other is not None
    assert other.state.policy_version == before.policy_version + 1
