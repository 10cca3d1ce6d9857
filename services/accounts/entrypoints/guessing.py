"""Passwords and codes are guessed slowly, whoever guesses; and nobody is slowed by a stranger where they usually sign in."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

from contracts.errors import Invalid, NotSignedIn
from plumbing.services import Call, off_hub
from services.accounts import sign_in, throttle
from services.accounts.entrypoints import Entrypoints
from services.accounts.guessing.bucket import OF_ADDRESS, OF_NETWORK, Bucket
from services.accounts.member import Member
from services.accounts.passwords import is_password

# what to do when the guess was right
Right = Callable[[], None]


class Guessing(Entrypoints):
    """What signing in stands on; answers no command itself."""

    def count_guess(self, what: str, address_key: str, request: dict[str, Any], call: Call) -> Right:
        """Counted before it is looked at, alike for addresses that are nobody's. Raises TooMany, and then counts nothing.

        From a device that this address has signed in from, only what was tried there counts. From elsewhere all that counts
        for the network, for the address, and for both together.
        """
        device = throttle.device_key(address_key, request["device"]) if request["device"] else None
        if device and self.store.guesses.knows_device(device, call.now):
            tries = throttle.key_of(f"{what} {device}", None)
            self.store.count_try(tries, call.now)
            return partial(self.store.forget_tries, tries)
        network = throttle.network_of(request["network"])
        tries = throttle.key_of(f"{what} {address_key}", network)
        with ExitStack() as counted:
            for key, bucket in _buckets(what, address_key, network):
                self.store.guesses.spend(key, bucket, call.now)
                counted.callback(self.store.guesses.give_back, key, bucket)
            self.store.count_try(tries, call.now)
            counted.callback(self.store.forget_tries, tries)
            return counted.pop_all().close

    def prove_again(self, password: str | None, call: Call) -> None:
        """Who changes how they sign in has just signed in, or knows the password.

        Raises Invalid (`reason`) where neither is so, NotSignedIn for a wrong password, TooMany for guesses.
        """
        found: Member = self.store.members.get(call.actor.id, call.organisation_id)
        if password is None:
            if not self._just_signed_in(call):
                raise _not_proved(found)
            return
        tries = throttle.key_of(f"code {found.id}", None)
        self.store.count_try(tries, call.now)
        if not off_hub(is_password, password, found.password_hash):
            raise NotSignedIn("The password is not right.")
        self.store.forget_tries(tries)

    def _just_signed_in(self, call: Call) -> bool:
        if not call.actor.sign_in_id:
            return False
        return sign_in.is_fresh(self.store.sign_ins.get(call.actor.sign_in_id, call.organisation_id), call.now)


def _not_proved(who: Member) -> Invalid:
    if who.password_hash:
        detail, reason = "You signed in a while ago. Type your password, to show that it is you.", "password_needed"
    else:
        detail, reason = "Sign in again, and repeat this within ten minutes.", "sign_in_again"
    return Invalid(detail, reason=reason, errors=[{"pointer": "/password", "detail": detail}])


def _buckets(what: str, address_key: str, network: str) -> list[tuple[str, Bucket]]:
    of_network = throttle.key_of(f"{what} of a network", network)
    of_address = throttle.key_of(f"{what} of an address", address_key)
    return [(of_network, OF_NETWORK), (of_address, OF_ADDRESS)]
