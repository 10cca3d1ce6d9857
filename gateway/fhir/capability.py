"""What this FHIR server can do: its CapabilityStatement (R5)."""

from typing import Any

_SEARCHED = {
    "Location": (("_id", "token"), ("name", "string"), ("status", "token")),
    "Appointment": (
        ("_id", "token"), ("date", "date"), ("location", "reference"), ("practitioner", "reference"), ("status", "token"),
    ),
}  # fmt: skip
LOCATION, APPOINTMENT = (frozenset(name for name, _ in _SEARCHED[kind]) for kind in ("Location", "Appointment"))


def statement(base_url: str) -> dict[str, Any]:
    """For `/fhir/metadata`."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-23",
        "kind": "instance",
        "software": {"name": "Housecall"},
        "implementation": {"description": "Housecall", "url": f"{base_url}/fhir"},
        "fhirVersion": "5.0.0",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "resource": [
                    {
                        "type": kind,
                        "interaction": [{"code": "read"}, {"code": "search-type"}],
                        "versioning": "versioned",
                        "searchParam": [{"name": name, "type": form} for name, form in searched],
                    }
                    for kind, searched in _SEARCHED.items()
                ],
            }
        ],
    }
