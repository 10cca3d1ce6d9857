"""Waiting Areas: the centralised queues of clinics, their settings, hours and links, and who waits in them."""

from flask import Response, request

from contracts import waiting, waiting_areas
from contracts.errors import Invalid
from gateway.api import asking, bodies, tags
from gateway.api.area import Area, combined

area = Area("waiting areas", "Waiting Areas, the centralised queues of clinics")
_ONE = "/waiting-areas/<id:area_id>"


@area.blueprint.route(_ONE, methods=["GET"])
@area.blueprint.response(200, waiting_areas.AreaView, headers=tags.DESCRIBED)
def get_area(area_id: str) -> Response:
    """One Waiting Area. Its ETag is its version."""
    return tags.with_tag(asking.passed_on(waiting_areas.GET_AREA, {"area_id": area_id}, asking.member()))


@area.blueprint.route(_ONE, methods=["PATCH"])
@area.described(waiting_areas.ChangeArea, waiting_areas.AreaView, _ONE, tagged=True)
def change_area(area_id: str) -> Response:
    """Its name, hours and what it asks, all of what is given or nothing. With If-Match, only if nobody changed it meanwhile."""
    actor = asking.member()
    change = bodies.json_object(request)
    if not change.keys() - {"version"}:
        raise Invalid("Give at least one thing to change.")
    asked = combined(tags.expecting(request, change), {"area_id": area_id})
    return tags.with_tag(asking.ask(waiting_areas.CHANGE_AREA, asked, actor))


area.answers(
    "GET", "/waiting-areas", waiting_areas.LIST_AREAS, "The Waiting Areas of all clinics that the reader sees."
)
area.answers(
    "POST",
    "/waiting-areas",
    waiting_areas.CREATE_AREA,
    "Make a clinic's Waiting Area, if the plan includes any.",
    status=201,
)
area.answers("POST", f"{_ONE}/link", waiting_areas.ROTATE_AREA_LINK, "Give it another link; the old one stops at once.")
area.answers(
    "POST", f"{_ONE}/suspend", waiting_areas.SUSPEND_AREA, "Let nobody more arrive; who comes reads the message."
)
area.answers("POST", f"{_ONE}/resume", waiting_areas.RESUME_AREA, "Open it again, as far as its hours go.")
area.answers("GET", f"{_ONE}/callers", waiting.LIST_CALLERS, "Who waits in it, longest waiting first; the first 100.")
