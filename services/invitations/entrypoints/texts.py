"""Single texts that another service asks for."""

from typing import Any

from contracts import text_notices
from contracts.errors import Invalid
from plumbing.services import Call, answers
from services.invitations import notices, phones
from services.invitations.entrypoints import Entrypoints


class Texts(Entrypoints):
    """A part of services.invitations.service.InvitationsService."""

    @answers(text_notices.GET_TEXTS_OFFERED)
    def get_texts_offered(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Whether somebody who waits may be texted."""
        return {"offered": self.mail.texts_offered}

    @answers(text_notices.SEND_TEXT)
    def send_text(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """On its way as every other. Raises Invalid for a number that no text can be sent to, and why."""
        number, problem = phones.understood(request["to"], self._texting(call.organisation_id, request["to"]))
        if problem or number is None:
            detail = problem or phones.NOT_A_NUMBER
            raise Invalid(detail, errors=[{"pointer": "/to", "detail": detail}])
        drafted = notices.text_draft(
            request, number, id=call.command_id, organisation_id=str(call.organisation_id), now=call.now
        )
        self.store.invitations.create(drafted, actor=call.actor)
        self.mail.wake()
        return {"number": number}
