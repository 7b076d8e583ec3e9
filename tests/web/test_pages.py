"""The page a person opens: safe headers, all words from the language file, usable by everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from settings import Settings
from web.app import create_app
from web.pages import CHAT_TEXTS, HERE
from web.wording import texts

BROWSER = {"Accept": "text/html,application/xhtml+xml"}
SCRIPT = (HERE / "static" / "chat.js").read_text(encoding="utf-8")
STYLE = (HERE / "static" / "page.css").read_text(encoding="utf-8")


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def by(self, **wanted: str) -> list[tuple[str, dict[str, str | None]]]:
        """The elements that have all these attributes."""
        return [one for one in self.found if all(one[1].get(key) == value for key, value in wanted.items())]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Settings(var_dir=tmp_path))
    app.router.routes.append(Route("/broken", lambda request: 1 / 0))
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def page(client: TestClient) -> Elements:
    return Elements(client.get("/").text)


@pytest.mark.parametrize("path", ["/", "/nothing", "/healthz", "/static/chat.js", "/static/none.js", "/broken"])
def test_every_answer_has_the_security_headers(path: str, client: TestClient) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_pages_are_not_kept_by_the_browser(client: TestClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_scripts_and_styles_come_from_files_of_ours_only(page: Elements) -> None:
    addresses = [value for _, given in page.found for key, value in given.items() if key in ("src", "href")]
    assert addresses
    assert all(str(address).startswith("/static/") for address in addresses)
    assert all(given.get("src") for tag, given in page.found if tag == "script")
    assert not [tag for tag, given in page.found if tag == "style" or "style" in given]
    assert not [key for _, given in page.found for key in given if key.startswith("on")]


@pytest.mark.parametrize("file", ["chat.js", "page.css", "icon.svg"])
def test_the_files_of_the_page_are_there(file: str, client: TestClient) -> None:
    assert client.get(f"/static/{file}").status_code == 200


def test_no_file_asks_for_anything_from_elsewhere() -> None:
    assert re.findall(r"(?:import|from|url\()\s*['\"]?https?:", SCRIPT + STYLE) == []


def test_markup_in_a_message_can_never_become_part_of_the_page() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", SCRIPT)


def test_only_the_token_is_kept_and_only_until_the_tab_is_closed() -> None:
    assert set(re.findall(r"sessionStorage\.setItem\((\w+)", SCRIPT)) == {"TOKEN"}
    assert not re.search(r"localStorage|document\.cookie|indexedDB", SCRIPT)


def test_the_conversation_is_read_out_as_it_grows(page: Elements) -> None:
    [(_, log)] = page.by(role="log")
    assert log["aria-live"] == "polite"
    assert log["aria-label"]


def test_problems_are_read_out_at_once(page: Elements) -> None:
    assert page.by(role="alert")


def test_every_field_has_a_label(page: Elements) -> None:
    fields = {given["id"] for tag, given in page.found if tag in ("input", "textarea")}
    assert fields == {given["for"] for tag, given in page.found if tag == "label"}


def test_the_page_says_its_language_and_fits_a_phone(page: Elements) -> None:
    assert page.by(lang="en")
    assert page.by(name="viewport", content="width=device-width, initial-scale=1")


def test_the_page_has_a_dark_scheme_and_respects_less_motion() -> None:
    assert "prefers-color-scheme: dark" in STYLE
    assert "prefers-reduced-motion" in STYLE


def test_without_javascript_the_page_says_what_to_do(client: TestClient) -> None:
    html = client.get("/").text
    assert texts()["page"]["no_script"] in html[html.index("<noscript>") :]


def test_help_in_danger_is_on_the_page_before_anything_loads(client: TestClient) -> None:
    assert texts()["page"]["danger"] in client.get("/").text


@pytest.mark.parametrize("key", CHAT_TEXTS)
def test_every_text_the_script_shows_is_used_and_comes_from_the_language_file(key: str) -> None:
    name = re.sub(r"_(\w)", lambda match: match[1].upper(), key)
    assert re.search(rf"words\.{name}\b", SCRIPT)
    assert texts()["page"][key]


def test_the_script_asks_for_no_text_that_the_page_does_not_have() -> None:
    asked = set(re.findall(r"\bwords\.(\w+)", SCRIPT)) - {"slice", "matchAll"}
    have = {re.sub(r"_(\w)", lambda match: match[1].upper(), key) for key in CHAT_TEXTS}
    assert asked == have


def test_the_script_holds_no_phone_number() -> None:
    assert not re.search(r"\b(911|988)\b", SCRIPT)


def test_a_page_that_is_not_there_is_friendly(client: TestClient) -> None:
    answer = client.get("/nothing", headers=BROWSER)
    assert answer.status_code == 404
    assert texts()["page"]["not_found"] in answer.text
    assert 'href="/"' in answer.text


def test_a_program_that_asks_for_nothing_gets_json(client: TestClient) -> None:
    answer = client.get("/nothing")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_wrong_method_says_which_are_right(client: TestClient) -> None:
    answer = client.get("/webhooks/web/session")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "wrong_method")
    assert answer.headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("headers", [BROWSER, {}])
def test_an_error_of_ours_is_told_without_details(headers: dict[str, str], client: TestClient) -> None:
    answer = client.get("/broken", headers=headers)
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert texts()["errors"]["broken"] in answer.text


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/"])
def test_nothing_beside_the_static_files_can_be_read(path: str, client: TestClient) -> None:
    assert client.get(path).status_code == 404
