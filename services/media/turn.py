"""Short-lived TURN credentials by a secret shared with the TURN server (coturn `use-auth-secret`)."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

VALID_SECONDS = 2 * 3600


def ice_servers(urls: Sequence[str], secret: bytes | None, participant_id: str, now: float) -> list[dict[str, Any]]:
    """W3C RTCIceServer entries for one participant; none where no TURN server is set up. `now` in Unix seconds.

    https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00
    """
    if not urls or not secret:
        return []
    username = f"{int(now) + VALID_SECONDS}:{participant_id}"
    signature = hmac.new(secret, username.encode(), hashlib.sha1).digest()
    return [{"urls": list(urls), "username": username, "credential": base64.b64encode(signature).decode()}]
