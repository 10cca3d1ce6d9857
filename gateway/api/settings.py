"""What rooms inherit: settings of the organisation and of each clinic, and what they lock for those below; and when guests are reminded."""

from flask import Response, request

from contracts import invitations, room_settings, rooms, scheduler
from gateway.api import asking, bodies, tags
from gateway.api.area import Area, combined

area = Area("settings", "Settings that rooms inherit from the organisation and their clinic, and reminders")


@area.blueprint.route("/settings/rooms", methods=["GET"])
@area.blueprint.response(200, room_settings.InheritedSettings, headers=tags.DESCRIBED)
def get_inherited() -> Response:
    """What the organisation and its clinics set and lock for their rooms."""
    return tags.with_tag(asking.ask(rooms.GET_INHERITED_SETTINGS, {}, asking.member()))


@area.blueprint.route("/settings/rooms", methods=["PATCH"])
@area.described(room_settings.ChangeInheritedSettings, room_settings.InheritedSettings, "/settings/rooms", tagged=True)
def change_organisation() -> Response:
    """Change what all rooms of the organisation inherit, or with a `clinic_id` those of that clinic."""
    return _change({})


@area.blueprint.route("/clinics/<id:clinic_id>/settings/rooms", methods=["PATCH"])
@area.described(
    room_settings.ChangeInheritedSettings,
    room_settings.InheritedSettings,
    "/clinics/<id:clinic_id>/settings/rooms",
    tagged=True,
)
def change_clinic(clinic_id: str) -> Response:
    """Change what the rooms of one clinic inherit."""
    return _change({"clinic_id": clinic_id})


area.answers(
    "GET", "/settings/mail", invitations.GET_MAIL_SETTINGS, "How mails are worded, and who gets the replies to them."
)
area.answers(
    "PATCH",
    "/settings/mail",
    invitations.CHANGE_MAIL_SETTINGS,
    "Word them otherwise, in the whole organisation or with a `clinic_id` in one clinic, for invitations from now on.",
)
area.answers(
    "GET", "/settings/reminders", scheduler.GET_REMINDER_SETTINGS, "How long before a session its guests are reminded."
)
area.answers(
    "PUT", "/settings/reminders", scheduler.CHANGE_REMINDER_SETTINGS,
    "Remind at other times, of sessions that are booked or moved from now on. An empty list: never.",
)  # fmt: skip


def _change(parts: dict[str, str]) -> Response:
    actor = asking.member()
    asked = combined(tags.expecting(request, bodies.json_object(request)), parts)
    return tags.with_tag(asking.ask(rooms.CHANGE_INHERITED_SETTINGS, asked, actor))
