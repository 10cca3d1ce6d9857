"""A network's directory keeps members: two people and a group; one is suspended, and cannot sign in any more."""

import re
from typing import Any

from tests.journeys.client import Mailbox, Member, Visitor, address, eventually, link_in
from tests.journeys.directory import Directory

PASSWORD = "a quiet river in May 17"


def join(stack: dict[str, Any], mailbox: Mailbox, email: str, name: str) -> None:
    """By the link of the mail."""
    link = link_in(mailbox.mail_to(email), "welcome")
    token = link.partition("#")[2]
    with Visitor(stack) as somebody:
        somebody.post("/api/member-invites/accept", {"token": token, "name": name, "password": PASSWORD})


def status_of(browser: Visitor) -> int:
    return browser.request("GET", "/api/me").status_code


def test_a_directory_makes_two_people_and_a_group_and_suspends_one(stack: dict[str, Any], mailbox: Mailbox) -> None:
    with Member(stack, "owner") as owner:
        made = owner.post("/api/directory-tokens", {"name": "Entra"})
        directory = Directory(stack, made["token"])
        ann_at, bo_at = address(), address()
        ann, bo = directory.user(ann_at, "Ann Archer"), directory.user(bo_at, "Bo Berg")
        name = f"Clinic {re.sub(r'[^0-9a-f]', '', ann['id'])[-6:]}"
        group = directory.group(name, ann, bo)
        join(stack, mailbox, ann_at, "Ann Archer")
        join(stack, mailbox, bo_at, "Bo Berg")
        with Visitor(stack) as hers, Visitor(stack) as his:
            for browser, email in ((hers, ann_at), (his, bo_at)):
                browser.post("/api/sign-ins", {"email": email, "password": PASSWORD})
            clinics = {clinic["id"]: clinic["name"] for clinic in hers.get("/api/me")["organisation"]["clinics"]}
            assert [clinics[id] for id in hers.get("/api/me")["member"]["clinic_ids"]] == [name]
            directory.patch(f"/Users/{ann['id']}", {"op": "Replace", "path": "active", "value": "False"})
            eventually(lambda: status_of(hers), lambda status: status == 401, "she is signed out")
            again = hers.request("POST", "/api/sign-ins", {"email": ann_at, "password": PASSWORD})
            assert again.status_code == 401
            assert status_of(his) == 200
        listed = {each["id"]: each["state"] for each in owner.get("/api/members")["items"]}
        assert (listed[ann["id"]], listed[bo["id"]]) == ("suspended", "active")
        for path in (f"/Groups/{group['id']}", f"/Users/{ann['id']}", f"/Users/{bo['id']}"):
            directory.ask("DELETE", path)
        owner.request("DELETE", f"/api/directory-tokens/{made['id']}").raise_for_status()
