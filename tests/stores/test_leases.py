"""Leases by the database's clock, on a real MongoDB only: a twin would not be atomic among processes."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from plumbing.mongo import claim, release, renew
from tests.patience import eventually


@pytest.fixture
def jobs(real_database: Any) -> Any:
    collection = real_database["jobs"]
    collection.insert_many([{"_id": number, "state": "due"} for number in range(40)])
    return collection


def test_each_job_is_claimed_once_by_many_claimers(jobs: Any) -> None:
    def work(owner: str) -> list[int]:
        taken = []
        while job := claim(jobs, {"state": "due"}, owner, 30, sort=[("_id", 1)]):
            assert job["lease"]["owner"] == owner
            taken.append(job["_id"])
        return taken

    with ThreadPoolExecutor(4) as many:
        taken = [id for ids in many.map(work, "abcd") for id in ids]
    assert sorted(taken) == list(range(40))


def test_a_lease_that_is_over_frees_the_job_whatever_became_of_its_owner(jobs: Any) -> None:
    first = claim(jobs, {"_id": 1}, "dead", 0.3)
    assert first is not None
    assert claim(jobs, {"_id": 1}, "other", 30) is None
    taken = eventually(lambda: claim(jobs, {"_id": 1}, "other", 30), what="the lease is over", seconds=5)
    assert taken is not None
    assert taken["lease"]["owner"] == "other"
    assert not renew(jobs, 1, "dead", 30)
    assert not release(jobs, 1, "dead")


def test_a_renewed_lease_holds_and_a_released_one_is_free_at_once(jobs: Any) -> None:
    claim(jobs, {"_id": 2}, "mine", 0.2)
    assert renew(jobs, 2, "mine", 30)
    assert claim(jobs, {"_id": 2}, "other", 30) is None
    assert release(jobs, 2, "mine")
    assert claim(jobs, {"_id": 2}, "other", 30) is not None


def test_a_claim_takes_only_what_fits_its_filter(jobs: Any) -> None:
    jobs.update_one({"_id": 3}, {"$set": {"state": "done"}})
    assert claim(jobs, {"_id": 3, "state": "due"}, "mine", 30) is None
