"""`GET /papers/{token}/{name}`: a paper of the conversation that the link was made for, made when it is asked for.

Whatever is not right about a request is answered with the same 404, so that nobody learns which links exist.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from imr_logic import Assessment, CaseFacts, assess
from imr_logic.revisions import Revisions
from records import cases, links, short_links
from records.cases import SavedCase
from records.models import now
from records.tokens import SessionTokens, TokenError
from settings import Settings, california_today, signing_key
from web.pages import page

HTML = "text/html"
# A link may be made some moments before its case is kept.
A_TURN = timedelta(minutes=1)
CALENDAR = "calendar"  # the id of the paper whose dates stay in people's calendars
UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
log = logging.getLogger(__name__)


class Paper(Protocol):
    """A finished paper."""

    @property
    def name(self) -> str:
        """The name of its file."""

    @property
    def media_type(self) -> str:
        """Its kind, as in the Content-Type header."""

    @property
    def content(self) -> bytes | str:
        """What is in it."""


class Kind(Protocol):
    """A kind of paper: its id and the name of its file; either is its name in an address."""

    @property
    def id(self) -> str:
        """What it is called in the program."""

    @property
    def file(self) -> str:
        """What its file is called."""

    def title(self) -> str:
        """What people call it."""


class Papers(Protocol):
    """The room that makes papers from a case."""

    def papers_for(self, facts: CaseFacts, found: Assessment, sequences: Revisions | None = None) -> tuple[Kind, ...]:
        """The kinds of paper there are for a case; `sequences` are the case's revisions."""

    def make(
        self,
        kind: Any,  # one of those that `papers_for` gave
        facts: CaseFacts,
        found: Assessment,
        *,
        case_id: str,
        practice: str | None,
        now: datetime,
        sequences: Revisions | None = None,
    ) -> Paper:
        """One paper; `sequences` are the case's revisions, which only a calendar file needs."""


class OpenCase(NamedTuple):
    """The case that a link leads to, assessed today."""

    sender_id: str
    saved: SavedCase
    facts: CaseFacts
    found: Assessment


def serve_paper(request: Request) -> Response:
    """The paper, to be kept by the person and by nobody between. Raises HTTPException 404. (Not a coroutine, so
    that it runs in a thread of its own: reading, assessing and making a PDF take a while.)"""
    papers: Papers | None = request.app.state.papers
    case = _open_case(request)
    if papers is None or case is None:
        raise HTTPException(404)
    kind = _kind(papers, case, request.path_params["name"])
    if kind is None:
        raise HTTPException(404)
    return _as_response(_made(papers, kind, case, request.app.state.settings))


def show_papers(request: Request) -> Response:
    """The papers that a short link leads to, each with a link that is good as long as the short one. Raises
    HTTPException 404."""
    papers: Papers | None = request.app.state.papers
    current: Settings = request.app.state.settings
    try:
        link = short_links.opened(request.path_params["code"], current=current)
    except links.BadLink:
        raise HTTPException(404) from None
    case = _case_of(link, current)
    if papers is None or case is None:
        raise HTTPException(404)
    token = links.mint(link.sender_id, now=link.made_at, current=current)
    kinds = papers.papers_for(case.facts, case.found, case.saved.revisions)
    offered = [_offered(kind, token) for kind in kinds]
    answer = page(request, "papers.html", "papers", papers=offered, hours=current.link_hours)
    answer.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    return answer


def _offered(kind: Kind, token: str) -> dict[str, str]:
    """A paper as the page of a short link shows it; `sort` is the ending of its file."""
    return {"title": kind.title(), "url": links.path(token, kind.file), "sort": kind.file.rpartition(".")[2]}


def _open_case(request: Request) -> OpenCase | None:
    current: Settings = request.app.state.settings
    try:
        link = links.opened(request.path_params["token"], current=current)
    except links.BadLink:
        return None
    is_theirs = _may_be_theirs(request.headers.get("authorization"), link.sender_id, current)
    return _case_of(link, current) if is_theirs else None


def _case_of(link: links.Opened, current: Settings) -> OpenCase | None:
    """The case that a link leads to; none when it was erased, and perhaps begun anew: the link was not for that."""
    saved = cases.load(link.sender_id, url=current.database_url)
    if saved is None or (saved.begun_at and link.made_at < saved.begun_at - A_TURN):
        return None
    return _assessed(link.sender_id, saved, current)


def _may_be_theirs(header: str | None, sender_id: str, current: Settings) -> bool:
    """Whether the request does not come out of another conversation: a browser that opens a link sends no session
    token, so none is fine; one that is sent must be this conversation's."""
    try:
        return SessionTokens(signing_key(current), current.session_hours).read(header) == sender_id
    except TokenError as error:
        return error.code == "missing_token"


def _assessed(sender_id: str, saved: SavedCase, current: Settings) -> OpenCase | None:
    """The case as it stands today, None when it was kept by a version that knew other facts."""
    try:
        facts = CaseFacts.model_validate({**saved.facts, "today": california_today(current)})
    except ValidationError:
        log.warning("a kept case cannot be read")
        return None
    return OpenCase(sender_id, saved, facts, assess(facts))


def _kind(papers: Papers, case: OpenCase, name: str) -> Kind | None:
    """The kind of paper of that name, None when this case has none."""
    kinds = papers.papers_for(case.facts, case.found, case.saved.revisions)
    return next((kind for kind in kinds if name in (kind.id, kind.file)), None)


def _made(papers: Papers, kind: Kind, case: OpenCase, current: Settings) -> Paper:
    """The paper. A calendar is noted as given out before it is: one that nobody got does no harm, but an event that
    we do not know of could never be cancelled."""
    revisions: Revisions | None = case.saved.revisions
    if kind.id == CALENDAR:
        revisions = cases.give_out(case.sender_id, case.found, case.found.today, url=current.database_url)
        if revisions is None:  # erased a moment ago
            raise HTTPException(404)
    return papers.make(
        kind,
        case.facts,
        case.found,
        case_id=links.case_id(case.sender_id, current=current),
        practice=current.practice_name,
        now=now(),
        sequences=revisions,
    )


def _as_response(paper: Paper) -> Response:
    content = paper.content.encode() if isinstance(paper.content, str) else paper.content
    is_page = paper.media_type.startswith(HTML)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": disposition("inline" if is_page else "attachment", paper.name),
        "X-Robots-Tag": "noindex",
    }
    if is_page:
        headers["Content-Security-Policy"] = page_policy(content)
    return Response(content, 200, headers, paper.media_type)


def disposition(how: str, name: str) -> str:
    """The header that names the file (RFC 6266): safe letters only, and the name itself where it has others."""
    safe = UNSAFE_IN_NAMES.sub("-", name).strip(".-") or "paper"
    more = f"; filename*=UTF-8''{quote(name, safe='')}" if safe != name and "/" not in name else ""
    return f'{how}; filename="{safe}"{more}'


def page_policy(content: bytes) -> str:
    """The policy of a page to print: our own style files and exactly the style it brings, no script, no picture."""
    digests = (base64.b64encode(hashlib.sha256(style).digest()).decode("ascii") for style in STYLE.findall(content))
    styles = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
    return f"default-src 'none'; style-src {styles}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
