"""`./imr outcomes`: the rates in use, newer ones from a real server or a file, and failures that change nothing."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import settings
from cli import fetch
from cli.app import app
from cli.outcomes import Source, table_path, update
from imr_logic.outcomes import current_table

TODAY = date(2026, 11, 25)
WON, LOST = "Overturned Decision of Health Plan", "Upheld Decision of Health Plan"
HEAD = (
    "Reference ID,Report Year,Diagnosis Category,Diagnosis Sub Category,Treatment Category,"
    "Treatment Sub Category,Determination,Type,Age Range,Patient Gender,Findings"
)
SECRET = "a made-up finding"
BAD_ROWS = (
    f"G1,2025,Cancer,,Pharmacy,,{LOST},Medical Necessity,,,{SECRET}",
    f"B1,,Cancer,,Pharmacy,,{WON},Medical Necessity,,,{SECRET}",
    f"B2,2025,Cancer,,Pharmacy,,{SECRET},Medical Necessity,,,{SECRET}",
    "B3,2025",
)


def official(good: int = 40, *bad: str) -> bytes:
    """A small file of the official format: every fourth review is lost."""
    care, findings = "Cancer,,Pharmacy,", f'"{SECRET},\r\n""more"""'
    rows = [
        f"G{number},2025,{care},{LOST if number % 4 == 0 else WON},Medical Necessity,,,{findings}"
        for number in range(good)
    ]
    return ("\ufeff" + "\r\n".join([HEAD, *rows, *bad]) + "\r\n").encode()


class Site:
    """A server on loopback: what it answers by path, as (status, headers, body); and what was asked of it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        self.silent_after: set[str] = set()
        self.over = threading.Event()

    def put(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        """Puts a page; its address. A header is written with _ for -; `Content_Length=""` leaves that one out."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, {"Content-Length": str(len(body)), **given}, body)
        return self.address + path


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            status, headers, body = served.pages.get(self.path, (404, {"Content-Length": "0"}, b""))
            self.send_response(status)
            for name, value in headers.items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            if self.path in served.silent_after:
                served.over.wait(10)

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Site(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield served
    served.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("IMR_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("IMR_TODAY", TODAY.isoformat())
    settings.clear_settings()
    yield
    settings.clear_settings()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "official.csv"
        path.write_bytes(content)
        return path

    return write


def left_behind() -> list[str]:
    """What is in the var folder beside the table."""
    folder = table_path().parent
    return [path.name for path in folder.glob("*") if path != table_path()] if folder.exists() else []


def small(**given: Any) -> Source:
    """A source whose small file is taken as it is."""
    return Source(force=True, **given)


# From a file or a server.


def test_a_file_gives_exact_tables_and_says_what_was_read_and_skipped_and_why(
    file: Callable[[bytes], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert update(small(file=file(official(40, *BAD_ROWS))), TODAY) == 0
    said = capsys.readouterr().out
    assert "Read 44 rows: 40 counted, 4 skipped." in said
    assert "line 82: a reference number that was counted already" in said
    assert "line 83: no report year" in said
    assert "line 84: neither overturned nor upheld" in said
    assert "line 85: fewer columns than the heading" in said
    assert SECRET not in said
    table = current_table(table_path())
    assert table.updated
    assert table.get("year_x_treatment_category", 2025, "Pharmacy") == (40, 30, True)
    assert not left_behind()


def test_an_address_gives_the_same(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    url = site.put("/imr.csv", official(), Last_Modified="Tue, 02 Jun 2026 08:00:00 GMT")
    assert update(small(url=url), TODAY) == 0
    assert "40 reviews, as of 2026-06-02" in capsys.readouterr().out
    assert current_table(table_path()).reviews == 40
    assert not left_behind()


def test_the_catalogue_is_asked_where_the_file_is_and_how_new(site: Site) -> None:
    moved = site.put("/dataset/imr.csv", b"", status=302, Location=site.put("/store/imr.csv", official()))
    answer = {"success": True, "result": {"url": moved, "last_modified": "2026-05-04T10:11:12.131415"}}
    assert update(small(catalogue=site.put("/resource_show?id=1", json.dumps(answer).encode())), TODAY) == 0
    assert site.asked == ["/resource_show?id=1", "/dataset/imr.csv", "/store/imr.csv"]
    assert current_table(table_path()).as_of == "2026-05-04"


@pytest.mark.parametrize(("as_of", "full"), [(date(2026, 2, 1), 2024), (date(2026, 6, 1), 2025)])
def test_how_new_the_file_is_decides_which_year_is_whole(
    file: Callable[[bytes], Path], as_of: date, full: int
) -> None:
    older = official().replace(b",2025,", b",2024,").replace(b"G", b"H").split(b"\r\n", 1)[1]
    assert update(small(file=file(official() + older), as_of=as_of), TODAY) == 0
    assert current_table(table_path()).latest_full_year == full


def test_a_files_own_age_is_used_when_nothing_is_said(file: Callable[[bytes], Path]) -> None:
    path = file(official())
    noon = 1_767_268_800  # 2026-01-01 12:00 UTC
    os.utime(path, (noon, noon))
    assert update(small(file=path), TODAY) == 0
    assert current_table(table_path()).as_of == "2026-01-01"


def test_fewer_reviews_than_before_are_pointed_out(
    file: Callable[[bytes], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert update(small(file=file(official(5))), TODAY) == 0
    said = capsys.readouterr().err
    assert "fewer reviews than before (5, were 42,749)" in said
    assert "No rate will be shown." in said


def test_a_file_far_smaller_than_what_the_program_comes_with_is_refused_unless_forced(
    file: Callable[[bytes], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert update(Source(file=file(official(40))), TODAY) == 2
    said = capsys.readouterr().err
    assert "40 reviews, where the program comes with 42,749; look at the file, or say --force" in said
    assert not table_path().exists()


def test_a_file_of_which_much_is_skipped_is_refused_unless_forced(
    file: Callable[[bytes], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert update(Source(file=file(official(5, *BAD_ROWS))), TODAY) == 2
    assert "more than one row in ten was skipped" in capsys.readouterr().err
    assert not table_path().exists()


# Failures.


def cut_off(site: Site) -> Source:
    body = official()
    return small(url=site.put("/cut.csv", body[:900], Content_Length=str(len(body))))


def cut_off_unsaid(at: bytes) -> Callable[[Site], Source]:
    """A transfer of no announced length that ends right after the last `at`."""
    whole = official()
    return lambda site: small(url=site.put("/cut.csv", whole[: whole.rindex(at) + len(at)], Content_Length=""))


def catalogue(answer: str) -> Callable[[Site], Source]:
    return lambda site: small(catalogue=site.put("/show", answer.encode()))


FAILURES: list[tuple[Callable[[Site], Source], int, str]] = [
    (lambda site: small(url=site.address + "/none.csv"), 1, "answered 404 Not Found"),
    (lambda site: small(url=site.put("/sick", b"", status=503)), 1, "answered 503"),
    (cut_off, 1, "could not be read"),
    (cut_off_unsaid(b'""mo'), 1, "ends in the middle of a line"),
    (cut_off_unsaid(b"finding,\r\n"), 1, "the download ends in the middle of a row"),
    (lambda site: small(url=site.put("/loop", b"", status=302, Location="/loop")), 1, "redirects"),
    (lambda site: small(url=site.put("/page", b"<html></html>")), 2, "no column Reference ID"),
    (lambda site: small(url=site.put("/few", official().replace(b"Type", b"Kind"))), 2, "no column Type; needed"),
    (lambda site: small(url=site.put("/zero", official(0))), 2, "0 rows and none of them usable"),
    (lambda site: small(url=site.put("/bad", official(0, *BAD_ROWS[1:]))), 2, "3 rows and none of them usable"),
    (lambda site: small(url=site.put("/empty", b"")), 2, "no column Reference ID"),
    (lambda _: small(url="http://127.0.0.1:1/imr.csv"), 1, "could not be read"),
    (lambda _: small(url="ftp://127.0.0.1/imr.csv"), 2, "no address to download from; allowed: https://"),
    (lambda _: small(url="imr.csv"), 2, "no address to download from"),
    (lambda _: small(file=Path("/nowhere/imr.csv")), 2, "/nowhere/imr.csv: No such file or directory"),
    (lambda _: small(file=Path("/")), 2, "Is a directory"),
    (lambda site: small(file=Path("a.csv"), url=site.address), 2, "were both given; allowed: one of them"),
    (lambda _: small(as_of=date(2026, 11, 26)), 2, "is after today; allowed: a day up to 2026-11-25"),
    (catalogue("<html>"), 1, "did not answer with JSON"),
    (catalogue("[]"), 1, "names no address of the file; give one with --url"),
    (catalogue('{"result": null}'), 1, "names no address of the file"),
    (catalogue('{"result": {"url": "file:///etc/hostname"}}'), 1, "no address to download from"),
]


@pytest.mark.parametrize(("source", "code", "problem"), FAILURES, ids=[problem for *_, problem in FAILURES])
def test_whatever_fails_leaves_the_old_table_in_place_and_says_so(
    source: Callable[[Site], Source],
    code: int,
    problem: str,
    site: Site,
    file: Callable[[bytes], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert update(small(file=file(official(36)), as_of=TODAY), TODAY) == 0
    before = table_path().read_bytes()
    capsys.readouterr()
    assert update(source(site), TODAY) == code
    printed = capsys.readouterr()
    assert problem in printed.err
    assert "Still in use: updated counts, 36 reviews, as of 2026-11-25." in printed.err
    assert "Traceback" not in printed.err
    assert SECRET not in printed.out + printed.err
    assert table_path().read_bytes() == before
    assert not left_behind()


def test_a_first_update_that_fails_leaves_the_counts_of_the_program_in_use(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert update(small(url=site.address + "/none.csv"), TODAY) == 1
    assert "Still in use: the counts that come with the program, 42,749 reviews" in capsys.readouterr().err
    assert not table_path().exists()


def test_a_download_that_never_ends_is_stopped(site: Site, tmp_path: Path) -> None:
    url = site.put("/large.csv", b"x" * 300_000)
    with (tmp_path / "target").open("wb") as target, pytest.raises(fetch.FetchError, match="more than 100000 bytes"):
        fetch.fetch_file(url, target, largest_bytes=100_000)


def test_a_server_that_falls_silent_is_given_up(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "TIMES", 0.2)
    url = site.put("/slow", b"x", Content_Length="5000000")
    site.silent_after.add("/slow")
    with (tmp_path / "target").open("wb") as target, pytest.raises(fetch.FetchError, match="did not answer within"):
        fetch.fetch_file(url, target, largest_bytes=10_000_000)


def test_a_folder_that_cannot_be_written_to_is_named(
    file: Callable[[bytes], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    assert update(small(file=file(official())), TODAY) == 1
    assert str(tmp_path / "var") in capsys.readouterr().err


# The commands.


def test_the_rates_are_shown_with_their_number_years_and_interval() -> None:
    shown = CliRunner().invoke(app, ["outcomes", "show"])
    assert shown.exit_code == 0
    row = next(line for line in shown.output.splitlines() if line.startswith("all reviews") and "2025" in line)
    assert row.split()[2:] == ["2025", "2,730", "1,975", "72.3%", "70.6%", "to", "74.0%", "exact"]
    assert "2026 (part)" in shown.output
    assert "CC BY" in shown.output
    assert shown.output.rstrip().endswith("This is not a prediction of your case.")


def test_the_rates_are_shown_as_json() -> None:
    shown = CliRunner().invoke(app, ["outcomes", "show", "--json"])
    given = json.loads(shown.output)
    assert (given["reviews"], given["updated"], given["part_years"]) == (42749, False, [2026])
    assert min(rate["decided"] for rate in given["rates"]) >= 30
    assert all(rate["low"] <= rate["share"] <= rate["high"] for rate in given["rates"])


def test_a_table_that_cannot_be_read_is_pointed_out_and_the_counts_of_the_program_are_shown() -> None:
    table_path().parent.mkdir(parents=True)
    table_path().write_text("not a table")
    shown = CliRunner().invoke(app, ["outcomes", "show"])
    assert shown.exit_code == 0
    assert "cannot be used (no column dimension" in shown.stderr
    assert "the counts that come with the program, 42,749 reviews" in shown.stdout


def test_an_update_is_shown_from_then_on(site: Site) -> None:
    url = site.put("/imr.csv", official())
    updated = CliRunner().invoke(app, ["outcomes", "update", "--force", "--url", url, "--as-of", "2026-06-01"])
    assert updated.exit_code == 0, updated.output
    shown = CliRunner().invoke(app, ["outcomes", "show"])
    assert "updated counts, 40 reviews, as of 2026-06-01" in shown.output
    assert "on medicines" in shown.output


def test_a_bad_setting_is_one_line_and_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_PORT", "none")
    settings.clear_settings()
    shown = CliRunner().invoke(app, ["outcomes", "show"])
    assert shown.exit_code == 2
    assert "IMR_PORT must be" in shown.output
