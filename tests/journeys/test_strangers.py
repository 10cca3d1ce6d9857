"""What a stranger is answered at each door that takes an address: the same to the byte, whoever's it is."""

from typing import Any

import pytest

from tests.journeys.client import Visitor, address

# different in every answer
_OWN = {"date", "x-request-id", "traceparent"}


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/api/sign-ins", {"password": "not the right one"}),
        ("/api/password-resets", {}),
        ("/api/sign-ups", {"language": "en"}),
        ("/api/lost-links", {}),
    ],
)
def test_no_answer_tells_whether_an_address_is_a_members(
    visitor: Visitor, stack: dict[str, Any], path: str, more: dict[str, str]
) -> None:
    def answer(email: str) -> tuple[int, bytes, dict[str, str]]:
        found = visitor.request("POST", path, {"email": email, **more})
        headers = {name.lower(): value for name, value in found.headers.items()}
        return found.status_code, found.content, {name: headers[name] for name in headers.keys() - _OWN}

    known = next(member["email"] for member in stack["members"] if member["role"] == "reporter")
    # as long as the known one, so that nothing differs but whose it is
    unknown = address()[-len(known) :]
    assert answer(known) == answer(unknown)


def test_a_step_that_is_over_and_one_that_never_was_are_answered_alike(visitor: Visitor) -> None:
    """A security key is asked for by the secret of a step alone, which only the right password gives."""
    answers = [visitor.request("POST", "/api/sign-ins/security-key/begin", {"step": step * 43}) for step in "ab"]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
