"""What each row of a table will do, and why one is refused."""

from typing import Any

import pytest

from services.accounts.importing.table import read_table
from services.accounts.importing.verdicts import CHANGE, INVITE, REFUSE, UNCHANGED, Verdict, apply, judge, read_rows
from services.accounts.member import OWNER, Member
from services.accounts.organisation import Clinic
from tests.unit.accounts.things import CLINIC, actor, member

NORTH = Clinic("01920000-0000-7000-8000-0000000000c2", "North, the Old")
CLINICS = (CLINIC, NORTH)
HEAD = "email;name;role;clinics;language\n"


def verdicts(rows: str, *members: Member, role: str = "admin", clinics: tuple[Clinic, ...] = CLINICS) -> list[Verdict]:
    known = {each.email_key: each for each in members}
    names = {clinic.id: clinic.name for clinic in clinics}
    readings = read_rows(read_table(HEAD + rows).rows, clinics)
    return [
        judge(each, known.get(each.wanted.email_key) if each.wanted else None, names, actor(role)) for each in readings
    ]


def problem(rows: str, *members: Member, **options: Any) -> tuple[str, str]:
    (one,) = verdicts(rows, *members, **options)
    assert one.will == REFUSE
    (found,) = one.problems
    return found.field, found.code


def test_somebody_new_is_invited_with_role_clinics_and_language() -> None:
    (one,) = verdicts('Ann@Example.com;Ann Smith;Provider;"north,  the old | EXAMPLE clinic";de-AT\n')
    assert one.will == INVITE
    assert one.wanted is not None
    assert (one.wanted.email, one.wanted.email_key) == ("Ann@example.com", "ann@example.com")
    assert (one.wanted.role, one.wanted.clinic_ids, one.wanted.language) == ("provider", (NORTH.id, CLINIC.id), "de")


def test_a_member_keeps_what_the_row_leaves_open_and_the_name_they_chose() -> None:
    smith = member()
    (one,) = verdicts("SMITH@example.com;Another Name;;;ar\n", smith)
    assert one.will == UNCHANGED
    assert one.wanted is not None
    assert apply(smith, one.wanted) == {"role": smith.role, "clinic_ids": smith.clinic_ids}


def test_another_role_and_other_clinics_are_shown_before_and_after() -> None:
    (one,) = verdicts('smith@example.com;;coordinator;"North, the Old";\n', member())
    assert one.will == CHANGE
    assert one.changes == (("role", "provider", "coordinator"), ("clinics", "Example Clinic", "North, the Old"))


def test_the_same_clinics_in_another_order_are_no_change() -> None:
    smith = member(clinic_ids=(CLINIC.id, NORTH.id))
    (one,) = verdicts('smith@example.com;;;"North, the Old;Example Clinic";\n', smith)
    assert one.will == UNCHANGED


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (";Ann;provider;;", "email", "missing"),
        ("ann;Ann;provider;;", "email", "unreadable"),
        ("ann@example.com;Ann;;;", "role", "missing"),
        ("ann@example.com;Ann;doctor;;", "role", "unknown"),
        ("ann@example.com;Ann;owner;;", "role", "not_allowed"),
        ("ann@example.com;Ann;provider;South;", "clinics", "unknown"),
        ("ann@example.com;Ann;provider;;fr", "language", "unknown"),
        ("ann@example.com;=HYPERLINK(1);provider;;", "name", "formula"),
        ("ann@example.com;＝HYPERLINK(1);provider;;", "name", "formula"),
        ("+ann@example.com;Ann;provider;;", "email", "formula"),
        (f"ann@example.com;{'a' * 81};provider;;", "name", "too_long"),
        ("ann@example.com;Ann;provider;;;more", "", "stray"),
    ],
)
def test_a_row_is_refused_at_its_field(row: str, field: str, code: str) -> None:
    assert problem(row + "\n") == (field, code)


def test_an_address_twice_is_refused_the_second_time_whatever_its_case() -> None:
    first, second = verdicts("ann@example.com;Ann;provider;;\nANN@example.com;Ann;admin;;\n")
    assert (first.will, second.will) == (INVITE, REFUSE)
    assert [(each.code, each.value) for each in second.problems] == [("twice", "2")]


def test_who_belongs_to_another_organisation_is_refused_and_not_described() -> None:
    stranger = member(organisation_id="01920000-0000-7000-8000-0000000000ff", name="Secret Name", role="reporter")
    (one,) = verdicts("smith@example.com;;provider;;\n", stranger)
    assert [(each.field, each.code) for each in one.problems] == [("email", "taken")]
    assert "Secret" not in str(one)
    assert "reporter" not in str(one)


def test_an_owner_is_moved_between_clinics_by_owners_only() -> None:
    row = 'smith@example.com;;;"North, the Old";\n'
    assert problem(row, member(role=OWNER)) == ("clinics", "not_allowed")
    assert [each.will for each in verdicts(row, member(role=OWNER), role=OWNER)] == [CHANGE]
    (same,) = verdicts("smith@example.com;;;;\n", member(role=OWNER))
    assert same.will == UNCHANGED


def test_an_owner_is_made_by_owners_only_and_unmade_by_no_table() -> None:
    (one,) = verdicts("ann@example.com;Ann;owner;;\n", role=OWNER)
    assert one.will == INVITE
    assert problem("smith@example.com;;admin;;\n", member(role=OWNER), role=OWNER) == ("role", "owner")


def test_two_clinics_of_one_name_are_not_guessed_at() -> None:
    twin = Clinic("01920000-0000-7000-8000-0000000000c3", "example  Clinic")
    assert problem("ann@example.com;Ann;provider;Example Clinic;\n", clinics=(CLINIC, twin)) == ("clinics", "ambiguous")
