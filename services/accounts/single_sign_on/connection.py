"""Who a member is at the organisation's provider."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Connection:
    """`subject_key` is the SHA-256 of organisation, issuer and subject together, `issuer_key` without the subject."""

    subject_key: str
    issuer_key: str
