"""Passwords and codes are guessed slowly, whoever guesses; and nobody is slowed by a stranger where they usually sign in."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

from plumbing.services import Call
from services.accounts import throttle
from services.accounts.entrypoints import Entrypoints
from services.accounts.guessing.bucket import OF_ADDRESS, OF_NETWORK, Bucket

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


def _buckets(what: str, address_key: str, network: str) -> list[tuple[str, Bucket]]:
    of_network = throttle.key_of(f"{what} of a network", network)
    of_address = throttle.key_of(f"{what} of an address", address_key)
    return [(of_network, OF_NETWORK), (of_address, OF_ADDRESS)]
