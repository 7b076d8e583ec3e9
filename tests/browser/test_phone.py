"""The phone of the sandbox, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.channels.tiny_bot import Assistant

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WELCOME = "This is the health plan denial guide"


@pytest.fixture
def phone(browser: Browser, tiny_assistant: Assistant) -> Iterator[Page]:
    """The page, with nothing written yet."""
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    page.goto(tiny_assistant.phone.url)
    page.get_by_label("You are").select_option("+14155550140")
    yield page
    page.close()


def test_a_message_is_written_and_its_answer_is_shown_with_its_size(phone: Page) -> None:
    phone.get_by_label("Your message").fill("hello")
    phone.keyboard.press("Enter")
    phone.get_by_text("You said: 'hello'").wait_for()
    assert WELCOME in phone.get_by_role("log").inner_text()
    assert "2 segments of GSM-7" in phone.get_by_role("log").inner_text()


def test_what_may_go_wrong_can_be_chosen(phone: Page, tiny_assistant: Assistant) -> None:
    try:
        phone.get_by_label("The next messages to you").select_option("error")
        phone.get_by_role("button", name="Let it happen").click()
        phone.get_by_text("It will.").wait_for()
        assert tiny_assistant.phone.inside.behaviour.failure == "error"
    finally:
        tiny_assistant.phone.inside.behave({"failure": "", "failures": 0})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_barrier(phone: Page, scheme: str) -> None:
    phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = Axe().run(phone)
    assert found.violations_count == 0, found.generate_report()
