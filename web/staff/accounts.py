"""`/staff/accounts` for who may make accounts, and `/staff/account` for everybody's own."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup
from starlette.responses import Response

from records import staff, staff_sessions
from records.staff import ROLES, Added, StaffError
from web.staff.gate import set_cookie
from web.staff.rendering import go_to, show
from web.staff.visit import BadField, NotThere, Visit
from web.staff.wording import problem

ACCOUNTS = "/staff/accounts"
CHANGES = ("role", "end", "renew")


def show_accounts(visit: Visit, status: int = 200, problem: str = "", added: Added | None = None) -> Response:
    """`GET /staff/accounts`. The secrets of an account that was just made are shown this once."""
    return show(
        visit,
        "accounts",
        status,
        problem=problem,
        members=staff.members(url=visit.url),
        roles=ROLES,
        added=added,
        code=qr_code(added.uri) if added else "",
        typed=visit.form.get("name", "") if problem else "",
    )


def add(visit: Visit) -> Response:
    """`POST /staff/accounts`."""
    try:
        added = staff.add(visit.told("name"), visit.told("role"), by=visit.me.name, url=visit.url)
    except StaffError as error:
        return show_accounts(visit, 400, problem(error.code, allowed=", ".join(ROLES)))
    return show_accounts(visit, added=added)


def change(visit: Visit) -> Response:
    """`POST /staff/accounts/{id}`: another role, closed, or new secrets."""
    what, who = visit.told("change", CHANGES), visit.number()
    if not what:
        raise BadField("change", ", ".join(CHANGES))
    try:
        if what == "renew":
            return show_accounts(visit, added=staff.renew_secrets(who, by=visit.me.name, url=visit.url))
        if what == "role":
            staff.set_role(who, visit.told("role"), by=visit.me.name, url=visit.url)
        else:
            staff.end(who, by=visit.me.name, url=visit.url)
    except StaffError as error:
        if error.code == "not_there":
            raise NotThere from None
        return show_accounts(visit, 400, problem(error.code, allowed=", ".join(ROLES)))
    return go_to(ACCOUNTS)


def show_own(visit: Visit, status: int = 200, problem: str = "") -> Response:
    """`GET /staff/account`."""
    return show(visit, "account", status, problem=problem, is_changed=visit.asked("changed") == "yes")


def change_own(visit: Visit) -> Response:
    """`POST /staff/account`: another password. Every other session ends, this one goes on under a new token."""
    new = visit.form.get("new", "")
    if new != visit.form.get("again", ""):
        return show_own(visit, 400, problem("not_the_same"))
    try:
        staff.change_password(visit.me.id, visit.form.get("old", ""), new, url=visit.url)
    except StaffError as error:
        return show_own(visit, 400, problem(error.code))
    response = go_to("/staff/account?changed=yes")
    set_cookie(visit.request, response, staff_sessions.begin(visit.me, url=visit.url))
    return response


def qr_code(uri: str) -> Markup:
    """A QR code as SVG without a style of its own, which the policy of the page would not allow."""
    out = io.BytesIO()
    segno.make(uri, error="m").save(
        out, kind="svg", scale=5, border=4, xmldecl=False, svgns=True, dark="#000", light="#fff", omitsize=False
    )
    return Markup(out.getvalue().decode())
