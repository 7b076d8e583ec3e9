"""Corrections in the console: typed as people would, approved by another, refused with a word when they cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from records import corrections
from tests.records.told import STORY, keep_case
from tests.web.staff.conftest import Practice
from web.staff.wording import texts

PROBLEMS = texts()["problems"]


class TestCorrections:
    def propose(self, practice: Practice, number: int, **told: str) -> Any:
        form = {"message": "1", "kind": "intent", "intent": "give_details", "text": STORY, **told}
        return practice.client("reviewer").post(f"/staff/conversations/{number}/corrections", data=form)

    def test_an_intent_is_proposed_approved_by_another_and_not_by_oneself(
        self, practice: Practice, conversation: int
    ) -> None:
        assert self.propose(practice, conversation).headers["location"].endswith("#m1")
        own = practice.client("reviewer").post("/staff/corrections/1", data={"decision": "approve"})
        assert (own.status_code, PROBLEMS["own_correction"] in own.text) == (409, True)
        assert practice.client("admin").post("/staff/corrections/1", data={"decision": "approve"}).status_code == 303
        assert [one.state for one in corrections.of(conversation, url=practice.url)] == ["approved"]

    @pytest.mark.parametrize(
        ("fact", "value", "right"),
        [
            ("denial_letter_date", "2026-10-06", "2026-10-06"),
            ("denial_letter_date", "2026-10-01 .. 2026-10-07", {"earliest": "2026-10-01", "latest": "2026-10-07"}),
            ("urgent", "Yes", True),
            ("denial_reasons", "medical_necessity, experimental", ["medical_necessity", "experimental"]),
            ("product", "ppo", "ppo"),
            ("denial_letter_date", "10/7/2026", "2026-10-07"),
            ("plan_type", "a Medi-Cal health plan", "medi_cal_managed_care"),
        ],
    )
    def test_a_fact_is_typed_as_people_would(
        self, practice: Practice, conversation: int, fact: str, value: str, right: Any
    ) -> None:
        assert self.propose(practice, conversation, kind="fact", fact=fact, value=value).status_code == 303
        assert corrections.of(conversation, url=practice.url)[0].right == right

    @pytest.mark.parametrize(
        ("told", "said_"),
        [
            ({"intent": "no_such"}, "no_such is no intent"),
            ({"kind": "fact", "fact": "product", "value": "zzz"}, "hmo"),
            ({"kind": "fact", "fact": "product", "value": ""}, "say what it should be"),
            ({"kind": "fact", "fact": "denial_letter_date", "value": "soon"}, "denial_letter_date"),
            ({"kind": "fact", "fact": "product", "value": "hmo", "span": "elsewhere"}, "does not stand in the words"),
            ({"kind": "nothing"}, "no kind of correction"),
            ({"intent": "report_denial"}, "is how it was read"),
            ({"kind": "fact", "fact": "denial_letter_date", "value": "10/7/2027"}, "after the day of the message"),
        ],
    )
    def test_what_cannot_be_is_named(
        self, practice: Practice, conversation: int, told: dict[str, str], said_: str
    ) -> None:
        answer = self.propose(practice, conversation, **told)
        assert answer.status_code == 400
        assert said_ in answer.text

    def test_one_comes_back_to_the_list_that_one_came_from(self, practice: Practice, conversation: int) -> None:
        form = {"message": "1", "kind": "good", "text": STORY}
        path = f"/staff/conversations/{conversation}/corrections?q=kaiser%26status%3Dx&status=new"
        answer = practice.client("reviewer").post(path, data=form)
        assert (
            answer.headers["location"] == f"/staff/conversations/{conversation}?status=new&q=kaiser%26status%3Dx#m1"
        )

    def test_a_message_is_not_corrected_twice_and_what_was_typed_stays(
        self, practice: Practice, conversation: int
    ) -> None:
        told = {"kind": "fact", "fact": "product", "value": "ppo", "text": "words as I put them"}
        assert self.propose(practice, conversation, **told).status_code == 303
        answer = self.propose(practice, conversation, **{**told, "value": "hmo"})
        assert (answer.status_code, PROBLEMS["twice"] in answer.text) == (400, True)
        assert "words as I put them" in answer.text
        assert 'value="hmo"' in answer.text

    @pytest.mark.parametrize("message", ["", "0", "999", "x"])
    def test_only_a_message_of_this_conversation_can_be_corrected(
        self, practice: Practice, conversation: int, message: str
    ) -> None:
        assert self.propose(practice, conversation, message=message).status_code in (400, 404)

    def test_a_corrected_date_is_counted_anew_beside_the_case(self, practice: Practice, conversation: int) -> None:
        facts = {"product": "hmo", "denial_reasons": ["medical_necessity"], "grievance_status": "not_filed"}
        facts |= {"provider_support": "in_plan_recommended", "care_status": "future", "decision": "denied"}
        keep_case(practice.url, **facts, immediate_danger=False, urgent=False, regulator="dmhc")
        self.propose(practice, conversation, kind="fact", fact="denial_letter_date", value="2026-06-01")
        page = practice.client("viewer").get(f"/staff/conversations/{conversation}").text
        assert texts()["transcript"]["corrected_hint"] in page
        assert "November 25, 2026" in page  # 180 days from June 1 end on a Saturday after Thanksgiving
