"""Members of the organisation: who they are, and what becomes of them."""

from contracts import accounts, membership, second_factor
from gateway.api import asking
from gateway.api.area import Area

area = Area("members", "Members: their roles and clinics, and what becomes of them")

area.answers(
    "GET",
    "/members",
    accounts.LIST_MEMBERS,
    "The organisation's members, by name, a page at a time; found by words, role, clinic and state.",
)
area.answers(
    "POST", "/members", accounts.ADD_MEMBER, "One more member, at once and with a password that is handed over.", status=201
)  # fmt: skip
area.answers(
    "POST", "/members/invites", membership.INVITE_MEMBER,
    "A member who chooses name and password by the link of a mail, within seven days.", status=201,
)  # fmt: skip
area.answers(
    "POST",
    "/members/<id:member_id>/invite",
    membership.INVITE_AGAIN,
    "Another mail with a new link; the old one stops.",
)
area.answers(
    "POST", "/member-invites/look", membership.OPEN_MEMBER_INVITE, "What the link of an invitation is about.",
    asked_by=asking.anybody,
)  # fmt: skip
area.answers(
    "POST", "/member-invites/accept", membership.ACCEPT_MEMBER_INVITE,
    "Become a member, by the link of an invitation.", status=201, asked_by=asking.anybody,
)  # fmt: skip
area.answers("GET", "/members/<id:member_id>", accounts.GET_MEMBER, "One member.")
area.answers(
    "PATCH", "/members/<id:member_id>", membership.CHANGE_MEMBER, "Another name, role, language or other clinics."
)
area.answers(
    "POST", "/members/<id:member_id>/suspend", membership.SUSPEND_MEMBER,
    "They cannot sign in until restored; where they are signed in ends at once.",
)  # fmt: skip
area.answers(
    "POST", "/members/<id:member_id>/second-factor/reset", second_factor.RESET_SECOND_FACTOR,
    "For who lost phone and recovery codes: their password alone signs in again.",
)  # fmt: skip
area.answers("POST", "/members/<id:member_id>/restore", membership.RESTORE_MEMBER, "They can sign in again.")
area.answers("DELETE", "/members/<id:member_id>", membership.REMOVE_MEMBER, "A member no more. Their User Room stays.")
