"""Where a browser goes after signing in: a path of ours, and nothing else."""

import pytest

from gateway.api.identity_provider_sign_ins import HOME, local_path


@pytest.mark.parametrize("path", ["/", "/rooms/1?a=b#c", "/settings/sign-in", "/help?next=https://example.com"])
def test_a_path_of_ours_stays(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None, "", "rooms", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
        "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", " //evil.example", "/" + "a" * 500, "//[", 7,
    ],
)  # fmt: skip
def test_whatever_leads_elsewhere_leads_home(path: object) -> None:
    assert local_path(path) == HOME
