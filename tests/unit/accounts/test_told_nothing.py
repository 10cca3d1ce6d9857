"""A wrong password and an unknown address cost one judged password each, and are answered alike."""

from typing import Any

import pytest

from contracts.actor import PUBLIC
from contracts.errors import NotSignedIn
from plumbing.ids import new_id
from plumbing.services import Call
from services.accounts import passwords
from services.accounts.entrypoints import signing_in
from services.accounts.entrypoints.signing_in import SigningIn
from services.accounts.member import SUSPENDED
from services.accounts.store import AccountsStore
from tests.fakes import FakeDatabase, FakeOutbox
from tests.unit.accounts.things import NOW, member


class Counting:
    """The hasher, which counts how often it judges, and against which parameters."""

    def __init__(self) -> None:
        self.judged: list[str] = []
        self._hasher = passwords._HASHER

    def verify(self, password: str, kept: str) -> bool:
        self.judged.append(kept.rpartition("$")[0].rpartition("$")[0])
        return self._hasher.verify(password, kept)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Signs in with an address; answers what was said, and what was judged for it."""
    counting = Counting()
    service = SigningIn()
    service.store = AccountsStore(FakeDatabase(), FakeOutbox())  # type: ignore[arg-type]
    organisation_id, kept = new_id(), passwords.hash_password("seven green kettles sing")
    for name, changes in (("known", {}), ("suspended", {"state": SUSPENDED}), ("by-provider", {"password_hash": None})):
        whose = {"email_key": f"{name}@example.com", "password_hash": kept, **changes}
        service.store.members.create(member(id=new_id(), organisation_id=organisation_id, **whose))
    monkeypatch.setattr(passwords, "_HASHER", counting)
    monkeypatch.setattr(signing_in, "off_hub", lambda work, *given: work(*given))
    monkeypatch.setattr(SigningIn, "tell_failure", lambda *_: None)

    def ask(email: str) -> tuple[dict[str, Any], list[str]]:
        counting.judged.clear()
        request = {"email": email, "password": "not it", "network": "203.0.113.7", "browser": "", "device": None}
        with pytest.raises(NotSignedIn) as refused:
            service.sign_in(request, Call(PUBLIC, new_id(), NOW, NOW.timestamp() + 5))
        return {"detail": refused.value.detail, **refused.value.extra}, list(counting.judged)

    return ask


@pytest.mark.parametrize("email", ["known@example.com", "suspended@example.com", "by-provider@example.com"])
def test_the_same_is_said_after_the_same_work_as_of_an_address_that_is_nobodys(asked: Any, email: str) -> None:
    said, judged = asked("nobody@example.com")
    assert len(judged) == 1
    assert asked(email) == (said, judged)
