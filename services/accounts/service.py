"""The entrypoints of accounts."""

from typing import Any

from nameko.extensions import DependencyProvider

from plumbing.keys import read_secret
from plumbing.outside import Outside
from plumbing.services import Calls, Store, runtime
from services.accounts.entrypoints.api_clients import ApiClients
from services.accounts.entrypoints.audit import AuditLog
from services.accounts.entrypoints.calendar_feeds import CalendarFeeds
from services.accounts.entrypoints.directory_groups import DirectoryGroups
from services.accounts.entrypoints.directory_tokens import DirectoryTokens
from services.accounts.entrypoints.directory_users import DirectoryUsers
from services.accounts.entrypoints.founding import Founding
from services.accounts.entrypoints.identity_provider_sign_ins import IdentityProviderSignIns
from services.accounts.entrypoints.identity_providers import IdentityProviders
from services.accounts.entrypoints.imports import Imports
from services.accounts.entrypoints.joining import Joining
from services.accounts.entrypoints.members import Members
from services.accounts.entrypoints.on_duty import OnDuty
from services.accounts.entrypoints.organisations import Organisations
from services.accounts.entrypoints.second_factor import SecondFactors
from services.accounts.entrypoints.security_keys import SecurityKeys
from services.accounts.entrypoints.sign_ins import SignIns
from services.accounts.entrypoints.signing_in import SigningIn
from services.accounts.single_sign_on.known_identity_providers import KnownIdentityProviders
from services.accounts.store import AccountsStore


class SafeProvider(DependencyProvider):
    """What the process is given, once for all calls: its key, its address, and the identity providers that it has come to know."""

    def setup(self) -> None:
        """Read the key. Raises KeyProblem."""
        settings = runtime.current().settings
        self.key = read_secret(settings.accounts_key)
        self.base_url = settings.base_url
        self.sign_up = settings.sign_up
        insecure = settings.environment != "production"
        self.known_identity_providers = KnownIdentityProviders(
            Outside(settings.providers_inside, settings.name_servers, insecure)
        )

    def get_dependency(self, worker_ctx: Any) -> "SafeProvider":
        """The one."""
        return self


class AccountsService(
    Founding,
    Organisations,
    OnDuty,
    Members,
    SigningIn,
    SignIns,
    AuditLog,
    Joining,
    SecondFactors,
    SecurityKeys,
    Imports,
    IdentityProviders,
    IdentityProviderSignIns,
    DirectoryTokens,
    DirectoryUsers,
    DirectoryGroups,
    CalendarFeeds,
    ApiClients,
):
    """Organisations, clinics, members, and the sign-in of a member; each subject is in a file of `entrypoints/`."""

    name = "accounts"
    store = Store(AccountsStore)
    calls = Calls()
    safe = SafeProvider()
