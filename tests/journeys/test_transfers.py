"""A client is put back to the queue, taken again, and handed on to a colleague; their page and link go on all the while."""

from typing import Any

from tests.journeys.client import Guest, Member, address, eventually


def state_of(guest: Guest) -> str:
    return str(guest.get("/api/caller")["state"])


def enter(member: Member, room: dict[str, Any]) -> str:
    """The id of the call in the room, with the member in it."""
    reply = member.live().ask(type="call.join", room_id=room["id"])
    assert reply["type"] == "reply"
    return str(reply["result"]["call_id"])


def is_in(member: Member, call_id: str, caller_id: str) -> bool:
    participants = member.get(f"/api/calls/{call_id}")["participants"]
    return caller_id in {each["caller_id"] for each in participants if each["state"] != "left"}


def join(guest: Guest) -> None:
    assert guest.live().ask(type="call.join")["type"] == "reply"
    eventually(lambda: state_of(guest), lambda now: now == "in_call", "the client is in the call")


def test_a_client_is_put_back_taken_again_and_handed_on_to_a_colleague(
    stack: dict[str, Any], provider: Member, owner: Member
) -> None:
    here, there = owner.post("/api/rooms", {"name": f"Here {address()}"}), owner.user_room()
    with Guest(stack, f"/join/room/{here['link']}") as mia:
        mia_id = mia.arrive("Mia Keller")["id"]
        first = enter(provider, here)
        path = f"/api/callers/{mia_id}"
        provider.post(f"{path}/accept")
        join(mia)
        waiting = provider.live()
        assert waiting.ask(type="subscribe", topic=f"room:{here['id']}")["type"] == "snapshot"

        held = provider.post(f"{path}/hold")
        assert (held["state"], held["held"]["member_name"]) == ("waiting", provider.me["member"]["name"])
        eventually(lambda: is_in(provider, first, mia_id), lambda seated: not seated, "the seat is given up")
        assert state_of(mia) == "waiting"
        provider.post(f"{path}/accept")
        join(mia)

        places = provider.get("/api/callers/destinations")["items"]
        assert there["id"] in {each["id"] for each in places if each["kind"] == "room"}
        assert owner.request("POST", f"{path}/transfer", {}).status_code in (403, 422)
        moved = provider.post(f"{path}/transfer", {"room_id": there["id"]})
        assert (moved["state"], moved["room_id"], moved["transferred"]["to_name"]) == (
            "waiting",
            there["id"],
            there["name"],
        )
        waiting.wait_for(
            lambda frame: frame.get("type") == "change" and frame.get("view") is None and mia_id in str(frame),
            "they are gone from the first room's screen",
        )
        assert provider.request("GET", path).status_code in (403, 404)
        assert mia.arrive("Mia Keller")["id"] == mia_id
        assert state_of(mia) == "waiting"
        second = enter(owner, there)
        owner.post(f"{path}/accept")
        join(mia)
        eventually(lambda: is_in(owner, second, mia_id), bool, "they are in the new call")
        assert owner.get(path)["transferred"]["previous_call_id"] == first
        mia.post("/api/caller/leave")
        eventually(lambda: owner.get(path)["state"], lambda now: now == "left", "the client has left")
    owner.request("DELETE", f"/api/rooms/{here['id']}")


def test_nobody_is_handed_on_to_a_place_that_is_none_or_closed(
    stack: dict[str, Any], provider: Member, owner: Member
) -> None:
    room = provider.user_room()
    with Guest(stack, f"/join/room/{room['link']}") as mia:
        path = f"/api/callers/{mia.arrive('Mia Keller')['id']}"
        closed = owner.post("/api/rooms", {"name": f"Closed {path[-8:]}"})
        owner.request("DELETE", f"/api/rooms/{closed['id']}")
        nowhere = "01920000-0000-7000-8000-000000000000"
        for asked, status in (
            ({}, 422),
            ({"room_id": room["id"], "area_id": nowhere}, 422),
            ({"room_id": nowhere}, 404),
            ({"area_id": nowhere}, 404),
            ({"room_id": closed["id"]}, 404),
            ({"room_id": room["id"]}, 409),
        ):
            refused = provider.request("POST", f"{path}/transfer", asked)
            assert refused.status_code == status, (asked, refused.text)
        assert state_of(mia) == "waiting"
        mia.post("/api/caller/leave")
