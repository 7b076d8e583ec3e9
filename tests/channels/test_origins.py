"""Pages of the own site and of allowed sites may talk to the assistant; others may not, whatever they say."""

from __future__ import annotations

import pytest

from channels.origins import check_origin, preflight
from channels.refusal import RefusedError
from settings import Settings
from settings.sites import readable
from tests.channels.asking import asked

CURRENT = Settings(origins="https://clinic.example, https://www.help.example:8443")


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "imr.example"),
        ("https://imr.example", "imr.example"),
        ("https://imr.example", "imr.example:443"),
        ("http://imr.example:80", "imr.example"),
        ("http://localhost:8000", "localhost:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("https://clinic.example", "imr.example"),
        ("https://www.help.example:8443", "imr.example"),
    ],
)
def test_these_pages_may(origin: str | None, host: str) -> None:
    headers = {"origin": origin} if origin else {}
    check_origin(asked(host=host, **headers), CURRENT)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://evil.example", "imr.example"),
        ("http://clinic.example", "imr.example"),
        ("https://clinic.example:444", "imr.example"),
        ("https://clinic.example.evil.example", "imr.example"),
        ("https://imr.example:8443", "imr.example"),
        ("http://localhost:8001", "localhost:8000"),
        ("null", "imr.example"),
        ("null", "null"),
        ("", "imr.example"),
        ("https://", ""),
        ("file://", ""),
        ("ftp://imr.example", "imr.example"),
        ("imr.example", "imr.example"),
    ],
)
def test_these_pages_may_not(origin: str, host: str) -> None:
    request = asked(host=host, origin=origin)
    with pytest.raises(RefusedError) as refused:
        check_origin(request, CURRENT)
    assert (refused.value.status, refused.value.code) == (403, "bad_origin")
    assert readable(request.headers, CURRENT) == {"Vary": "Origin"}


def test_the_host_that_the_server_in_front_names_is_the_one_that_counts() -> None:
    check_origin(asked(host="127.0.0.1:5005", x_forwarded_host="imr.example", origin="https://imr.example"), CURRENT)


def test_an_allowed_page_may_read_the_answer_and_ask_beforehand() -> None:
    request = asked(host="imr.example", origin="https://clinic.example")
    assert readable(request.headers, CURRENT) == {
        "Access-Control-Allow-Origin": "https://clinic.example",
        "Access-Control-Expose-Headers": "Retry-After",
        "Vary": "Origin",
    }
    answer = preflight(request, CURRENT)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization, content-type"
    assert answer.headers["Access-Control-Max-Age"] == "600"


def test_another_page_is_told_no_beforehand() -> None:
    with pytest.raises(RefusedError):
        preflight(asked(host="imr.example", origin="https://evil.example"), CURRENT)
