"""The secrets of one installation: made once, one directory for each kind of process, holding only what that kind needs.

`python -m deploy.secrets DIRECTORY [--owner UID --broker-owner UID]` makes what is missing and changes nothing that is there. A kind's
directory holds `amqp_password`, `actor.pem` (Ed25519, signs the actor it calls as) and `actors.json` (everybody's public
keys as a JWKS, RFC 7517 and 8037, `kid` is the kind); invitations also `link.key` and `bounce.key` (and `sms.key`, which the provider of texts gives), the gateway `cookie.key`, media and
coturn `turn.secret`. `rabbitmq/` holds the broker's definitions, `admin/amqp_password` its administrator's.
"""

import argparse
import base64
import json
import os
import secrets
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from deploy.local.files import write_whole
from deploy.rabbitmq.definitions import definitions
from deploy.rabbitmq.permissions import KINDS

ACTOR_PRIVATE_KEY = "actor.pem"
ACTOR_PUBLIC_KEYS = "actors.json"
AMQP_PASSWORD = "amqp_password"  # noqa: S105, the file's name
LINK_KEY = "link.key"
SMS_KEY = "sms.key"
BOUNCE_KEY = "bounce.key"
COOKIE_KEY = "cookie.key"
ACCOUNTS_KEY = "accounts.key"
INTEGRATIONS_KEY = "integrations.key"
TURN_SECRET = "turn.secret"  # noqa: S105, the file's name


def make_secrets(directory: Path) -> None:
    """Make every secret that is missing under `directory`, each file readable by its owner only."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o711)
    public = {"keys": [_public_key(kind, _private_key(directory / kind)) for kind in KINDS]}
    for kind in KINDS:
        write_whole(directory / kind / ACTOR_PUBLIC_KEYS, json.dumps(public, indent=2) + "\n", 0o600)
    passwords = {kind: _secret_text(directory / kind / AMQP_PASSWORD) for kind in (*KINDS, "admin")}
    _secret_text(directory / "invitations" / LINK_KEY)
    _secret_text(directory / "invitations" / BOUNCE_KEY)
    _secret_text(directory / "gateway" / COOKIE_KEY)
    _secret_text(directory / "accounts" / ACCOUNTS_KEY)
    _secret_text(directory / "integrations" / INTEGRATIONS_KEY)
    turn = _secret_text(directory / "media" / TURN_SECRET)
    write_whole(directory / "coturn" / TURN_SECRET, turn, 0o600)
    # always anew, because the permissions in it may have changed
    broker = json.dumps(definitions(passwords), indent=2) + "\n"
    write_whole(directory / "rabbitmq" / "definitions.json", broker, 0o600)


def make_sms_secret(directory: Path) -> None:
    """Make what elsewhere the provider of texts gives, where that is one of ours."""
    _secret_text(directory / "invitations" / SMS_KEY)


def amqp_password(directory: Path, user: str) -> str:
    """Return a broker user's password from the secrets under `directory`."""
    return (directory / user / AMQP_PASSWORD).read_text()


def _private_key(directory: Path) -> Ed25519PrivateKey:
    path = directory / ACTOR_PRIVATE_KEY
    if path.exists():
        key = load_pem_private_key(path.read_bytes(), password=None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    made = Ed25519PrivateKey.generate()
    write_whole(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(), 0o600)
    return made


def _public_key(kind: str, key: Ed25519PrivateKey) -> dict[str, str]:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "kid": kind,
        "use": "sig",
        "x": base64.urlsafe_b64encode(raw).rstrip(b"=").decode(),
    }


def _secret_text(path: Path) -> str:
    """Return the 256 bits kept at `path` as URL-safe text, made now if there are none."""
    if not path.exists():
        write_whole(path, secrets.token_urlsafe(32), 0o600)
    return path.read_text()


def _give(directory: Path, owner: int) -> None:
    for path in (directory, *directory.rglob("*")):
        os.chown(path, owner, -1)


def main() -> int:
    """Make the secrets, and give them to the user that the processes run as."""
    parser = argparse.ArgumentParser(prog="python -m deploy.secrets", description="Make the secrets that are missing.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--owner", type=int, help="numeric user id that shall own them")
    parser.add_argument("--broker-owner", type=int, help="numeric user id that shall own the broker's definitions")
    chosen = parser.parse_args()
    make_secrets(chosen.directory)
    if chosen.owner is not None:
        _give(chosen.directory, chosen.owner)
    if chosen.broker_owner is not None:
        _give(chosen.directory / "rabbitmq", chosen.broker_owner)
    return 0


if __name__ == "__main__":
    sys.exit(main())
