"""`./imr bench widget`: what the chat window costs a page, and how soon a person sees what they said and its answer.

Measured in Chromium on the running assistant. Times are those of the page itself: from the key that sends a message
to the first frame in which it, and then its answer, is on the screen.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cli.bench.pictures import draw_all
from cli.browsing import NoBrowser, chromium
from cli.talking import NotReady, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TIMES = ("echo", "answer")
DAY = date(2026, 11, 23)
STORY = (
    "Kaiser denied my back MRI, the letter is dated October 5th and says it's not medically necessary. "
    "I haven't appealed or anything.",
    "no, it can wait",
    "through covered california",
    "yes my orthopedist ordered it",
    "how often do people win?",
    "actually I filed a grievance on October 12 and they turned me down, letter of Nov 2",
    "what papers do I need?",
)
WATCH = """
() => {
    const root = document.querySelector("imr-chat").shadowRoot;
    const log = root.querySelector(".log");
    const marks = document.documentElement.dataset;
    let begun = 0;
    const mark = (name) => (marks[name] ??= performance.now() - begun);
    const shown = (name) => requestAnimationFrame(() => setTimeout(() => mark(name)));
    root.querySelector("textarea").addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        begun = event.timeStamp;
        delete marks.echo;
        delete marks.answer;
    }, true);
    new MutationObserver((changes) => {
        const added = changes.flatMap((change) => [...change.addedNodes]);
        if (added.some((one) => one.classList?.contains("you"))) shown("echo");
        if (added.some((one) => one.matches?.(".assistant, .card"))) shown("answer");
    }).observe(log, { childList: true });
}
"""
SHIFT = """
    window.shift = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.shift += one.value)))
        .observe({ type: "layout-shift", buffered: true });
"""


def run(conversations: int, pictures: Path | None) -> int:
    """The whole command. Returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with running(DAY, Path(folder), Path(folder) / "bench.log") as assistant, chromium() as browser:
                _report(browser, assistant.url, conversations)
                if pictures:
                    draw_all(browser, assistant.url, pictures)
        except (NotReady, NoBrowser) as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


def _report(browser: Browser, url: str, conversations: int) -> None:
    from web.widget.serving import launcher, parts

    before = len(launcher().compressed)
    print(f"launcher, gzip:           {before:6d} bytes")
    print(f"all code, gzip:           {before + sum(len(part.compressed) for part in parts().values()):6d} bytes")
    for name, part in {"launcher.js": launcher(), **parts()}.items():
        print(f"  {name:24}{len(part.compressed):6d} bytes")
    requests, shift = _before_opening(browser, url)
    print(f"requests before opening:  {requests:6d}")
    print(f"layout shift:             {shift:6.3f}")
    taken = [times for _ in range(conversations) for times in _conversation(browser, url)]
    for name in TIMES:
        print(f"{name} shown p50 / p95:    {_shares(one[name] for one in taken)} ms of {len(taken)} messages")


def _before_opening(browser: Browser, url: str) -> tuple[int, float]:
    """How many files the chat asks for before it is opened, and how far things moved until it was."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(SHIFT)
    page.goto(url, wait_until="networkidle")
    requests = len([one for one in asked if "/widget" in one])
    _open(page, url)
    shift = float(page.evaluate("window.shift"))
    page.close()
    return requests, shift


def _open(page: Page, url: str) -> None:
    page.goto(url)
    page.evaluate("customElements.whenDefined('imr-chat').then(() => document.querySelector('imr-chat').open())")
    page.locator(".assistant").first.wait_for()


def _conversation(browser: Browser, url: str) -> list[dict[str, float]]:
    """The times of each message of one conversation, in milliseconds."""
    page = browser.new_page(viewport={"width": 1280, "height": 850})
    _open(page, url)
    page.evaluate(WATCH)
    taken = []
    for text in STORY:
        page.get_by_label("Your message").fill(text)
        page.keyboard.press("Enter")
        page.locator("html[data-answer]").wait_for()
        taken.append({name: float(page.locator("html").get_attribute(f"data-{name}") or "nan") for name in TIMES})
    page.close()
    return taken


def _shares(times: Iterable[float]) -> str:
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:6.1f} / {ordered[int(0.95 * len(ordered))]:6.1f}"
