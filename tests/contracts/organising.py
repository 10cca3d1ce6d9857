"""What no journey causes of those who run an organisation: founding it, its plan, its rooms' settings, its members."""

from typing import Any

from contracts import accounts, rooms
from contracts.actor import Actor, system
from plumbing.rpc import RpcClient
from tests.contracts.bringing import bring_members
from tests.contracts.carrying import carry_a_key
from tests.contracts.connecting import connect_a_program, keep_sessions_as_a_program
from tests.contracts.hooking import keep_a_webhook
from tests.contracts.providing import sign_in_elsewhere
from tests.contracts.queueing import queue_in_an_area
from tests.journeys.client import Mailbox, Visitor, address, eventually, link_in

_PASSWORD = "a password of a recording"
_OPERATOR = "operator"


def organise(operator: RpcClient, stack: dict[str, Any]) -> None:
    """Play all of it, in an organisation made for it."""
    email = _found(operator)
    with Visitor(stack) as somebody:
        _sign_up(somebody, Mailbox(stack))
    with Visitor(stack) as owner, Visitor(stack) as elsewhere:
        for browser in (owner, elsewhere):
            browser.post("/api/sign-ins", {"email": email, "password": _PASSWORD})
        _change_plans(owner)
        queue_in_an_area(owner, stack)
        _change_settings(owner)
        _change_members(owner)
        bring_members(owner, stack)
        carry_a_key(owner, stack)
        connect_a_program(owner, stack)
        keep_a_webhook(owner)
        keep_sessions_as_a_program(owner, stack)
        _change_organisation(owner)
        _be_on_duty(owner)
        _read_audit(owner)
        sign_in_elsewhere(operator, owner)
        ended = next(each["id"] for each in owner.get("/api/sign-ins")["items"] if not each["current"])
        for path in (f"/api/sign-ins/{ended}", "/api/sign-ins", "/api/sign-ins/current"):
            owner.request("DELETE", path).raise_for_status()


def _found(operator: RpcClient) -> str:
    """A small organisation, made as an operator does; returns its owner's address."""
    email = address()
    owner = {"email": email, "name": "Olga Owner", "role": "owner", "password": _PASSWORD, "language": "de"}
    request = {"name": "Small Practice", "plan": "essentials", "contact_phone": "+49 30 5550", "owner": owner}
    request |= {"zone": "Europe/Berlin", "language": "de", "clinic_name": "Practice", "contact_email": address()}
    made = operator.call(accounts.CREATE_ORGANISATION, request, system(_OPERATOR))
    itself = Actor("system", _OPERATOR, made["id"])
    operator.call(accounts.CREATE_CLINIC, {"name": "Second Clinic"}, itself)
    operator.call(rooms.GET_PLAN, {"name": "essentials", "policy_version": made["policy_version"]}, itself)

    def names() -> list[str]:
        return [room["name"] for room in operator.call(rooms.LIST_ROOMS, {}, itself)["items"]]

    eventually(names, lambda found: len(found) == 2, "the first rooms are there")
    return email


def _change_plans(owner: Visitor) -> None:
    refused = owner.request("POST", "/api/rooms", {"name": "One too many"})
    assert refused.status_code == 403, refused.text
    owner.get("/api/plans?policy_version=1")
    _take(owner, "Premium")
    for name in ("A second", "A third"):
        owner.post("/api/rooms", {"name": name})
    owner.get("/api/plan/preview?plan=essentials&policy_version=1")
    _take(owner, "Essentials")
    eventually(lambda: _states(owner), lambda states: "suspended" in states, "rooms are suspended")
    owner.get("/api/plan/preview?plan=premium")
    _take(owner, "Premium")
    eventually(lambda: _states(owner), lambda states: "suspended" not in states, "rooms are back")
    spare = next(room["id"] for room in owner.get("/api/rooms")["items"] if room["name"] == "A third")
    owner.request("DELETE", f"/api/rooms/{spare}?confirm=true").raise_for_status()


def _take(owner: Visitor, plan: str) -> None:
    owner.request("PUT", "/api/plan", {"plan": plan, "policy_version": 1}).raise_for_status()
    eventually(lambda: owner.get("/api/plan")["plan"]["name"], lambda name: name == plan, f"the plan is {plan}")


def _states(owner: Visitor) -> set[str]:
    return {room["state"] for room in owner.get("/api/rooms")["items"]}


def _change_settings(owner: Visitor) -> None:
    question = {"label": "Who is with you?", "kind": "choice", "choices": ["Nobody", "Family"]}
    own = {"entry_fields": [question], "waiting_content": "We are with you soon.", "confirm_before_joining": True}
    for_clinic = {**own, "largest_number": 6}
    for_all = {**for_clinic, "consent_text": "This call is not recorded."}
    clinic_id = owner.get("/api/me")["organisation"]["clinics"][0]["id"]
    room = next(room for room in owner.get("/api/rooms")["items"] if room["kind"] == "meeting")
    version = owner.get("/api/settings/rooms")["version"]
    changes = (
        ("/api/settings/rooms", {"settings": for_all, "locked": ["consent_text"], "version": version}),
        (f"/api/clinics/{clinic_id}/settings/rooms", {"settings": for_clinic, "locked": ["largest_number"]}),
        (
            f"/api/rooms/{room['id']}",
            {"name": "With questions", "clinic_id": clinic_id, "settings": own, "version": room["version"]},
        ),
        (f"/api/rooms/{room['id']}", {"locked": True}),
        (f"/api/rooms/{room['id']}", {"locked": False}),
    )
    for path, change in changes:
        owner.request("PATCH", path, change).raise_for_status()
    owner.get("/api/settings/rooms")
    owner.get(f"/api/rooms/{room['id']}")


def _change_members(owner: Visitor) -> None:
    clinic_ids = [clinic["id"] for clinic in owner.get("/api/me")["organisation"]["clinics"]]
    new = {"email": address(), "name": "Paul Provider", "role": "provider", "password": _PASSWORD, "language": "en"}
    path = f"/api/members/{owner.post('/api/members', {**new, 'clinic_ids': clinic_ids})['id']}"
    change = {"name": "Paula Provider", "role": "admin", "clinic_ids": clinic_ids[:1], "language": "de"}
    owner.request("PATCH", path, change).raise_for_status()
    owner.post(f"{path}/suspend")
    owner.post(f"{path}/restore")
    owner.get(path)
    cursor = owner.get("/api/members?limit=1")["cursor"]
    owner.get(f"/api/members?words=p&role=admin&state=active&clinic_id={clinic_ids[0]}&cursor={cursor}")
    owner.request("DELETE", path).raise_for_status()


def _change_organisation(owner: Visitor) -> None:
    known = owner.get("/api/organisation")
    notes = {"process_note": "Ring twice.\nThen wait.", "whom_to_ask": "Anna, at reception", "setup_dismissed": True}
    contacts = {"contact_phone": "+49 30 5551", "contact_email": address(), "zone": "Europe/Vienna", "language": "en"}
    change = {**notes, **contacts, "name": "Larger Practice", "version": known["version"]}
    owner.request("PATCH", "/api/organisation", change).raise_for_status()
    path = f"/api/clinics/{owner.post('/api/clinics', {'name': 'Third Clinic'})['id']}"
    owner.request("PATCH", path, {"name": "Clinic by the lake"}).raise_for_status()
    owner.request("DELETE", path).raise_for_status()


def _be_on_duty(owner: Visitor) -> None:
    me = owner.get("/api/me")["member"]
    asked = {"state": "on_duty", "clinic_ids": me["clinic_ids"]}
    owner.request("PUT", "/api/me/availability", asked).raise_for_status()
    owner.get("/api/on-duty")
    owner.get(f"/api/members/{me['id']}/on-duty")


def _sign_up(somebody: Visitor, mailbox: Mailbox) -> None:
    """As a stranger, on a stack where strangers may."""
    to = address()
    somebody.post("/api/sign-ups", {"email": to, "language": "en"})
    token = link_in(mailbox.mail_to(to), "sign-up").partition("#")[2]
    somebody.post("/api/sign-ups/look", {"token": token})
    names = {"organisation_name": "New Practice", "clinic_name": "First Clinic", "name": "Nora New"}
    places = {"zone": "Europe/Berlin", "language": "en", "contact_phone": "+49 30 5552"}
    somebody.post("/api/sign-ups/finish", {"token": token, **names, **places, "password": _PASSWORD})


def _read_audit(owner: Visitor) -> None:
    found = eventually(lambda: owner.get("/api/audit")["items"], lambda items: len(items) > 3, "what was done so far")
    assert all(entry["origin"] for entry in found if entry["who"]["kind"] == "member")
    owner.request("GET", "/api/audit/export").raise_for_status()
    owner.get("/api/audit/policy")
    owner.request("PUT", "/api/audit/policy", {"keep_days": 3650}).raise_for_status()
