"""Takes secrets out of a message before it is kept: what opens something is replaced by what plainly opens nothing."""

import re
from typing import Any

# value by field name; each still fits its field
FAKES = {
    "password": "recorded-password",
    "current_password": "recorded-password",
    "token": "recorded-token",
    "step": "recorded-step",
    "code": "recorded-code",
    "secret": "recorded-secret",
    "key_secret": "recorded-secret",
    "access_token": "recorded-token",
    "refresh_token": "recorded-token",
    "uri": "recorded-uri",
    "recovery_codes": "recorded-code",
    "credential": "recorded-credential",
    "challenge": "recorded-challenge",
    "clientDataJSON": "recorded-client-data",
    "attestationObject": "recorded-attestation",
    "authenticatorData": "recorded-authenticator-data",
    "signature": "recorded-signature",
    "username": "recorded-username",
    "device_id": "recorded-device",
    "client_secret": "recorded-secret",
    "provider_state": "recorded-provider-state",
    "nonce": "recorded-nonce-of-a-question",
    "verifier": "recorded-verifier-that-is-as-long-as-one-must-be",
    "location": "recorded-location",
    "link": "recorded-link",
    "entry_url": "recorded-link",
    "network": "192.0.2.0/24",
}
_IN_SDP = [
    (re.compile(r"^a=ice-ufrag:[^\r\n]*", re.MULTILINE), "a=ice-ufrag:fake"),
    (re.compile(r"^a=ice-pwd:[^\r\n]*", re.MULTILINE), "a=ice-pwd:recordedrecordedrecorded"),
    (re.compile(r"^a=fingerprint:(\S+) [^\r\n]*", re.MULTILINE), r"a=fingerprint:\1 00:00:00:00"),
    # 192.0.2.0/24 is for documentation (RFC 5737)
    (re.compile(r"^a=candidate:[^\r\n]*", re.MULTILINE), "a=candidate:1 1 udp 2130706431 192.0.2.1 9 typ host"),
    (re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b"), "192.0.2.1"),
]


def scrubbed(value: Any, name: str = "") -> Any:
    """Return a copy of a message without anything secret in it."""
    if isinstance(value, dict):
        return {key: scrubbed(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [scrubbed(part, name) for part in value]
    if isinstance(value, str) and name == "sdp":
        for pattern, fake in _IN_SDP:
            value = pattern.sub(fake, value)
        return value
    if isinstance(value, str) and name in FAKES:
        # an address stays an address
        return f"https://housecall.example/{FAKES[name]}" if "://" in value else FAKES[name]
    return value
