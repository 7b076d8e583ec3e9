"""A conversation in the console: whatever was written shows as text, whatever version kept it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from records import inbox
from records.engine import engine, transaction
from records.models import Case
from tests.records.told import STORY, answered, known, said
from tests.records.told import tell as tell_events
from tests.web.staff.conftest import Practice
from web.staff.wording import texts

PROBLEMS = texts()["problems"]


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</textarea><h1>broken out</h1>",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "\u202egnp.exe\u202c and \u2066more\u2069",
    "' OR 1=1; --",
    "x" * 10_000,
    "🏥" * 500,
    "line\nline\n\n\nline",
)


class TestTranscript:
    def test_words_are_marked_with_what_was_read_in_them(self, practice: Practice, conversation: int) -> None:
        page = practice.client("viewer").get(f"/staff/conversations/{conversation}").text
        assert '<mark title="carrier">Kaiser' in page
        assert "report_denial" in page
        assert "immediate_danger" in page

    @pytest.mark.parametrize("text", HOSTILE)
    def test_whatever_was_written_shows_as_text(self, practice: Practice, text: str) -> None:
        number = tell_events(practice.url, said(text), known({"carrier": text[:40]}), answered(text))
        page = practice.client("admin").get(f"/staff/conversations/{number}")
        assert page.status_code == 200
        assert "<script>" not in page.text
        assert "<h1>broken" not in page.text
        assert "onerror=alert(2)>" not in page.text
        assert "49" not in page.text.split("<main")[1].split("{{ 7")[0][:200]

    def test_a_case_of_an_older_version_still_opens(self, practice: Practice, conversation: int) -> None:
        old = {
            "route": "a_path_of_before",
            "deadlines": [{"code": "x", "date": "2026-12-24", "label": "An old date"}],
        }
        with transaction(practice.url) as session:
            case = session.get(Case, conversation)
            case.assessment, case.facts = old, {"today": "2025-01-01", "fact_of_before": [1], "product": "hmo"}
        page = practice.client("viewer").get(f"/staff/conversations/{conversation}").text
        for shown in (texts()["transcript"]["old"], "a_path_of_before", "December 24, 2026", "fact_of_before"):
            assert shown in page

    @pytest.mark.parametrize("assessment", [{}, {"route": 7}, {"deadlines": "none"}, {"deadlines": [3, None]}])
    def test_a_case_that_is_no_case_still_opens(
        self, practice: Practice, conversation: int, assessment: dict[str, Any]
    ) -> None:
        with engine(practice.url).begin() as connection:
            connection.execute(sa.text("UPDATE cases SET assessment = :a"), {"a": json.dumps(assessment)})
        assert practice.client("viewer").get(f"/staff/conversations/{conversation}").status_code == 200

    @pytest.mark.parametrize(
        "event",
        [
            {"event": "slot", "name": "case", "value": "text"},
            {"event": "slot", "name": "case", "value": {"facts": [1, 2], "tries": "x"}},
            {"event": "slot", "name": "case", "value": {"facts": {"product": "hmo"}}},
            {"event": "bot", "text": "x", "data": []},
            {"event": "bot", "text": "x", "data": {"custom": "x", "buttons": {"a": 1}}},
            {"event": "bot", "text": 7, "data": {"custom": {"card": "x", "asks": 3}}},
            {"event": "user", "text": "x", "parse_data": {"intent": "x", "entities": "x", "intent_ranking": 3}},
            {"event": "user", "text": "x", "parse_data": {"entities": [{"start": "a", "end": None}, 3]}},
            {"event": "user", "text": "x", "parse_data": {"intent": {"name": 3, "confidence": "high"}}},
        ],
    )
    def test_an_odd_event_of_an_older_version_still_opens(self, practice: Practice, event: dict[str, Any]) -> None:
        number = tell_events(practice.url, said(STORY), event, answered("x"))
        page = practice.client("viewer").get(f"/staff/conversations/{number}")
        assert (page.status_code, STORY.split()[1] in page.text) == (200, True)

    @pytest.mark.parametrize("number", ["0", "99", "9" * 20, "0" * 20 + "9" * 30, "0" * 5000, "x", "-1", "1.5", "١"])
    def test_what_is_not_there_is_said_so(self, practice: Practice, number: str) -> None:
        answer = practice.client("viewer").get(f"/staff/conversations/{number}")
        assert (answer.status_code, PROBLEMS["not_there"] in answer.text) == (404, True)

    def test_status_and_who_works_on_it_are_kept(self, practice: Practice, conversation: int) -> None:
        client, me = practice.client("reviewer"), practice.members["reviewer"].id
        client.post(f"/staff/conversations/{conversation}/status", data={"status": "in_review"})
        client.post(f"/staff/conversations/{conversation}/assign?status=new", data={"to": str(me)})
        line = inbox.line(conversation, url=practice.url)
        assert line
        assert (line.status, line.assigned_to) == ("in_review", me)

    @pytest.mark.parametrize(
        ("form", "told", "allowed"),
        [
            ("status", {"status": "lost"}, "new, in_review, done"),
            ("status", {}, "new, in_review, done"),
            ("assign", {"to": "99"}, "0, 3, 2, 1"),
            ("assign", {"to": "ana"}, "0 – "),
            ("notes", {"text": " "}, PROBLEMS["empty_note"]),
            ("notes", {"text": "x" * 4001}, PROBLEMS["long_note"]),
        ],
    )
    def test_a_bad_form_is_told_what_is_allowed(
        self, practice: Practice, conversation: int, form: str, told: dict[str, str], allowed: str
    ) -> None:
        answer = practice.client("reviewer").post(f"/staff/conversations/{conversation}/{form}", data=told)
        assert answer.status_code == 400
        assert allowed in answer.text

    def test_a_viewer_sees_no_form_to_change_anything(self, practice: Practice, conversation: int) -> None:
        page = practice.client("viewer").get(f"/staff/conversations/{conversation}").text
        assert page.count("<form") == 1  # signing out

    def test_notes_stand_with_who_wrote_them(self, practice: Practice, conversation: int) -> None:
        client = practice.client("reviewer")
        client.post(f"/staff/conversations/{conversation}/notes", data={"text": "Call <b>her</b> son."})
        page = client.get(f"/staff/conversations/{conversation}").text
        assert "Call &lt;b&gt;her&lt;/b&gt; son." in page
