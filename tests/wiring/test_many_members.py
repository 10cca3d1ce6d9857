"""An organisation of 20,000 members beside one of 200: who is asked for is looked up, whatever else there is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from contracts import accounts
from plumbing.changes import Speaker, first_document
from plumbing.clock import now
from plumbing.ids import new_id
from services.accounts.directory.known import Email, Known
from services.accounts.finding import MOST_COUNTED, keys_of
from services.accounts.member import Member
from tests.wiring.scim_scene import Directory, directory_scene
from tests.wiring.two_replicas import kept_by

MANY, FEW = 20_000, 200
PAGE = 200
A_FEW = 5


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Directory]:
    with directory_scene(tmp_path_factory.mktemp("many"), backing) as made:
        fill(made, MANY)
        yield made


@pytest.fixture(scope="module")
def small(large: Directory) -> Directory:
    other = large.elsewhere()
    fill(other, FEW)
    return other


def fill(where: Directory, count: int) -> None:
    """Members that its directory has brought, written as accounts writes them."""
    speaker, at = Speaker("accounts", "member"), now()
    documents = []
    for number in range(count):
        address = f"{where.made['id'][-12:]}-{number:05}@example.com"
        second = f"second-{address}"
        known = Known(address, address, "provider", f"e-{number}", emails=(Email(address), Email(second)))
        new = Member(
            new_id(), where.made["id"], address, address, f"Ann {number:05}", "provider", (), None, None, at,
            directory=known, state="suspended" if number % 100 == 0 else "active",
        )  # fmt: skip
        documents.append({**first_document(speaker, new, (), at, None, None), "keys": keys_of(new)})
    with kept_by(where.stage, "accounts") as database:
        database["members"].insert_many(documents)


@contextmanager
def documents_read(where: Directory) -> Iterator[Callable[[], int]]:
    """How many members MongoDB looked at meanwhile, as its profiler counted."""
    with kept_by(where.stage, "accounts") as database:
        name = f"{database.name}.members"
        database.command("profile", 2)
        try:
            started = now()
            yield lambda: sum(
                each.get("docsExamined", 0)
                for each in database["system.profile"].find({"ns": name, "ts": {"$gte": started}})
            )
        finally:
            database.command("profile", 0)
            database["system.profile"].drop()


@pytest.mark.parametrize(
    "wanted",
    [
        'userName eq "{address}"',
        'externalId eq "e-77"',
        'emails.value eq "{address}"',
        'emails.value eq "SECOND-{address}"',
        'emails[value eq "{address}"] and active eq true',
        'active eq true and userName eq "{address}"',
        'userName eq "{address}" or externalId eq "e-77"',
        'id eq "{id}"',
    ],
)
def test_a_directory_finds_one_of_many_without_reading_the_others(large: Directory, wanted: str) -> None:
    address = f"{large.made['id'][-12:]}-00077@example.com"
    (known,) = large.ask("GET", f'/Users?filter=userName eq "{address}"')["Resources"]
    with documents_read(large) as count:
        found = large.ask("GET", f"/Users?filter={wanted.format(address=address, id=known['id'])}")
        assert [each["id"] for each in found["Resources"]] == [known["id"]]
        assert count() <= A_FEW


def test_a_directory_reads_many_page_by_page_each_of_them_once(large: Directory) -> None:
    seen: list[str] = []
    with documents_read(large) as count:
        while True:
            asked = f"/Users?startIndex={len(seen) + 1}&count={PAGE}&attributes=userName"
            page = large.ask("GET", asked)
            assert page["totalResults"] == MANY + 1
            if not page["Resources"]:
                break
            seen += [each["id"] for each in page["Resources"]]
        assert count() <= MANY + PAGE
    assert len(seen) == len(set(seen)) == MANY + 1


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"words": "ann 00077"},
        {"words": "{prefix}-00077@"},
        {"role": "owner"},
        {"role": "provider", "state": "suspended"},
        {"clinic_id": "none", "limit": PAGE},
        {"words": "nobody"},
    ],
    ids=str,
)
def test_a_page_of_members_costs_what_is_on_it(large: Directory, small: Directory, asked: dict[str, Any]) -> None:
    def read(where: Directory) -> tuple[int, list[dict[str, Any]]]:
        prefix = where.made["id"][-12:]
        filled = {name: each.format(prefix=prefix) if name == "words" else each for name, each in asked.items()}
        with documents_read(where) as count:
            page = where.stage.ask(accounts.LIST_MEMBERS, filled, where.owner)
            return count(), page["items"]

    for where in (large, small):
        examined, items = read(where)
        assert examined <= 2 * len(items) + MOST_COUNTED + A_FEW


def test_members_are_walked_through_by_cursor_each_once(large: Directory) -> None:
    page = large.stage.ask(accounts.LIST_MEMBERS, {"limit": PAGE}, large.owner)
    assert page["total"] is None
    names = [each["name"] for each in page["items"]]
    for _ in range(3):
        page = large.stage.ask(accounts.LIST_MEMBERS, {"limit": PAGE, "cursor": page["cursor"]}, large.owner)
        names += [each["name"] for each in page["items"]]
    assert names == [f"Ann {number:05}" for number in range(4 * PAGE)]


def test_the_whole_of_a_small_organisation_is_counted_and_ends(small: Directory) -> None:
    page = small.stage.ask(accounts.LIST_MEMBERS, {"limit": PAGE}, small.owner)
    assert (len(page["items"]), page["total"]) == (PAGE, FEW + 1)
    last = small.stage.ask(accounts.LIST_MEMBERS, {"limit": PAGE, "cursor": page["cursor"]}, small.owner)
    assert (len(last["items"]), last["cursor"]) == (1, None)


def test_many_members_are_not_slower_to_look_through_than_few(large: Directory, small: Directory) -> None:
    def seconds(where: Directory, asked: dict[str, Any]) -> float:
        begun = perf_counter()
        where.stage.ask(accounts.LIST_MEMBERS, asked, where.owner)
        return perf_counter() - begun

    for asked in ({}, {"words": "ann 0007"}, {"role": "owner"}):
        # in turns, so that both have the same moments
        turns = [(seconds(large, asked), seconds(small, asked)) for _ in range(15)]
        assert median(one for one, _ in turns) < 4 * median(other for _, other in turns), asked
