"""What a directory makes of a member, and what it may not."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.errors import Invalid
from services.accounts.directory import groups, users
from services.accounts.directory.filters import lookups, matches, read_filter
from services.accounts.directory.groups import Group
from services.accounts.directory.looking_up import LOOKED_UP
from services.accounts.member import ACTIVE, INVITED, OWNER, SUSPENDED, Member
from tests.unit.accounts.things import ID, NOW, member

LETTER = "01920000-0000-7000-8000-0000000000e9"
SAID: dict[str, Any] = {
    "userName": "ann",
    "emails": [{"value": "Ann@Example.com", "type": "work"}],
    "displayName": "Ann",
}


def made(invite: bool = True, **more: Any) -> Member:
    person = users.read_person({**SAID, **more}, None, "provider")
    return users.newcomer(
        person, id="01920000-0000-7000-8000-0000000000e1", organisation_id=ID, invite=invite, letter_id=LETTER, now=NOW
    )[0]


def changed(found: Member, **more: Any) -> Member:
    change = users.taken_over(found, users.read_person({**users.written_by(found), **more}, found, "provider"), LETTER)
    return change.state if change else found


def test_what_was_read_is_said_again_in_the_same_words() -> None:
    new = made(externalId="e-1", name={"givenName": "Ann"}, preferredLanguage="fr", roles=[{"value": "reporter"}])
    assert users.written_by(new) == {
        **SAID, "externalId": "e-1", "name": {"givenName": "Ann"}, "preferredLanguage": "fr", "active": True,
        "roles": [{"value": "reporter", "primary": True}],
    }  # fmt: skip
    assert (new.email, new.email_key, new.language, new.role) == (
        "Ann@example.com",
        "ann@example.com",
        None,
        "reporter",
    )


def test_whoever_is_made_inactive_is_suspended_and_is_invited_only_when_active() -> None:
    new = made(active=False)
    assert (new.state, new.directory.owes_letter if new.directory else None) == (SUSPENDED, None)
    active = changed(new, active=True)
    assert (active.state, active.directory.owes_letter if active.directory else None) == (INVITED, LETTER)
    assert made(invite=False, active=False).state == SUSPENDED
    assert changed(made(invite=False, active=False), active=True).state == ACTIVE


def test_a_version_is_of_what_a_directory_reads_and_not_of_the_letter_that_was_sent() -> None:
    new = made()
    written = users.letter_written(new, LETTER)
    assert written is not None
    assert users.tag_of(replace(written.state, version=7)) == users.tag_of(new)
    away = changed(new, active=False)
    back = changed(away, active=True)
    assert len({users.tag_of(each) for each in (new, away, back, changed(back, displayName="Another Name"))}) == 4


def test_who_accepted_is_not_invited_again_after_a_suspension() -> None:
    joined = replace(made(), state=ACTIVE, password_hash="$argon2id$")
    assert changed(changed(joined, active=False), active=True).state == ACTIVE


def test_what_is_already_so_is_no_change() -> None:
    new = made()
    assert users.taken_over(new, users.read_person(users.written_by(new), new, "provider"), LETTER) is None


def test_an_owner_keeps_role_and_address() -> None:
    owner = member(role=OWNER)
    assert changed(owner, roles=[{"value": "reporter"}], displayName="Olive").role == OWNER
    with pytest.raises(Invalid) as refused:
        changed(owner, emails=[{"value": "thief@example.com"}])
    assert refused.value.extra["scim_type"] == "mutability"


def group(role: str | None = None, clinic_id: str | None = None) -> Group:
    return Group("01920000-0000-7000-8000-0000000000f1", ID, "A group", "a group", None, clinic_id, role, NOW)


def test_groups_give_the_strongest_role_and_the_own_one_comes_back() -> None:
    found = made()
    for role in ("reporter", "admin", "coordinator"):
        change = groups.join(found, group(role))
        assert change is not None
        found = change.state
        assert groups.join(found, group(role)) is None
    assert found.role == "admin"
    for role, left in (("admin", "coordinator"), ("coordinator", "reporter"), ("reporter", "provider")):
        change = groups.leave(found, group(role))
        assert change is not None
        found = change.state
        assert found.role == left
        assert groups.leave(found, group(role)) is None


def test_who_came_otherwise_keeps_their_own_role_beside_a_groups() -> None:
    change = groups.join(member(role="coordinator"), group("reporter"))
    assert change is not None
    assert change.state.role == "reporter"
    back = groups.leave(change.state, group("reporter"))
    assert back is not None
    assert back.state.role == "coordinator"


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ('userName eq "ANN"', True),
        ('externalId eq "E-1"', False),
        ('emails.value ew "example.com" and active eq true', True),
        ('emails[type eq "work" and value sw "ann"]', True),
        ('emails[type eq "home"]', False),
        ('not (userName sw "b") or nickName pr', True),
        ('displayName gt "Amy" and displayName lt "Bo"', True),
        ('active eq "true"', True),
        ('userName ne "ann"', False),
        ('externalId eq null', False),
        ('title eq null', True),
        ('userName eq 5', False),
    ],
)  # fmt: skip
def test_a_filter_is_true_of_a_user_or_not(text: str, is_so: bool) -> None:
    assert matches(users.written_by(made(externalId="e-1")), read_filter(text)) is is_so


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('userName eq "Ann"', [("username", "Ann")]),
        ('active eq true and userName eq "ann"', [("username", "ann")]),
        ('(active eq true and externalId eq "7") and title pr', [("externalid", "7")]),
        ('emails.value eq "a@b.de"', [("emails.value", "a@b.de")]),
        ('emails[type eq "work" and value eq "a@b.de"]', [("emails.value", "a@b.de")]),
        ('emails eq "a@b.de"', [("emails", "a@b.de")]),
        ('userName eq "ann" or emails.value eq "a@b.de"', [("username", "ann"), ("emails.value", "a@b.de")]),
        ('userName eq "ann" or active eq true', None),
        ('not (userName eq "ann")', None),
        ('userName co "ann"', None),
        ('groups[value eq "a"]', None),
    ],
)
def test_an_index_is_asked_only_for_what_must_be_equal(text: str, found: Any) -> None:
    assert lookups(read_filter(text), LOOKED_UP) == found
