"""Messages: what a person was told, on screen as well as by mail."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from engine import policy
from storage.database import reading, transaction
from storage.queries.paging import read_cursor
from storage.queries.tasks.notices import NoticeRow, notices_of
from web.access import guard
from web.site.page import back_to, case_address, database, me, now, page

pages = Blueprint("messages", __name__)

MOST_MARKED = 200


@pages.get("/messages")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """Latest first."""
    after = read_cursor(request.args.get("after"))
    with reading(database()) as connection:
        found = notices_of(connection, me().person.id, after)
    more = url_for("messages.index", after=str(found.after)) if found.after else None
    unread = [row.notice.id for row in found.rows if row.notice.read_at is None]
    return page("messages/index.html", rows=found.rows, unread=unread, address=address, more=more, deeper=bool(after))


@pages.post("/messages/read")
@guard.allowed(policy.signed_in)
def read() -> ResponseReturnValue:
    """These are read. Others' messages stay as they are, whatever is sent."""
    ids = [found for text in request.form.getlist("message")[:MOST_MARKED] if (found := _id(text))]
    with transaction(database()) as store:
        store.read_notices(me().person.id, ids, now())
    return back_to("messages.index")


def address(row: NoticeRow) -> tuple[str, str] | None:
    """Where a message leads, with the words of the link."""
    if row.notice.task_id:
        return url_for("tasks.show", task_id=row.notice.task_id), "Open the task"
    leads = case_address(row.case_ref) if row.case_ref else None
    return (leads, f"See the case {row.case_ref}") if leads else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
