"""Requests for a call in the console, and the files to take away."""

from __future__ import annotations

import csv
import io

import icalendar
import pytest

from records import call_queue
from tests.records.callers import confirmed, tell
from tests.records.told import SENDER
from tests.web.staff.conftest import Practice
from web.staff.wording import texts

PROBLEMS = texts()["problems"]


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
