"""The gateway's cookies: a member's sign-in (opaque), and a guest's place and device (signed, ids only)."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from flask import Response
from itsdangerous import BadData, URLSafeTimedSerializer

from contracts.actor import Actor
from plumbing.ids import new_id

GUEST_SECONDS = 24 * 3600
QUESTION_SECONDS = 10 * 60
DEVICE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep one (RFC 6265bis §5.5)
_MOST_DIGITS = 16


class Cookies:
    """Names, reads and sets them. Where the site is https they are Secure and have the `__Host-` prefix (RFC 6265bis §4.1.3)."""

    def __init__(self, key: bytes, secure: bool) -> None:
        self._secure = secure
        self._prefix = "__Host-housecall" if secure else "housecall"
        self._guests = _serializer(key, "guest")
        self._devices = _serializer(key, "device")
        self._questions = _serializer(key, "provider question")

    @property
    def sign_in_name(self) -> str:
        """The name of the cookie that holds a member's sign-in token and nothing else."""
        return self._prefix

    def sign_in(self, cookies: Mapping[str, str]) -> str | None:
        """The sign-in token, not yet checked."""
        return cookies.get(self.sign_in_name) or None

    def set_sign_in(self, response: Response, token: str, seconds: int) -> None:
        self._set(response, self.sign_in_name, token, seconds)

    def forget_sign_in(self, response: Response) -> None:
        self._set(response, self.sign_in_name, "", 0)

    def guest_name(self, link: str) -> str:
        """One cookie for each link, so that two links in one browser do not mix. The name does not give the link away."""
        return f"{self._prefix}_guest_{hashlib.sha256(link.encode()).hexdigest()[:_MOST_DIGITS]}"

    def guest(self, cookies: Mapping[str, str], link: str) -> Actor | None:
        """Who arrived by this link in this browser; None when nobody did, or too long ago."""
        return self._read_guest(cookies.get(self.guest_name(link)))

    def guests(self, cookies: Mapping[str, str]) -> list[Actor]:
        """Everybody who arrived in this browser, by whichever link."""
        start = f"{self._prefix}_guest_"
        found = (self._read_guest(value) for name, value in cookies.items() if name.startswith(start))
        return [actor for actor in found if actor]

    def set_guest(self, response: Response, link: str, actor: Actor) -> None:
        self._set(response, self.guest_name(link), self._guests.dumps(actor.claims()), GUEST_SECONDS)

    @property
    def question_name(self) -> str:
        """The name of the cookie that holds what a browser asked an organisation's provider."""
        return f"{self._prefix}_question"

    def question(self, cookies: Mapping[str, str]) -> dict[str, Any] | None:
        """What this browser asked a provider in the last minutes; None where it asked nothing."""
        try:
            found = self._questions.loads(cookies.get(self.question_name) or "", max_age=QUESTION_SECONDS)
        except BadData:
            return None
        return found if isinstance(found, dict) else None

    def set_question(self, response: Response, question: dict[str, Any]) -> None:
        """Lax, so that it comes along when the provider sends the browser back."""
        self._set(response, self.question_name, self._questions.dumps(question), QUESTION_SECONDS)

    def forget_question(self, response: Response) -> None:
        self._set(response, self.question_name, "", 0)

    def device(self, cookies: Mapping[str, str]) -> str | None:
        """This browser's id, if it has one that we gave."""
        value = cookies.get(f"{self._prefix}_device")
        try:
            found = self._devices.loads(value or "", max_age=DEVICE_SECONDS)
        except BadData:
            return None
        return found if isinstance(found, str) else None

    def give_device(self, response: Response, device_id: str | None = None) -> str:
        """A new id for a browser that has none, or the one that was spoken of already."""
        device_id = device_id or new_id()
        self._set(response, f"{self._prefix}_device", self._devices.dumps(device_id), DEVICE_SECONDS)
        return device_id

    def _read_guest(self, value: str | None) -> Actor | None:
        try:
            claims: Any = self._guests.loads(value or "", max_age=GUEST_SECONDS)
        except BadData:
            return None
        actor = Actor.from_claims(claims)
        return actor if actor.kind == "guest" else None

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="Lax")


def _serializer(key: bytes, purpose: str) -> URLSafeTimedSerializer:
    # a key of its own for each purpose, so that one kind of cookie is never taken for another
    secret = hmac.new(key, f"housecall cookie {purpose}".encode(), hashlib.sha256).digest()
    return URLSafeTimedSerializer(secret, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})
