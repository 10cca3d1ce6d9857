"""A client is handed over warmly: offered with a note, on hold while the two clinicians meet, and brought in once."""

from typing import Any

from tests.journeys.client import Guest, Live, Member, address, eventually
from tests.journeys.test_transfers import enter, is_in, join, state_of


def handover_on(screen: Live, state: str) -> dict[str, Any]:
    """The handover as that screen shows it, once it stands so."""

    def shown(frame: dict[str, Any]) -> bool:
        view = frame.get("view") or {}
        return str(frame.get("subject", "")).startswith("handover/") and view.get("state") == state

    view: dict[str, Any] = screen.wait_for(shown, f"a handover that is {state}")["view"]
    return view


def following(member: Member) -> Live:
    screen = member.live()
    assert screen.ask(type="subscribe", topic="handovers")["type"] == "snapshot"
    return screen


def emptied(member: Member, room: dict[str, Any]) -> dict[str, Any]:
    """The room without the call that another test may have left in it."""
    member.post(f"/api/calls/{enter(member, room)}/end")
    return room


def test_a_client_is_handed_over_after_the_two_have_spoken(
    stack: dict[str, Any], provider: Member, owner: Member
) -> None:
    here, there = owner.post("/api/rooms", {"name": f"Here {address()}"}), emptied(owner, owner.user_room())
    with Guest(stack, f"/join/room/{here['link']}") as mia:
        mia_id = mia.arrive("Mia Keller")["id"]
        first = enter(provider, here)
        provider.post(f"/api/callers/{mia_id}/accept")
        join(mia)
        hers, his = following(owner), following(provider)
        assert provider.live().ask(type="call.join", room_id=there["id"])["type"] == "error"

        to = owner.me["member"]["id"]
        offered = provider.post(f"/api/callers/{mia_id}/handovers", {"member_id": to, "note": "Her rash has spread."})
        assert handover_on(hers, "offered")["note"] == "Her rash has spread."
        assert "note" not in str(mia.get("/api/caller").keys())
        path = f"/api/handovers/{offered['id']}"
        assert provider.request("POST", f"{path}/complete", {}).status_code == 409
        owner.post(f"{path}/accept")
        assert handover_on(his, "accepted")["to_room_id"] == there["id"]

        [seat] = [each for each in provider.get(f"/api/calls/{first}")["participants"] if each["caller_id"] == mia_id]
        provider.post(f"/api/calls/{first}/participants/{seat['id']}/hold")
        second = enter(owner, there)
        # who has no business in this room is in its call, reads it live, and rules nothing of it
        assert enter(provider, there) == second
        room = provider.live()
        shown = room.ask(type="subscribe", topic=f"room:{there['id']}")
        assert any(item["subject"] == f"call/{second}" for item in shown["items"])
        assert provider.request("POST", f"/api/calls/{second}/end").status_code == 403
        assert not is_in(owner, second, mia_id)

        provider.post(f"{path}/complete", {})
        eventually(lambda: state_of(mia), lambda now: now == "admitted", "the client is let in")
        assert mia.get("/api/caller")["room_id"] == there["id"]
        join(mia)
        eventually(lambda: is_in(owner, second, mia_id), bool, "they are in the new call")
        eventually(lambda: is_in(owner, first, mia_id), lambda seated: not seated, "and out of the old one")
        room.wait_for(lambda frame: frame.get("subject") == f"call/{second}" and mia_id in str(frame), "both see them")
        assert handover_on(hers, "completed")["note"] == "Her rash has spread."
        mia.post("/api/caller/leave")
        closed = eventually(lambda: owner.get(path), lambda view: view["over_at"], "the handover is over")
        assert (closed["note"], closed["caller_name"]) == ("", "")
        owner.post(f"/api/calls/{second}/end")
        assert provider.live().ask(type="call.join", room_id=there["id"])["type"] == "error"
    owner.request("DELETE", f"/api/rooms/{here['id']}")


def test_a_handover_that_is_declined_leaves_the_client_where_they_are(
    stack: dict[str, Any], provider: Member, owner: Member
) -> None:
    here, there = owner.post("/api/rooms", {"name": f"Here {address()}"}), emptied(owner, owner.user_room())
    with Guest(stack, f"/join/room/{here['link']}") as mia:
        mia_id = mia.arrive("Mia Keller")["id"]
        enter(provider, here)
        provider.post(f"/api/callers/{mia_id}/accept")
        join(mia)
        wanted = {"member_id": owner.me["member"]["id"], "note": ""}
        path = f"/api/handovers/{provider.post(f'/api/callers/{mia_id}/handovers', wanted)['id']}"
        assert provider.request("POST", f"/api/callers/{mia_id}/handovers", wanted).status_code == 409
        assert provider.request("POST", f"{path}/decline", {}).status_code == 404
        declined = owner.post(f"{path}/decline", {"message": "In surgery until ten."})
        assert declined["decline_message"] == "In surgery until ten."
        assert provider.live().ask(type="call.join", room_id=there["id"])["type"] == "error"
        assert state_of(mia) == "in_call"
        # another is offered, kept in a note, and called off
        again = provider.post(f"/api/callers/{mia_id}/handovers", {**wanted, "note": "Look at her hand."})["id"]
        kept = provider.post(f"/api/handovers/{again}/note", {"kept": True})
        assert kept["note_kept"]
        assert provider.post(f"/api/handovers/{again}/withdraw")["state"] == "withdrawn"
        assert again in {each["id"] for each in provider.get("/api/handovers")["items"]}
        provider.post(f"/api/handovers/{again}/note", {"kept": False})
        assert again not in {each["id"] for each in provider.get("/api/handovers")["items"]}
        mia.post("/api/caller/leave")
    owner.request("DELETE", f"/api/rooms/{here['id']}")
