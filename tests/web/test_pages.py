"""The pages of the site: safe headers, all words from the language file, in plain English, usable by everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import textstat
from starlette.routing import Route
from starlette.testclient import TestClient

from settings import Settings
from web.app import create_app
from web.pages import HERE
from web.widget.serving import SOURCE
from web.wording import filled, texts

BROWSER = {"Accept": "text/html,application/xhtml+xml"}
PAGES = ("/", "/chat", "/privacy", "/accessibility")
SHOWN = ("site", "home", "privacy", "accessibility", "plain", "widget")
HARDEST = 8.9
# Of the chat window: taken by the name of who speaks, or of what a button of the menu does.
BY_NAME = ("assistant", "you", "copy", "download", "print", "anew")


def all_text(kind: str) -> str:
    """All files of a kind that a browser gets, as one text."""
    folders = (SOURCE, HERE / "static", HERE / "templates")
    return "".join(
        path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.glob(f"*.{kind}"))
    )


SCRIPTS, STYLES, TEMPLATES = all_text("js"), all_text("css"), all_text("html")


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


def site(folder: Path, **given: Any) -> TestClient:
    app = create_app(Settings(var_dir=folder, **given))
    app.router.routes.append(Route("/broken", lambda request: 1 / 0))
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with site(tmp_path) as made:
        yield made


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, client: TestClient) -> Elements:
    return Elements(client.get(request.param).text)


@pytest.mark.parametrize(
    "path", [*PAGES, "/nothing", "/healthz", "/static/page.css", "/static/none.js", "/broken", "/widget.js"]
)
def test_every_answer_has_the_security_headers(path: str, client: TestClient) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize(
    ("public", "told"),
    [("https://help.example.org", "max-age=31536000"), ("http://localhost:8000", None), (None, None)],
)
def test_browsers_are_told_to_keep_to_https_where_people_come_by_it(
    public: str | None, told: str | None, tmp_path: Path
) -> None:
    current = Settings(var_dir=tmp_path, public_url=public)
    with TestClient(create_app(current)) as client:
        assert client.get("/privacy").headers.get("Strict-Transport-Security") == told
    with TestClient(create_app(current), base_url="https://here.example.org") as client:
        assert client.get("/privacy").headers["Strict-Transport-Security"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_not_kept_by_the_browser(path: str, client: TestClient) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_scripts_and_styles_come_from_files_of_ours_only(page: Elements) -> None:
    loaded = [given.get("src") or given.get("href") for tag, given in page.found if tag in ("script", "link", "img")]
    assert loaded
    assert all(str(address).startswith("/") for address in loaded)
    assert not [tag for tag, given in page.found if tag == "style" or "style" in given]
    assert not [key for _, given in page.found for key in given if key.startswith("on")]


def test_every_link_of_a_page_leads_somewhere(page: Elements, client: TestClient) -> None:
    for _, given in page.found:
        address = given.get("href") or given.get("src") or ""
        if address.startswith("/"):
            assert client.get(address).status_code == 200, address


def test_no_file_asks_for_anything_from_elsewhere() -> None:
    assert re.findall(r"(?:import|from|url\(|fetch\()\s*['\"]?https?:", SCRIPTS + STYLES + TEMPLATES) == []


def test_markup_in_a_message_can_never_become_part_of_the_page() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|DOMParser", SCRIPTS)
    assert "| safe" not in TEMPLATES


def test_nothing_is_kept_but_in_the_tab() -> None:
    assert len(re.findall(r"sessionStorage\.setItem", SCRIPTS)) == 1
    assert not re.search(r"localStorage|document\.cookie|indexedDB|caches\.", SCRIPTS)


def test_every_field_has_a_label(page: Elements) -> None:
    inputs = [given for tag, given in page.found if tag in ("input", "textarea") and given.get("type") != "hidden"]
    labelled = {given["for"] for tag, given in page.found if tag == "label"}
    assert {given["id"] for given in inputs} == labelled


def test_every_page_says_its_language_fits_a_phone_and_has_one_heading(page: Elements) -> None:
    assert page.by(lang="en")
    assert page.by(name="viewport", content="width=device-width, initial-scale=1")
    assert len([tag for tag, _ in page.found if tag == "h1"]) == 1
    assert page.by(href="#content")


def test_there_is_a_dark_scheme_less_motion_and_a_look_for_paper() -> None:
    for wanted in ("prefers-color-scheme: dark", "prefers-reduced-motion", "@media print", "forced-colors"):
        assert wanted in STYLES


@pytest.mark.parametrize("path", PAGES)
def test_help_in_danger_is_on_every_page_with_numbers_to_tap(path: str, client: TestClient) -> None:
    told = Elements(client.get(path).text)
    assert told.by(href="tel:911")
    assert told.by(href="tel:988")


def sentences(part: Any) -> Iterator[str]:
    """Every text of a part of the language file."""
    if isinstance(part, str):
        yield part
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from sentences(one)


@pytest.mark.parametrize("section", SHOWN)
def test_pages_are_in_plain_english(section: str) -> None:
    said = [text for text in sentences(filled(section)) if text.count(" ") > 6]
    hard = [(textstat.flesch_kincaid_grade(text), text) for text in said]
    assert [one for one in hard if one[0] > HARDEST] == []


@pytest.mark.parametrize("key", sorted(texts()["widget"]))
def test_every_text_of_the_chat_window_is_used(key: str) -> None:
    assert key in BY_NAME or re.search(rf"words\.{key}\b", SCRIPTS)
    assert texts()["widget"][key]


def test_the_chat_window_asks_for_no_text_that_is_not_there() -> None:
    asked = set(re.findall(r"\bwords\.(\w+)", SCRIPTS)) - {"json", "links"}
    assert asked <= set(texts()["widget"])


def test_no_file_holds_a_phone_number() -> None:
    assert not re.search(r"\b(911|988)\b|\d{3}-\d{3}-\d{4}", SCRIPTS + TEMPLATES + str(texts()))


def test_the_practice_says_of_itself_what_it_has_set(tmp_path: Path) -> None:
    with site(
        tmp_path, practice_name="Vance & Law", practice_phone="(213) 555-0100", practice_hours="9 to 5"
    ) as client:
        told = client.get("/privacy").text
    assert "Vance &amp; Law" in told
    assert 'href="tel:2135550100"' in told
    assert "9 to 5" in told


def test_without_a_practice_nobody_is_named(client: TestClient) -> None:
    assert filled("site")["practice"] not in client.get("/").text


def test_a_page_that_is_not_there_is_friendly(client: TestClient) -> None:
    answer = client.get("/nothing", headers=BROWSER)
    assert answer.status_code == 404
    assert texts()["site"]["not_found"] in answer.text
    assert 'href="/"' in answer.text


def test_a_program_that_asks_for_nothing_gets_json(client: TestClient) -> None:
    answer = client.get("/nothing")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_wrong_method_says_which_are_right(client: TestClient) -> None:
    answer = client.get("/webhooks/web/session")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "wrong_method")
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


@pytest.mark.parametrize("headers", [BROWSER, {}])
def test_an_error_of_ours_is_told_without_details(headers: dict[str, str], client: TestClient) -> None:
    answer = client.get("/broken", headers=headers)
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert texts()["errors"]["broken"] in answer.text


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/"])
def test_nothing_beside_the_static_files_can_be_read(path: str, client: TestClient) -> None:
    assert client.get(path).status_code == 404
