"""Your tasks, and one task: read it, answer it, keep what you typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from engine import forms, policy
from engine.commands.cases import manage, tasks
from engine.errors import (
    BROKEN,
    AlreadyClaimed,
    AlreadyDone,
    BadAnswers,
    CaseMovedOn,
    CaseNotOpen,
    NotAllowed,
    Refused,
    UnknownAnswers,
)
from storage.database import reading_store, transaction
from storage.queries.paging import read_cursor
from web.access import guard
from web.pages.tasks.done import Banner, done_now
from web.pages.tasks.known import AllAnswers, TaskKnown, read
from web.pages.tasks.list import asked_for, task_list
from web.pages.tasks.view import TaskPage, Typed
from web.parts.dates import time_in_words
from web.parts.sent_answers import Sent, place, sent
from web.site.page import back_to, case_address, database, looking, me, now, page

pages = Blueprint("tasks", __name__)

TOO_LATE = (AlreadyClaimed, AlreadyDone, CaseNotOpen, CaseMovedOn, NotAllowed)


@pages.get("/tasks")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """What waits for whoever asks."""
    with reading_store(database()) as store:
        done = done_now(store, me(), now(), request.args)
        found = task_list(store, me(), now(), asked_for(request.args))
    return page("tasks/index.html", list=found, done=done)


@pages.get("/tasks/<uuid:task_id>")
@guard.asked_by_command(policy.is_involved)
def show(task_id: UUID) -> ResponseReturnValue:
    """One task."""
    with reading_store(database()) as store:
        known, done = read(store, me(), task_id, now()), done_now(store, me(), now(), request.args)
    return _page(known, done=done)


@pages.get("/tasks/<uuid:task_id>/earlier")
@guard.asked_by_command(policy.is_involved)
def earlier(task_id: UUID) -> ResponseReturnValue:
    """All that was answered before, newest first, page by page."""
    after = read_cursor(request.args.get("after"))
    with reading_store(database()) as store:
        known = read(store, me(), task_id, now(), AllAnswers(after))
    return page("tasks/earlier.html", view=_view(known), deeper=after is not None)


@pages.post("/tasks/<uuid:task_id>")
@guard.asked_by_command(policy.is_involved, look=True)
def answer(task_id: UUID) -> ResponseReturnValue:
    """Whatever a button on the task's page does with what was typed."""
    posted = sent()
    if looking():
        return _page(_known(task_id), posted.answers)
    if posted.detach or forms.changes_rows(posted.answers) or posted.uploads.messages:
        return _go_on(task_id, posted)
    if posted.save:
        return _save(task_id, posted)
    return _complete(task_id, posted)


@pages.post("/tasks/<uuid:task_id>/draft")
@guard.asked_by_command(policy.is_involved)
def draft(task_id: UUID) -> ResponseReturnValue:
    """Keep what is typed while it is being typed."""
    with transaction(database()) as store:
        tasks.save_draft(store, me(), task_id, sent().answers, now())
    return jsonify(saved=f"Draft saved at {time_in_words(now())}")


@pages.post("/tasks/<uuid:task_id>/questions")
@guard.asked_by_command(policy.is_involved)
def questions(task_id: UUID) -> ResponseReturnValue:
    """The questions alone, as what is typed changes them."""
    known = _known(task_id)
    return str(_view(known, _rows(known, sent())).questions)


def _complete(task_id: UUID, posted: Sent) -> ResponseReturnValue:
    try:
        with transaction(database()) as store:
            tasks.complete_task(store, me(), task_id, posted.answers, now(), posted.uploads.files)
    except (BadAnswers, UnknownAnswers) as refusal:
        return _refused(task_id, posted, refusal)
    except BROKEN as refusal:
        return _broken(task_id, posted, refusal)
    except TOO_LATE as refusal:
        return _too_late(task_id, posted, refusal)
    return back_to("tasks.index", done=task_id)


def _save(task_id: UUID, posted: Sent) -> ResponseReturnValue:
    try:
        _keep(task_id, posted)
    except TOO_LATE as refusal:
        return _too_late(task_id, posted, refusal)
    if posted.save == "stay":
        return back_to("tasks.show", task_id=task_id)
    return back_to("tasks.index", saved=task_id)


def _go_on(task_id: UUID, posted: Sent) -> ResponseReturnValue:
    """A row more or less, a file taken back or refused: the same page with the change."""
    try:
        _keep(task_id, posted)
    except TOO_LATE as refusal:
        return _too_late(task_id, posted, refusal)
    known = _known(task_id)
    wrong = posted.uploads.messages
    return _page(known, _rows(known, posted), wrong, status=422 if wrong else 200)


def _keep(task_id: UUID, posted: Sent) -> None:
    """The draft, the files that came with it and the file taken back, in one transaction."""
    with transaction(database()) as store:
        if posted.detach:
            tasks.detach(store, me(), posted.detach)
        if posted.uploads.files:
            tasks.attach(store, me(), task_id, posted.uploads.files)
        tasks.save_draft(store, me(), task_id, posted.answers, now())


def _refused(task_id: UUID, posted: Sent, refusal: BadAnswers | UnknownAnswers) -> ResponseReturnValue:
    """The form again, with what is wrong. Files that came with it are attached already."""
    if posted.uploads.files:
        with transaction(database()) as store:
            tasks.attach(store, me(), task_id, posted.uploads.files)
    wrong = refusal.messages if isinstance(refusal, BadAnswers) else {"": [refusal.sentence]}
    return _page(_known(task_id), posted.answers, wrong, status=422)


def _too_late(task_id: UUID, posted: Sent, refusal: Refused) -> ResponseReturnValue:
    """Somebody else was quicker, or the case waits: nothing typed is lost."""
    status = 403 if isinstance(refusal, NotAllowed) else 409
    try:
        known = _kept_for_later(task_id, posted)
    except NotAllowed as lost:
        return page("tasks/lost.html", status, sentence=lost.sentence, texts=posted.texts)
    return _page(known, posted.answers, refused=refusal.sentence if known.can_do else "", status=status)


def _broken(task_id: UUID, posted: Sent, refusal: Refused) -> ResponseReturnValue:
    """The case could not run on. It rests as it was until somebody has looked."""
    known = _kept_for_later(task_id, posted)
    with transaction(database()) as store:
        manage.needs_attention(store, known.opened.case.id, refusal.sentence, now(), refusal.step)
    return _page(_known(task_id), posted.answers, status=409)


def _kept_for_later(task_id: UUID, posted: Sent) -> TaskKnown:
    known = _known(task_id)
    with transaction(database()) as store:
        tasks.save_draft(store, me(), task_id, posted.answers, now())
    return known


def _known(task_id: UUID) -> TaskKnown:
    with reading_store(database()) as store:
        return read(store, me(), task_id, now())


def _rows(known: TaskKnown, posted: Sent) -> Typed:
    form = known.opened.form
    return forms.rows_changed(form, posted.answers) if form else posted.answers


def _view(known: TaskKnown, typed: Typed | None = None, wrong: Mapping[str, Sequence[str]] | None = None) -> TaskPage:
    return TaskPage(known, place(), typed, wrong)


def _page(
    known: TaskKnown,
    typed: Typed | None = None,
    wrong: Mapping[str, Sequence[str]] | None = None,
    refused: str = "",
    done: Banner | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    address, view = case_address(known.opened.case.ref), _view(known, typed, wrong)
    return page("tasks/show.html", status, view=view, refused=refused, done=done, case_link=address)
