"""The staff console in a real browser, on conversations with the real assistant: signed in with one-time codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from cli.talking import Assistant
from tests.browser import office
from tests.browser.looks import LOOKS, violations
from tests.browser.office import Member
from tests.databases import asked, changed
from web.staff.routes import PAGES

STORY = "Anthem refused the cochlear implant for my daughter, the letter is from October 5 2026"
NOT_IN_DANGER = "!immediate_danger=false&urgent=false"
ASKS_FOR_A_CALL = ("I want to talk to a person", "yes", "Odalys Testperson", "213-555-0147", "mornings", "yes")


@pytest.fixture(scope="module")
def stories(assistant: Assistant) -> None:
    """A conversation with a request for a call, and one that is only a story."""
    office.talk(assistant, STORY, NOT_IN_DANGER, *ASKS_FOR_A_CALL)
    office.talk(assistant, "Kaiser cut my physical therapy in November, letter of Nov 9 2026", "what is a grievance?")


@pytest.fixture(scope="module")
def staff(assistant: Assistant, stories: None) -> dict[str, Member]:
    return {role: office.add(assistant, role) for role in ("viewer", "reviewer", "admin")}


@pytest.fixture(scope="module")
def sessions(browser: Browser, assistant: Assistant, staff: dict[str, Member]) -> dict[str, list[object]]:
    """The cookies of who is signed in; a code is good once, so each signs in once."""
    found = {}
    for role, member in staff.items():
        context = browser.new_context()
        office.sign_in(context.new_page(), assistant, member)
        found[role] = context.cookies()
        context.close()
    return found  # type: ignore[return-value]


@pytest.fixture
def quiet(page: Page) -> Iterator[Page]:
    """A tab that complains of nothing: no blocked script or style, no failed request."""
    told: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            told.append(message.text)

    page.on("console", hear)
    yield page
    assert not told


def open_story(page: Page, assistant: Assistant) -> None:
    page.goto(f"{assistant.url}/staff/inbox?q=cochlear")
    page.locator("a.open").first.click()
    expect(page.get_by_text("What was understood").first).to_be_visible()


def test_one_signs_in_with_a_code_from_the_phone_and_out_again(
    quiet: Page, assistant: Assistant, stories: None
) -> None:
    office.sign_in(quiet, assistant, office.add(assistant, "viewer"))
    quiet.get_by_role("button", name="Sign out").click()
    expect(quiet.get_by_label("Six-digit code")).to_be_visible()
    quiet.goto(f"{assistant.url}/staff/inbox")
    expect(quiet.get_by_label("Password")).to_be_visible()


def test_a_review_from_the_inbox_to_a_change_that_git_can_apply(
    quiet: Page, assistant: Assistant, sessions: dict[str, list[object]], tmp_path: Path
) -> None:
    quiet.context.add_cookies(sessions["reviewer"])  # type: ignore[arg-type]
    open_story(quiet, assistant)
    expect(quiet.locator("mark").first).to_contain_text("Anthem")
    quiet.get_by_text("Correct or mark this message").first.click()
    quiet.get_by_label("The right intent").first.select_option("ask_documents")
    quiet.get_by_role("button", name="Correct the intent").first.click()
    expect(quiet.get_by_text("waits for a second person")).to_be_visible()

    quiet.goto(f"{assistant.url}/staff/corrections")
    expect(quiet.get_by_text("A second person has to approve this.")).to_be_visible()
    quiet.context.clear_cookies()
    quiet.context.add_cookies(sessions["admin"])  # type: ignore[arg-type]
    quiet.goto(f"{assistant.url}/staff/corrections")
    quiet.get_by_role("button", name="Approve").click()
    expect(quiet.get_by_text("There are none.")).to_be_visible()

    change = tmp_path / "corrections.patch"
    assert "1 corrections in" in office.imr(assistant, "corrections", "export", "-o", str(change))
    assert "cochlear implant" in change.read_text(encoding="utf-8")


def test_a_conversation_is_worked_on_noted_and_done(
    quiet: Page, assistant: Assistant, sessions: dict[str, list[object]]
) -> None:
    quiet.context.add_cookies(sessions["reviewer"])  # type: ignore[arg-type]
    open_story(quiet, assistant)
    quiet.get_by_label("Status").select_option("In review")
    quiet.get_by_role("button", name="Set").first.click()
    quiet.get_by_label("A new note").fill("Ask for the audiologist's letter.")
    quiet.get_by_role("button", name="Write note").click()
    expect(quiet.get_by_text("Ask for the audiologist's letter.")).to_be_visible()
    quiet.goto(f"{assistant.url}/staff/inbox?status=in_review")
    expect(quiet.get_by_text("cochlear implant")).to_be_visible()


def test_a_contact_is_shown_when_asked_for_and_the_call_is_booked(
    quiet: Page, assistant: Assistant, sessions: dict[str, list[object]]
) -> None:
    quiet.context.add_cookies(sessions["reviewer"])  # type: ignore[arg-type]
    quiet.goto(f"{assistant.url}/staff/consultations")
    quiet.locator("a.open").first.click()
    expect(quiet.get_by_text("Odalys Testperson")).to_have_count(0)
    quiet.get_by_role("button", name="Show the contact").click()
    expect(quiet.get_by_text("Odalys Testperson")).to_be_visible()
    quiet.get_by_label("New state").select_option("Booked")
    quiet.get_by_label("Time of the call").fill("2026-12-01T14:30")
    quiet.get_by_label("Note of the outcome").fill("She will have the letter ready.")
    quiet.get_by_role("button", name="Save").click()
    expect(quiet.get_by_text("2026-12-01 14:30")).to_be_visible()
    quiet.goto(f"{assistant.url}/staff/consultations?state=booked")
    with quiet.expect_download() as sheet:
        quiet.get_by_role("button", name="CSV with contacts").click()
    assert "Odalys Testperson" in Path(sheet.value.path()).read_text(encoding="utf-8-sig")
    with quiet.expect_download() as calendar:
        quiet.get_by_role("button", name="Calendar of booked calls").click()
    assert "DTSTART:20261201T223000Z" in Path(calendar.value.path()).read_text(encoding="utf-8")


def test_what_is_old_is_erased_and_somebody_is_forgotten_with_a_receipt(
    quiet: Page, assistant: Assistant, sessions: dict[str, list[object]]
) -> None:
    office.talk(assistant, "Blue Shield denied my zirconium crown, letter of Nov 2 2026")
    office.talk(assistant, "Health Net denied my tungsten brace, letter of Nov 2 2026")
    old = "UPDATE conversations SET updated_at = '2020-01-01' WHERE preview LIKE '%zirconium%'"
    changed(assistant.database_url, old)
    quiet.context.add_cookies(sessions["admin"])  # type: ignore[arg-type]
    quiet.goto(f"{assistant.url}/staff/practice")
    quiet.get_by_role("button", name="Erase what is due").click()
    expect(quiet.get_by_text("Erased: 1 conversations")).to_be_visible()
    quiet.goto(f"{assistant.url}/staff/inbox?q=zirconium")
    expect(quiet.get_by_text("No conversation fits")).to_be_visible()

    quiet.goto(f"{assistant.url}/staff/inbox?q=tungsten")
    quiet.locator("a.open").first.click()
    quiet.get_by_role("link", name="Erase everything of this person").click()
    quiet.get_by_role("button", name="Erase it all").click()
    expect(quiet.get_by_role("heading", name="Receipt")).to_be_visible()
    quiet.goto(f"{assistant.url}/staff/inbox?q=tungsten")
    expect(quiet.get_by_text("No conversation fits")).to_be_visible()
    quiet.goto(f"{assistant.url}/staff/log?verify=yes")
    expect(quiet.get_by_text("lines hold")).to_be_visible()


def test_the_list_is_gone_through_by_keys(
    quiet: Page, assistant: Assistant, sessions: dict[str, list[object]]
) -> None:
    quiet.context.add_cookies(sessions["viewer"])  # type: ignore[arg-type]
    quiet.goto(f"{assistant.url}/staff/inbox")
    quiet.keyboard.press("j")
    expect(quiet.locator("tr.at a.open")).to_be_focused()
    quiet.keyboard.press("Enter")
    expect(quiet.get_by_role("heading", name="The case now")).to_be_visible()
    quiet.keyboard.press("u")
    expect(quiet.get_by_role("heading", name="Inbox")).to_be_visible()
    quiet.keyboard.press("/")
    expect(quiet.get_by_label("Search")).to_be_focused()
    quiet.keyboard.type("jjj")
    expect(quiet.get_by_label("Search")).to_have_value("jjj")


def test_everything_works_without_scripts(
    browser: Browser, assistant: Assistant, sessions: dict[str, list[object]]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(sessions["reviewer"])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{assistant.url}/staff/inbox")
    page.get_by_label("Search").fill("cochlear")
    page.get_by_role("button", name="Show", exact=True).click()
    page.locator("a.open").first.click()
    page.get_by_text("Correct or mark this message").first.click()
    page.get_by_role("button", name="Good example").first.click()
    expect(page.get_by_text("good example").first).to_be_visible()
    context.close()


@pytest.fixture(params=LOOKS)
def looked_at(
    request: pytest.FixtureRequest, browser: Browser, sessions: dict[str, list[object]]
) -> Iterator[BrowserContext]:
    made = browser.new_context(**LOOKS[request.param], reduced_motion="reduce")
    made.set_default_timeout(15_000)
    made.add_cookies(sessions["admin"])  # type: ignore[arg-type]
    yield made
    made.close()


TOO_WIDE = """
() => document.scrollingElement.scrollWidth <= innerWidth ? [] : ["the page"].concat(
    [...document.querySelectorAll("main *, header *")]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 40)}`).slice(0, 6))
"""
SHOWN = sorted(page.path for page in PAGES if page.method == "GET")


def test_no_page_of_the_console_breaks_a_rule(looked_at: BrowserContext, assistant: Assistant) -> None:
    page = looked_at.new_page()
    for path in [*SHOWN, "/staff/conversations/99999", "/staff/nothing"]:
        page.goto(assistant.url + path.replace("{id}", first_of(assistant, path)))
        for details in page.locator("details").all():
            details.evaluate("one => one.open = true")
        assert violations(page) == [], path
        assert page.evaluate(TOO_WIDE) == [], f"{path} is scrolled sideways"
    looked_at.clear_cookies()
    page.goto(f"{assistant.url}/staff")
    assert violations(page) == []


def first_of(assistant: Assistant, path: str) -> str:
    """The number of a conversation, or of a request, that is there."""
    wanted = "consultations" if "consultations" in path else "conversations WHERE purged_at IS NULL AND messages > 2"
    [(first,)] = asked(assistant.database_url, f"SELECT MIN(id) FROM {wanted}")
    return str(first)
