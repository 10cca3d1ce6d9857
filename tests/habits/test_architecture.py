"""What import-linter cannot say by itself: rules know no store, no bus and no clock."""

import ast
from pathlib import Path

import pytest
from importlinter.application.use_cases import FAILURE
from importlinter.application.use_cases import lint_imports as lint
from importlinter.configuration import configure

from tests.habits.tree import ROOT, name_of, sources

# what meets the outside in a service; every other module holds rules
OUTWARD = {"__main__", "service", "store"}
# the sending of mails talks to the outside by its nature
TALKS_OUTSIDE = {f"services/invitations/{name}.py" for name in ("carriers", "clerk", "postman", "sms_provider", "smtp")}
# as does asking an organisation's identity provider
TALKS_OUTSIDE |= {f"services/accounts/single_sign_on/{name}.py" for name in ("known_identity_providers",)}
# what rooms says of a room, or said last
TALKS_OUTSIDE.add("services/waiting/doors.py")
# commands for whoever runs Housecall, at a terminal
TALKS_OUTSIDE |= {
    f"services/accounts/{name}.py" for name in ("signing_up/invite_owner", "single_sign_on/confirm_domain")
}
# two documents that are made to agree, write after write
TALKS_OUTSIDE.add("services/rooms/places.py")
# as does the sending of webhooks
TALKS_OUTSIDE |= {f"services/integrations/webhooks/{name}.py" for name in ("desk", "posting")}
OUTSIDE = {
    *("pymongo", "bson", "nameko", "eventlet", "kombu", "amqp", "plumbing.services", "plumbing.rpc"),
    *("requests", "urllib.request", "urllib3", "http.client", "dns", "smtplib", "ssl", "socket", "flask", "subprocess"),
}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("time", "time"), ("time", "monotonic")}


def rules() -> list[Path]:
    return [
        path
        for path in sources("services")
        if path.stem not in OUTWARD
        and "services/media/node" not in name_of(path)
        and not {"store", "entrypoints"} & set(path.parts)
        and name_of(path) not in TALKS_OUTSIDE
    ]


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_imports_go_down_never_up_or_across(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    configure()
    assert lint(config_filename=str(ROOT / "pyproject.toml"), is_debug_mode=False, cache_dir=None) != FAILURE


def test_rules_know_no_framework_and_no_driver() -> None:
    outward = {
        name_of(path): found
        for path in rules()
        if (found := {name for name in imported(path) if any(f"{name}.".startswith(f"{each}.") for each in OUTSIDE)})
    }
    assert outward == {}


def test_rules_know_nothing_that_meets_the_outside_itself() -> None:
    outward = {name_of(path).removesuffix(".py").replace("/", ".") for path in set(sources("services")) - set(rules())}
    upward = {name_of(path): found for path in rules() if (found := imported(path) & outward)}
    assert upward == {}


def test_rules_are_given_the_time() -> None:
    clocks = {}
    for path in rules():
        read = [
            node.lineno
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and (node.func.value.id, node.func.attr) in CLOCKS
        ]
        if read:
            clocks[name_of(path)] = read
    assert clocks == {}


def test_what_services_offer_is_not_called_as_its_module() -> None:
    """Else whoever asks second gets the module, which the first import has put there."""
    from plumbing import services

    assert [name for name, place in services._PLACES.items() if name == place] == []
