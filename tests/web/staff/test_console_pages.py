"""The pages of the console: what they show, what their forms do, and what they say to bad input."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa

from records import audit, call_queue, corrections, inbox, staff, views
from records.engine import engine, transaction
from records.models import Case
from tests.records.callers import confirmed, tell
from tests.records.told import SENDER, STORY, answered, keep_case, known, said, tell_story
from tests.records.told import tell as tell_events
from tests.web.staff.conftest import Practice
from web.staff.wording import texts

PROBLEMS = texts()["problems"]


class TestInbox:
    def test_it_shows_what_came_with_path_words_and_flags(self, practice: Practice, conversation: int) -> None:
        page = practice.client("viewer").get("/staff/inbox").text
        assert STORY in page
        assert f'href="/staff/conversations/{conversation}"' in page

    def test_who_was_in_danger_is_named_first_until_somebody_looked(self, practice: Practice) -> None:
        number = tell_events(practice.url, said(STORY), answered("Call 911.", card={"kind": "crisis"}))
        line = texts()["inbox"]["in_danger"]["one"]
        client = practice.client("reviewer")
        assert line in client.get("/staff/inbox").text
        client.post(f"/staff/conversations/{number}/status", data={"status": "in_review"})
        assert line not in client.get("/staff/inbox").text

    def test_it_says_so_when_nobody_wrote(self, practice: Practice) -> None:
        assert texts()["inbox"]["empty_at_all"] in practice.client("viewer").get("/staff/inbox").text

    def test_a_search_that_finds_nothing_says_how_to_see_all(self, practice: Practice, conversation: int) -> None:
        page = practice.client("viewer").get("/staff/inbox?q=nowhere").text
        assert texts()["inbox"]["empty"] in page
        assert STORY not in page

    @pytest.mark.parametrize(
        ("query", "allowed"),
        [
            ("status=old", "new, in_review, done"),
            ("flag=red", "crisis, fell_back"),
            ("order=random", "date, newest"),
            ("channel=fax", "web, sms"),
            ("assigned=me", "0 – "),
            ("assigned=99999999999999999999", "0 – "),
            ("after=yesterday_3", "2026-12-01_17"),
            ("after=2026-12-01_x", "2026-12-01_17"),
            ("order=newest&after=inf_3", "2026-12-01_17"),
            (f"q={'x' * 201}", "≤ 200"),
        ],
    )
    def test_a_bad_choice_is_named_with_what_is_allowed(self, practice: Practice, query: str, allowed: str) -> None:
        answer = practice.client("viewer").get(f"/staff/inbox?{query}")
        assert answer.status_code == 400
        assert allowed in answer.text

    def test_a_case_is_found_by_the_number_on_its_papers(self, practice: Practice, conversation: int) -> None:
        from records.links import case_id

        found = practice.client("viewer").get(f"/staff/inbox?q={case_id(SENDER, current=practice.current)}")
        assert found.headers["location"] == f"/staff/conversations/{conversation}"

    def test_pages_follow_each_other(self, practice: Practice) -> None:
        for number in range(60):
            tell_story(practice.url, f"web-{number:032}")
        client, query, seen = practice.client("viewer"), "", set[str]()
        for _ in range(2):
            page = client.get(f"/staff/inbox?{query}").text
            seen |= {part.split('"')[0] for part in page.split('href="/staff/conversations/')[1:]}
            query = page.split('class="next" href="/staff/inbox?')[1].split('"')[0] if 'class="next"' in page else ""
        assert len(seen) == 60

    def test_a_view_is_saved_shown_and_dropped(self, practice: Practice) -> None:
        client = practice.client("viewer")
        client.post("/staff/views", data={"name": "Danger", "query": "flag=crisis&order=newest&after=x&evil=1"})
        [view] = views.of(practice.members["viewer"].id, url=practice.url)
        assert view.query == "flag=crisis&order=newest"
        assert "Danger" in client.get("/staff/inbox").text
        assert "Danger" not in practice.client("admin").get("/staff/inbox").text
        practice.client("admin").post(f"/staff/views/{view.id}/drop")
        assert views.of(practice.members["viewer"].id, url=practice.url)
        client.post(f"/staff/views/{view.id}/drop")
        assert not views.of(practice.members["viewer"].id, url=practice.url)

    def test_a_view_without_a_name_is_refused_with_a_word(self, practice: Practice) -> None:
        client = practice.client("viewer")
        answer = client.post("/staff/views", data={"name": " ", "query": "flag=crisis"}, follow_redirects=True)
        assert PROBLEMS["bad_view"] in answer.text


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


class TestConsultations:
    def test_the_queue_and_what_became_of_a_request(self, practice: Practice, conversation: int) -> None:
        number = confirmed(practice.url, SENDER)
        client = practice.client("reviewer")
        assert f'href="/staff/consultations/{number}"' in client.get("/staff/consultations").text
        told = {"state": "booked", "booked_for": "2026-12-01T14:30", "note": "She wants a call after lunch."}
        assert client.post(f"/staff/consultations/{number}/state", data=told).status_code == 303
        page = client.get(f"/staff/consultations/{number}").text
        assert "2026-12-01 14:30" in page
        assert "after lunch" in page

    @pytest.mark.parametrize(
        ("told", "status", "word"),
        [
            ({"state": "booked"}, 409, PROBLEMS["no_time"]),
            ({"state": "new"}, 409, "called, booked, closed"),
            ({"state": "lost"}, 400, "new, called, booked, closed"),
            ({"state": "booked", "booked_for": "tomorrow"}, 400, "2026-12-01T14:30"),
            ({"state": "called", "note": "x" * 4001}, 400, PROBLEMS["long_note"]),
        ],
    )
    def test_what_cannot_follow_is_said_and_nothing_is_changed(
        self, practice: Practice, told: dict[str, str], status: int, word: str
    ) -> None:
        number = confirmed(practice.url)
        answer = practice.client("reviewer").post(f"/staff/consultations/{number}/state", data=told)
        assert (answer.status_code, word in answer.text) == (status, True)
        found = call_queue.one(number, url=practice.url)
        assert found
        assert found.state == "new"

    def test_what_was_written_stays_when_something_is_missing(self, practice: Practice, conversation: int) -> None:
        number = confirmed(practice.url, SENDER)
        told = {"state": "booked", "note": "She wants a call after lunch."}
        page = practice.client("reviewer").post(f"/staff/consultations/{number}/state", data=told).text
        assert "She wants a call after lunch." in page
        assert "commercial" in page or "insured in California" in page  # the case stands beside it

    @pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", "|calc"])
    def test_no_cell_of_the_file_can_be_a_formula(self, practice: Practice, name: str) -> None:
        tell(practice.url, name=name, reach="(415) 555-0134")
        from records import consultations

        consultations.confirm("web-1", "asked_for", url=practice.url)
        answer = practice.client("reviewer").post("/staff/consultations/export.csv", data={"state": "new"})
        [_, row] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert row[3] == f"'{name.strip()}"
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)

    def test_booked_calls_go_into_a_calendar_without_a_name(self, practice: Practice) -> None:
        number = confirmed(practice.url)
        client = practice.client("reviewer")
        client.post(
            f"/staff/consultations/{number}/state", data={"state": "booked", "booked_for": "2026-12-01T14:30"}
        )
        answer = client.post("/staff/consultations/export.ics", data={"state": "all"})
        [event] = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        assert event.decoded("DTSTART").isoformat() == "2026-12-01T22:30:00+00:00"
        assert "Testperson" not in answer.text


class TestTheRest:
    def test_the_overview_counts(self, practice: Practice, conversation: int) -> None:
        page = practice.client("viewer").get("/staff/overview?weeks=4").text
        assert "<svg" in page
        assert "Nov 23" in page

    def test_the_law_board_warns_of_what_is_old(self, practice: Practice) -> None:
        from datetime import date

        practice.app.state.settings = practice.current.model_copy(update={"today": date(2027, 12, 1)})
        page = practice.client("viewer").get("/staff/law?old=yes").text
        assert "verified more than 180 days ago" in page

    def test_the_law_board_is_quiet_when_all_is_fresh(self, practice: Practice) -> None:
        page = practice.client("viewer").get("/staff/law").text
        assert "verified more than 180 days ago" not in page
        assert "28 CCR 1300.68" in page

    def test_what_the_practice_says_reaches_people(self, practice: Practice) -> None:
        client = practice.client("admin")
        client.post("/staff/practice", data={"practice_name": "Valley Health Law", "booking_url": ""})
        assert "Valley Health Law" in practice.client().get("/").text

    @pytest.mark.parametrize(
        "told", [{"booking_url": "javascript:alert(1)"}, {"practice_name": "x" * 301}, {"practice_hours": "a\nb"}]
    )
    def test_what_it_cannot_say_is_refused_and_kept_in_the_form(
        self, practice: Practice, told: dict[str, str]
    ) -> None:
        answer = practice.client("admin").post("/staff/practice", data={"practice_phone": "555-0100", **told})
        assert answer.status_code == 400
        assert 'value="555-0100"' in answer.text

    def test_a_new_account_shows_its_secrets_once(self, practice: Practice) -> None:
        client = practice.client("admin")
        page = client.post("/staff/accounts", data={"name": "rui", "role": "reviewer"}).text
        assert "<svg" in page
        secret = page.split("<code>")[2].split("</code>")[0]
        assert secret not in client.get("/staff/accounts").text

    @pytest.mark.parametrize(
        ("told", "problem"),
        [
            ({"name": "", "role": "viewer"}, "bad_name"),
            ({"name": "admin", "role": "viewer"}, "name_taken"),
            ({"name": "rui", "role": "king"}, "bad_role"),
        ],
    )
    def test_what_cannot_be_an_account_is_said(self, practice: Practice, told: dict[str, str], problem: str) -> None:
        answer = practice.client("admin").post("/staff/accounts", data=told)
        assert answer.status_code == 400
        assert PROBLEMS[problem].format(allowed="viewer, reviewer, admin") in answer.text

    def test_the_last_admin_cannot_shut_themselves_out(self, practice: Practice) -> None:
        me = practice.members["admin"].id
        answer = practice.client("admin").post(f"/staff/accounts/{me}", data={"change": "end"})
        assert (answer.status_code, PROBLEMS["last_admin"] in answer.text) == (400, True)

    def test_an_account_is_changed_renewed_and_closed(self, practice: Practice) -> None:
        client, who = practice.client("admin"), practice.members["viewer"].id
        client.post(f"/staff/accounts/{who}", data={"change": "role", "role": "reviewer"})
        assert staff.named("viewer", url=practice.url).role == "reviewer"  # type: ignore[union-attr]
        assert "<svg" in client.post(f"/staff/accounts/{who}", data={"change": "renew"}).text
        client.post(f"/staff/accounts/{who}", data={"change": "end"})
        assert staff.named("viewer", url=practice.url).ended_at  # type: ignore[union-attr]

    def test_the_log_is_shown_and_verified(self, practice: Practice) -> None:
        page = practice.client("admin").get("/staff/log?verify=yes").text
        assert audit.verify(url=practice.url).seal in page

    def test_forgetting_asks_first_then_gives_a_receipt(self, practice: Practice, conversation: int) -> None:
        client = practice.client("admin")
        path = f"/staff/conversations/{conversation}/forget"
        assert texts()["forget"]["sure"] in client.get(path).text
        receipt = client.post(path).text
        for store in texts()["forget"]["stores"].values():
            assert store in receipt
        assert texts()["forget"]["nothing"] in client.post(path).text
        assert texts()["gone"] in client.get(f"/staff/conversations/{conversation}").text

    def test_a_case_is_found_by_the_number_on_the_papers(self, practice: Practice, conversation: int) -> None:
        from records.links import case_id

        client = practice.client("admin")
        number = case_id(SENDER, current=practice.current)
        found = client.post("/staff/practice/find", data={"case": number})
        assert found.headers["location"] == f"/staff/conversations/{conversation}"
        assert client.post("/staff/practice/find", data={"case": "nosuchcase"}).status_code == 404

    def test_what_is_due_is_erased_on_demand(self, practice: Practice, conversation: int) -> None:
        practice.app.state.settings = practice.current.model_copy(update={"retention_days": 1})
        page = practice.client("admin").post("/staff/practice/purge").text
        assert texts()["practice"]["purged"].format(count=1) in page
