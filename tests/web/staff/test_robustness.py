"""Whatever comes to a form or an address of the console, the server never fails.

The schema is made from the list of pages; schemathesis makes the requests (property-based, OpenAPI 3.1).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from records import staff_sessions
from tests.records.callers import confirmed
from tests.records.told import SENDER, tell_story
from tests.web.staff.conftest import HERE, Practice
from web.staff.gate import COOKIE
from web.staff.routes import PAGES

INBOX = "status route channel language flag assigned q order after view"
# What forms and addresses of the console hold.
FIELDS = {
    "/staff/account": "old new again changed",
    "/staff/inbox": INBOX,
    "/staff/views": "name query",
    "/staff/conversations/{id}": INBOX,
    "/staff/conversations/{id}/status": "status",
    "/staff/conversations/{id}/assign": "to",
    "/staff/conversations/{id}/notes": "text",
    "/staff/conversations/{id}/corrections": "message kind intent fact value span not_told text",
    "/staff/corrections": "state before",
    "/staff/corrections/{id}": "decision",
    "/staff/consultations": "state after",
    "/staff/consultations/export.csv": "state",
    "/staff/consultations/export.ics": "state",
    "/staff/consultations/{id}/state": "state booked_for note",
    "/staff/overview": "weeks",
    "/staff/law": "file old",
    "/staff/practice": "practice_name practice_phone practice_hours practice_prices booking_url",
    "/staff/practice/find": "case",
    "/staff/accounts": "name role",
    "/staff/accounts/{id}": "change role",
    "/staff/log": "subject actor before verify",
}
EVERY_FIELD = sorted({field for fields in FIELDS.values() for field in fields.split()})
EXAMPLES = 15  # of each page
A_FIELD = {"type": "string", "maxLength": 60}


def schema_of_the_console() -> dict[str, Any]:
    """Every page as OpenAPI, with its fields in the query or form."""
    paths: dict[str, Any] = {}
    for page in PAGES:
        told: dict[str, Any] = {"responses": {"default": {"description": "a page"}}}
        fields = FIELDS.get(page.path, "").split()
        names = re.findall(r"{(\w+)}", page.path)
        told["parameters"] = [{"name": one, "in": "path", "required": True, "schema": A_NUMBER} for one in names]
        if page.method == "GET":
            told["parameters"] += [{"name": one, "in": "query", "schema": A_FIELD} for one in fields]
        else:
            form = {"type": "object", "properties": dict.fromkeys(FIELDS, A_FIELD)}
            told["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
        paths.setdefault(page.path, {})[page.method.lower()] = told
    return {"openapi": "3.1.0", "info": {"title": "console", "version": "1"}, "paths": paths}


A_NUMBER = {"anyOf": [{"enum": ["1", "2"]}, {"type": "integer"}, {"type": "string", "minLength": 1, "maxLength": 30}]}
SCHEMA = schemathesis.openapi.from_dict(schema_of_the_console())


@pytest.fixture
def filled(office: Practice) -> Practice:
    if not getattr(office, "is_filled", False):
        for sender in (SENDER, "web-2"):
            tell_story(office.url, sender)
            confirmed(office.url, sender)
        office.is_filled = True  # type: ignore[attr-defined]
    return office


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_page_fails_whatever_is_sent(case: Any, filled: Practice) -> None:
    cookie = staff_sessions.begin(filled.members["admin"], url=filled.url)
    answer = case.call(app=filled.app, base_url="http://testserver", headers=HERE, cookies={COOKIE: cookie})
    case.validate_response(answer, checks=(not_a_server_error,))


@given(
    fields=st.dictionaries(st.sampled_from(EVERY_FIELD), st.text(max_size=40), max_size=6),
    junk=st.binary(max_size=60),
    page=st.sampled_from(PAGES),
)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_form_fails_whatever_bytes_come(filled: Practice, fields: dict[str, str], junk: bytes, page: Any) -> None:
    client = filled.client("admin")
    body = urlencode(fields, errors="replace").encode() + b"&" + junk
    there = page.path.replace("{id}", "1")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    told = {"content": body, "headers": headers} if page.method == "POST" else {"params": fields}
    assert client.request(page.method, there, **told).status_code < 500


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"%",
        b"%00=%00",
        b"a=" + b"x" * 70_000,
        b"&".join(b"a%d=1" % n for n in range(200)),
        b"\xff\xfe=",
    ],
)
def test_bodies_that_are_no_form(filled: Practice, body: bytes) -> None:
    client = filled.client("admin")
    for page in PAGES:
        if page.method == "POST" and "sign-out" not in page.path and "forget" not in page.path:
            answer = client.post(page.path.replace("{id}", "2"), content=body)
            assert answer.status_code < 500
