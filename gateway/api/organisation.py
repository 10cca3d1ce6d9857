"""The organisation's own page: its name and contacts, how it does things, and its clinics."""

from flask import Response, request

from contracts import accounts, organisations
from contracts.errors import Invalid
from gateway.api import asking, bodies, tags
from gateway.api.area import Area

area = Area("organisation", "The organisation: name, contacts, how it does things, and its clinics")


@area.blueprint.route("/organisation", methods=["GET"])
@area.blueprint.response(200, organisations.OrganisationView, headers=tags.DESCRIBED)
def get_organisation() -> Response:
    """The member's organisation with its clinics. Its ETag is its version."""
    return tags.with_tag(asking.ask(accounts.GET_ORGANISATION, {}, asking.member()))


@area.blueprint.route("/organisation", methods=["PATCH"])
@area.described(organisations.ChangeOrganisation, organisations.OrganisationView, "/organisation", tagged=True)
def change_organisation() -> Response:
    """Its name, zone, language, contacts and notes, all of what is given or nothing. With If-Match, only if nobody changed it meanwhile."""
    actor = asking.member()
    change = bodies.json_object(request)
    if not change.keys() - {"version"}:
        raise Invalid("Give at least one thing to change.")
    asked = tags.expecting(request, change)
    return tags.with_tag(asking.ask(organisations.CHANGE_ORGANISATION, asked, actor))


@area.blueprint.route("/clinics/<id:clinic_id>", methods=["DELETE"])
@area.blueprint.response(204)
def remove_clinic(clinic_id: str) -> Response:
    """Remove a clinic that nobody is in and no room belongs to; otherwise 409 says what is in the way."""
    asking.ask(organisations.REMOVE_CLINIC, {"clinic_id": clinic_id}, asking.member())
    return asking.nothing()


area.answers("POST", "/clinics", accounts.CREATE_CLINIC, "One more clinic, with a name that no other has.", status=201)
area.answers("PATCH", "/clinics/<id:clinic_id>", organisations.CHANGE_CLINIC, "Another name for a clinic.")
