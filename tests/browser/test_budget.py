"""What the chat costs a page: bytes, requests before it is opened, and nothing that moves or comes from elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect

from cli.bench.widget import SHIFT
from cli.talking import Assistant
from tests.browser.chat import Chat
from tests.browser.other_site import serving
from tests.channels import tiny_bot
from web.widget.serving import launcher, parts

MOST_BYTES, MOST_BYTES_BEFORE_OPENING = 15 * 1024, 3 * 1024


def test_the_code_fits_the_budget() -> None:
    assert len(launcher().compressed) <= MOST_BYTES_BEFORE_OPENING
    assert len(launcher().compressed) + sum(len(part.compressed) for part in parts().values()) <= MOST_BYTES


def test_before_opening_a_page_asks_for_the_launcher_alone(page: Page, tiny_assistant: tiny_bot.Assistant) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    with serving(tiny_assistant.other_site, tiny_assistant.web) as address:
        page.goto(address, wait_until="networkidle")
    ours = [one.url for one in asked if one.url.startswith(tiny_assistant.web)]
    assert ours == [f"{tiny_assistant.web}/widget.js"]


def test_nothing_moves_when_the_launcher_comes_and_when_the_window_opens(page: Page, assistant: Assistant) -> None:
    page.add_init_script(SHIFT)
    page.goto(assistant.url, wait_until="networkidle")
    page.get_by_role("button", name="Plan said no?").click()
    expect(Chat(page, assistant.url).theirs.first).to_be_visible()
    assert page.evaluate("window.shift") == 0


@pytest.mark.parametrize("path", ["/", "/chat", "/privacy", "/accessibility"])
def test_no_page_asks_another_site_for_anything(path: str, page: Page, assistant: Assistant) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(assistant.url + path, wait_until="networkidle")
    assert {one.url for one in asked if not one.url.startswith(assistant.url)} == set()


def test_a_whole_conversation_asks_another_site_for_nothing(page: Page, assistant: Assistant) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    Chat(page, assistant.url).opened().to_the_answer()
    assert {one.url for one in asked if not one.url.startswith(assistant.url)} == set()
