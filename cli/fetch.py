"""Fetches a large text file over HTTP into an open file, whole or not at all, with progress on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO

import httpx
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

LONGEST_SILENCE_SECONDS = 60.0
TIMES = httpx.Timeout(LONGEST_SILENCE_SECONDS, connect=15.0)
PIECE_BYTES = 1 << 16


class FetchError(RuntimeError):
    """A transfer failed; the text is one line that names the address and says why."""


def checked_address(address: str) -> str:
    """An address that can be fetched. Raises FetchError for any other."""
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, TypeError):
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchError(f"{address!r} is no address to download from; allowed: https://... or http://...")
    return address


@contextmanager
def _answer(address: str) -> Iterator[httpx.Response]:
    """The answer to a request, when it is a good one. Raises FetchError for whatever goes wrong until it is read."""
    try:
        with httpx.stream("GET", checked_address(address), timeout=TIMES, follow_redirects=True) as response:
            if response.status_code != httpx.codes.OK:
                raise FetchError(f"{address} answered {response.status_code} {response.reason_phrase}".rstrip())
            yield response
    except httpx.TimeoutException:
        raise FetchError(f"{address} did not answer within {LONGEST_SILENCE_SECONDS:.0f} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchError(f"{address} could not be read: {error or type(error).__name__}") from None


def fetch_json(address: str) -> Any:
    """The JSON at an address. Raises FetchError."""
    with _answer(address) as response:
        response.read()
        try:
            return response.json()
        except ValueError:
            raise FetchError(f"{address} did not answer with JSON") from None


def fetch_file(address: str, target: BinaryIO, largest_bytes: int) -> date | None:
    """Writes the text file at an address to `target`; gives the day it was last changed, when the server says so.

    Raises FetchError when the transfer fails, breaks off, or is larger than allowed.
    """
    with _answer(address) as response, _progress() as progress:
        length = response.headers.get("content-length", "")
        task = progress.add_task("download", total=int(length) if length.isdigit() else None)
        piece = b""
        for piece in response.iter_bytes(PIECE_BYTES):
            target.write(piece)
            progress.update(task, completed=response.num_bytes_downloaded)
            if target.tell() > largest_bytes:
                raise FetchError(f"{address} holds more than {largest_bytes} bytes, more than such a file can have")
        if not (_says_its_length(response) or piece.endswith(b"\n")):
            raise FetchError(f"{address} ends in the middle of a line, so it is not whole")
        return _changed(response)


def _says_its_length(response: httpx.Response) -> bool:
    """Whether httpx can tell a whole answer from one that broke off."""
    return "content-length" in response.headers or "transfer-encoding" in response.headers


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _changed(response: httpx.Response) -> date | None:
    try:
        return parsedate_to_datetime(response.headers["last-modified"]).date()
    except (KeyError, ValueError):
        return None
