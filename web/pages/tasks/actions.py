"""Actions: what a case asked a role to do outside any procedure. Listed on *Your tasks*, ticked off here."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import policy
from engine.commands.cases import tasks
from engine.errors import BadDetails, NotAllowed
from storage.database import reading, transaction
from storage.queries.tasks.around import one_action
from storage.queries.tasks.standing import standing
from web.access import guard
from web.parts.due import action_due, due_line, urgent
from web.parts.reasons import of_pool
from web.site.page import back_to, case_address, database, looking, me, now, page, today

pages = Blueprint("actions", __name__)


@pages.get("/actions/<uuid:action_id>")
@guard.asked_by_command(policy.may_do_action)
def show(action_id: UUID) -> ResponseReturnValue:
    """One action."""
    return _page(action_id)


@pages.post("/actions/<uuid:action_id>")
@guard.asked_by_command(policy.may_do_action, look=True)
def done(action_id: UUID) -> ResponseReturnValue:
    """Tick it off, saying what came of it."""
    if looking():
        return _page(action_id)
    try:
        with transaction(database()) as store:
            tasks.complete_action(store, me(), action_id, request.form.get("outcome", ""), now())
    except BadDetails as refusal:
        return _page(action_id, refusal.messages)
    return back_to("tasks.index", ticked=action_id)


def _page(action_id: UUID, messages: Mapping[str, str] | None = None) -> ResponseReturnValue:
    with reading(database()) as connection:
        found = one_action(connection, action_id)
        stands = standing(connection, database().memory.office, me().person.id, today())
    if not policy.may_do_action(me(), found.action) and found.action.done_by != me().person.id:
        raise NotAllowed("This action is with somebody else.")
    due_at = action_due(found.action.due_on)
    return page(
        "tasks/actions/show.html",
        422 if messages else 200,
        messages=messages or {},
        longest=tasks.LONGEST_OUTCOME,
        found=found,
        due=due_line(due_at, now()),
        soon=urgent(due_at, now()),
        why=of_pool(found.action.pool, stands, me().person.id, now()),
        case_link=case_address(found.case_ref),
        outcome=request.form.get("outcome", ""),
    )
