"""A mail's DKIM signature, as a mailbox checks it."""

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from plumbing.keys import KeyProblem
from services.invitations.compose import Composer
from services.invitations.signing import signer
from tests.unit.invitations.things import KEY, NOW, invitation, recipient, timed

PRIVATE = rsa.generate_private_key(65537, 2048)
PEM = PRIVATE.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
PUBLIC = base64.b64encode(
    PRIVATE.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
)


def in_dns(name: bytes, timeout: int = 5) -> bytes:
    assert name == b"housecall._domainkey.mail.example."
    return b"v=DKIM1; k=rsa; p=" + PUBLIC


def sealed(**who: str) -> bytes:
    sign = signer(PEM, "housecall", "mail.example")
    composer = Composer("https://housecall.example", "Housecall <no-reply@mail.example>", KEY, sign)
    return composer.mail(timed(recipient(**who)), recipient(**who), NOW).content


@pytest.mark.parametrize(
    "who", [{}, {"address": "mía@exämple.com", "name": "Mía"}, {"name": "\u0645\u064a\u0627 " * 20}]
)
def test_a_signed_mail_is_what_the_sender_sent(who: dict[str, str]) -> None:
    assert dkim.verify(sealed(**who), dnsfunc=in_dns)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Subject: ", b"Subject: Urgent: "),
        (b"Join the call", b"Send us money"),
        (b"Reply-To: ", b"Reply-To: x"),
        (b"From: ", b"From: somebody@evil.example\r\nFrom: "),
    ],
)
def test_what_is_changed_on_the_way_is_found_out(before: bytes, after: bytes) -> None:
    content = sealed()
    assert before in content.partition(b"\r\n\r\n")[0] + content.partition(b"\r\n\r\n")[2]
    assert not dkim.verify(content.replace(before, after, 1), dnsfunc=in_dns)


def test_a_mail_without_a_key_has_no_signature() -> None:
    composer = Composer("https://housecall.example", "Housecall <no-reply@mail.example>", KEY)
    assert b"DKIM-Signature" not in composer.mail(invitation(), recipient(), NOW).content


def test_a_key_that_is_none_is_refused_when_the_process_starts() -> None:
    with pytest.raises(KeyProblem, match="DKIM_KEY"):
        signer(b"-----BEGIN NOTHING-----", "housecall", "mail.example")
