"""What the sink keeps of each text, and what it tells whoever sent it. Knows nothing of HTTP servers."""

import base64
import hashlib
import hmac
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

KEPT = 5_000
_TELL_SECONDS = 10.0
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Text:
    """One text as it was handed over. `status` as Twilio's: sent, then delivered or undelivered. `reported_at` may be empty."""

    id: int
    received: datetime
    to: str
    sender: str
    body: str
    key: str
    reported_at: str
    status: str = "sent"

    def view(self) -> dict[str, Any]:
        """As the page and the JSON have it."""
        return {
            "id": self.id,
            "received": self.received.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "key": self.key,
            "status": self.status,
        }


class Textbox:
    """The newest texts, numbered from 1 as they came; safe to use from several threads."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC), kept: int = KEPT) -> None:
        self._now = now
        self._kept = kept
        self._texts: OrderedDict[int, Text] = OrderedDict()
        self._last = 0
        self._changed = threading.Condition()

    def keep(self, form: Mapping[str, str], key: str) -> Text:
        """Keep a text; the same `key` again, where it is not empty, is the same text."""
        with self._changed:
            for known in self._texts.values():
                if key and known.key == key:
                    return known
            self._last += 1
            reported_at = form.get("StatusCallback", "")
            text = Text(self._last, self._now(), form["To"], form["From"], form["Body"], key, reported_at)
            self._texts[text.id] = text
            while len(self._texts) > self._kept:
                self._texts.popitem(last=False)
            self._changed.notify_all()
        return text

    def get(self, number: int) -> Text | None:
        """One text, or None when it was never here or is no longer."""
        with self._changed:
            return self._texts.get(number)

    def newest_first(self, to: str = "", after: int = 0, limit: int = 200) -> list[Text]:
        """The newest texts numbered above `after`, only those sent to the number `to` when it is given."""
        with self._changed:
            texts = list(reversed(self._texts.values()))
        return [text for text in texts if text.id > after and (not to or text.to == to)][:limit]

    def wait_for(self, to: str, after: int, seconds: float) -> list[Text]:
        """Texts as `newest_first` has them, waiting up to `seconds` for the first to come."""
        with self._changed:
            self._changed.wait_for(
                lambda: any(each.id > after and (not to or each.to == to) for each in self._texts.values()), seconds
            )
        return self.newest_first(to, after)

    def note(self, number: int, status: str) -> Text | None:
        """What became of one."""
        with self._changed:
            known = self._texts.get(number)
            if known is not None:
                self._texts[number] = replace(known, status=status)
            return self._texts.get(number)


def signature(secret: str, url: str, form: Mapping[str, str]) -> str:
    """As Twilio's X-Twilio-Signature (https://www.twilio.com/docs/usage/security): the address, then each field by its name."""
    said = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(secret.encode(), said.encode(), hashlib.sha1).digest()).decode()


def tell(secret: str, url: str, form: Mapping[str, str]) -> int:
    """Post to whoever sent a text; returns the status of the answer, 0 where there was none."""
    headers = {"X-Twilio-Signature": signature(secret, url, form)}
    request = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), headers)  # noqa: S310 as the sender said
    try:
        with _opener.open(request, timeout=_TELL_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
