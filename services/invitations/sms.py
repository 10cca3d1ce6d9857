"""One recipient's text message: to whom, what it says, and where what becomes of it is reported. Sends nothing."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.invitations import repeating, reports, sms_words
from services.invitations.invitation import Invitation, Recipient
from services.invitations.links import join_address, token_of
from services.invitations.occasions import as_written


@dataclass(frozen=True)
class Text:
    """What is handed to the provider. `key` is the same for every try of one sending; `to` is in E.164.

    `reported_at`: the address to which the provider may say what became of it.
    """

    organisation_id: str
    to: str
    body: str
    key: str
    reported_at: str


class Texter:
    """`base_url` begins every link, `link_key` makes the tokens in them."""

    def __init__(self, base_url: str, link_key: bytes) -> None:
        self._base_url = base_url.rstrip("/")
        self._link_key = link_key

    def text(self, invitation: Invitation, recipient: Recipient, now: datetime) -> Text:
        """The text for this recipient, who alone holds its link. Raises LookupError for what only a mail can say."""
        if invitation.notice:
            return self._made(invitation, recipient, sms_words.notice_body(invitation))
        theirs, occasion = as_written(invitation, recipient)
        if theirs.series:
            theirs = repeating.at(replace(theirs, series=repeating.still_to_come(theirs.series, now)), now)
        link = join_address(self._base_url, token_of(self._link_key, recipient.id, recipient.link_generation))
        return self._made(invitation, recipient, sms_words.body(theirs, occasion, link))

    def _made(self, invitation: Invitation, recipient: Recipient, body: str) -> Text:
        sending = reports.sending_to(invitation, recipient)
        return Text(
            invitation.organisation_id,
            recipient.address,
            body,
            f"{recipient.id}.{recipient.sending}",
            f"{self._base_url}/api/sms/status/{reports.token_of(self._link_key, sending)}",
        )
