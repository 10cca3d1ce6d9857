"""Who comes as what, and for whom: a companion has a client of the same invitation, or is refused."""

from typing import Any

import pytest

from contracts.errors import Invalid
from services.invitations.phones import Texting
from services.invitations.recipients import understand
from services.invitations.roles import roles_of

TEXTED = understand("+49 170 1234567, ali@example.com", texting=Texting(offered=True))
INVITED = understand("mia@example.com, Ali <ali@example.com>, dr.jones@example.com")


def role(address: str, role: str, for_address: str | None = None) -> dict[str, Any]:
    return {"address": address, "role": role, "for_address": for_address}


def test_a_companion_belongs_to_a_client_however_the_addresses_are_written() -> None:
    asked = [role("ali@EXAMPLE.com", "interpreter", "mia@Example.com"), role("dr.jones@example.com", "clinician")]
    assert roles_of(asked, INVITED) == {
        "ali@example.com": ("interpreter", "mia@example.com"),
        "dr.jones@example.com": ("clinician", None),
    }


def test_a_role_for_whom_gets_no_mail_is_nobodys() -> None:
    assert roles_of([role("else@example.com", "carer", "mia@example.com")], INVITED) == {}


@pytest.mark.parametrize(
    "asked",
    [
        [role("ali@example.com", "carer")],
        [role("ali@example.com", "carer", "else@example.com")],
        [role("ali@example.com", "carer", "ali@example.com")],
        [role("ali@example.com", "carer", "dr.jones@example.com"), role("dr.jones@example.com", "clinician")],
        [role("ali@example.com", "client"), role("ali@example.com", "clinician")],
    ],
    ids=["of nobody", "of a stranger", "of themselves", "of a clinician", "two roles"],
)
def test_a_companion_without_a_client_of_the_invitation_is_refused(asked: list[dict[str, Any]]) -> None:
    with pytest.raises(Invalid) as refused:
        roles_of(asked, INVITED)
    assert refused.value.extra["errors"][0]["pointer"].startswith("/roles/")


def test_who_gets_a_text_has_a_role_by_their_number_however_it_is_written() -> None:
    asked = [role("ali@example.com", "interpreter", "+49 (170) 1234567")]
    assert roles_of(asked, TEXTED) == {"ali@example.com": ("interpreter", "+491701234567")}
