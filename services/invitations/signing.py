"""DKIM (RFC 6376): mails signed in the name of the sender's domain, so that mailboxes can tell them from forged ones."""

from collections.abc import Callable

import dkim

from plumbing.keys import KeyProblem

Sign = Callable[[bytes], bytes]

# those that a reader sees or that decide what becomes of the mail; From is named twice, so that none can be added (§8.15)
_SIGNED = (
    b"from", b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"auto-submitted", b"content-language",
    b"mime-version", b"content-type",
)  # fmt: skip


def unsigned(content: bytes) -> bytes:
    """The mail as it is: where no key is set."""
    return content


def signer(private_key: bytes, selector: str, domain: str) -> Sign:
    """Puts a DKIM-Signature in front of a mail. `private_key` is RSA in PEM; its public half is at `selector`._domainkey.`domain`.

    Raises KeyProblem for a key that cannot sign.
    """
    names = (selector.encode("ascii"), domain.encode("idna"))

    def sign(content: bytes) -> bytes:
        header: bytes = dkim.sign(
            content, *names, private_key, canonicalize=(b"relaxed", b"relaxed"), include_headers=list(_SIGNED)
        )
        return header + content

    try:
        sign(b"From: <somebody@example.com>\r\n\r\n")
    except Exception as error:  # noqa: BLE001 the library raises several kinds, some of them ValueError
        raise KeyProblem(f"DKIM_KEY is no RSA key in PEM: {type(error).__name__}") from None
    return sign
