"""The chat window as a person uses it: by what they see and press, never by what it is made of."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Locator, Page, expect

BACK_MRI = (
    "Kaiser denied my back MRI, the letter is dated October 5th and says it's not medically necessary. "
    "I haven't appealed or anything."
)
ANSWERS = ("No, it can wait", "I buy it myself or through Covered California", "Yes, a doctor in the plan")


class Chat:
    """The chat window in a tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.window = page.get_by_role("dialog", name="Health plan said no?")
        self.log = self.window.get_by_role("log")
        self.field = self.window.get_by_label("Your message")
        self.day = self.window.get_by_label("Date", exact=True)
        self.trouble = self.window.get_by_role("alert")
        self.mine = self.log.locator(".you")
        self.theirs = self.log.locator(".assistant")

    def opened(self) -> Self:
        """The start page with the window open and the assistant's first words in it."""
        self.page.goto(self.url)
        self.page.get_by_role("link", name="Start the conversation").click()
        expect(self.theirs.first).to_be_visible()
        return self

    def say(self, text: str) -> Self:
        """Types a message, sends it, and waits until it was answered."""
        self.send(text)
        return self.answered()

    def send(self, text: str) -> None:
        """Types a message and sends it."""
        self.field.fill(text)
        self.field.press("Enter")

    def answered(self) -> Self:
        """Waits until nothing is on its way any more."""
        expect(self.log).to_have_attribute("aria-busy", "false")
        return self

    def press(self, title: str) -> Self:
        """Presses the open choice whose title begins like this."""
        self.choices.filter(has_text=title).first.click()
        return self.answered()

    @property
    def choices(self) -> Locator:
        """The choices that may be pressed."""
        return self.window.locator("button:not([aria-disabled])[data-payload]")

    def to_the_answer(self) -> Self:
        """A whole story, to its answer."""
        self.say(BACK_MRI)
        for answer in ANSWERS:
            self.press(answer)
        expect(self.log.get_by_role("heading", name="Your dates")).to_be_visible()
        return self

    def to_a_date(self) -> Self:
        """A story told as far as the question for a day."""
        self.say("Kaiser denied my back MRI. I filed a grievance and they said no.")
        for answer in (*ANSWERS, *["I'm not sure"] * 3):
            if not self.day.is_visible() and self.choices.filter(has_text=answer).count():
                self.press(answer)
        expect(self.day).to_be_visible()
        return self

    def until_it_gives_up(self) -> None:
        """Moves the clock of the page on until the chat no longer tries by itself."""
        for seconds in (1, 2, 4, 8):
            expect(self.trouble).to_contain_text(f"Trying again in {seconds} s.")
            self.page.clock.fast_forward(1000 * seconds)
