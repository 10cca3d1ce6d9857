"""The sections of Settings, as an owner sees them, in every state that a person can bring them to."""

from playwright.sync_api import Page, expect

from tests.browser.pages import Bring, Scene


def settings_menu(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings")
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def settings_plan(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/plan")
    expect(page.get_by_text("Your plan:").first).to_be_visible()


def settings_reminders(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/reminders")
    expect(page.get_by_role("checkbox", name="1 hour")).to_be_checked()


SETTINGS: tuple[Bring, ...] = (
    settings_menu,
    settings_plan,
    settings_reminders,
)
