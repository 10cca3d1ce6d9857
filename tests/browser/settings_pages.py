"""The sections of Settings, as an owner sees them, in every state that a person can bring them to."""

from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.browser.pages import Bring, Scene
from tests.journeys.client import address
from tests.wiring.odd_provider import odd_provider

_OURS = {"X-Housecall": "1"}


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
    expect(switch).to_be_enabled()
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


def settings_webhooks(page: Page, scene: Scene) -> None:
    """One works and one is parked. Nobody listens at port 9."""
    known = page.request.get(f"{scene.base}/api/webhooks").json()["items"]
    for name, parked in (("Health records", False), ("Data warehouse", True)):
        if not any(each["description"] == name for each in known):
            asked = {"url": "http://127.0.0.1:9/events", "description": name, "types": ["series.*", "quota.exceeded"]}
            made = page.request.post(f"{scene.base}/api/webhooks", data=asked, headers=_OURS).json()
            page.request.patch(f"{scene.base}/api/webhooks/{made['id']}", data={"parked": parked}, headers=_OURS)
    page.goto(f"{scene.base}/settings/webhooks")
    expect(page.get_by_text("Nothing is dropped").or_(button(page, "Resume")).first).to_be_visible()


def settings_webhook_new(page: Page, scene: Scene) -> None:
    settings_webhooks(page, scene)
    button(page, "Add a webhook").click()
    dialog = page.get_by_role("dialog", name="Add a webhook")
    dialog.get_by_label("Address").fill("https://10.0.0.1/events")
    button(dialog, "Add the webhook").click()
    expect(dialog.get_by_text("has a private address")).to_be_visible()


def settings_webhook_sent(page: Page, scene: Scene) -> None:
    settings_webhooks(page, scene)
    button(page.get_by_role("group", name="Health records"), "Test").click()
    sent = page.get_by_role("dialog", name="What was sent").get_by_role("listitem").first
    expect(sent.get_by_text("Not received")).to_be_visible()
    sent.get_by_text("webhook.tested").first.click()
    expect(sent.get_by_text("No answer")).to_be_visible()


def settings_mail(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/mail")
    expect(page.get_by_role("radio", name="Everything")).to_be_checked()


TABLE = """email,name,role,clinics
ann.newcomer@example.com,Dr Ann Newcomer,provider,Example Clinic
provider@example.com,Dr Smith,coordinator,
reporter@example.com,Rita Reporter,reporter,
bo@example.com,Bo Berg,captain,Example Clinic
ANN.newcomer@example.com,Ann again,provider,
carl@example.com,=HYPERLINK("x"),provider,Nowhere
"""


def settings_import(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/import")
    expect(button(page, "Choose a file")).to_be_visible()


def settings_import_dry_run(page: Page, scene: Scene) -> None:
    settings_import(page, scene)
    page.get_by_label("Or paste the table").fill(TABLE)
    button(page, "Check").click()
    expect(page.get_by_text("There is no role “captain”.")).to_be_visible()


def settings_import_refused(page: Page, scene: Scene) -> None:
    settings_import(page, scene)
    page.get_by_label("Or paste the table").fill("name,role\nAnn,provider\n")
    button(page, "Check").click()
    expect(page.get_by_role("alert")).to_contain_text("No column is called email")


def settings_import_done(page: Page, scene: Scene) -> None:
    settings_import(page, scene)
    page.get_by_label("Or paste the table").fill(f"email,role\n{address()},provider\nnobody,provider\n")
    button(page, "Check").click()
    button(page, "Import 1 person").click()
    expect(page.get_by_role("heading", name="The import is done")).to_be_visible()


def settings_directory(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/directory")
    expect(page.get_by_text("/scim/v2").first).to_be_visible()


def settings_directory_new_token(page: Page, scene: Scene) -> None:
    settings_directory(page, scene)
    button(page, "Make a token").click()
    page.get_by_role("dialog").get_by_text("Groups that give a role").click()
    expect(page.get_by_role("dialog").get_by_label("Coordinator")).to_be_visible()


def settings_directory_token_shown(page: Page, scene: Scene) -> None:
    settings_directory(page, scene)
    button(page, "Make a token").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Entra")
    button(page, "Make the token").click()
    expect(page.get_by_role("dialog").get_by_text("hcscim_")).to_be_visible()


def settings_api_clients(page: Page, scene: Scene) -> None:
    asked = {"name": "Bookings", "scopes": ["sessions:read", "sessions:write", "rooms:read"]}
    known = page.request.get(f"{scene.base}/api/api-clients").json()["items"]
    if not known:
        page.request.post(f"{scene.base}/api/api-clients", data=asked, headers=_OURS)
    page.goto(f"{scene.base}/settings/api-clients")
    expect(button(page, "Revoke Bookings").first).to_be_visible()


def settings_api_client_new(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/api-clients")
    button(page, "Make an API client").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Bookings")
    expect(page.get_by_role("dialog").get_by_label("Book, move and cancel sessions")).to_be_checked()


def settings_api_client_shown(page: Page, scene: Scene) -> None:
    settings_api_client_new(page, scene)
    button(page, "Make the client").click()
    expect(page.get_by_role("dialog").get_by_text("hckey_")).to_be_visible()


def settings_sign_in(page: Page, scene: Scene) -> None:
    _no_provider(page, scene)
    page.goto(f"{scene.base}/settings/sign-in")
    expect(page.get_by_text("Everybody signs in with a password")).to_be_visible()


def settings_sign_in_new(page: Page, scene: Scene) -> None:
    settings_sign_in(page, scene)
    page.get_by_role("button", name="Set up your own sign-in").click()
    expect(page.get_by_label("Address of the provider")).to_be_visible()
    # the head of the page, which stays in sight, lies over part of a choice wherever the button was scrolled to
    page.evaluate("scrollTo(0, 0)")


def settings_sign_in_set_up(page: Page, scene: Scene) -> None:
    clinic_id = page.request.get(f"{scene.base}/api/me").json()["organisation"]["clinics"][0]["id"]
    rules = [
        {"claim": "groups", "value": "doctors", "role": "provider"},
        {"claim": "realm_access.roles", "value": "north", "clinic_id": clinic_id},
    ]
    with odd_provider() as provider:
        wanted = {"issuer": provider.issuer, "client_id": "housecall", "adds_members": True, "default_role": "provider"}
        wanted |= {"client_secret": "secret", "domains": ["clinic.example"], "rules": rules}
        saved = page.request.put(f"{scene.base}/api/sign-in-provider", data=wanted, headers=_OURS)
    assert saved.ok, saved.text()
    page.goto(f"{scene.base}/settings/sign-in")
    expect(page.get_by_text("Not proved yet")).to_be_visible()


def _no_provider(page: Page, scene: Scene) -> None:
    assert page.request.delete(f"{scene.base}/api/sign-in-provider", headers=_OURS).ok


def settings_audit(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/audit")
    expect(page.get_by_role("table").get_by_text("Signed in").first).to_be_visible()


def settings_audit_nothing_fits(page: Page, scene: Scene) -> None:
    settings_audit(page, scene)
    page.get_by_label("Until").fill("2020-01-01")
    expect(page.get_by_text("Nothing fits")).to_be_visible()


def settings_audit_shorter(page: Page, scene: Scene) -> None:
    settings_audit(page, scene)
    page.get_by_label("Entries are kept for").select_option("30")
    expect(page.get_by_role("dialog", name="Keep entries for 30 days only?")).to_be_visible()


def own_profile(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/profile")
    expect(page.get_by_label("Name")).to_be_visible()


def own_password(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/password")
    page.get_by_label("Current password").fill("not the right one")
    page.get_by_label("New password").fill("not used either, so there")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert")).to_be_visible()


def own_second_step(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/second-step")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.get_by_text("I cannot read the picture").click()


def own_sign_ins(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/sign-ins")
    expect(page.get_by_text("this browser")).to_be_visible()


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
    settings_import,
    settings_import_dry_run,
    settings_import_refused,
    settings_import_done,
    settings_directory,
    settings_directory_new_token,
    settings_directory_token_shown,
    settings_api_clients,
    settings_api_client_new,
    settings_api_client_shown,
    settings_webhooks,
    settings_webhook_new,
    settings_webhook_sent,
    settings_mail,
    settings_reminders,
    settings_audit,
    settings_audit_nothing_fits,
    settings_audit_shorter,
    settings_sign_in_set_up,
    settings_sign_in_new,
    settings_sign_in,
    own_profile,
    own_password,
    own_second_step,
    own_sign_ins,
)
