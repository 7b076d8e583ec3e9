"""Every page of the console: its address, and the least role that may have it. A test goes through this list."""

from __future__ import annotations

from starlette.routing import Route

from web.staff import (
    accounts,
    audit_log,
    consultations,
    correcting,
    inbox,
    law_board,
    overview,
    practice_page,
    transcript,
)
from web.staff import signing_in as signing
from web.staff.gate import ACCOUNT, HOME, SIGN_OUT, Page, guarded, not_there

CONVERSATION = "/staff/conversations/{id}"
ANYWHERE = "/staff/{rest:path}"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CONSULTATION = "/staff/consultations/{id}"
PAGES = (
    Page(SIGN_OUT, "POST", signing.sign_out, "viewer"),
    Page(ACCOUNT, "GET", accounts.show_own, "viewer"),
    Page(ACCOUNT, "POST", accounts.change_own, "viewer"),
    Page("/staff/inbox", "GET", inbox.show_inbox, "viewer"),
    Page("/staff/views", "POST", inbox.save_view, "viewer"),
    Page("/staff/views/{id}/drop", "POST", inbox.drop_view, "viewer"),
    Page(CONVERSATION, "GET", transcript.show_transcript, "viewer"),
    Page(f"{CONVERSATION}/status", "POST", transcript.set_status, "reviewer"),
    Page(f"{CONVERSATION}/assign", "POST", transcript.assign, "reviewer"),
    Page(f"{CONVERSATION}/notes", "POST", transcript.write_note, "reviewer"),
    Page(f"{CONVERSATION}/corrections", "POST", correcting.propose, "reviewer"),
    Page(f"{CONVERSATION}/forget", "GET", transcript.ask_to_forget, "admin"),
    Page(f"{CONVERSATION}/forget", "POST", transcript.forget, "admin"),
    Page("/staff/corrections", "GET", correcting.show_corrections, "viewer"),
    Page("/staff/corrections/{id}", "POST", correcting.decide, "reviewer"),
    Page("/staff/consultations", "GET", consultations.show_queue, "viewer"),
    Page("/staff/consultations/export.csv", "POST", consultations.export_csv, "reviewer"),
    Page("/staff/consultations/export.ics", "POST", consultations.export_ics, "reviewer"),
    Page(CONSULTATION, "GET", consultations.show_request, "viewer"),
    Page(f"{CONSULTATION}/contact", "POST", consultations.open_contact, "reviewer"),
    Page(f"{CONSULTATION}/state", "POST", consultations.move, "reviewer"),
    Page("/staff/overview", "GET", overview.show_overview, "viewer"),
    Page("/staff/law", "GET", law_board.show_law, "viewer"),
    Page("/staff/practice", "GET", practice_page.show_practice, "admin"),
    Page("/staff/practice", "POST", practice_page.change_practice, "admin"),
    Page("/staff/practice/purge", "POST", practice_page.purge, "admin"),
    Page("/staff/practice/find", "POST", practice_page.find_case, "admin"),
    Page("/staff/accounts", "GET", accounts.show_accounts, "admin"),
    Page("/staff/accounts", "POST", accounts.add, "admin"),
    Page("/staff/accounts/{id}", "POST", accounts.change, "admin"),
    Page("/staff/log", "GET", audit_log.show_log, "admin"),
)


def _nowhere(method: str) -> Route:
    return Route(ANYWHERE, guarded(Page(ANYWHERE, method, not_there, "viewer")), methods=[method])


def staff_routes() -> list[Route]:
    """The routes of the console: the one page that is open to all, and those behind the gate."""
    return [
        Route(HOME, signing.show_form, methods=["GET"]),
        Route(HOME, signing.sign_in, methods=["POST"]),
        *(Route(page.path, guarded(page), methods=[page.method]) for page in PAGES),
        # Whatever else lies below: nobody learns which pages there are without being signed in.
        *(_nowhere(method) for method in METHODS),
    ]
