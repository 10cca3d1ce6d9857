"""What this SCIM service can do (RFC 7643 §5 to §7): its configuration, kinds of resources, and schemas."""

from typing import Any

from contracts.directory_schemas import GROUP, GROUP_URN, USER, USER_URN

_CORE = "urn:ietf:params:scim:schemas:core:2.0"
MOST_RESULTS = 200


def configuration(base_url: str) -> dict[str, Any]:
    """RFC 7643 §5."""
    no = {"supported": False}
    return {
        "schemas": [f"{_CORE}:ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST_RESULTS},
        "changePassword": no,
        "sort": no,
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "A token that an owner makes in Settings, Directory.",
                "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
                "primary": True,
            }
        ],
        "meta": _meta("ServiceProviderConfig", f"{base_url}/ServiceProviderConfig"),
    }


def resource_types(base_url: str) -> list[dict[str, Any]]:
    """RFC 7643 §6."""
    kinds = (("User", "Users", USER_URN, "A member."), ("Group", "Groups", GROUP_URN, "A clinic, or a role."))
    return [
        {
            "schemas": [f"{_CORE}:ResourceType"],
            "id": name,
            "name": name,
            "endpoint": f"/{place}",
            "description": about,
            "schema": urn,
            "meta": _meta("ResourceType", f"{base_url}/ResourceTypes/{name}"),
        }
        for name, place, urn, about in kinds
    ]


def schemas(base_url: str) -> list[dict[str, Any]]:
    """RFC 7643 §7."""
    kinds = (("User", "A member.", USER_URN, USER), ("Group", "A clinic, or a role.", GROUP_URN, GROUP))
    return [
        {
            "schemas": [f"{_CORE}:Schema"],
            "id": urn,
            "name": name,
            "description": about,
            "attributes": attributes,
            "meta": _meta("Schema", f"{base_url}/Schemas/{urn}"),
        }
        for name, about, urn, attributes in kinds
    ]


def _meta(kind: str, location: str) -> dict[str, str]:
    return {"resourceType": kind, "location": location}
