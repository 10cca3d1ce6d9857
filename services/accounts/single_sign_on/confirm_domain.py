"""`python -m services.accounts confirm-domain ORGANISATION_ID DOMAIN` lets an organisation's identity provider speak for an e-mail domain.

For whoever runs Housecall, and knows whose the domain is; the owner has entered it in Settings first. It needs the settings of
accounts, and a running accounts.
"""

import argparse
import sys

from contracts import single_sign_on
from contracts.actor import Actor
from contracts.errors import NotFound, Refused
from plumbing.actor import Signer
from plumbing.keys import KeyProblem
from plumbing.rpc import RpcClient
from plumbing.settings import SettingProblem, load

NAME = "confirm-domain"


def main(arguments: list[str]) -> int:
    """1 when accounts did not answer, 2 when something is wrong with what was given."""
    parser = argparse.ArgumentParser(prog=f"python -m services.accounts {NAME}", description=__doc__)
    parser.add_argument("organisation_id", metavar="ORGANISATION_ID")
    parser.add_argument("domain", metavar="DOMAIN")
    given = parser.parse_args(arguments)
    try:
        settings = load("accounts")
        client = RpcClient(settings.amqp_uri, "accounts", Signer.from_file("accounts", settings.actor_private_key))
    except (SettingProblem, KeyProblem) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    try:
        itself = Actor("system", "accounts", given.organisation_id)
        client.call(single_sign_on.CONFIRM_DOMAIN, {"domain": given.domain}, itself)
    except NotFound:
        sys.stderr.write("This organisation has not entered this domain in Settings, Sign-in.\n")
        return 2
    except Refused as refused:
        sys.stderr.write(f"{refused.detail}\n")
        return 1
    finally:
        client.stop()
    sys.stdout.write(f"{given.domain} counts for this organisation's provider from now on.\n")
    return 0
