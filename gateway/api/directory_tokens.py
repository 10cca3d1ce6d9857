"""Tokens by which a directory keeps members (SCIM 2.0, under /scim/v2)."""

from contracts import directory
from gateway.api.area import Area

area = Area("directory_tokens", "Tokens by which a directory keeps members by SCIM 2.0, under /scim/v2")

area.answers("GET", "/directory-tokens", directory.LIST_DIRECTORY_TOKENS, "Those that open something, newest first.")
area.answers(
    "POST", "/directory-tokens", directory.MAKE_DIRECTORY_TOKEN, "One more; its text is answered this once.", status=201
)
area.answers(
    "DELETE",
    "/directory-tokens/<id:token_id>",
    directory.REVOKE_DIRECTORY_TOKEN,
    "It opens nothing from the next request on. Whom it brought stays.",
)
