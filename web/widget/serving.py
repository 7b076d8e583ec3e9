"""`/widget.js` and the files it loads: read once, compressed, with the words of the language files in them.

`/widget.js` has one address for ever and is asked for anew from time to time; the other files have the version in
their address and are kept by browsers for good. Any site may load them: they hold nothing of anyone.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.linking import finder
from web.wording import LANGUAGES, filled

SOURCE = Path(__file__).parent / "source"
LAUNCHER, MAIN = "launcher.js", "panel.js"
SCRIPT, STYLE = "chat.js", "panel.css"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=class|const|function)", re.MULTILINE)
STYLE_SPACE = re.compile(r"\s*([{};,])\s*|(?<=:)\s+")
COMMENT = re.compile(r"//.*|/\*[^*]*\*/")
SITE = "__SITE__"  # stands in the launcher for its words and the version
LAUNCHERS_OWN = ("launcher", "go_on", "sorry")
LAUNCHER_WORDS = (*LAUNCHERS_OWN, "plain")
MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
}
FOR_ANY_SITE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
READS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?![.\d]))")
FOR_A_WHILE = "public, max-age=300"
FOR_GOOD = "public, max-age=31536000, immutable"


class Asset(NamedTuple):
    """A file as it is sent: as it is, and compressed."""

    content: bytes
    compressed: bytes
    media_type: str
    tag: str


async def serve_launcher(request: Request) -> Response:
    """`GET /widget.js`: all that a page loads before the chat is opened."""
    return _answer(request, launcher(), FOR_A_WHILE)


async def serve_part(request: Request) -> Response:
    """`GET /widget/{version}/{name}`: what is loaded when the chat is opened. Raises HTTPException 404."""
    part = parts().get(request.path_params["name"])
    if part is None:
        raise HTTPException(404)
    current = request.path_params["version"] == version()
    return _answer(request, part, FOR_GOOD if current else "no-cache")


@cache
def launcher() -> Asset:
    """The launcher with its words and the version of the parts in it."""
    words = {language: {key: filled("widget", language)[key] for key in LAUNCHER_WORDS} for language in LANGUAGES}
    site = json.dumps({"version": version(), "words": words}, ensure_ascii=False)
    return _asset(LAUNCHER, (SOURCE / LAUNCHER).read_text(encoding="utf-8").replace(SITE, site))


@cache
def parts() -> Mapping[str, Asset]:
    """Every other file by its name."""
    return {name: _asset(name, text) for name, text in _texts()}


@cache
def version() -> str:
    """What changes whenever one of the parts does."""
    return hashlib.sha256(b"".join(part.content for part in parts().values())).hexdigest()[:12]


def _texts() -> Iterator[tuple[str, str]]:
    yield SCRIPT, script(MAIN)
    yield STYLE, (SOURCE / STYLE).read_text(encoding="utf-8")
    for language in LANGUAGES:
        words = {key: text for key, text in filled("widget", language).items() if key not in LAUNCHERS_OWN}
        yield f"words.{language}.json", json.dumps({**words, "links": finder().pattern}, ensure_ascii=False)


def script(main: str) -> str:
    """A module with those that it imports before it, as one: a phone on a slow network asks once."""
    return "".join(_module(name) for name in _in_order(main, []))


def _in_order(name: str, before: list[str]) -> list[str]:
    """The names of all modules that one needs and its own, each once, after those that it needs."""
    for needed in IMPORT.findall((SOURCE / name).read_text(encoding="utf-8")):
        if needed not in before:
            _in_order(needed, before)
    before.append(name)
    return before


def _module(name: str) -> str:
    """A module without the lines that name other modules; what it gives to them is left in place."""
    code = IMPORT.sub("", (SOURCE / name).read_text(encoding="utf-8"))
    return code if name == MAIN else EXPORT.sub("", code)


def _asset(name: str, text: str) -> Asset:
    content = _lean(name, text).encode()
    tag = hashlib.sha256(content).hexdigest()[:20]
    return Asset(content, gzip.compress(content, 9, mtime=0), MEDIA_TYPES[Path(name).suffix], tag)


def _lean(name: str, code: str) -> str:
    """The code without what only its readers need: whole lines of comment, blank lines, the space before a line; in
    a style sheet also the spaces and breaks beside its signs."""
    if name.endswith(".json"):
        return code
    lines = (line.strip() for line in code.splitlines())
    kept = "\n".join(line for line in lines if line and not COMMENT.fullmatch(line)) + "\n"
    return STYLE_SPACE.sub(r"\1", kept) if name.endswith(".css") else kept


def _answer(request: Request, asset: Asset, kept: str) -> Response:
    headers = {**FOR_ANY_SITE, "Cache-Control": kept, "Vary": "Accept-Encoding"}
    compressed = READS_GZIP.search(request.headers.get("accept-encoding", "")) is not None
    tag = f'"{asset.tag}{"-gzip" if compressed else ""}"'  # one for each form (RFC 9110 section 8.8.3)
    known = request.headers.get("if-none-match", "").split(",")
    if tag in (one.strip().removeprefix("W/") for one in known):
        return Response(status_code=304, headers={**headers, "ETag": tag})
    content = asset.compressed if compressed else asset.content
    encoded = {"Content-Encoding": "gzip"} if compressed else {}
    return Response(content, headers={**headers, "ETag": tag, **encoded}, media_type=asset.media_type)
