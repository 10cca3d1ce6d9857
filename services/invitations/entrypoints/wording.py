"""How mails are worded: what a clinic chose, and what a mail would say before it goes."""

from functools import partial
from typing import Any

from contracts import accounts, invitations, scheduler
from contracts.errors import Invalid
from plumbing.services import Call, answers
from services.invitations import mail_settings, phones, repeating, sending
from services.invitations.entrypoints import Entrypoints
from services.invitations.invitation import Repeats
from services.invitations.mail_settings import MailSettings
from services.invitations.views import preview_view


class Wording(Entrypoints):
    """A part of services.invitations.service.InvitationsService."""

    @answers(invitations.PREVIEW_INVITATION)
    def preview_invitation(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the mail would say. Nothing is kept, booked or sent."""
        room = self._room(request["room_id"], call)
        sending.check_may_invite(room)
        settings = self.store.mail_settings_for(room["organisation_id"], room.get("clinic_id"))
        organisation, sender = self._sender(settings, call)
        language = request["language"] or organisation["language"]
        series = self._previewed_series(request, call)
        previewed = sending.previewed(request, room, sender, language, settings.neutral, call.now, series)
        return preview_view(previewed, self.mail.base_url if self.mail.texts_offered else None)

    def _previewed_series(self, request: dict[str, Any], call: Call) -> Repeats | None:
        if request["planned"] is None or request["recurrence"] is None:
            return None
        asked = {name: request[name] for name in ("room_id", "planned", "recurrence")}
        found = self.calls(scheduler.PREVIEW_SERIES, asked, call.actor)
        return repeating.previewed(found, request["recurrence"], request["planned"], request["title"])

    @answers(invitations.GET_CHANNELS)
    def get_channels(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Whether texts can be sent, and whose numbers need no country code."""
        offered = self.mail.texts_offered
        above = self.store.mail_settings_for(call.organisation_id or "", None)
        return {
            "texts": offered,
            "phone_region": above.phone_region if offered else None,
            "phone_regions": sorted(phones.REGIONS) if offered else [],
        }

    @answers(invitations.GET_MAIL_SETTINGS)
    def get_mail_settings(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The organisation's, and of each clinic that has its own."""
        return self._every(call.organisation_id)

    @answers(invitations.CHANGE_MAIL_SETTINGS)
    def change_mail_settings(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Of the organisation, or of one clinic, for invitations from now on."""
        clinic_id = request["clinic_id"]
        if clinic_id:
            organisation = self.calls(accounts.GET_ORGANISATION, {}, organisation_id=call.organisation_id)
            if clinic_id not in {clinic["id"] for clinic in organisation["clinics"]}:
                detail = "There is no such clinic here."
                raise Invalid(detail, errors=[{"pointer": "/clinic_id", "detail": detail}])
        _check_region(request)
        first = self.store.mail_settings_for(call.organisation_id, clinic_id)
        self.store.mail_settings.create(mail_settings.begun(first, clinic_id))
        rule = partial(mail_settings.change, wanted=request)
        self.store.mail_settings.update(clinic_id or call.organisation_id, call.organisation_id, rule, call.actor)
        return self._every(call.organisation_id)

    def _every(self, organisation_id: str) -> dict[str, Any]:
        known: dict[str | None, MailSettings] = self.store.every_mail_settings(organisation_id)
        own = known.pop(None, MailSettings(organisation_id, organisation_id))
        clinics = [{"clinic_id": clinic_id, **mail_settings.view(each)} for clinic_id, each in known.items()]
        return {"organisation": mail_settings.view(own), "clinics": clinics}


def _check_region(request: dict[str, Any]) -> None:
    """Raises Invalid for a region that is none, or of a clinic alone: recipients are judged before their room is chosen."""
    region = request.get("phone_region")
    if region is not None and (request["clinic_id"] or region not in phones.REGIONS):
        detail = "This is chosen for the whole organisation." if request["clinic_id"] else "There is no such region."
        raise Invalid(detail, errors=[{"pointer": "/phone_region", "detail": detail}])
