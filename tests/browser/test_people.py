"""People come to a session that is booked, and leave it, from the pages alone."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.journeys.client import Guest, Mailbox, Member, address
from tests.journeys.test_sessions import some_time


def test_a_client_and_their_carer_are_added_and_the_carer_is_removed(
    host_page: Page, stack: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    title, mia, bob = f"Review {secrets.token_hex(3)}", address(), address()
    planned = {"local_start": some_time(), "zone": "Europe/Berlin", "minutes": 5}
    asked = {"room_id": provider.user_room()["id"], "title": title, "planned": planned, "override": True}
    provider.post("/api/sessions", asked)
    host_page.goto(f"{stack['base_url']}/sessions")
    button(host_page, f"People of session: {title}").click()
    dialog = host_page.get_by_role("dialog", name="People of this session")
    expect(dialog.get_by_text("Nobody is invited")).to_be_visible()
    dialog.get_by_label("Recipients").fill(f"Mia <{mia}>, Bob <{bob}>,")
    dialog.get_by_text("Carer, interpreter or second clinician?").click()
    dialog.get_by_label("Role of Bob").select_option("Carer")
    button(dialog, "Invite").click()
    people = dialog.get_by_role("list", name="Invited").get_by_role("listitem")
    expect(people).to_have_count(2)
    expect(people.filter(has_text="Bob")).to_contain_text("Carer of Mia")
    expect(people.filter(has_text="Mia").first).to_contain_text("sent")
    with Guest(stack, mailbox.join_link(mia)) as guest:
        guest.arrive("Mia")
    expect(people.filter(has_text=mia)).to_contain_text("arrived")

    button(dialog, "More for Bob").click()
    dialog.get_by_role("menuitem", name="Remove from this session").click()
    button(host_page.get_by_role("dialog", name="Remove Bob?"), "Remove").click()
    expect(people).to_have_count(1)
    expect(dialog.get_by_text("1 person was removed")).to_be_visible()
    expect(host_page.get_by_role("dialog", name="People of this session")).to_be_visible()


def test_roles_are_given_when_a_consultation_is_scheduled(
    host_page: Page, stack: dict[str, Any], provider: Member
) -> None:
    title, mia, ivo = f"Review {secrets.token_hex(3)}", address(), address()
    host_page.goto(f"{stack['base_url']}/sessions")
    button(host_page, "Schedule a consultation").first.click()
    dialog = host_page.get_by_role("dialog", name="Schedule a consultation for later")
    dialog.get_by_label("Title").fill(title)
    # within the year that a list shows, and later than what other tests book
    moment = datetime.now(UTC) + timedelta(days=320 + secrets.randbelow(40), minutes=secrets.randbelow(24 * 60))
    start = moment.strftime("%Y-%m-%dT%H:%M")
    dialog.get_by_label("Date", exact=True).fill(start[:10])
    dialog.get_by_label("Time", exact=True).fill(start[11:])
    dialog.get_by_label("Recipients").fill(f"Mia <{mia}>, Ivo <{ivo}>,")
    dialog.get_by_text("Carer, interpreter or second clinician?").click()
    dialog.get_by_label("Role of Ivo").select_option("Interpreter")
    button(dialog, "Book the session").click()
    button(host_page, f"People of session: {title}").click()
    people = host_page.get_by_role("list", name="Invited").get_by_role("listitem")
    expect(people.filter(has_text=ivo)).to_contain_text("Interpreter for Mia")


def test_another_member_becomes_a_host_and_hosts_no_more(
    host_page: Page, stack: dict[str, Any], provider: Member
) -> None:
    title = f"Review {secrets.token_hex(3)}"
    planned = {"local_start": some_time(), "zone": "Europe/Berlin", "minutes": 5}
    asked = {"room_id": provider.meeting_room()["id"], "title": title, "planned": planned, "override": True}
    session = provider.post("/api/sessions", asked)
    other = next(member for member in stack["members"] if member["role"] == "coordinator")
    host_page.goto(f"{stack['base_url']}/sessions")
    button(host_page, f"People of session: {title}").click()
    dialog = host_page.get_by_role("dialog", name="People of this session")
    hosts = dialog.get_by_role("list", name="Hosts").get_by_role("listitem")
    expect(hosts).to_have_text([provider.me["member"]["name"]])
    dialog.get_by_text("Add a host").click()
    dialog.get_by_label("Another host").fill(f"{other['name']} ({other['email']})")
    button(dialog, "Add as a host").click()
    expect(hosts).to_have_count(2)
    assert len(provider.get(f"/api/sessions/{session['id']}")["host_member_ids"]) == 2
    button(dialog, f"{other['name']} hosts no more").click()
    expect(hosts).to_have_count(1)
