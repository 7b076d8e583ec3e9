"""Pictures of the pages and of the chat window in every state: one sheet for each width and colour scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from playwright.sync_api import Browser, Page

SIZES = {360: 740, 768: 900, 1280: 850}
SCHEMES = ("light", "dark")
GAP = 12
WIDEST = 2700
SETTLED_MS = 250
STORY = (
    "Kaiser denied my back MRI. It says not medically necessary. I filed a grievance and they said no. "
    "My member id is XYZ123456789."
)


def draw_all(browser: Browser, url: str, folder: Path) -> None:
    """Write the sheets into the folder, and say so."""
    folder.mkdir(parents=True, exist_ok=True)
    for width, scheme in product(SIZES, SCHEMES):
        path = folder / f"{width}-{scheme}.png"
        _sheet(list(_states(browser, url, width, scheme))).save(path, optimize=True)
        print(f"drawn: {path}")


def _sheet(pictures: list[Image]) -> Image:
    """The pictures in rows, in few colours so that the file stays small."""
    from PIL import Image as images

    width, height = (size + GAP for size in pictures[0].size)
    columns = max(2, WIDEST // width)
    rows = -(-len(pictures) // columns)
    sheet = images.new("RGB", (min(columns, len(pictures)) * width - GAP, rows * height - GAP), "#888888")
    for place, one in enumerate(pictures):
        sheet.paste(one, (place % columns * width, place // columns * height))
    return sheet.quantize(96)


def _states(browser: Browser, url: str, width: int, scheme: str) -> Iterator[Image]:
    """Each state of the page, as a person comes to it."""
    from PIL import Image as images

    size = {"width": width, "height": SIZES[width]}
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    for step in (_nothing, _story, _to_a_day, _to_the_answer, _more, _danger):
        step(page)
        page.wait_for_timeout(SETTLED_MS)
        yield images.open(BytesIO(page.screenshot())).convert("RGB")
    context.close()


def _nothing(_: Page) -> None:
    """The page as it comes."""


def _story(page: Page) -> None:
    page.evaluate("customElements.whenDefined('imr-chat').then(() => document.querySelector('imr-chat').open())")
    page.locator(".assistant").first.wait_for()
    _say(page, STORY)


def _to_a_day(page: Page) -> None:
    for answer in ("No, it can wait", "I buy it myself", "Yes, a doctor in the plan"):
        _press(page, answer, unless=lambda: page.locator("form.day").is_visible())


def _to_the_answer(page: Page) -> None:
    _say(page, "the letter with their answer is dated November 2, I filed on October 12")
    for answer in ("Yes, a doctor in the plan", *["I'm not sure"] * 3):
        _press(page, answer, unless=lambda: page.locator(".card").count() > 0)


def _more(page: Page) -> None:
    for title in page.locator(".card summary").all()[:4]:
        title.click()
    page.locator(".card .papers").scroll_into_view_if_needed()


def _danger(page: Page) -> None:
    _say(page, "my chest hurts and I can't breathe")


def _say(page: Page, text: str) -> None:
    page.locator("imr-chat textarea").fill(text)
    page.locator("imr-chat textarea").press("Enter")
    _answered(page)


def _press(page: Page, title: str, unless: Callable[[], bool]) -> None:
    choice = page.locator("imr-chat button:not([aria-disabled]):visible").filter(has_text=title)
    if not unless() and choice.count():
        choice.first.click()
        _answered(page)


def _answered(page: Page) -> None:
    page.locator("imr-chat .log[aria-busy=false]").wait_for()
