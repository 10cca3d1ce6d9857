"""What is remembered of a command says nothing about the passwords in it."""

from typing import Any

from marshmallow import Schema, fields

from contracts import catalogue
from contracts.accounts import CreateOrganisation, NewMember, SignIn
from contracts.membership import AcceptMemberInvite
from contracts.signing_in import ResetPassword
from plumbing.services.commands import without_secrets

OWNER = {"email": "olga@example.com", "name": "Olga", "role": "owner"}


class Batch(Schema):
    """Members in lists, both ways of saying so, and under another name on the wire."""

    people = fields.List(fields.Nested(NewMember))
    others = fields.Nested(NewMember, many=True)
    first = fields.Nested(NewMember, data_key="theFirst")
    pin = fields.String(load_only=True, data_key="thePin")


def test_a_password_is_left_out() -> None:
    assert without_secrets({**OWNER, "password": "secret"}, NewMember()) == OWNER


def test_a_password_inside_is_left_out() -> None:
    request = {"name": "Practice", "owner": {**OWNER, "password": "secret"}}
    assert without_secrets(request, CreateOrganisation()) == {"name": "Practice", "owner": OWNER}


def test_a_password_in_a_list_or_under_another_name_is_left_out() -> None:
    secret = {**OWNER, "password": "secret"}
    request = {"people": [secret, secret], "others": [secret], "theFirst": secret, "thePin": "1234"}
    assert without_secrets(request, Batch()) == {"people": [OWNER, OWNER], "others": [OWNER], "theFirst": OWNER}


def test_everything_else_is_kept_as_it_came() -> None:
    request: dict[str, Any] = {"email": 7, "unknown": {"password": None}, "network": None}
    assert without_secrets(request, SignIn()) == request


def test_another_link_is_another_wish_also_under_the_same_id() -> None:
    for schema in (ResetPassword(), AcceptMemberInvite()):
        assert without_secrets({"token": "of a link", "password": "secret"}, schema) == {"token": "of a link"}


def test_a_request_that_is_none_is_kept_as_it_came() -> None:
    assert without_secrets({"owner": "nobody"}, CreateOrganisation()) == {"owner": "nobody"}


def test_every_password_of_the_contracts_may_only_be_loaded() -> None:
    def passwords(schema: Schema) -> list[fields.Field[Any]]:
        found = [field for name, field in schema.fields.items() if name.endswith("password")]
        for field in schema.fields.values():
            if isinstance(field, fields.Nested):
                found += passwords(field.schema)
        return found

    every = [
        field
        for speaker in catalogue.SERVICES
        for command in catalogue.commands(speaker).values()
        for field in passwords(command.request())
    ]
    assert len(every) >= 3
    assert all(field.load_only for field in every)
