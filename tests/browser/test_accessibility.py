"""No violation that axe-core finds: in no state of the chat and on no page, in light, in dark, on a small screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cli.talking import Assistant
from tests.browser.chat import BACK_MRI, Chat
from tests.browser.looks import LOOKS, violations


def closed(chat: Chat) -> None:
    chat.page.goto(chat.url)


def opened(chat: Chat) -> None:
    chat.opened()


def choices(chat: Chat) -> None:
    chat.opened().say(BACK_MRI)


def used_choices(chat: Chat) -> None:
    chat.opened().say(BACK_MRI).press("No, it can wait")


def date(chat: Chat) -> None:
    chat.opened().to_a_date()


def card(chat: Chat) -> None:
    chat.opened().to_the_answer()
    for section in chat.log.locator("summary").all():
        section.click()


def crisis(chat: Chat) -> None:
    chat.opened().say("I want to kill myself")


def menu(chat: Chat) -> None:
    chat.opened().window.get_by_role("button", name="More", exact=True).click()


def erasing(chat: Chat) -> None:
    menu(chat)
    chat.window.get_by_role("button", name="Erase and end").click()


def error(chat: Chat) -> None:
    chat.opened()
    chat.page.route("**/messages", lambda route: route.abort())
    chat.send("hello")
    expect(chat.trouble).to_contain_text("cannot be reached")


def ended(chat: Chat) -> None:
    chat.opened()
    chat.page.route("**/messages", lambda route: route.fulfill(status=401, json={}))
    chat.send("hello")
    expect(chat.window.get_by_role("button", name="Start a new conversation")).to_be_visible()


STATES: list[Callable[[Chat], None]] = [
    closed, opened, choices, used_choices, date, card, crisis, menu, erasing, error, ended
]  # fmt: skip


@pytest.fixture(params=LOOKS)
def looked_at(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(**LOOKS[request.param], reduced_motion="reduce")
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_the_chat_breaks_no_rule(
    state: Callable[[Chat], None], looked_at: BrowserContext, assistant: Assistant
) -> None:
    page = looked_at.new_page()
    state(Chat(page, assistant.url))
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/", "/chat", "/privacy", "/accessibility", "/nothing"])
def test_no_page_breaks_a_rule(path: str, looked_at: BrowserContext, assistant: Assistant) -> None:
    page = looked_at.new_page()
    page.set_extra_http_headers({"Accept": "text/html"})
    page.goto(assistant.url + path)
    assert violations(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), "nothing is scrolled sideways"


def test_every_control_is_large_enough_to_hit(page: Page, assistant: Assistant) -> None:
    chat = Chat(page, assistant.url).opened().to_the_answer()
    chat.window.get_by_role("button", name="More", exact=True).click()
    small = [
        (one.text_content(), box)
        for one in chat.window.locator("button:visible, summary:visible, .papers a, .foot a, input:visible").all()
        if (box := one.bounding_box()) and min(box["width"], box["height"]) < 24
    ]
    assert small == []


def test_text_twice_as_large_stays_readable(page: Page, assistant: Assistant) -> None:
    page.set_viewport_size({"width": 640, "height": 450})
    chat = Chat(page, assistant.url)
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.documentElement.style.fontSize = '200%')"
    )
    chat.opened().say(BACK_MRI)
    choice = chat.choices.filter(has_text="No, it can wait")
    choice.scroll_into_view_if_needed()
    expect(choice).to_be_in_viewport()
    expect(chat.field).to_be_in_viewport()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_new_messages_are_announced_politely_and_the_language_is_marked(chat: Chat) -> None:
    expect(chat.log).to_have_attribute("aria-live", "polite")
    expect(chat.window).to_have_attribute("lang", "en-US")
    chat.say("hello")
    expect(chat.mine.locator(".unseen")).to_have_text("You: ")
    expect(chat.theirs.last.locator(".unseen")).to_have_text("Assistant: ")


def test_nothing_moves_for_who_wants_less_motion(chat: Chat) -> None:
    moving = "() => document.querySelector('imr-chat').shadowRoot.getAnimations().length"
    chat.page.route("**/messages", lambda route: None)
    chat.send("hello")
    assert chat.page.evaluate(moving) == 0
    chat.page.emulate_media(reduced_motion="no-preference")
    assert chat.page.evaluate(moving) > 0, "else this proves nothing"
