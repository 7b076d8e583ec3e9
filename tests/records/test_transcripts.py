"""A conversation is read back with what was understood, asked and learned at each message."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from records import transcripts
from records.engine import engine
from records.transcripts import Change, Transcript
from tests.records.told import STORY, answered, known, pressed, said, tell, tell_story

pytestmark = pytest.mark.usefixtures("key")


def read(url: str, number: int) -> Transcript:
    found = transcripts.read(number, url=url)
    assert found
    return found


def test_a_story_has_its_turns_with_all_that_came_of_them(url: str) -> None:
    first, second = read(url, tell_story(url)).turns
    assert (first.text, first.intent, first.confidence) == (STORY, "report_denial", 0.91)
    assert [one.name for one in first.found] == ["carrier"]
    assert [answer.asks for answer in first.answers] == ["immediate_danger"]
    assert Change("plan_type", None, "commercial", "said") in first.changes
    assert first.took == 2000
    assert (second.chosen, [change.fact for change in second.changes]) == (
        "immediate_danger=false",
        ["immediate_danger"],
    )


def test_a_button_is_shown_by_its_title(url: str) -> None:
    asked = answered("Danger?", "immediate_danger")
    asked["data"]["buttons"] = [{"title": "No, it can wait", "payload": "urgent=false"}]
    [turn] = read(url, tell(url, asked, pressed("urgent=false"))).turns
    assert turn.title == "No, it can wait"


def test_a_private_message_shows_no_words(url: str) -> None:
    [turn] = read(url, tell(url, said("[removed]"))).turns
    assert (turn.text, turn.private) == ("", True)


def test_a_fact_taken_back_and_one_corrected_are_shown(url: str) -> None:
    events = (said("a"), known({"urgent": True, "product": "hmo"}), said("b"), known({"product": "ppo"}))
    _, second = read(url, tell(url, *events)).turns
    assert second.changes == [Change("product", "hmo", "ppo", "said"), Change("urgent", True, None, "")]


def test_a_new_beginning_begins_the_case_anew(url: str) -> None:
    events = (said("a"), known({"urgent": True}), {"event": "restart"}, said("b"), known({"urgent": False}))
    first, second = read(url, tell(url, *events)).turns
    assert first.begins_anew
    assert second.changes == [Change("urgent", None, False, "said")]


def test_spans_fit_a_text_that_began_with_a_hidden_mark(url: str) -> None:
    event = said("\u2060/kaiser said no")
    event["parse_data"]["entities"][0].update(start=2, end=8)
    [turn] = read(url, tell(url, event)).turns
    [found] = turn.found
    assert turn.text[found.start : found.end] == "kaiser"


@pytest.mark.parametrize(
    "broken", ["", "no json", "[]", "null", '{"event": "user"}', '{"event": "user", "text": null}']
)
def test_an_event_that_cannot_be_read_costs_only_itself(url: str, broken: str) -> None:
    number = tell_story(url)
    with engine(url).begin() as connection:
        last = connection.execute(sa.text("SELECT MAX(id) FROM events")).scalar()
        connection.execute(sa.text("UPDATE events SET data = :data WHERE id = :id"), {"data": broken, "id": last})
    assert read(url, number).turns[0].text == STORY


def test_there_is_none_for_a_conversation_that_is_not_there(url: str) -> None:
    assert transcripts.read(99, url=url) is None
    assert transcripts.message(99, 1, url=url) is None
