"""`/staff`: signing in and out. The form is the same whether or not there is any account."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from records import staff, staff_sessions
from records.staff import SignInError
from settings import Settings
from web.staff import gate
from web.staff.gate import COOKIE, HOME
from web.staff.rendering import go_to, render
from web.staff.visit import BadField, Visit
from web.staff.wording import problem

INBOX = "/staff/inbox"


async def show_form(request: Request) -> Response:
    """`GET /staff`: the form; the inbox for who is signed in already."""
    try:
        opened = await gate.opened_by(request)
    except (SQLAlchemyError, OSError) as error:
        return gate.away(request, error)
    if opened is None:
        return _form(request)
    response = go_to(INBOX)
    gate.keep_signed_in(request, response, opened)
    return response


async def sign_in(request: Request) -> Response:
    """`POST /staff`: name, password and code at once; what of them was wrong is not told."""
    if not gate.is_from_here(request):
        return gate.refused(request, 403, "other_site")
    try:
        form = await gate.fields(request)
        return await asyncio.to_thread(_signed_in, request, form)
    except BadField as bad:
        return gate.refused(request, 400, "bad_field", name=bad.name, allowed=bad.allowed)
    except (SQLAlchemyError, OSError) as error:
        return gate.away(request, error)


def sign_out(visit: Visit) -> Response:
    """`POST /staff/sign-out`."""
    staff_sessions.close(visit.request.cookies.get(COOKIE), url=visit.url)
    response = go_to(HOME)
    response.delete_cookie(COOKIE, path=HOME)
    return response


def _signed_in(request: Request, form: dict[str, str]) -> Response:
    url = _settings(request).database_url
    address = request.client.host if request.client else ""
    name, password, code = form.get("name", "").strip(), form.get("password", ""), form.get("code", "")
    try:
        member = staff.sign_in(name, password, code, address, url=url)
    except SignInError as error:
        code, status = ("shut_out", 429) if error.shut_out else ("wrong", 401)
        return _form(request, status, problem=problem(code), next=form.get("next", ""), typed=name)
    staff_sessions.close(request.cookies.get(COOKIE), url=url)  # whoever was signed in here before
    response = go_to(_safe(form.get("next", "")))
    gate.set_cookie(request, response, staff_sessions.begin(member, url=url))
    return response


def _form(request: Request, status: int = 200, **values: Any) -> Response:
    told = {"next": request.query_params.get("next", ""), **values}
    return render(request, "sign_in", status, **{**told, "next": _safe(str(told["next"]))})


def _safe(path: str) -> str:
    """A page of the console to go on to, and never another site."""
    is_ours = path.startswith("/staff/") and not set(path) & set("\\\r\n") and "//" not in path.partition("?")[0]
    return path if is_ours else INBOX


def _settings(request: Request) -> Settings:
    current: Settings = request.app.state.settings
    return current
