"""The plain version: a whole conversation in a browser without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from cli.talking import Assistant
from tests.browser.chat import ANSWERS, BACK_MRI
from tests.channels import tiny_bot
from tests.databases import asked


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A tab without scripts."""
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


def say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send").click()


def test_a_story_leads_to_an_answer(plain: Page, assistant: Assistant) -> None:
    plain.goto(assistant.url)
    plain.get_by_role("link", name="Start the conversation").click()
    say(plain, f"{BACK_MRI} My member id is XYZ123456.")
    expect(plain.get_by_text("My member id is [member number].")).to_be_visible()
    expect(plain.locator("main")).to_contain_text("I took out what looked like a member")
    for answer in ANSWERS:
        plain.get_by_role("button", name=answer).click()
    expect(plain.get_by_role("heading", name="Your dates")).to_be_visible()
    expect(plain.get_by_text("Friday, April 2, 2027")).to_be_visible()
    plain.get_by_text("Why this answer").click()
    expect(plain.get_by_text("No grievance has been filed yet")).to_be_visible()
    expect(plain.get_by_role("link", name="Your case summary")).to_be_visible()


def test_a_page_that_is_sent_again_counts_once(plain: Page, assistant: Assistant) -> None:
    plain.goto(f"{assistant.url}/chat")
    say(plain, BACK_MRI)
    expect(plain.locator(".said.you")).to_have_count(1)
    plain.reload()
    expect(plain.get_by_text("Is anyone in danger right now")).to_have_count(1)
    expect(plain.locator(".said.you")).to_have_count(1)


def test_a_date_field_comes_where_a_date_is_asked(plain: Page, assistant: Assistant) -> None:
    plain.goto(f"{assistant.url}/chat")
    say(plain, "Kaiser denied my back MRI. I filed a grievance and they said no. No danger, it can wait.")
    for answer in (*ANSWERS[1:], *["I'm not sure"] * 3):
        if not plain.get_by_label("Date").count() and plain.get_by_role("button", name=answer).count():
            plain.get_by_role("button", name=answer).click()
    plain.get_by_label("Date").fill("2026-11-02")
    plain.get_by_label("Date").press("Enter")
    expect(plain.locator(".said.assistant").last).to_contain_text("November 2, 2026")


def test_danger_brings_numbers_to_tap(plain: Page, assistant: Assistant) -> None:
    plain.goto(f"{assistant.url}/chat")
    say(plain, "I want to kill myself")
    expect(plain.get_by_role("link", name="Text 988")).to_have_attribute("href", "sms:988")


def test_all_can_be_erased(plain: Page, assistant: Assistant) -> None:
    plain.goto(f"{assistant.url}/chat")
    say(plain, BACK_MRI)
    plain.get_by_role("button", name="Erase everything and end").click()
    plain.get_by_role("button", name="No, keep it").click()
    expect(plain.locator(".said.you")).to_contain_text("back MRI")
    plain.get_by_role("button", name="Erase everything and end").click()
    plain.get_by_role("button", name="Yes, erase it").click()
    expect(plain.get_by_role("status")).to_contain_text("The conversation has ended")
    expect(plain.get_by_text("back MRI")).to_have_count(0)
    assert plain.context.cookies() == []


def test_who_agrees_to_a_call_sees_what_they_agree_to(plain: Page, assistant: Assistant) -> None:
    plain.goto(f"{assistant.url}/chat")
    for text in ("can someone call me", "Maya Testperson", "213-555-0177", "any time"):
        say(plain, text)
    expect(plain.locator("#latest")).to_contain_text("Maya Testperson")
    expect(plain.locator("#latest")).to_contain_text("(213) 555-0177")
    plain.get_by_role("button", name="Yes").click()
    expect(plain.locator("#latest")).to_contain_text("number")


@pytest.mark.parametrize("text", ["delete my data", "start over"])
def test_the_answer_to_a_new_beginning_is_seen(text: str, plain: Page, assistant: Assistant) -> None:
    plain.goto(f"{assistant.url}/chat")
    say(plain, BACK_MRI)
    say(plain, text)
    expect(plain.locator(".said.assistant")).to_have_count(1)
    expect(plain.get_by_text("back MRI")).to_have_count(0)


def test_nothing_written_is_asked_for_kindly(plain: Page, assistant: Assistant) -> None:
    plain.goto(f"{assistant.url}/chat")
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_role("alert")).to_contain_text("Please write something")


def test_what_is_too_long_is_said_to_be(plain: Page, assistant: Assistant) -> None:
    plain.goto(f"{assistant.url}/chat")
    say(plain, "they said no " * 400)
    expect(plain.locator("#latest")).to_contain_text("longer than I can read at once")
    expect(plain.get_by_label("Your message")).to_have_value(("they said no " * 400).strip())


def test_hostile_words_are_shown_as_words(plain: Page, tiny_assistant: tiny_bot.Assistant) -> None:
    plain.goto(f"{tiny_assistant.web}/chat")
    say(plain, "hostile </p><script>alert(1)</script> <b>")
    expect(plain.locator(".said.you")).to_contain_text("</p><script>alert(1)</script> <b>")
    expect(plain.get_by_role("article")).to_contain_text("<script>alert(2)</script>")
    assert plain.locator("main script, main img, main b").count() == 0


def test_without_the_assistant_the_words_are_not_lost(plain: Page, tiny_assistant: tiny_bot.Assistant) -> None:
    plain.goto(f"{tiny_assistant.web}/chat")
    say(plain, "hello")
    tiny_assistant.stop("actions")
    try:
        say(plain, "my scan was denied")
        expect(plain.get_by_role("alert")).to_contain_text("Something went wrong on our side")
        expect(plain.get_by_label("Your message")).to_have_value("my scan was denied")
    finally:
        tiny_assistant.start("actions")
        tiny_assistant.wait_until_well()
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_text("You said: 'my scan was denied'")).to_be_visible()


def test_a_session_that_has_ended_is_said_and_the_words_stay(plain: Page, tiny_assistant: tiny_bot.Assistant) -> None:
    plain.goto(f"{tiny_assistant.web}/chat")
    forged = "session=forged&id=1&text=my+scan"
    plain.route("**/chat", lambda route: route.continue_(post_data=forged), times=1)
    say(plain, "my scan")
    expect(plain.get_by_role("alert")).to_contain_text("not one of ours")
    expect(plain.get_by_label("Your message")).to_have_value("my scan")
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_text("You said: 'my scan'")).to_be_visible()


def test_the_first_message_sent_twice_opens_one_conversation(plain: Page, tiny_assistant: tiny_bot.Assistant) -> None:
    def conversations() -> int:
        return len(asked(tiny_assistant.database, "SELECT id FROM conversations"))

    before = conversations()
    plain.goto(f"{tiny_assistant.web}/chat")
    say(plain, "my scan")
    expect(plain.locator(".said.you")).to_have_count(1)
    plain.reload()
    expect(plain.locator(".said.you")).to_have_count(1)
    assert conversations() == before + 1


def test_words_beside_a_choice_are_kept(plain: Page, tiny_assistant: tiny_bot.Assistant) -> None:
    plain.goto(f"{tiny_assistant.web}/chat")
    say(plain, "what is the status")
    plain.get_by_label("Your message").fill("and one more thing")
    plain.get_by_role("button", name="Not yet").click()
    expect(plain.get_by_text("You chose: grievance_status=not_filed")).to_be_visible()
    expect(plain.get_by_label("Your message")).to_have_value("and one more thing")


def test_a_day_from_the_field_is_not_mixed_up_with_words_beside_it(plain: Page, assistant: Assistant) -> None:
    plain.goto(f"{assistant.url}/chat")
    say(
        plain,
        "Kaiser denied my back MRI. It says not medically necessary. I filed no grievance. It can wait, no danger.",
    )
    for answer in (*ANSWERS[1:], *["I'm not sure"] * 3):
        if not plain.get_by_label("Date").count() and plain.get_by_role("button", name=answer).count():
            plain.get_by_role("button", name=answer).click()
    plain.get_by_label("Date").fill("2026-10-05")
    plain.get_by_label("Your message").fill("i called them on November 2")
    plain.get_by_label("Date").press("Enter")
    expect(plain.locator("main")).to_contain_text("October 5, 2026")
    expect(plain.locator("main")).not_to_contain_text("November 2, 2026")
    expect(plain.get_by_label("Your message")).to_have_value("i called them on November 2")


def test_the_choices_stay_when_words_were_too_long(plain: Page, tiny_assistant: tiny_bot.Assistant) -> None:
    plain.goto(f"{tiny_assistant.web}/chat")
    say(plain, "what is the status")
    for length, told in ((5_000, "longer than I can read"), (60_000, "too long to send at once")):
        say(plain, "a " * (length // 2))
        expect(plain.locator("main")).to_contain_text(told)
        expect(plain.get_by_role("button", name="Not yet")).to_be_visible()


@pytest.mark.parametrize("session", ["é", "forged", "%00"])
def test_a_session_of_nobodys_is_no_error_of_ours(session: str, tiny_assistant: tiny_bot.Assistant) -> None:
    body = {"session": session, "id": "1", "text": "hello"}
    answer = httpx.post(f"{tiny_assistant.web}/chat", data=body, timeout=20)
    assert answer.status_code == 200
    assert "Your message" in answer.text
