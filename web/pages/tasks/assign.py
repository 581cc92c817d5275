"""Who has a task and until when: take it, put it back, hand it to a colleague, ask for more time."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import policy
from engine.commands.cases import tasks
from engine.commands.cases.manage import LONGEST_REASON
from engine.errors import BadDetails, NeedsAReason, NotAllowed
from engine.forms.drawn.model import Question, QuestionKind
from engine.forms.filled.values import Unreadable, read_typed
from storage.database import reading_store, transaction
from storage.queries.trust.colleagues import colleagues
from web.access import guard
from web.pages.tasks.known import TaskKnown, read
from web.pages.tasks.view import TaskPage
from web.parts.sent_answers import place
from web.site.page import back_to, database, looking, me, now, page, today

pages = Blueprint("holding", __name__)

NO_REASON = "Enter a reason, so that others can understand it later"
TYPED = ("to", "reason", "until-day", "until-month", "until-year")
UNTIL = Question(id="until", kind=QuestionKind.DATE, key="until")


@pages.post("/tasks/<uuid:task_id>/claim")
@guard.asked_by_command(policy.may_claim)
def claim(task_id: UUID) -> ResponseReturnValue:
    """Take it, so that colleagues see that it is being done."""
    with transaction(database()) as store:
        tasks.claim(store, me(), task_id, now())
    return back_to("tasks.show", task_id=task_id)


@pages.post("/tasks/<uuid:task_id>/release")
@guard.asked_by_command(policy.may_release)
def release(task_id: UUID) -> ResponseReturnValue:
    """Put it back on its list."""
    with transaction(database()) as store:
        task = tasks.release(store, me(), task_id, now())
    return back_to("tasks.index", freed=task.id)


@pages.get("/tasks/<uuid:task_id>/hand-over")
@guard.asked_by_command(policy.may_hand_over)
def hand_over(task_id: UUID) -> ResponseReturnValue:
    """Choose who gets it."""
    return _hand_over(task_id, {})


@pages.post("/tasks/<uuid:task_id>/hand-over")
@guard.asked_by_command(policy.may_hand_over, look=True)
def give(task_id: UUID) -> ResponseReturnValue:
    """Hand it to a colleague, for a reason."""
    if looking():
        return _hand_over(task_id, {})
    to, reason = _id(request.form.get("to", "")), _reason()
    messages = {} if to else {"to": "Select a colleague"}
    messages |= {} if reason else {"reason": NO_REASON}
    if to is None or messages:
        return _hand_over(task_id, messages)
    try:
        with transaction(database()) as store:
            tasks.hand_over(store, me(), task_id, to, reason, now())
    except BadDetails as refusal:
        return _hand_over(task_id, refusal.messages)
    except NeedsAReason as refusal:
        return _hand_over(task_id, {"reason": refusal.sentence.rstrip(".")})
    return back_to("tasks.index", handed=task_id)


@pages.get("/tasks/<uuid:task_id>/extend")
@guard.asked_by_command(policy.may_extend)
def extend(task_id: UUID) -> ResponseReturnValue:
    """Choose a later day."""
    return _extend(task_id, {})


@pages.post("/tasks/<uuid:task_id>/extend")
@guard.asked_by_command(policy.may_extend, look=True)
def put_off(task_id: UUID) -> ResponseReturnValue:
    """Give it a later deadline, for a reason."""
    if looking():
        return _extend(task_id, {})
    reason = _reason()
    messages = {} if reason else {"reason": NO_REASON}
    try:
        until = _date()
        if not messages:
            with transaction(database()) as store:
                tasks.extend(store, me(), task_id, until, reason, now())
    except BadDetails as refusal:
        messages = {**refusal.messages, **messages}
    except NeedsAReason as refusal:
        messages = {"reason": refusal.sentence.rstrip(".")}
    if messages:
        return _extend(task_id, messages)
    return back_to("tasks.show", task_id=task_id)


def _hand_over(task_id: UUID, messages: Mapping[str, str]) -> ResponseReturnValue:
    with reading_store(database()) as store:
        known = read(store, me(), task_id, now())
        near = colleagues(store.connection, known.opened.case.school_id, today())
    others = [one for one in near if one.person_id != known.task.person_id]
    return _page("tasks/hand_over.html", known, messages, colleagues=others)


def _extend(task_id: UUID, messages: Mapping[str, str]) -> ResponseReturnValue:
    with reading_store(database()) as store:
        known = read(store, me(), task_id, now())
    if not policy.may_extend(me(), known.task, known.opened.run.school):
        raise NotAllowed("You have extended this task once. Ask your director to extend it again.")
    return _page("tasks/extend.html", known, messages)


def _page(template: str, known: TaskKnown, messages: Mapping[str, str], **more: object) -> ResponseReturnValue:
    return page(
        template,
        422 if messages else 200,
        view=TaskPage(known, place()),
        messages=messages,
        longest=LONGEST_REASON,
        typed={name: request.form.get(name, "") for name in TYPED},
        **more,
    )


def _reason() -> str:
    return request.form.get("reason", "").strip()


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _date() -> str:
    """The day in the three boxes. Raises BadDetails."""
    boxes = {box: (request.form.get(f"until{box}", ""),) for box in ("-day", "-month", "-year")}
    try:
        day = read_typed(UNTIL, boxes)
    except Unreadable as error:
        raise BadDetails({"until": f"The new date {error}"}) from error
    if day is None:
        raise BadDetails({"until": "Enter the new date"})
    return str(day)
