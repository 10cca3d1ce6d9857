"""The sections of Settings, as an owner sees them, in every state that a person can bring them to."""

from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.browser.pages import Bring, Scene


def settings_menu(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings")
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def settings_plan(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/plan")
    expect(page.get_by_role("heading", name="What each plan includes")).to_be_visible()
    expect(page.get_by_role("heading", name="Premium", level=3)).to_be_visible()


def settings_reminders(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/reminders")
    expect(page.get_by_role("checkbox", name="1 hour")).to_be_checked()


def settings_plan_preview(page: Page, scene: Scene) -> None:
    settings_plan(page, scene)
    button(page, "Change to Essentials").click()
    expect(page.get_by_role("dialog").get_by_text("This is what would change")).to_be_visible()


def settings_organisation(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/organisation")
    expect(page.get_by_label("Process note")).to_be_visible()


def settings_clinics(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/clinics")
    switch = page.get_by_role("switch").first
    if switch.get_attribute("aria-checked") == "false":
        switch.click()
    expect(switch).to_be_checked()
    expect(page.get_by_text("on duty since").first).to_be_visible()


def settings_clinic_name_taken(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/clinics")
    button(page, "Add a clinic").click()
    dialog = page.get_by_role("dialog", name="Add a clinic")
    dialog.get_by_label("Name of the clinic").fill("EXAMPLE clinic")
    button(dialog, "Add").click()
    expect(dialog.get_by_text("Another clinic has this name.")).to_be_visible()


def settings_members(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/members")
    expect(page.get_by_role("table")).to_be_visible()


def settings_members_nobody_fits(page: Page, scene: Scene) -> None:
    settings_members(page, scene)
    page.get_by_role("searchbox").fill("nobody is called this")
    expect(page.get_by_text("Nobody fits")).to_be_visible()


def settings_members_menu(page: Page, scene: Scene) -> None:
    settings_members(page, scene)
    page.get_by_role("searchbox").fill("Olive")
    button(page, "What to do with Olive Owner").click()
    expect(page.get_by_text("The last owner stays.").first).to_be_visible()


def settings_members_invite(page: Page, scene: Scene) -> None:
    settings_members(page, scene)
    button(page, "Invite members").click()
    dialog = page.get_by_role("dialog", name="Invite members")
    dialog.get_by_label("E-mail addresses").fill("provider@example.com, not an address")
    button(dialog, "Send 2 invitations").click()
    expect(dialog.get_by_role("listitem").nth(1)).to_be_visible()


def settings_members_remove(page: Page, scene: Scene) -> None:
    settings_members(page, scene)
    button(page, "What to do with Rita Reporter").click()
    page.get_by_role("menuitem", name="Remove").click()
    expect(page.get_by_role("dialog", name="Remove Rita Reporter")).to_be_visible()


def first_steps(page: Page, scene: Scene) -> None:
    page.goto(scene.base)
    expect(page.get_by_role("heading", name="Set Example Health up")).to_be_visible()


def settings_mail(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/mail")
    expect(page.get_by_role("radio", name="Everything")).to_be_checked()


SETTINGS: tuple[Bring, ...] = (
    first_steps,
    settings_menu,
    settings_plan,
    settings_plan_preview,
    settings_organisation,
    settings_clinics,
    settings_clinic_name_taken,
    settings_members,
    settings_members_nobody_fits,
    settings_members_menu,
    settings_members_invite,
    settings_members_remove,
    settings_mail,
    settings_reminders,
)
