"""The permission table, as every entrypoint reads it."""

from dataclasses import replace

import pytest

from contracts import catalogue
from contracts.actor import PUBLIC, ROLES, Actor, system
from contracts.api_clients import SCOPES
from contracts.command import Command
from contracts.directory import SCOPE as SCIM
from contracts.permissions import TABLE, allowed

EVERY_COMMAND = [
    command for speaker in (*catalogue.SERVICES, "media_node") for command in catalogue.commands(speaker).values()
]
ORGANISATION = "0190c2a1-0000-7000-8000-000000000000"


def member(*roles: str) -> Actor:
    return Actor(kind="member", id=ORGANISATION, organisation_id=ORGANISATION, roles=roles)


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: command.name)
def test_every_command_names_a_permission_of_the_table(command: Command) -> None:
    assert command.permission in TABLE


def test_no_row_is_without_a_command() -> None:
    used = {command.permission for command in EVERY_COMMAND}
    assert set(TABLE) - used == set()


def test_a_member_without_a_role_may_nothing_but_open_links() -> None:
    assert {permission for permission in TABLE if allowed(permission, member())} == set()


def test_a_reporter_receives_nobody_and_hosts_nothing() -> None:
    for permission in ("caller.receive", "caller.read", "call.join", "call.host", "invitation.send"):
        assert not allowed(permission, member("reporter"))


def test_only_owner_and_admin_run_the_organisation() -> None:
    for permission in ("member.add", "clinic.add", "room.create", "event.read"):
        assert {role for role in ROLES if allowed(permission, member(role))} == {"owner", "admin"}


def test_a_visitor_opens_links_and_signs_in_and_nothing_else() -> None:
    assert {permission for permission in TABLE if allowed(permission, PUBLIC)} == {
        "sign_in.open", "sign_in.resolve", "member.join", "password.reset", "room.resolve_link", "area.resolve_link",
        "invitation.open", "delivery.report",
        "directory.resolve", "calendar_feed.resolve", "api_client.open", "sign_up.ask", "sign_up.finish", "sign_in_provider.use",
    }  # fmt: skip


def test_a_guest_never_acts_as_staff() -> None:
    guest = Actor(kind="guest", id="device", organisation_id=ORGANISATION, room_id=ORGANISATION)
    for permission in (
        "caller.receive",
        "call.host",
        "member.read",
        "invitation.send",
        "invitation.read",
        "session.change",
    ):
        assert not allowed(permission, guest)


def test_an_api_client_needs_the_scope_of_the_row() -> None:
    client = Actor(kind="api_client", id="client", organisation_id=ORGANISATION, scopes=("rooms:read",))
    assert allowed("room.read", client)
    assert not allowed("room.create", client)
    assert not allowed("caller.receive", client)


def test_an_api_client_that_is_bound_to_clinics_may_only_what_its_service_cuts_by_clinic() -> None:
    free = Actor(kind="api_client", id="client", organisation_id=ORGANISATION, scopes=("rooms:read", "events:read"))
    bound = replace(free, clinic_ids=(ORGANISATION,))
    asked = ("room.read", "settings.read", "event.read")
    assert [allowed(each, free) for each in asked] == [True, True, True]
    assert [allowed(each, bound) for each in asked] == [True, False, False]


def test_every_scope_of_the_table_can_be_given_to_a_client_but_a_directorys() -> None:
    assert {*SCOPES, SCIM} == {row.scope for row in TABLE.values() if row.scope}


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: command.name)
def test_a_client_with_every_scope_but_the_commands_own_may_not_ask_for_it(command: Command) -> None:
    needed = TABLE[command.permission].scope
    every = Actor(kind="api_client", id="client", organisation_id=ORGANISATION, scopes=(*SCOPES, SCIM))
    without = replace(every, scopes=tuple(scope for scope in every.scopes if scope != needed))
    assert allowed(command.permission, every) is (needed is not None)
    assert not allowed(command.permission, without)


def test_our_own_processes_never_sign_in() -> None:
    assert not allowed("sign_in.open", system("rooms"))


def test_an_unknown_permission_is_a_defect() -> None:
    with pytest.raises(KeyError):
        allowed("room.paint", PUBLIC)
