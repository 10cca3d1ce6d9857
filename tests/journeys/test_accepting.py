"""Two clients of one invitation are let in together, and a stranger beside them only when it is meant."""

from typing import Any

from tests.journeys.client import Guest, Mailbox, Member, address


def test_those_invited_together_are_let_in_together_and_the_next_only_when_meant(
    stack: dict[str, Any], owner: Member, mailbox: Mailbox
) -> None:
    room, mia, tom = owner.post("/api/rooms", {"name": f"Together {address()}"}), address(), address()
    owner.invite(room["id"], f"{mia}, {tom}")
    with (
        Guest(stack, mailbox.join_link(mia)) as first,
        Guest(stack, mailbox.join_link(tom)) as second,
        Guest(stack, f"/join/room/{room['link']}") as stranger,
    ):
        together = [first.arrive("Mia Keller")["id"], second.arrive("Tom Keller")["id"]]
        last = stranger.arrive("Somebody Else")["id"]
        answered = owner.post("/api/callers/accept", {"caller_ids": together})["items"]
        assert [each["accepted"] for each in answered] == [True, True]
        asks = owner.request("POST", "/api/callers/next", {"room_id": room["id"]})
        assert (asks.status_code, asks.json()["confirm"], asks.json()["caller_id"]) == (409, "beside_client", last)
        meant = {"room_id": room["id"], "confirmed": True, "caller_id": last}
        assert owner.post("/api/callers/next", meant)["state"] == "admitted"
        for guest in (first, second, stranger):
            assert guest.get("/api/caller")["state"] == "admitted"
            guest.post("/api/caller/leave")
    owner.request("DELETE", f"/api/rooms/{room['id']}")
