"""What carriers say afterwards: that a message was delivered or was not, and that a number wants no more texts."""

import hmac
from functools import partial
from typing import Any

from contracts import delivery_reports
from contracts.errors import Forbidden
from plumbing.services import Call, answers
from services.invitations import dsn, phones, reporting, sms_reports
from services.invitations.entrypoints import Entrypoints
from services.invitations.phones import Texting
from services.invitations.reporting import Report
from services.invitations.reports import sending_of

NOT_PROVED = "This is not proved to come from where it should."
_ANY_NUMBER = Texting(offered=True)


class Reports(Entrypoints):
    """A part of services.invitations.service.InvitationsService. The answers say nothing about who is invited."""

    @answers(delivery_reports.HEAR_TEXT)
    def hear_text(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """An answer to a text: STOP ends texts to that number from every organisation that sent it one, START undoes it."""
        fields = self._proved(request, "/api/sms/inbound")
        number, _ = phones.understood(fields.get("From", ""), _ANY_NUMBER)
        wish = sms_reports.wish_of(fields)
        if number and wish == sms_reports.START:
            self.store.opted_out.forget(number)
        if number and wish == sms_reports.STOP:
            for organisation_id in self.store.organisations_writing_to(number):
                self.store.opted_out.keep(organisation_id, number, call.now)
        return {"ok": True}

    @answers(delivery_reports.HEAR_TEXT_STATUS)
    def hear_text_status(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What became of a text."""
        fields = self._proved(request, f"/api/sms/status/{request['token']}")
        sending = sending_of(self.mail.link_key, request["token"])
        self._note(sms_reports.report_of(sending, fields) if sending else None)
        return {"ok": True}

    @answers(delivery_reports.HEAR_BOUNCE)
    def hear_bounce(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What a mail server reports of a mail; what is none of that, or about none of ours, changes nothing."""
        known = self.mail.bounce_secret
        if not known or not hmac.compare_digest(known, request["secret"].encode()):
            raise Forbidden(NOT_PROVED)
        self._note(dsn.report_of(self.mail.link_key, request["report"].encode("latin-1", "replace")))
        return {"ok": True}

    def _proved(self, request: dict[str, Any], path: str) -> dict[str, str]:
        fields: dict[str, str] = request["fields_given"]
        url = self.mail.base_url.rstrip("/") + path
        secret = self.mail.sms_secret
        if not secret or not sms_reports.is_proved(secret, url, fields, request["signature"]):
            raise Forbidden(NOT_PROVED)
        return fields

    def _note(self, report: Report | None) -> None:
        if report:
            organisation_id = self.store.organisation_of(report.sending.invitation_id)
            rule = partial(reporting.note, report=report)
            self.store.change_if_known(report.sending.invitation_id, organisation_id, rule)
