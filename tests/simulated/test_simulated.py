"""People of our own tell their case to the running assistant, in words of their own."""

from __future__ import annotations

from cli.simulated import Judged
from cli.simulated.report import problems, transcript
from imr_logic import CaseFacts, assess
from tests.simulated.own_people import PEOPLE

MOST_QUESTIONS = 9


def shown(had: Judged) -> str:
    """What went wrong and the whole talk, for whoever reads a failure."""
    return "\n".join([*problems(had), transcript(had.talk)])


def test_the_route_is_right(had: Judged) -> None:
    assert had.route_right, shown(had)


def test_every_date_is_right(had: Judged) -> None:
    assert not had.missing, shown(had)


def test_nothing_is_asked_that_was_told(had: Judged) -> None:
    assert not had.again, shown(had)


def test_at_most_nine_questions_are_asked(had: Judged) -> None:
    assert len(had.asked) <= MOST_QUESTIONS, shown(had)


def test_every_answer_has_its_law_and_a_first_step(had: Judged) -> None:
    assert had.answers, shown(had)
    assert not had.unsupported, shown(had)


def test_the_talk_comes_to_an_end(had: Judged) -> None:
    assert had.talk.ended, shown(had)


def test_our_people_go_ten_different_ways() -> None:
    assert len({one.route for one in PEOPLE}) >= 10


def test_what_must_come_out_is_what_the_law_says() -> None:
    for one in PEOPLE:
        found = assess(CaseFacts.model_validate({"today": one.today, **one.facts}))
        dated = {(due.code, due.kind, due.date and due.date.isoformat()) for due in found.deadlines}
        assert (found.route, one.deadlines <= dated) == (one.route, True), (one.id, found.route, dated)
