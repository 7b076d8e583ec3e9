"""Every page of the console times everybody who may come: nobody, and each role. The list is that of the app."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Route

from records import audit
from records.staff import ROLES
from settings import Settings
from tests.records.callers import confirmed
from tests.records.told import SENDER, tell_story
from tests.web.staff.conftest import Practice
from web.app import create_app
from web.staff.routes import ANYWHERE, PAGES

# The least role that each page asks for, written down once more: whoever opens a page has to change it here too.
SPECIFIED = {
    ("POST", "/staff/sign-out"): "viewer",
    ("GET", "/staff/account"): "viewer",
    ("POST", "/staff/account"): "viewer",
    ("GET", "/staff/inbox"): "viewer",
    ("POST", "/staff/views"): "viewer",
    ("POST", "/staff/views/{id}/drop"): "viewer",
    ("GET", "/staff/conversations/{id}"): "viewer",
    ("POST", "/staff/conversations/{id}/status"): "reviewer",
    ("POST", "/staff/conversations/{id}/assign"): "reviewer",
    ("POST", "/staff/conversations/{id}/notes"): "reviewer",
    ("POST", "/staff/conversations/{id}/corrections"): "reviewer",
    ("GET", "/staff/conversations/{id}/forget"): "admin",
    ("POST", "/staff/conversations/{id}/forget"): "admin",
    ("GET", "/staff/corrections"): "viewer",
    ("POST", "/staff/corrections/{id}"): "reviewer",
    ("GET", "/staff/consultations"): "viewer",
    ("POST", "/staff/consultations/export.csv"): "reviewer",
    ("POST", "/staff/consultations/export.ics"): "reviewer",
    ("GET", "/staff/consultations/{id}"): "viewer",
    ("POST", "/staff/consultations/{id}/contact"): "reviewer",
    ("POST", "/staff/consultations/{id}/state"): "reviewer",
    ("GET", "/staff/overview"): "viewer",
    ("GET", "/staff/law"): "viewer",
    ("GET", "/staff/practice"): "admin",
    ("POST", "/staff/practice"): "admin",
    ("POST", "/staff/practice/purge"): "admin",
    ("POST", "/staff/practice/find"): "admin",
    ("GET", "/staff/accounts"): "admin",
    ("POST", "/staff/accounts"): "admin",
    ("POST", "/staff/accounts/{id}"): "admin",
    ("GET", "/staff/log"): "admin",
}
OPEN_TO_ALL = {("GET", "/staff"), ("POST", "/staff")}
FORMS = {
    "status": {"status": "done"},
    "assign": {"to": "0"},
    "notes": {"text": "x"},
    "state": {"state": "called"},
    "contact": {},
}


def pages_of_the_app() -> set[tuple[str, str]]:
    """Every method and path under /staff that the app itself answers to."""
    app = create_app(Settings())
    found = [route for route in app.routes if isinstance(route, Route) and route.path.startswith("/staff")]
    found = [route for route in found if route.path != ANYWHERE]
    return {(method, route.path) for route in found for method in (route.methods or ()) if method != "HEAD"}


def test_no_page_was_forgotten() -> None:
    assert pages_of_the_app() == set(SPECIFIED) | OPEN_TO_ALL
    assert {(page.method, page.path): page.least for page in PAGES} == SPECIFIED


CASES = [(*page, who) for page in sorted(SPECIFIED) for who in (None, *ROLES)]


@pytest.mark.parametrize(("method", "path", "who"), CASES)
def test_each_page_is_open_to_its_roles_alone(office: Practice, method: str, path: str, who: str | None) -> None:
    number = tell_story(office.url)
    request = confirmed(office.url, SENDER)
    there = path.replace("{id}", str(request if "consultations" in path else number))
    client = office.client(who)
    form = FORMS.get(path.rpartition("/")[2], {})
    answer = client.request(method, there, data=form if method == "POST" else None)
    if who is None:
        assert answer.status_code in ((303,) if method == "GET" else (401,))
    elif ROLES.index(who) < ROLES.index(SPECIFIED[method, path]):  # type: ignore[arg-type]
        assert answer.status_code == 403
    else:
        assert answer.status_code in (200, 303, 400, 404)


@pytest.mark.parametrize(("method", "path", "who"), CASES)
def test_every_page_is_safe_in_a_browser(office: Practice, method: str, path: str, who: str | None) -> None:
    answer = office.client(who).request(method, path.replace("{id}", "1"))
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "no-store" in answer.headers["cache-control"]
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?! type=.module. src=)|<style", answer.text)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"])
@pytest.mark.parametrize("path", ["/staff/", "/staff/nothing", "/staff/views", "/staff/conversations/1/notes/x"])
def test_who_is_not_signed_in_learns_of_no_page(practice: Practice, method: str, path: str) -> None:
    assert practice.client().request(method, path).status_code in (303, 401)
    assert practice.client("admin").request(method, path).status_code in (404, 405, 303, 400)


def test_each_look_at_a_conversation_or_contact_is_in_the_log(practice: Practice, conversation: int) -> None:
    request = confirmed(practice.url, SENDER)
    client = practice.client("reviewer")
    client.get(f"/staff/conversations/{conversation}")
    client.post(f"/staff/consultations/{request}/contact")
    client.post("/staff/consultations/export.csv", data={"state": "new"})
    client.get("/staff/corrections")
    told = [(line.actor, line.action, line.subject) for line in audit.lines(5, url=practice.url)]
    assert told == [
        ("reviewer", "corrections.view", "corrections"),
        ("reviewer", "contact.export", "consultations"),
        ("reviewer", "consultation.view", f"consultation {request}"),
        ("reviewer", "contact.view", f"consultation {request}"),
        ("reviewer", "conversation.view", f"conversation {conversation}"),
    ]


def test_a_contact_stands_on_no_page_before_it_is_opened(practice: Practice, conversation: int) -> None:
    request = confirmed(practice.url, SENDER)
    client = practice.client("admin")
    for path in ("consultations", f"consultations/{request}", f"conversations/{conversation}", "inbox", "log"):
        page = client.get(f"/staff/{path}").text
        assert "Testperson" not in page
        assert "555-0134" not in page
    assert "Maria Testperson" in client.post(f"/staff/consultations/{request}/contact").text
