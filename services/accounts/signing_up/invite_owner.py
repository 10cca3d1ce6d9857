"""`python -m services.accounts invite-owner ADDRESS` prints a link, good once and for seven days, by which a new organisation is made.

For whoever runs Housecall: it needs the settings of accounts, the database, and a plan that rooms knows. No mail is sent, so it
works on the first day. Whatever SIGN_UP says, this is the only other way in.
"""

import argparse
import sys

from contracts import rooms
from contracts.actor import system
from contracts.errors import Invalid, NotFound, Refused
from contracts.people import LANGUAGES
from plumbing import clock, mongo
from plumbing.actor import Signer
from plumbing.ids import new_id
from plumbing.keys import KeyProblem, read_secret
from plumbing.rpc import RpcClient
from plumbing.settings import SettingProblem, Settings, load
from services.accounts.addresses import read_address
from services.accounts.signing_up import sign_up
from services.accounts.signing_up.store import SignUps

NAME = "invite-owner"


def main(arguments: list[str]) -> int:
    """Print the link; 1 when something did not answer, 2 when something is wrong with what was given."""
    parser = argparse.ArgumentParser(prog=f"python -m services.accounts {NAME}", description=__doc__)
    parser.add_argument("email", metavar="ADDRESS", help="e-mail address of the owner to be")
    parser.add_argument("--plan", default="Premium", help="name or alias of the plan that it begins with")
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    given = parser.parse_args(arguments)
    try:
        settings = load("accounts")
        link = invite(settings, given.email, given.plan, given.language)
    except NotFound as unknown:
        sys.stderr.write(f"{unknown.detail} There are: {', '.join(unknown.extra.get('plans', []))}.\n")
        return 2
    except (SettingProblem, KeyProblem, Invalid) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    except Refused as refused:
        sys.stderr.write(
            f"Rooms did not say whether there is such a plan: {refused.detail}. Start the services first.\n"
        )
        return 1
    sys.stdout.write(f"{link}\n")
    return 0


def invite(settings: Settings, email: str, plan: str, language: str) -> str:
    """The link. Raises Invalid for what is no address, NotFound for a plan that there is not, Unavailable, KeyProblem."""
    address = read_address(email)
    key = read_secret(settings.accounts_key)
    client = RpcClient(settings.amqp_uri, "accounts", Signer.from_file("accounts", settings.actor_private_key))
    try:
        known = client.call(rooms.GET_PLAN, {"name": plan, "policy_version": None}, system("accounts"))
    finally:
        client.stop()
    database = mongo.connect(settings.mongo_uri, NAME)[f"{settings.database_prefix}accounts"]
    until = clock.now() + sign_up.LASTS_BY_OPERATOR
    begun = sign_up.begin(address, known["name"], language, key, id=new_id(), until=until, mail_due=False)
    SignUps(database["sign_ups"]).keep(begun)
    return sign_up.link_of(begun, settings.base_url, key)
