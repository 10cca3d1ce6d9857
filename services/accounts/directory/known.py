"""What a directory said of a member, kept beside what Housecall makes of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Email:
    """One address as the directory wrote it."""

    value: str
    type: str | None = None
    primary: bool | None = None


@dataclass(frozen=True)
class Known:
    """`user_name_key` is unique in the organisation. `base_role` counts while no group gives one (`group_roles`).

    `was_invited`: who is suspended before they accepted is invited again when active again. `owes_letter`: the id of an
    invitation that is still to be written, whichever process does it.
    """

    user_name: str
    user_name_key: str
    base_role: str
    external_id: str | None = None
    display_name: str | None = None
    formatted: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    language: str | None = None
    emails: tuple[Email, ...] = ()
    group_roles: tuple[str, ...] = ()
    was_invited: bool = False
    owes_letter: str | None = None
