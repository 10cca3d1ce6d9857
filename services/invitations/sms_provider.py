"""The provider of text messages, by HTTP in the form of Twilio's Messages API, which several others take too.

`POST` of a form with `To`, `From`, `Body` and `StatusCallback`, with Basic authentication; 201 with JSON says that it was taken,
anything else has JSON with a `code` (https://www.twilio.com/docs/api/errors). Plain blocking urllib3, as `smtp.py` is smtplib.
"""

import json
from urllib.parse import unquote, urlsplit, urlunsplit

import structlog
import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import make_headers

from services.invitations import delivery
from services.invitations.delivery import AWAY, LATER
from services.invitations.invitation import REFUSED, TAKEN
from services.invitations.sms import Text
from services.invitations.sms_codes import problem_of
from services.invitations.smtp import Answer

log = structlog.get_logger()

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 15.0
_MOST_BYTES = 16_384
# our own number, account or permission: nobody's number is at fault
_OURS = frozenset({20003, 20005, 20429, 21212, 21408, 21603, 21606, 21611, 21659, 21660, 21661})


class HttpProvider:
    """`url` as https://account@host/path of the collection to which a text is posted; `secret` is the account's."""

    def __init__(self, url: str, secret: str, sender: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        place = f"[{host}]" if ":" in host else host
        self._url = urlunsplit(
            (parts.scheme, f"{place}:{parts.port}" if parts.port else place, parts.path, parts.query, "")
        )
        self._headers = make_headers(basic_auth=f"{unquote(parts.username or '')}:{secret}", user_agent="housecall")
        self._sender = sender
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS)
        self._pool = urllib3.PoolManager(timeout=timeout, retries=False, maxsize=1)

    def send(self, text: Text) -> Answer:
        """Hand over one text; returns what the provider made of it, and never raises for what a provider or network does."""
        form = {"To": text.to, "From": self._sender, "Body": text.body, "StatusCallback": text.reported_at}
        # providers that know the header take the same text once, however often it is tried; the others do not mind it
        headers = {**self._headers, "Idempotency-Key": text.key, "Accept": "application/json"}
        try:
            reply = self._pool.request(
                "POST", self._url, fields=form, headers=headers, encode_multipart=False, redirect=False,
                preload_content=False,
            )  # fmt: skip
            try:
                said = reply.read(_MOST_BYTES, decode_content=True)
            finally:
                reply.release_conn() if reply.length_remaining == 0 else reply.close()
        except (HTTPError, OSError) as error:
            log.warning("provider of texts away", error=type(error).__name__)
            return Answer(AWAY, None, delivery.TEXT_NO_ANSWER)
        return meaning(reply.status, said)

    def close(self) -> None:
        """Keep no connection."""
        self._pool.clear()


def meaning(status: int, said: bytes) -> Answer:
    """What an answer by HTTP means for one text; `said` is its body."""
    if 200 <= status < 300:
        return Answer(TAKEN, status)
    code = _code(said)
    if status == 429 or status >= 500 or status == 408:
        return Answer(LATER, status, delivery.TEXT_PUT_OFF)
    if status in (401, 403, 404, 405) or status < 400 or code in _OURS:
        log.warning("provider of texts turns us away", status=status, code=code)
        return Answer(AWAY, status, delivery.TEXT_SIGN_IN)
    return Answer(REFUSED, status, problem_of(code))


def _code(said: bytes) -> int | None:
    try:
        found = json.loads(said).get("code")
    except (ValueError, AttributeError, RecursionError):
        return None
    return found if isinstance(found, int) else None
