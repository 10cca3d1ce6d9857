"""Members of the organisation: who they are, and what becomes of them."""

from contracts import accounts, membership
from gateway.api.area import Area

area = Area("members", "Members: their roles and clinics, and what becomes of them")

area.answers("GET", "/members", accounts.LIST_MEMBERS, "The organisation's members, by name.")
area.answers(
    "POST", "/members", accounts.ADD_MEMBER, "One more member, at once and with a password that is handed over.", status=201
)  # fmt: skip
area.answers("GET", "/members/<id:member_id>", accounts.GET_MEMBER, "One member.")
area.answers(
    "PATCH", "/members/<id:member_id>", membership.CHANGE_MEMBER, "Another name, role, language or other clinics."
)
area.answers(
    "POST", "/members/<id:member_id>/suspend", membership.SUSPEND_MEMBER,
    "They cannot sign in until restored; where they are signed in ends at once.",
)  # fmt: skip
area.answers("POST", "/members/<id:member_id>/restore", membership.RESTORE_MEMBER, "They can sign in again.")
area.answers("DELETE", "/members/<id:member_id>", membership.REMOVE_MEMBER, "A member no more. Their User Room stays.")
