"""The inbox of the console: what it shows, finds and keeps, and what it says to a bad address."""

from __future__ import annotations

import pytest

from records import views
from tests.records.told import SENDER, STORY, answered, said, tell_story
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
