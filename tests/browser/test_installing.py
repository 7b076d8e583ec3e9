"""One line of HTML on a page of another site, which has a policy and a style of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from cli.serve import free_port
from tests.browser.chat import Chat
from tests.browser.other_site import serving
from tests.channels import tiny_bot


@pytest.fixture
def clinic(tiny_assistant: tiny_bot.Assistant) -> Iterator[str]:
    with serving(tiny_assistant.other_site, tiny_assistant.web) as address:
        yield address


def open_window(page: Page, address: str) -> Chat:
    page.goto(address)
    page.get_by_role("button", name="Plan said no?").click()
    chat = Chat(page, address)
    expect(chat.theirs.first).to_be_visible()
    return chat


def test_the_chat_works_on_a_page_of_another_site_under_its_policy(page: Page, clinic: str) -> None:
    refused: list[ConsoleMessage] = []
    page.on("console", lambda message: refused.append(message) if message.type == "error" else None)
    chat = open_window(page, clinic).say("my scan was denied")
    expect(chat.theirs.last).to_contain_text("You said: 'my scan was denied'")
    chat.window.get_by_role("button", name="More", exact=True).click()
    chat.window.get_by_role("button", name="Print the conversation").click()
    assert "my scan was denied" in (page.frames[-1].locator("body").text_content() or "")
    page.reload()
    page.get_by_role("button", name="Go on with").click()
    expect(chat.mine).to_have_count(1)
    assert [message.text for message in refused] == []


def test_neither_the_pages_style_nor_the_chats_reaches_into_the_other(page: Page, clinic: str) -> None:
    chat = open_window(page, clinic)
    expect(chat.log).to_be_visible()
    assert chat.theirs.first.locator("p").first.evaluate("one => getComputedStyle(one).fontSize") == "16px"
    assert page.get_by_text("Our own page.").evaluate("one => getComputedStyle(one).fontSize") == "40px"
    expect(page.get_by_role("button", name="Our own button")).to_be_enabled()


def test_a_page_that_is_not_allowed_gets_no_conversation(page: Page, tiny_assistant: tiny_bot.Assistant) -> None:
    address = f"http://localhost:{free_port()}"
    with serving(address, tiny_assistant.web):
        page.goto(address)
        page.get_by_role("button", name="Plan said no?").click()
        chat = Chat(page, address)
        expect(chat.trouble).not_to_be_empty()
        assert chat.theirs.count() == 0


def test_without_scripts_the_line_is_a_link_to_the_plain_version(
    browser: Browser, clinic: str, tiny_assistant: tiny_bot.Assistant
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(clinic)
        link = page.get_by_role("link", name="Ask about a denial")
        expect(link).to_have_attribute("href", f"{tiny_assistant.web}/chat")


@pytest.mark.parametrize(
    ("attributes", "check"),
    [
        (' label="Ask us"', "launcher.textContent === 'Ask us'"),
        (' accent="#ffd166"', "style(launcher).backgroundColor === 'rgb(255, 209, 102)'"),
        (' accent="#ffd166"', "style(launcher).color === 'rgb(0, 0, 0)'"),
        (' accent="navy"', "style(launcher).color === 'rgb(255, 255, 255)'"),
        (' accent="no-colour"', "style(launcher).backgroundColor === 'rgb(11, 92, 107)'"),
        (' lang="es"', "launcher.lang === 'en'"),
    ],
)
def test_attributes_change_the_button(
    attributes: str, check: str, page: Page, tiny_assistant: tiny_bot.Assistant
) -> None:
    with serving(tiny_assistant.other_site, tiny_assistant.web, attributes) as address:
        page.goto(address)
        page.get_by_role("button").nth(1).wait_for()
        assert page.evaluate(
            f"""() => {{
                const launcher = document.querySelector("imr-chat").shadowRoot.querySelector("button");
                const style = getComputedStyle;
                return {check};
            }}"""
        )


def test_attributes_change_the_window(page: Page, tiny_assistant: tiny_bot.Assistant) -> None:
    attributes = ' open heading="Ask the clinic" privacy="https://clinic.example/privacy" scheme="dark"'
    with serving(tiny_assistant.other_site, tiny_assistant.web, attributes) as address:
        page.goto(address)
        window = page.get_by_role("dialog", name="Ask the clinic")
        expect(window).to_be_visible()
        expect(window.get_by_role("link", name="Privacy")).to_have_attribute("href", "https://clinic.example/privacy")
        assert window.evaluate("one => getComputedStyle(one).colorScheme") == "dark"
        window.get_by_role("button", name="Close").click()
        expect(window).to_be_hidden()


def test_a_script_of_the_page_can_open_and_close_it_and_hears_of_it(page: Page, clinic: str) -> None:
    page.goto(clinic)
    page.evaluate("document.addEventListener('imr-open', () => (document.title = 'opened'))")
    page.evaluate("document.addEventListener('imr-close', () => (document.title = 'closed'))")
    page.evaluate("customElements.whenDefined('imr-chat').then(() => document.querySelector('imr-chat').open())")
    expect(page).to_have_title("opened")
    page.evaluate("document.querySelector('imr-chat').close()")
    expect(page).to_have_title("closed")


def test_when_the_chat_cannot_be_loaded_the_plain_version_is_offered(page: Page, clinic: str) -> None:
    page.route("**/chat.js", lambda route: route.abort())
    page.goto(clinic)
    page.get_by_role("button", name="Plan said no?").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    expect(page.get_by_role("link", name="use the plain version")).to_be_visible()
    page.unroute("**/chat.js")
    page.get_by_role("button", name="Plan said no?").click()
    expect(page.get_by_role("alert")).to_be_hidden()
