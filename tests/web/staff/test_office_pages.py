"""Overview, law, practice, accounts, log and forgetting in the console."""

from __future__ import annotations

import pytest

from records import audit, staff
from tests.records.told import SENDER
from tests.web.staff.conftest import Practice
from web.staff.wording import texts

PROBLEMS = texts()["problems"]


class TestOffice:
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
