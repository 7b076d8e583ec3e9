"""A person talks with the assistant in the chat window: by mouse, by keyboard alone, and what they can keep of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import BACK_MRI, Chat

NO_CLIPBOARD = "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }"


def focused(page: Page) -> str:
    """What has the focus, in the chat window too: its text, or its label."""
    return str(
        page.evaluate(
            """() => {
                let one = document.activeElement;
                while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
                return one.labels?.[0]?.textContent ?? one.textContent;
            }"""
        )
    )


def tab_to(page: Page, name: str, backwards: bool = False) -> None:
    """Presses the tab key until the control of this name has the focus."""
    for _ in range(60):
        if focused(page).startswith(name):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"{name} cannot be reached by the tab key")


def test_a_story_leads_to_an_answer_with_its_dates_its_law_and_its_papers(chat: Chat) -> None:
    chat.to_the_answer()
    card = chat.log.get_by_role("article")
    expect(card.get_by_role("heading", level=3)).to_have_text("A grievance (appeal) with your plan first")
    expect(card).to_contain_text("by Friday, April 2, 2027 in 130 days")
    expect(card).to_contain_text("28 CCR 1300.68(b)(9)")
    card.get_by_text("Why this answer").click()
    expect(card).to_contain_text("No grievance has been filed yet")
    card.get_by_text("What would change it").click()
    expect(card.get_by_text("If grievance refused: Independent Medical Review by the DMHC")).to_be_visible()


def test_a_paper_opens_from_the_card(chat: Chat) -> None:
    chat.to_the_answer()
    link = chat.log.get_by_role("link", name="What to gather")
    expect(link).to_have_attribute("target", "_blank")
    paper = chat.page.request.get(link.evaluate("one => one.href"))
    assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")


def test_what_is_said_is_shown_at_once_with_its_time(chat: Chat) -> None:
    chat.page.route("**/messages", lambda route: None)
    chat.send("my plan said no")
    expect(chat.mine).to_have_count(1)
    expect(chat.mine.get_by_role("time")).to_have_text(re.compile(r"\d:\d\d [AP]M"))
    expect(chat.field).to_be_focused()
    expect(chat.field).to_have_value("")


def test_choices_stay_readable_after_use_and_cannot_be_pressed_again(chat: Chat) -> None:
    chat.say(BACK_MRI)
    chat.press("No, it can wait")
    used = chat.log.get_by_role("button", name="No, it can wait")
    expect(used).to_be_visible()
    expect(used).to_have_attribute("aria-disabled", "true")
    expect(used).to_have_class("chosen")
    used.click(force=True)
    expect(chat.mine).to_have_count(2)


def test_a_day_is_given_in_a_date_field_and_not_sure_stands_beside_it(chat: Chat) -> None:
    chat.to_a_date()
    expect(chat.window.get_by_role("button", name="I'm not sure").last).to_be_visible()
    chat.day.fill("2026-11-02")
    chat.window.get_by_role("button", name="Use this date").click()
    chat.answered()
    expect(chat.mine.last).to_contain_text("November 2, 2026")
    expect(chat.theirs.last).to_contain_text("November 2, 2026")


def test_who_is_not_sure_of_a_day_goes_on(chat: Chat) -> None:
    chat.to_a_date()
    chat.window.get_by_role("button", name="I'm not sure").last.click()
    chat.answered()
    expect(chat.mine.last).to_contain_text("I'm not sure")


def test_danger_brings_numbers_to_tap(chat: Chat) -> None:
    chat.say("my father is having chest pain and cannot breathe right now")
    card = chat.log.get_by_role("article", name="Get help now")
    for name, address in (("Call 911", "tel:911"), ("Call 988", "tel:988"), ("Text 988", "sms:988")):
        expect(card.get_by_role("link", name=name)).to_have_attribute("href", address)


def test_what_names_the_person_is_taken_out_on_the_screen_too(chat: Chat) -> None:
    chat.say("Kaiser denied my MRI, my member id is XYZ123456789")
    expect(chat.mine).to_contain_text("my member id is [member number]")
    expect(chat.log).to_contain_text("I took out what looked like a member, claim or record number")


def test_a_whole_conversation_by_keyboard_alone(page: Page, chat: Chat) -> None:
    keyboard = page.keyboard
    page.evaluate("sessionStorage.clear()")
    page.goto(chat.url)
    tab_to(page, "Plan said no?")
    keyboard.press("Enter")
    expect(chat.theirs.first).to_be_visible()
    assert focused(page) == "Your message"
    keyboard.type(BACK_MRI)
    keyboard.press("Enter")
    chat.answered()
    assert focused(page) == "Your message", "the focus stays in the field"
    for answer in ("No, it can wait", "I buy it myself", "Yes, a doctor in the plan"):
        tab_to(page, answer, backwards=True)
        keyboard.press("Space")
        chat.answered()
        assert focused(page) == "Your message", "the focus is back in the field, one step after the next choices"
    tab_to(page, "Calendar file", backwards=True)
    tab_to(page, "Your case summary", backwards=True)
    tab_to(page, "Why this answer")
    keyboard.press("Enter")
    expect(chat.log).to_contain_text("No grievance has been filed yet")
    tab_to(page, "More", backwards=True)
    keyboard.press("Enter")
    assert focused(page) == "Copy the conversation"
    keyboard.press("Escape")
    assert focused(page) == "More"
    keyboard.press("Escape")
    expect(chat.window).to_be_hidden()
    expect(page.get_by_role("button", name="Go on with your conversation")).to_be_focused()


def test_on_a_phone_the_window_takes_the_screen_and_keeps_the_focus(page: Page, chat: Chat) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(chat.url)
    page.get_by_role("link", name="Start the conversation").click()
    expect(chat.theirs.first).to_be_visible()
    assert chat.window.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    assert chat.window.evaluate("one => one.matches(':modal')")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") in ("imr-chat", "body"), "nothing behind the window"
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


def opened_menu(chat: Chat, action: str) -> None:
    chat.window.get_by_role("button", name="More", exact=True).click()
    chat.window.get_by_role("button", name=action).click()


def test_the_conversation_can_be_copied(chat: Chat) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.say(BACK_MRI)
    opened_menu(chat, "Copy the conversation")
    expect(chat.window.get_by_text("The conversation is copied.")).to_be_visible()
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert BACK_MRI in copied
    assert "Is anyone in danger right now" in copied
    assert "Legal information, not legal advice." in copied


def test_the_conversation_can_be_downloaded(chat: Chat) -> None:
    chat.to_the_answer()
    with chat.page.expect_download() as download:
        opened_menu(chat, "Download the conversation")
    assert download.value.suggested_filename == "conversation.txt"
    said = download.value.path().read_text(encoding="utf-8")
    assert BACK_MRI in said
    assert "by Friday, April 2, 2027 (in 130 days)" in said


def test_only_the_conversation_is_printed(chat: Chat) -> None:
    chat.say(BACK_MRI)
    opened_menu(chat, "Print the conversation")
    paper = chat.page.frames[-1]
    assert paper is not chat.page.main_frame
    said = paper.locator("body").text_content() or ""
    assert BACK_MRI in said
    assert "How it works" not in said


def test_all_is_erased_only_after_a_second_yes(chat: Chat) -> None:
    chat.say(BACK_MRI)
    opened_menu(chat, "Erase and end")
    chat.window.get_by_role("button", name="No, keep it").click()
    expect(chat.mine).to_have_count(1)
    opened_menu(chat, "Erase and end")
    chat.window.get_by_role("button", name="Yes, erase it").click()
    expect(chat.mine).to_have_count(0)
    expect(chat.theirs).to_contain_text("November 23, 2026")
    assert chat.page.evaluate("sessionStorage.length") == 0
    chat.window.get_by_role("button", name="Start a new conversation").click()
    expect(chat.theirs.first).to_contain_text("free guide")


def test_leaving_quickly_clears_the_screen_and_goes_elsewhere(chat: Chat) -> None:
    chat.say(BACK_MRI)
    chat.page.route("https://www.weather.gov/", lambda route: route.fulfill(body="weather"))
    chat.window.get_by_role("button", name="Leave quickly").click()
    chat.page.wait_for_url("https://www.weather.gov/")
    chat.page.goto(chat.url)
    assert chat.page.evaluate("sessionStorage.length") == 0


def test_only_the_token_is_kept_and_only_in_the_tab(chat: Chat) -> None:
    chat.say(BACK_MRI)
    assert chat.page.evaluate("Object.keys(sessionStorage)") == [f"imr-session {chat.url}"]
    assert chat.page.evaluate("localStorage.length") == 0
    assert chat.page.context.cookies() == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_conversation_is_copied_where_the_clipboard_may_not_be_used(width: int, page: Page, chat: Chat) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.evaluate(NO_CLIPBOARD)
    chat.say(BACK_MRI)
    opened_menu(chat, "Copy the conversation")
    expect(chat.window.get_by_text("The conversation is copied.")).to_be_visible()
    chat.field.press("ControlOrMeta+v")
    expect(chat.field).to_have_value(re.compile(re.escape(BACK_MRI)))


def test_who_cannot_copy_at_all_is_told_so(page: Page, chat: Chat) -> None:
    page.evaluate(NO_CLIPBOARD)
    page.evaluate("() => { document.execCommand = () => false; }")
    opened_menu(chat, "Copy the conversation")
    expect(chat.window.get_by_text("Copying did not work.")).to_be_visible()


def test_the_way_back_after_leaving_quickly_does_not_lead_to_the_chat(chat: Chat) -> None:
    chat.page.route("https://www.weather.gov/", lambda route: route.fulfill(body="weather"))
    before = chat.page.evaluate("history.length")
    chat.window.get_by_role("button", name="Leave quickly").click()
    chat.page.wait_for_url("https://www.weather.gov/")
    assert chat.page.evaluate("history.length") == before


def test_who_leaves_quickly_leaves_nothing_on_the_screen_or_in_the_field(chat: Chat) -> None:
    chat.say(BACK_MRI)
    chat.field.fill("a secret draft")
    chat.page.evaluate("document.querySelector('imr-chat').setAttribute('leave-to', '#elsewhere')")
    chat.window.get_by_role("button", name="Leave quickly").click()
    expect(chat.window).to_be_hidden()
    assert chat.page.url.endswith("#elsewhere")
    assert chat.page.locator("imr-chat .said").count() == 0
    assert chat.page.locator("imr-chat #text").input_value() == ""


def test_printing_opens_the_browsers_own_window_for_the_conversation_alone(page: Page, chat: Chat) -> None:
    page.add_init_script("window.print = () => (top.printed = document.title)")
    chat.opened()
    opened_menu(chat, "Print the conversation")
    assert page.evaluate("window.printed") == "Conversation about a health plan's denial"
