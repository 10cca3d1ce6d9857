"""The signed statement of who asks, as JSON and back."""

from contracts.actor import Actor


def test_an_actor_survives_the_wire() -> None:
    actor = Actor(kind="member", id="m", organisation_id="o", roles=("owner", "provider"), name="Dr Smith")
    assert Actor.from_claims(actor.claims()) == actor


def test_claims_of_a_newer_version_are_ignored() -> None:
    assert Actor.from_claims({"kind": "public", "id": "public", "mood": "good"}) == Actor(kind="public", id="public")


def test_what_is_empty_does_not_travel() -> None:
    assert Actor(kind="public", id="public").claims() == {"kind": "public", "id": "public"}
