"""Checks are taken out of the sources, one by one, and a test finds each: a sample here, all of them in `./check long`."""

import pytest

from tests.mutation.permissions import every_mutant, survivors

# each a rule of its own, found by tests that need nothing outside
SAMPLE = ("rooms/reading.py", "waiting/access.py", "media/access.py")


def test_a_rule_that_is_taken_out_is_missed() -> None:
    chosen = [mutant for mutant in every_mutant() if str(mutant.path).endswith(SAMPLE)]
    one_of_each = {mutant.path: mutant for mutant in chosen}
    assert len(one_of_each) == len(SAMPLE)
    assert survivors([*one_of_each.values()], unit_only=True) == []


@pytest.mark.long
def test_every_check_that_is_taken_out_is_missed() -> None:
    assert survivors(every_mutant()) == []
