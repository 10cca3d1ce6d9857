"""RabbitMQ's definitions: the virtual host, a user for each kind of process, and their permissions."""

import base64
import hashlib
import secrets
from typing import Any

from deploy.rabbitmq.permissions import KINDS, RPC, VIRTUAL_HOST, permission_of, whole


def password_hash(password: str) -> str:
    """Return `password` as RabbitMQ stores it: base64 of a 4-byte salt and SHA-256 of salt and password."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def user(name: str, password: str, tags: str = "") -> dict[str, Any]:
    """Return one user as the definitions name it; `tags` is `administrator` or nothing."""
    return {
        "name": name,
        "password_hash": password_hash(password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags,
        "limits": {},
    }


def definitions(passwords: dict[str, str]) -> dict[str, Any]:
    """Return what the broker loads at its start; `passwords` holds one for each of KINDS, and `admin`'s."""
    permissions = {kind: permission_of(kind) for kind in KINDS}
    return {
        "users": [
            user("admin", passwords["admin"], tags="administrator"),
            *(user(kind, passwords[kind]) for kind in KINDS),
        ],
        "vhosts": [{"name": "/"}, {"name": VIRTUAL_HOST}],
        "permissions": [
            *(
                {"user": "admin", "vhost": host, "configure": ".*", "write": ".*", "read": ".*"}
                for host in ("/", VIRTUAL_HOST)
            ),
            *(
                {
                    "user": kind,
                    "vhost": VIRTUAL_HOST,
                    "configure": whole(permission.configure),
                    "write": whole(permission.write),
                    "read": whole(permission.read),
                }
                for kind, permission in permissions.items()
            ),
        ],
        "topic_permissions": [
            {
                "user": kind,
                "vhost": VIRTUAL_HOST,
                "exchange": RPC,
                "write": whole(permission.calls),
                "read": whole(permission.answers),
            }
            for kind, permission in permissions.items()
        ],
    }
