"""The entrypoints of accounts that fill files of their own; `services.accounts.service` puts them together."""

from plumbing.services import Caller
from services.accounts.store import AccountsStore


class Entrypoints:
    """What each of them stands on."""

    store: AccountsStore
    calls: Caller
