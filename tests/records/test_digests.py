"""What staff sort by is taken from a conversation as it is stored."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select

from records import digests
from records.console_models import ConversationWord
from records.engine import transaction
from records.models import Conversation
from tests.records.told import BEGAN, STORY, answered, known, pressed, said, tell

pytestmark = pytest.mark.usefixtures("key")


def row(url: str, *events: dict[str, Any]) -> Conversation:
    number = tell(url, *events)
    with transaction(url) as session:
        found = session.get(Conversation, number)
        session.expunge(found)
        return found


PRIVATE = {"metadata": {"private": True, "expecting": "contact_name"}}


@pytest.mark.parametrize(
    ("event", "flag"),
    [
        (answered("Call 911.", card={"kind": "crisis"}), "crisis"),
        (said("blorp", intent="nlu_fallback"), "fell_back"),
        (known({}, tries=1), "not_understood"),
        (pressed("wish=not_helped"), "thumbs_down"),
    ],
)
def test_each_flag_has_its_reason_and_stays(url: str, event: dict[str, Any], flag: str) -> None:
    assert not getattr(row(url, said(STORY)), flag)
    assert getattr(row(url, event, said("something else that follows")), flag)
    assert getattr(row(url, said("and later once more")), flag)


def test_a_name_told_for_a_call_is_no_fallback(url: str) -> None:
    assert not row(url, said("[removed]", intent="nlu_fallback", **PRIVATE)).fell_back


def test_the_page_that_opens_a_conversation_is_no_message(url: str) -> None:
    found = row(url, {"event": "user", "text": "/greet", "parse_data": {"intent": {"name": "greet"}}})
    assert (found.messages, found.preview) == (0, None)


def test_questions_are_counted_until_the_first_answer(url: str) -> None:
    found = row(
        url,
        said(STORY),
        answered("Danger?", "immediate_danger"),
        said("no"),
        answered("Which plan?", "plan_type"),
        said("kaiser"),
        answered("Your path.", assessment={"route": "plan_grievance"}),
        answered("May I call?", "contact_wanted"),
    )
    assert (found.messages, found.questions) == (3, 2)
    assert found.answered_at.timestamp() == BEGAN.timestamp() + 5


def test_the_preview_is_the_first_message_that_tells_something(url: str) -> None:
    assert row(url, said("hi"), said(STORY), said("and much more of the same story")).preview == STORY
    assert (
        len(
            row(
                url,
                said("word " * 100),
            ).preview
        )
        <= 160
    )


def test_words_taken_out_are_not_found(url: str) -> None:
    tell(url, said("[removed]"))
    with transaction(url) as session:
        assert list(session.scalars(select(ConversationWord.word))) == []


def test_conversations_of_before_are_taken_in_once(url: str) -> None:
    number = tell(url, said(STORY), answered("Danger?", "immediate_danger"))
    with transaction(url) as session:
        session.execute(delete(ConversationWord))
        session.get(Conversation, number).messages = 0
    assert digests.catch_up(url=url) == 1
    assert digests.catch_up(url=url) == 0
    with transaction(url) as session:
        found = session.get(Conversation, number)
        assert (found.messages, found.preview) == (1, STORY)
        assert found.updated_at.timestamp() == BEGAN.timestamp() + 1
        assert "kaiser" in session.scalars(select(ConversationWord.word)).all()
