"""Corrections are checked, looked at by a second person, and go with their conversation."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from records import audit, corrections, staff
from records.corrections import CorrectionError, Proposal
from tests.records.told import STORY, tell_story

pytestmark = pytest.mark.usefixtures("key")
INTENTS = ("report_denial", "give_details")
DAY = date(2026, 11, 23)


@pytest.fixture
def people(url: str) -> dict[str, int]:
    return {name: staff.add(name, "reviewer", "a long password", url=url).member.id for name in ("ana", "rui")}


def propose(url: str, by: int, **changes: Any) -> int:
    told = {"event_id": 1, "kind": "intent", "text": STORY, "said_on": DAY, "right": "give_details", **changes}
    return corrections.propose(tell_story(url), Proposal(**told), by, by="ana", intents=INTENTS, url=url)


def test_a_correction_waits_for_a_second_person(url: str, people: dict[str, int]) -> None:
    number = propose(url, people["ana"])
    with pytest.raises(CorrectionError, match="own_correction"):
        corrections.decide(number, True, people["ana"], by="ana", url=url)
    corrections.decide(number, True, people["rui"], by="rui", url=url)
    [found] = corrections.approved(url=url)
    assert (found.author, found.decider, found.right) == ("ana", "rui", "give_details")


def test_who_proposed_may_take_it_back(url: str, people: dict[str, int]) -> None:
    number = propose(url, people["ana"])
    corrections.decide(number, False, people["ana"], by="ana", url=url)
    assert corrections.approved(url=url) == []
    with pytest.raises(CorrectionError, match="decided"):
        corrections.decide(number, True, people["rui"], by="rui", url=url)


def test_a_fact_stands_where_its_words_stand(url: str, people: dict[str, int]) -> None:
    fact = {"kind": "fact", "fact": "denial_letter_date", "right": "2026-10-05", "span": "october 5th"}
    propose(url, people["ana"], **fact)
    [found] = corrections.listed("proposed", 9, url=url)
    assert found.span == "October 5th"


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"kind": "magic"}, "bad_kind magic"),
        ({"right": "no_such_intent"}, "bad_intent no_such_intent"),
        ({"kind": "fact", "fact": "shoe_size", "right": "9"}, "bad_fact shoe_size"),
        ({"kind": "fact", "fact": "product", "right": "elephant"}, "bad_value product: .*hmo.*"),
        ({"kind": "fact", "fact": "denial_letter_date", "right": "2026-02-30"}, "bad_value denial_letter_date: .*"),
        ({"kind": "fact", "fact": "product", "right": "hmo", "span": "not in it"}, "bad_span not in it"),
        ({"text": "  "}, "no_text"),
        ({"text": "x" * 4001}, "long_text"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_kept(
    url: str, people: dict[str, int], wrong: dict[str, Any], problem: str
) -> None:
    with pytest.raises(CorrectionError, match=problem):
        propose(url, people["ana"], **wrong)
    assert corrections.listed(None, 9, url=url) == []


def test_a_fact_may_be_one_that_was_not_told(url: str, people: dict[str, int]) -> None:
    propose(url, people["ana"], kind="fact", fact="product", right=None, was="hmo")
    assert corrections.waiting(url=url) == 1


def test_each_step_is_in_the_log(url: str, people: dict[str, int]) -> None:
    number = propose(url, people["ana"])
    corrections.decide(number, True, people["rui"], by="rui", url=url)
    corrections.exported([number], by="command line", url=url)
    actions = [line.action for line in audit.lines(3, url=url)]
    assert actions == ["correction.export", "correction.approve", "correction.propose"]
    assert corrections.approved(url=url) == []
