"""Who may enter: a session for every page, the role that a page asks for, and forms from our own pages only.

A POST is taken when the browser says that it comes from this very site: by Sec-Fetch-Site (W3C Fetch Metadata), or,
where a browser sends none, by an Origin with the same host. Everything else is refused before anything is read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from records import staff_sessions
from records.staff import Member, Role
from records.staff_sessions import Opened
from settings import Settings
from web.proxy import read_body
from web.staff.rendering import go_to, render
from web.staff.visit import BadField, NotThere, Visit, plain_fields
from web.staff.wording import problem

COOKIE = "imr_staff"
HOME = "/staff"
ACCOUNT = "/staff/account"
SIGN_OUT = "/staff/sign-out"
# Where who must choose a password of their own may go before.
OPEN_BEFORE_CHANGE = (ACCOUNT, SIGN_OUT)
LARGEST_FORM = 64 * 1024  # bytes
MOST_FIELDS = 100
Handler = Callable[[Visit], Response]
log = logging.getLogger(__name__)


class Page(NamedTuple):
    """One page: its path, GET or POST, what makes it, and the least role that may have it."""

    path: str
    method: str
    handler: Handler
    least: Role


def guarded(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """The page behind the gate."""

    async def answer(request: Request) -> Response:
        if page.method != "GET" and not is_from_here(request):
            return refused(request, 403, "other_site")
        try:
            opened = await opened_by(request)
        except (SQLAlchemyError, OSError) as error:
            return away(request, error)
        if opened is None:
            return _to_sign_in(page, request)
        response = await _for_member(page, request, opened.member)
        if "set-cookie" not in response.headers:
            keep_signed_in(request, response, opened)
        return response

    return answer


async def opened_by(request: Request) -> Opened | None:
    """Whose session came with a request."""
    url = request.app.state.settings.database_url
    return await asyncio.to_thread(staff_sessions.open_session, request.cookies.get(COOKIE), url=url)


def keep_signed_in(request: Request, response: Response, opened: Opened) -> None:
    """The new token of a session that was just renewed; the old one ends soon."""
    if opened.renewed:
        set_cookie(request, response, opened.renewed)


async def _for_member(page: Page, request: Request, member: Member) -> Response:
    """The page for who is signed in, or why not."""
    if not member.may(page.least):
        return refused(request, 403, "not_allowed", member, role=page.least)
    if member.must_change and page.path not in OPEN_BEFORE_CHANGE:
        return go_to(ACCOUNT)
    try:
        return await _shown(page, request, member)
    except (SQLAlchemyError, OSError) as error:
        return away(request, error)
    except Exception as error:  # here, so that a session that was just renewed is not lost with it
        log.error("a page of the console failed", exc_info=error)
        return refused(request, 500, "broken", member)


async def _shown(page: Page, request: Request, member: Member) -> Response:
    current: Settings = request.app.state.settings
    try:
        form = await fields(request) if page.method == "POST" else {}
        visit = Visit(request, member, form, current)
        # In a thread of its own: the records wait for the database.
        return await asyncio.to_thread(page.handler, visit)
    except BadField as bad:
        return refused(request, 400, "bad_field", member, name=bad.name, allowed=bad.allowed)
    except NotThere:
        return refused(request, 404, "not_there", member)


async def fields(request: Request) -> dict[str, str]:
    """The fields of a form as browsers write it (application/x-www-form-urlencoded). Raises BadField."""
    body, is_whole = await read_body(request, LARGEST_FORM)
    if not is_whole:
        raise BadField("form", f"≤ {LARGEST_FORM}")
    try:
        found = parse_qsl(
            body.decode("ascii", "replace"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise BadField("form", f"≤ {MOST_FIELDS}") from None
    return plain_fields(found)


def is_from_here(request: Request) -> bool:
    """Whether a form comes from a page of this site."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    try:
        origin = urlsplit(request.headers.get("origin", "")).netloc
    except ValueError:
        return False
    return bool(origin) and origin == request.headers.get("host")


def set_cookie(request: Request, response: Response, token: str) -> None:
    """The session for the browser: no script sees it, no other site sends it, and it goes when the browser ends."""
    current: Settings = request.app.state.settings
    is_safe = request.url.scheme == "https" or (current.public_url or "").startswith("https://")
    response.set_cookie(COOKIE, token, path=HOME, httponly=True, samesite="strict", secure=is_safe)


def refused(request: Request, status: int, code: str, member: Member | None = None, **values: str) -> Response:
    """A page that says why not."""
    return render(request, "refused", status, me=member, problem=problem(code, **values))


def away(request: Request, error: Exception) -> Response:
    """The records do not answer: nothing was written, and it may work again in a moment."""
    broken = error.orig if isinstance(error, DBAPIError) else error
    log.warning("the records do not answer: %s", type(broken).__name__)
    response = render(request, "refused", 503, problem=problem("records_away"))
    response.headers["Retry-After"] = "5"
    return response


def not_there(visit: Visit) -> Response:
    """What is said at an address of the console that there is none of. Raises NotThere."""
    raise NotThere


def _to_sign_in(page: Page, request: Request) -> Response:
    """Where one signs in; who only wanted to look comes back to the page."""
    if page.method != "GET":
        return refused(request, 401, "signed_out")
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return go_to(f"{HOME}?next={quote(path, safe='')}")
