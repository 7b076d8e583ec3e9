"""When things go wrong: reloading, two tabs, no network, a slow or absent server, an ended session, hostile words.
No message is lost and none counts twice."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.chat import BACK_MRI, Chat
from tests.channels import tiny_bot

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\u202eevil\u202c",
    "W" * 500,
    "javascript:alert(1)",
    "</textarea><b>bold</b>",
    "/restart",
]


def test_a_page_loaded_again_shows_the_conversation_and_goes_on(chat: Chat) -> None:
    chat.say(BACK_MRI)
    chat.press("No, it can wait")
    said = chat.log.locator(".bubble").all_inner_texts()
    chat.page.reload()
    chat.page.get_by_role("button", name="Go on with").click()
    expect(chat.mine).to_have_count(2)
    assert chat.log.locator(".bubble").all_inner_texts() == said
    expect(chat.log.get_by_role("button", name="No, it can wait")).to_have_class("chosen")
    chat.press("I buy it myself")
    expect(chat.mine).to_have_count(3)


def test_a_day_that_was_chosen_is_shown_the_same_after_loading_again(chat: Chat) -> None:
    chat.to_a_date()
    chat.day.fill("2026-11-02")
    chat.window.get_by_role("button", name="Use this date").click()
    chat.answered()
    chat.page.reload()
    chat.page.get_by_role("button", name="Go on with").click()
    expect(chat.mine.last).to_contain_text("November 2, 2026")
    expect(chat.mine.last).to_be_in_viewport()


def test_a_day_is_still_asked_for_after_loading_again(chat: Chat) -> None:
    chat.to_a_date()
    chat.page.reload()
    chat.page.get_by_role("button", name="Go on with").click()
    expect(chat.day).to_be_visible()


def test_two_tabs_of_one_conversation_show_the_same(chat: Chat) -> None:
    chat.say(BACK_MRI)
    token = chat.page.evaluate("sessionStorage.getItem(Object.keys(sessionStorage)[0])")
    other_page = chat.page.context.new_page()
    other_page.add_init_script(f"sessionStorage.setItem('imr-session {chat.url}', '{token}')")
    other = Chat(other_page, chat.url).opened()
    expect(other.mine).to_have_count(1)
    other.press("No, it can wait")
    chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(chat.mine).to_have_count(2)
    expect(chat.theirs).to_have_count(other.theirs.count())


def test_two_tabs_with_conversations_of_their_own_do_not_mix(chat: Chat) -> None:
    other = Chat(chat.page.context.new_page(), chat.url).opened()
    chat.say(BACK_MRI)
    expect(other.mine).to_have_count(0)
    other.say("Molina denied my wheelchair")
    expect(chat.mine).to_have_count(1)


def test_offline_is_said_and_the_message_goes_when_the_device_is_back(tiny_chat: Chat) -> None:
    tiny_chat.page.context.set_offline(True)
    tiny_chat.send("my scan was denied")
    expect(tiny_chat.trouble).to_contain_text("seems to be offline")
    expect(tiny_chat.mine).to_contain_text("my scan was denied")
    tiny_chat.page.context.set_offline(False)
    expect(tiny_chat.theirs.last).to_contain_text("You said: 'my scan was denied'")
    expect(tiny_chat.trouble).to_be_empty()


def test_what_is_written_before_the_conversation_has_begun_is_sent_when_it_has(
    page: Page, tiny_assistant: tiny_bot.Assistant
) -> None:
    page.route("**/session", lambda route: (time.sleep(1.5), route.continue_()))
    page.goto(tiny_assistant.web)
    page.get_by_role("button", name="Plan said no?").click()
    chat = Chat(page, tiny_assistant.web)
    chat.send("my scan was denied")
    expect(chat.theirs.last).to_contain_text("You said: 'my scan was denied'")
    expect(chat.mine).to_have_count(1)


def test_each_answer_stands_below_its_own_message(tiny_chat: Chat) -> None:
    for text in ("slow", "two", "three"):
        tiny_chat.send(text)
    expect(tiny_chat.theirs).to_have_count(4)
    told = tiny_chat.log.locator(".bubble").all_inner_texts()[1:]
    assert [told[place].split("\n")[-1] for place in (0, 2, 4)] == ["slow", "two", "three"]
    assert "three" in told[5]


def test_a_conversation_begun_anew_hears_nothing_of_the_one_before(tiny_chat: Chat) -> None:
    tiny_chat.page.route("**/messages", lambda route: route.abort())
    tiny_chat.send("an old message")
    expect(tiny_chat.trouble).not_to_be_empty()
    tiny_chat.window.get_by_role("button", name="More", exact=True).click()
    tiny_chat.window.get_by_role("button", name="Start a new conversation").click()
    tiny_chat.page.unroute("**/messages")
    expect(tiny_chat.mine).to_have_count(0)
    tiny_chat.say("a new message")
    expect(tiny_chat.theirs.last).to_contain_text("a new message")
    expect(tiny_chat.mine).to_have_count(1)


def test_what_was_erased_does_not_come_back_with_a_late_answer(tiny_chat: Chat) -> None:
    tiny_chat.say("my scan was denied")
    held: list[Route] = []
    tiny_chat.page.route("**/history", lambda route: held.append(route), times=1)
    tiny_chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tiny_chat.window.get_by_role("button", name="More", exact=True).click()
    tiny_chat.window.get_by_role("button", name="Start a new conversation").click()
    expect(tiny_chat.mine).to_have_count(0)
    expect(tiny_chat.theirs).to_have_count(1)
    held[0].continue_()
    tiny_chat.say("a new message")
    expect(tiny_chat.mine).to_have_count(1)


def test_when_the_opening_failed_trying_again_opens_and_sends(page: Page, tiny_assistant: tiny_bot.Assistant) -> None:
    page.route("**/session", lambda route: route.fulfill(status=503, json={"error": {"message": "Not now."}}))
    page.clock.install()
    page.goto(tiny_assistant.web)
    page.get_by_role("button", name="Plan said no?").click()
    chat = Chat(page, tiny_assistant.web)
    chat.send("my scan was denied")
    chat.until_it_gives_up()
    expect(chat.trouble.get_by_role("link", name="Use the plain version")).to_have_count(0)
    page.unroute("**/session")
    chat.trouble.get_by_role("button", name="Try now").click()
    expect(chat.theirs.last).to_contain_text("You said: 'my scan was denied'")


def test_an_erasure_that_failed_can_be_tried_again(chat: Chat) -> None:
    chat.say(BACK_MRI)
    chat.page.clock.install()
    chat.page.route("**/erase", lambda route: route.fulfill(status=503, json={"error": {"message": "Not now."}}))
    chat.window.get_by_role("button", name="More", exact=True).click()
    chat.window.get_by_role("button", name="Erase and end").click()
    chat.window.get_by_role("button", name="Yes, erase it").click()
    chat.until_it_gives_up()
    expect(chat.trouble).not_to_contain_text("Trying again")
    chat.page.unroute("**/erase")
    chat.trouble.get_by_role("button", name="Try now").click()
    expect(chat.mine).to_have_count(0)
    expect(chat.theirs).to_contain_text("November 23, 2026")


def test_nothing_of_what_was_printed_or_drafted_stays_after_erasing(chat: Chat) -> None:
    chat.say(BACK_MRI)
    for action in ("Print the conversation", "Erase and end"):
        chat.field.fill("a secret draft")
        chat.window.get_by_role("button", name="More", exact=True).click()
        chat.window.get_by_role("button", name=action).click()
    chat.window.get_by_role("button", name="Yes, erase it").click()
    expect(chat.mine).to_have_count(0)
    chat.window.get_by_role("button", name="Start a new conversation").click()
    expect(chat.field).to_have_value("")
    assert all("back MRI" not in (frame.locator("body").text_content() or "") for frame in chat.page.frames)


def test_erasing_by_words_clears_the_screen_and_leaves_the_receipt_after_loading_again_too(chat: Chat) -> None:
    chat.say(BACK_MRI)
    chat.say("delete everything I wrote")
    for _ in range(2):
        expect(chat.mine).to_have_count(0)
        expect(chat.theirs).to_contain_text("November 23, 2026")
        chat.page.reload()
        chat.page.get_by_role("button", name="Go on with").click()


def test_messages_written_while_waiting_are_sent_in_their_order(tiny_chat: Chat) -> None:
    tiny_chat.page.context.set_offline(True)
    for text in ("one", "two", "three"):
        tiny_chat.send(text)
    tiny_chat.page.context.set_offline(False)
    expect(tiny_chat.theirs).to_have_count(4)
    assert [one.split("'")[1] for one in tiny_chat.theirs.all_inner_texts()[1:]] == ["one", "two", "three"]


def test_a_message_whose_answer_was_lost_is_sent_again_and_heard_once(tiny_chat: Chat) -> None:
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        route.abort()

    tiny_chat.page.route("**/messages", lose_the_first_answer)
    tiny_chat.send("my scan was denied")
    expect(tiny_chat.theirs.last).to_contain_text("You said: 'my scan was denied'")
    assert "my scan" in lost[0], "the server had heard it the first time"
    tiny_chat.page.reload()
    tiny_chat.page.get_by_role("button", name="Go on with").click()
    expect(tiny_chat.mine).to_have_count(1)


def test_a_slow_server_is_waited_for_and_said_to_be_working(tiny_chat: Chat) -> None:
    tiny_chat.page.route("**/messages", lambda route: (time.sleep(5), route.continue_()))
    tiny_chat.send("hello")
    expect(tiny_chat.window.get_by_text("The assistant is still writing.")).to_be_attached()
    expect(tiny_chat.theirs.last).to_contain_text("You said: 'hello'")


def test_a_double_press_of_send_says_it_once(tiny_chat: Chat) -> None:
    tiny_chat.field.fill("hello")
    tiny_chat.window.get_by_role("button", name="Send").dblclick()
    tiny_chat.answered()
    expect(tiny_chat.mine).to_have_count(1)


def test_without_the_action_server_it_is_said_and_tried_again_until_it_is_back(
    tiny_chat: Chat, tiny_assistant: tiny_bot.Assistant
) -> None:
    tiny_assistant.stop("actions")
    try:
        tiny_chat.send("my scan was denied")
        expect(tiny_chat.trouble).to_contain_text("Something went wrong on our side")
        expect(tiny_chat.trouble.get_by_role("link", name="1-888-466-2219")).to_be_visible()
    finally:
        tiny_assistant.start("actions")
        tiny_assistant.wait_until_well()
    expect(tiny_chat.theirs.last).to_contain_text("You said: 'my scan was denied'", timeout=30_000)
    expect(tiny_chat.mine).to_have_count(1)


def test_without_rasa_it_is_said_and_tried_again_until_it_is_back(
    tiny_chat: Chat, tiny_assistant: tiny_bot.Assistant
) -> None:
    tiny_assistant.stop("rasa")
    try:
        tiny_chat.send("hello")
        expect(tiny_chat.trouble).to_contain_text("cannot be reached just now")
    finally:
        tiny_assistant.start("rasa")
        tiny_assistant.wait_until_well()
    expect(tiny_chat.theirs.last).to_contain_text("You said: 'hello'", timeout=45_000)


def test_what_could_not_be_sent_is_in_view_beside_the_reason(chat: Chat) -> None:
    chat.say(BACK_MRI)
    chat.press("No, it can wait")
    failing = {"status": 502, "json": {"error": {"code": "unavailable", "message": "Not now. " * 20}}}
    chat.page.route("**/messages", lambda route: route.fulfill(**failing))
    chat.send("I bought the plan myself")
    expect(chat.trouble).to_contain_text("Not now.")
    expect(chat.mine.last).to_be_in_viewport(ratio=0.9)


def test_what_fails_again_and_again_waits_for_the_person_to_try(tiny_chat: Chat) -> None:
    tiny_chat.page.clock.install()
    tiny_chat.send("explode")
    tiny_chat.until_it_gives_up()
    expect(tiny_chat.trouble).to_contain_text("Your message is not sent yet.")
    expect(tiny_chat.mine).to_contain_text("explode")


def test_when_the_session_has_ended_the_words_are_kept_for_a_new_one(tiny_chat: Chat) -> None:
    tiny_chat.page.evaluate("sessionStorage.setItem(Object.keys(sessionStorage)[0], 'forged')")
    tiny_chat.send("my scan was denied")
    expect(tiny_chat.trouble).to_contain_text("This conversation has ended")
    tiny_chat.window.get_by_role("button", name="Start a new conversation").click()
    expect(tiny_chat.theirs).to_have_count(1)
    expect(tiny_chat.field).to_have_value("my scan was denied")
    tiny_chat.field.press("Enter")
    expect(tiny_chat.theirs.last).to_contain_text("You said: 'my scan was denied'")


def test_who_writes_too_often_is_asked_to_wait_and_loses_nothing(tiny_chat: Chat) -> None:
    tiny_chat.page.route(
        "**/messages",
        lambda route: route.fulfill(
            status=429,
            headers={"Retry-After": "1"},
            json={"error": {"code": "too_often", "message": "A lot at once."}},
        ),
        times=1,
    )
    tiny_chat.send("hello")
    expect(tiny_chat.trouble).to_contain_text("A lot at once. Trying again in 1 s.")
    expect(tiny_chat.theirs.last).to_contain_text("You said: 'hello'")


def test_a_choice_that_is_no_longer_open_is_explained(tiny_chat: Chat) -> None:
    tiny_chat.say("what is the status")
    tiny_chat.choices.first.evaluate("one => (one.dataset.payload = 'x')")
    tiny_chat.page.route("**/messages", lambda route: route.continue_(post_data='{"payload": "x"}'), times=1)
    tiny_chat.choices.first.click()
    expect(tiny_chat.trouble).to_contain_text("This choice is not open")
    expect(tiny_chat.mine).to_have_count(1)
    expect(tiny_chat.choices.first).to_be_enabled()


def test_a_message_that_is_too_long_comes_back_into_the_field(tiny_chat: Chat) -> None:
    tiny_chat.say("they said no " * 400)
    expect(tiny_chat.theirs.last).to_contain_text("longer than I can read at once")
    expect(tiny_chat.field).to_have_value(("they said no " * 400).strip())


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_words_are_shown_as_words(text: str, tiny_chat: Chat) -> None:
    tiny_chat.page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    tiny_chat.say(text)
    expect(tiny_chat.mine).to_contain_text(text[:400])
    expect(tiny_chat.theirs).to_have_count(2)
    assert tiny_chat.log.locator("script, img, b, a[href^=javascript]").count() == 0
    assert tiny_chat.log.evaluate("one => one.scrollWidth <= one.clientWidth"), "long words are broken"


def test_hostile_words_of_the_assistant_are_shown_as_words_too(tiny_chat: Chat) -> None:
    tiny_chat.page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    tiny_chat.say("hostile")
    expect(tiny_chat.log.get_by_role("article")).to_contain_text("<script>alert(2)</script>")
    expect(tiny_chat.choices.first).to_have_text("<b>bold</b>")
    assert tiny_chat.log.locator("script, img, b, a[href^=javascript]").count() == 0
    assert tiny_chat.log.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_a_wait_that_the_server_asks_for_is_kept(tiny_chat: Chat) -> None:
    refusal = {"error": {"code": "too_often", "message": "A lot at once."}}
    tiny_chat.page.route(
        "**/messages", lambda route: route.fulfill(status=429, headers={"Retry-After": "7"}, json=refusal), times=1
    )
    tiny_chat.page.clock.install()
    tiny_chat.send("hello")
    expect(tiny_chat.trouble).to_contain_text("A lot at once. Trying again in 7 s.")
    tiny_chat.page.clock.fast_forward(7000)
    expect(tiny_chat.theirs.last).to_contain_text("You said: 'hello'")


def test_who_leaves_the_page_while_a_message_is_on_its_way_is_asked_first(tiny_chat: Chat) -> None:
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    tiny_chat.page.on("dialog", agree)
    tiny_chat.say("my scan was denied")
    tiny_chat.page.reload()
    assert asked == [], "nothing is on its way"
    tiny_chat.page.get_by_role("button", name="Go on with").click()
    expect(tiny_chat.mine).to_have_count(1)
    tiny_chat.page.route("**/messages", lambda route: None)
    tiny_chat.send("and one more thing")
    expect(tiny_chat.mine).to_have_count(2)
    tiny_chat.page.reload()
    assert asked == ["beforeunload"]


def test_after_loading_again_each_message_has_the_moment_at_which_it_was_said(tiny_chat: Chat) -> None:
    def as_if_long_ago(route: Route) -> None:
        told = route.fetch().json()
        for turn in told["turns"]:
            for one in [turn["said"], *turn["messages"]]:
                if one:
                    one["at"] = "2026-01-02T18:00:00+00:00"
        route.fulfill(json=told)

    tiny_chat.say("my scan was denied")
    tiny_chat.page.route("**/history", as_if_long_ago)
    tiny_chat.page.reload()
    tiny_chat.page.get_by_role("button", name="Go on with").click()
    expect(tiny_chat.mine).to_have_count(1)
    times = tiny_chat.log.get_by_role("time")
    expect(times).to_have_count(3)
    assert {time.get_attribute("datetime") for time in times.all()} == {"2026-01-02T18:00:00.000Z"}
    assert all("Jan 2, 2026" in told for told in times.all_inner_texts())


def test_the_token_that_comes_with_an_answer_is_the_one_that_is_kept(tiny_chat: Chat) -> None:
    def with_a_new_token(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "session": "newer"})

    tiny_chat.page.route("**/messages", with_a_new_token)
    tiny_chat.say("my scan was denied")
    assert tiny_chat.page.evaluate("Object.values(sessionStorage)") == ["newer"]
