"""Makes the demonstration's organisation through the commands that any operator would use; safe to run again.

What it needs to be the same the next time (ids of the commands, passwords) is kept in `demo-seed.json`, so that a repeated
command is a repetition and not a second organisation.
"""

import json
import os
import secrets
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from contracts.accounts import ADD_MEMBER, CREATE_ORGANISATION
from contracts.actor import Actor, system
from contracts.command import Command
from contracts.errors import Refused, Unavailable
from deploy.local.files import read_json, run_directory, write_json
from plumbing.actor import Signer
from plumbing.ids import new_id
from plumbing.rpc import RpcClient

OPERATOR = "operator"
OWNER = ("owner", "Olive Owner")
OTHERS = (
    ("admin", "Adam Admin"),
    ("coordinator", "Cora Coordinator"),
    ("provider", "Dr Smith"),
    ("reporter", "Rita Reporter"),
)
PATIENCE_SECONDS = 60.0


def make(client: RpcClient, seed: dict[str, Any]) -> list[dict[str, str]]:
    """Make the organisation and its members as `seed` says; returns email, password, role and name of each."""
    people = [_person(role, name, seed) for role, name in (OWNER, *OTHERS)]
    owner = {key: people[0][key] for key in ("email", "name", "password", "role")}
    request = {
        "name": "Example Health",
        "plan": "premium",
        "zone": "Australia/Sydney",
        "clinic_name": "Example Clinic",
        "contact_phone": "+61 2 5550 0000",
        "contact_email": "reception@example.com",
        "owner": owner,
    }
    organisation = _call(client, CREATE_ORGANISATION, request, system(OPERATOR), seed["organisation"])
    clinics = [clinic["id"] for clinic in organisation["clinics"]]
    actor = replace(system(OPERATOR), organisation_id=organisation["id"])
    for person in people[1:]:
        member = {**person, "clinic_ids": clinics}
        _call(client, ADD_MEMBER, member, actor, seed["members"][person["role"]]["command_id"])
    return people


def seed_in(path: Path) -> dict[str, Any]:
    """Return what the demonstration is made from, chosen at the first call."""
    seed: dict[str, Any] | None = read_json(path)
    if seed is None:
        members = {
            role: {"command_id": new_id(), "password": secrets.token_urlsafe(12)} for role, _ in (OWNER, *OTHERS)
        }
        seed = {"organisation": new_id(), "members": members}
        write_json(path, seed, mode=0o600)
    return seed


def _person(role: str, name: str, seed: dict[str, Any]) -> dict[str, str]:
    return {
        "email": f"{role}@example.com",
        "name": name,
        "role": role,
        "password": seed["members"][role]["password"],
    }


def _call(
    client: RpcClient, command: Command, payload: dict[str, Any], actor: Actor, command_id: str
) -> dict[str, Any]:
    """Call until it is answered; the same command id makes every repetition harmless."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return dict(client.call(command, payload, actor, command_id=command_id, timeout=5.0))
        except Unavailable:
            if time.monotonic() > deadline:
                raise


def main() -> int:
    """Make it with the settings of the environment, and print the members as JSON."""
    seed = seed_in(run_directory() / "demo-seed.json")
    sign = Signer.from_file(OPERATOR, os.environ["ACTOR_PRIVATE_KEY"])
    client = RpcClient(os.environ["AMQP_URI"], OPERATOR, sign)
    try:
        people = make(client, seed)
    except Refused as refusal:
        print(f"{type(refusal).__name__}: {refusal} {refusal.extra}", file=sys.stderr)
        return 1
    print(json.dumps(people))
    return 0


if __name__ == "__main__":
    sys.exit(main())
