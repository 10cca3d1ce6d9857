"""The organisation's plan: what it includes, what another would change, and the change itself."""

from contracts import accounts, rooms
from gateway.api.area import Area

area = Area("plans", "Plans: what each includes, what a change would do, and the change")

area.answers(
    "GET", "/plan", rooms.GET_ENTITLEMENTS, "What the organisation's plan includes, and how much of it is used."
)
area.answers("GET", "/plans", rooms.LIST_PLANS, "The plans to choose from, smallest first.")
area.answers(
    "GET",
    "/plan/preview",
    rooms.PREVIEW_PLAN_CHANGE,
    "What a change of plan would do: what would be over a limit, which rooms would be suspended. Does nothing.",
)
area.answers(
    "PUT",
    "/plan",
    accounts.CHANGE_PLAN,
    "Change the plan. Nothing is deleted: rooms over the limit are suspended, newest first.",
)
