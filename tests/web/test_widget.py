"""The files of the chat window: one fixed address for any site, the others with their version and kept for good."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from settings import Settings
from web.app import create_app
from web.widget import serving
from web.widget.serving import FOR_GOOD, MAIN, SITE, SOURCE, launcher, parts, script, version
from web.wording import texts


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(var_dir=tmp_path))) as made:
        yield made


def test_any_site_may_load_the_launcher(client: TestClient) -> None:
    answer = client.get("/widget.js", headers={"Origin": "https://clinic.example"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_launcher_holds_its_words_and_the_version_and_no_hole(client: TestClient) -> None:
    code = client.get("/widget.js").text
    assert SITE not in code
    site = json.loads(re.search(r"const SITE = (.*);", code)[1])  # type: ignore[index]
    assert site["version"] == version()
    assert site["words"]["en"]["launcher"] == texts()["widget"]["launcher"]


@pytest.mark.parametrize("name", sorted(parts()))
def test_a_part_of_this_version_is_kept_for_good(name: str, client: TestClient) -> None:
    answer = client.get(f"/widget/{version()}/{name}")
    assert answer.content == parts()[name].content
    assert answer.headers["Cache-Control"] == FOR_GOOD
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", sorted(parts()))
def test_a_change_of_any_part_changes_the_version(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {**parts(), name: parts()[name]._replace(content=b"changed")}
    before = version()
    monkeypatch.setattr(serving, "parts", lambda: changed)
    assert version.__wrapped__() != before


def test_the_launcher_is_asked_for_anew_from_time_to_time(client: TestClient) -> None:
    tag = client.get("/widget.js").headers["ETag"]
    for headers in ({}, {"If-None-Match": tag}):
        answer = client.get("/widget.js", headers=headers)
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert (answer.headers["ETag"], answer.headers["Vary"]) == (tag, "Accept-Encoding")


def test_the_launcher_brings_every_word_that_it_says(client: TestClient) -> None:
    code = client.get("/widget.js").text
    site = json.loads(re.search(r"const SITE = (.*);", code)[1])  # type: ignore[index]
    said = set(re.findall(r"\bwords\.(\w+)", (SOURCE / "launcher.js").read_text(encoding="utf-8"))) - {"json"}
    assert all(said <= set(words) for words in site["words"].values())


def test_a_part_of_another_version_is_there_too_and_not_kept(client: TestClient) -> None:
    answer = client.get("/widget/older/chat.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "name", ["launcher.js", "serving.py", "../serving.py", "%2e%2e/serving.py", "none.js", "panel.js"]
)
def test_nothing_else_can_be_read(name: str, client: TestClient) -> None:
    assert client.get(f"/widget/{version()}/{name}").status_code == 404


def test_who_has_the_file_already_gets_nothing(client: TestClient) -> None:
    tag = client.get("/widget.js").headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        answer = client.get("/widget.js", headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
    plain = client.get("/widget.js", headers={"If-None-Match": tag, "Accept-Encoding": "identity"})
    assert plain.status_code == 200, "another form of the file"


def test_files_are_compressed_for_who_can_read_that() -> None:
    for part in (launcher(), *parts().values()):
        assert gzip.decompress(part.compressed) == part.content


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "gzip"), ("identity", None), ("", None), ("gzip;q=0, br", None), ("gzip;q=0.5", "gzip")],
)
def test_what_a_browser_accepts_decides(accepted: str, encoding: str | None, client: TestClient) -> None:
    answer = client.get("/widget.js", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "customElements.define" in answer.text


def top_level_names(code: str) -> list[str]:
    return re.findall(r"^(?:export )?(?:async )?(?:class|const|let|function) (\w+)", code, re.MULTILINE)


def test_all_modules_go_as_one_without_comments_and_none_is_left_out_or_named_twice() -> None:
    sent = parts()["chat.js"].content.decode()
    modules = [path for path in SOURCE.glob("*.js") if path.name != "launcher.js"]
    named = [name for path in modules for name in top_level_names(path.read_text(encoding="utf-8"))]
    assert sorted(named) == sorted(set(named)), "in one file two things cannot have one name"
    assert sorted(top_level_names(script(MAIN))) == sorted(named)
    assert re.findall(r"^(?:import|export) .*", sent, re.MULTILINE) == ["export class Panel {"]
    assert not re.search(r"^//|/\*", sent, re.MULTILINE)


def test_a_style_sheet_goes_without_its_spaces_and_says_the_same() -> None:
    def bare(text: str) -> str:
        return re.sub(r"/\*[^*]*\*/|\s", "", text)

    sent = parts()["panel.css"].content.decode()
    assert bare(sent) == bare((SOURCE / "panel.css").read_text(encoding="utf-8"))
    assert "calc(100vw - 2rem)" in sent, "where a space matters it stays"
