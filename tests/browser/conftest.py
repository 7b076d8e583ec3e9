"""A real browser: Debian's Chromium, driven by Playwright, on the pages of running assistants.

Where there is no Chromium the tests are skipped; with CI=true that is a failure, because `.ci/run` installs it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from cli.browsing import NoBrowser, chromium
from cli.talking import Assistant
from tests.browser.chat import Chat
from tests.channels import tiny_bot

PATIENCE_MS = 15_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser. For one file of tests only: Playwright holds the event loop of the thread as long as it runs."""
    with ExitStack() as stack:
        try:
            started = stack.enter_context(chromium())
        except NoBrowser as missing:
            if os.environ.get("CI"):
                pytest.fail(f"{missing} .ci/run installs it.")
            pytest.skip(str(missing))
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window of its own, with nothing kept from before. A page that throws an error fails the test."""
    made = browser.new_context(viewport={"width": 1280, "height": 850}, reduced_motion="reduce")
    made.set_default_timeout(PATIENCE_MS)
    thrown: list[Error] = []
    made.on("weberror", lambda error: thrown.append(error.error))
    yield made
    made.close()
    assert not thrown


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab."""
    return context.new_page()


@pytest.fixture
def chat(page: Page, assistant: Assistant) -> Chat:
    """The chat window of the real assistant, opened on the start page."""
    return Chat(page, assistant.url).opened()


@pytest.fixture
def tiny_chat(page: Page, tiny_assistant: tiny_bot.Assistant) -> Chat:
    """The chat window of the very small assistant."""
    return Chat(page, tiny_assistant.web).opened()
