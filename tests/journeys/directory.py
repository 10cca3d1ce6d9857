"""A directory as the journeys play it: what an identity provider sends by SCIM 2.0."""

from typing import Any

import requests

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


class Directory:
    """Comes with the token that an owner made."""

    def __init__(self, stack: dict[str, Any], token: str) -> None:
        self._base = f"{stack['base_url']}/scim/v2"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's body; fails for an error."""
        answer = requests.request(method, self._base + path, json=body, headers=self._headers, timeout=20)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def user(self, email: str, called: str, **more: Any) -> Any:
        """A user, made."""
        emails = [{"value": email, "type": "work", "primary": True}]
        said = {"schemas": [USER], "userName": email, "displayName": called, "emails": emails, "active": True}
        return self.ask("POST", "/Users", {**said, **more})

    def group(self, name: str, *members: Any) -> Any:
        """A group, made, with members."""
        values = [{"value": each["id"]} for each in members]
        return self.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": name, "members": values})

    def patch(self, path: str, *operations: dict[str, Any]) -> Any:
        """The resource after the operations."""
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})
