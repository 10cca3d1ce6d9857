"""Where a member asked from: a sign-in, a network address and a browser, under an id that tells nothing by itself. Pure."""

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime

# a UUID of our own making (RFC 9562 §5.8)
_VERSION, _VARIANT = 8 << 76, 2 << 62
_FREE = ~((0xF << 76) | (3 << 62)) & ((1 << 128) - 1)


@dataclass(frozen=True)
class Origin:
    """`since`: when it was seen first. `sign_in_id` is None for who did not get in."""

    id: str
    organisation_id: str
    sign_in_id: str | None
    network: str | None
    browser: str | None
    since: datetime


def origin(
    key: bytes,
    organisation_id: str,
    whose: str,
    sign_in_id: str | None,
    seen: tuple[str | None, str | None],
    now: datetime,
) -> Origin:
    """The one of `seen` (network, browser). `whose` (a sign-in, or a member without one) and `seen` always make the same id.

    Events carry the id, and addresses are few enough to be tried one after the other: hence the key.
    """
    network, browser = seen
    text = "\0".join(("origin", whose, network or "", browser or ""))
    digest = int.from_bytes(hmac.new(key, text.encode(), hashlib.sha256).digest()[:16], "big")
    id = str(uuid.UUID(int=(digest & _FREE) | _VERSION | _VARIANT))
    return Origin(id, organisation_id, sign_in_id, network, browser, now)
