"""What no journey causes of a consultation: bounced mails, lost pages and browsers, holding and muting."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from contracts import media_node
from contracts.actor import system
from plumbing.actor import Signer
from plumbing.rpc import RpcClient
from tests.contracts.arriving import arrive_where_something_is_asked
from tests.contracts.browser import Browser
from tests.contracts.organising import organise
from tests.journeys.client import Guest, Live, Mailbox, Member, address, eventually


def play_seldom_things(stack: dict[str, Any], keys: Path) -> None:
    """Play all of it on a running stack."""
    operator = RpcClient(stack["amqp_uri"], "operator", Signer.from_file("operator", str(keys / "operator/actor.pem")))
    try:
        organise(operator, stack)
        with Member(stack, "owner") as member:
            _book(member)
            _invite(member, Mailbox(stack))
            member.get("/api/events?limit=5")
        with Member(stack, "provider") as host:
            _go_and_come_back(host, stack)
            arrive_where_something_is_asked(host, stack, operator)
            asyncio.run(_consult(host, stack, operator))
    finally:
        operator.stop()


def _book(member: Member) -> None:
    made = member.post("/api/rooms", {"name": "For a while"})
    path = f"/api/rooms/{made['id']}"
    member.post(f"{path}/link")
    planned = {"local_start": f"{_day()}T09:00", "zone": "Europe/Berlin", "minutes": 15}
    session = member.post("/api/sessions", {"room_id": made["id"], "title": "A review", "planned": planned})
    member.get(f"/api/sessions?room_id={made['id']}&starts_from=2027-01-01T00:00:00Z&starts_until=2027-12-01T00:00:00Z")
    member.get(f"/api/sessions/{session['id']}")
    later = {"planned": {**planned, "minutes": 20}, "title": "Another review", "version": session["version"]}
    hosts = {"host_member_ids": session["host_member_ids"], "override": True}
    member.request("PATCH", f"/api/sessions/{session['id']}", {**later, **hosts})
    member.post(f"/api/sessions/{session['id']}/cancel")
    for path in ("callers", "invitations", "call"):
        member.get(f"/api/rooms/{made['id']}/{path}")
    for shown in ("Northside", None):
        clinic_id = member.get("/api/me")["organisation"]["clinics"][0]["id"]
        wording = {"neutral": False, "reply_to": "sender", "shown_name": shown}
        member.request("PATCH", "/api/settings/mail", {"clinic_id": clinic_id, **wording})
    member.get("/api/settings/mail")
    words = {"title": "A review", "message": "Please come.", "planned": planned, "language": "en"}
    member.post("/api/invitations/preview", {"room_id": made["id"], **words})
    known = member.get("/api/settings/reminders")
    for minutes in ([30], known["minutes_before"]):
        member.request("PUT", "/api/settings/reminders", {"minutes_before": minutes})


def _day() -> str:
    """Some day within three years, so that two recordings hardly book a host twice."""
    return (datetime.now(UTC) + timedelta(days=30 + secrets.randbelow(1000))).strftime("%Y-%m-%d")


def _invite(member: Member, mailbox: Mailbox) -> None:
    room_id = member.user_room()["id"]
    good, bad = address(), address().replace("@", "+bounce@")
    member.post("/api/invitations/check", {"recipients": f"Mia Kessler <{good}>, nobody"})
    planned = {"local_start": f"{_day()}T11:00", "zone": "Europe/Berlin", "minutes": 15}
    sent = member.invite(room_id, f"Mia Kessler <{good}>, {bad}", planned=planned, language="en")["invitation"]
    path = f"/api/invitations/{sent['id']}"
    eventually(
        lambda: {each["delivery"] for each in member.get(path)["recipients"]},
        lambda all_: "refused" in all_,
        "it bounced",
    )
    with Guest(member.stack, mailbox.join_link(good)) as client:
        caller = client.arrive("Mia")
        live = client.live()
        assert live.ask(type="subscribe", topic="caller")["type"] == "snapshot"
        member.get(f"/api/callers?room_id={room_id}")
        member.get(f"/api/callers/{caller['id']}")
        member.post(f"/api/callers/{caller['id']}/refuse", {"message": "Please come later."})
    recipient = next(each["id"] for each in sent["recipients"] if each["address"] == good)
    member.post(f"{path}/recipients/{recipient}/resend")
    member.post(f"{path}/recipients/{recipient}/revoke")


def _go_and_come_back(host: Member, stack: dict[str, Any]) -> None:
    """A guest's page is lost and comes back; then the guest goes."""
    room = host.user_room()
    with Guest(stack, f"/join/room/{room['link']}") as client:
        client.arrive("Omar B.")

        def is_connected() -> bool:
            return bool(client.get("/api/caller")["connected"])

        page = client.live()
        page.ask(type="subscribe", topic="caller")
        eventually(is_connected, bool, "the page is there")
        page.close()
        eventually(is_connected, lambda connected: not connected, "the page is lost")
        client.live().ask(type="subscribe", topic="caller")
        eventually(is_connected, bool, "the page is back")
        client.post("/api/caller/leave")


async def _consult(host: Member, stack: dict[str, Any], operator: RpcClient) -> None:
    """Two browsers in a call: one is lost and comes back, is held and muted, and is put out."""
    room = host.user_room()
    with Guest(stack, f"/join/room/{room['link']}") as client:
        caller = client.arrive("Mia K.")
        desk, phone = host.live(), client.live()
        host.post(f"/api/callers/{caller['id']}/accept")
        seat = _seat(desk, room_id=room["id"], device_id="desk")
        other = _seat(phone)
        at_desk, on_phone = Browser(desk, seat), Browser(phone, other)
        for browser in (at_desk, on_phone):
            await browser.connect()
        await _until(host, seat["call_id"], "connected", "connected")
        await on_phone.close()
        await _until(host, seat["call_id"], "connected", "reconnecting")
        on_phone = Browser(phone, _seat(phone))
        await on_phone.connect()
        await _until(host, seat["call_id"], "connected", "connected")
        _hold_and_mute(operator, other)
        phone.ask(type="call.unmute", participant_id=other["participant_id"], kind="audio")
        host.get(f"/api/rooms/{room['id']}/call")
        path = f"/api/calls/{seat['call_id']}"
        host.post(f"{path}/participants/{other['participant_id']}/remove")
        desk.ask(type="call.leave", participant_id=seat["participant_id"])
        eventually(lambda: host.get(path)["state"], lambda state: state == "ended", "the call has ended")
        for browser in (at_desk, on_phone):
            await browser.close()


def _seat(live: Live, **where: str) -> dict[str, Any]:
    answer = live.ask(type="call.join", **where)
    assert answer["type"] == "reply", answer
    seat: dict[str, Any] = answer["result"]
    return seat


async def _until(host: Member, call_id: str, *states: str) -> None:
    def read() -> list[str]:
        return sorted(each["state"] for each in host.get(f"/api/calls/{call_id}")["participants"])

    await asyncio.to_thread(eventually, read, lambda found: found == sorted(states), f"participants are {states}")


def _hold_and_mute(operator: RpcClient, seat: dict[str, Any]) -> None:
    """What media will tell the node once hosts can: as one of our own processes."""
    where = {"call_id": seat["call_id"], "participant_id": seat["participant_id"]}
    service = media_node.service_name(seat["node_id"])
    for command in (media_node.HOLD, media_node.UNHOLD):
        operator.call(command, where, system("operator"), service=service)
    operator.call(media_node.MUTE, {**where, "kind": "audio"}, system("operator"), service=service)
    operator.call(media_node.REPORT, {}, system("operator"), service=service)
