"""Start a procedure: choose which, choose where, answer its first questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from engine import forms, policy
from engine.commands.cases import start
from engine.commands.cases.join import join_case
from engine.commands.cases.start import open_start
from engine.errors import BadAnswers, CaseNotOpen, NotFound, UnknownAnswers
from engine.model.casework import LIVE, Case, Evidence, Task
from storage.database import reading_store, transaction
from storage.queries.cases.find import CaseRow, Search, find_cases
from storage.queries.sight import readable_among
from storage.store.sql_store import SqlStore
from web.access import guard
from web.pages.cases import sealed_files
from web.pages.cases.known import find
from web.pages.cases.start_view import ANOTHER, StartPage, places, school_id, startable
from web.parts.sent_answers import Sent, place, sent
from web.site.page import back_to, case_address, database, looking, me, now, page

pages = Blueprint("start", __name__)

FIELDS = frozenset({"school", "way", "title", "start", "anyway"})  # of the page, beside those that every page has
MOST_ALIKE = 5
MOST_LOOKED_AT = 50


@pages.get("/start")
@guard.asked_by_command(policy.may_start)
def index() -> ResponseReturnValue:
    """What somebody may start."""
    with reading_store(database()) as store:
        found = startable(store, me())
    return page("cases/start/index.html", procedures=found)


@pages.get("/start/<key>")
@guard.asked_by_command(policy.may_start)
def show(key: str) -> ResponseReturnValue:
    """Where, when there is a choice; then the first questions."""
    with reading_store(database()) as store:
        return _show(store, key, request.args.get("school", ""))


@pages.post("/start/<key>")
@guard.asked_by_command(policy.may_start, look=True)
def begin(key: str) -> ResponseReturnValue:
    """Whatever a button on the page does with what was typed."""
    posted = sent(FIELDS)
    wrong = posted.uploads.messages
    if looking() or posted.detach or forms.changes_rows(posted.answers) or wrong:
        return _again(key, posted, wrong)
    belongs = request.form.get("anyway", "")
    if not belongs and _any_alike(key):
        return _again(key, posted, {}, ask_anyway=True)
    try:
        if belongs not in ("", ANOTHER):
            return _join(key, belongs, posted)
        with transaction(database()) as store:
            title = request.form.get("title", "")
            case = start.start_case(store, me(), key, _school(), title, posted.answers, now(), _files(posted), _way())
            mine = next((task for task in store.open_tasks(case.id) if policy.may_complete(me(), task)), None)
    except BadAnswers as refusal:
        return _again(key, posted, refusal.messages)
    except (CaseNotOpen, UnknownAnswers) as refusal:
        return _again(key, posted, {"": [refusal.sentence]})
    return _begun(case, mine)


def _join(key: str, ref: str, posted: Sent) -> ResponseReturnValue:
    """Keep it with a case that is open instead, as far as they may read that one."""
    with transaction(database()) as store:
        opening = open_start(store, me(), key, _school(), now(), _way())
        joined = join_case(store, me(), find(store, me(), ref), opening, posted.answers, now(), _files(posted))
        if joined.id not in readable_among(store.connection, policy.sight(me()), {joined.id}):
            return back_to("tasks.index", added=joined.id)  # what they answered closed it to themselves
    address = case_address(joined.ref)
    return redirect(f"{address}?done=joined", 303) if address else back_to("tasks.index")


@pages.post("/start/<key>/questions")
@guard.asked_by_command(policy.may_start)
def questions(key: str) -> ResponseReturnValue:
    """The questions alone, as what is typed changes them."""
    with reading_store(database()) as store:
        return str(_view(store, key, _school_named(), sent(FIELDS)).questions)


def _show(store: SqlStore, key: str, school: str) -> ResponseReturnValue:
    version = store.live_version(key)
    if version is None:
        raise NotFound
    definition = store.definition(version.id)
    found = places(store, me(), definition)
    school = school or found.only or ""
    if not school:
        return page("cases/start/where.html", version=version, places=found, missing="school" in request.args)
    starts = definition.diagram.people_starts
    if len(starts) > 1 and not request.args.get("way"):
        return page(
            "cases/start/which.html", version=version, starts=starts, school=school, missing="way" in request.args
        )
    return page(
        "cases/start/show.html", case_address=case_address, view=_view(store, key, school, choice=found.only is None)
    )


def _again(key: str, posted: Sent, wrong: Mapping[str, Sequence[str]], ask_anyway: bool = False) -> ResponseReturnValue:
    """The page as it was typed, with what is wrong or what a button changed."""
    with reading_store(database()) as store:
        view = _view(store, key, _school_named(), posted, wrong, ask_anyway)
    return page("cases/start/show.html", 422 if wrong or ask_anyway else 200, view=view, case_address=case_address)


def _view(
    store: SqlStore,
    key: str,
    school: str,
    posted: Sent | None = None,
    wrong: Mapping[str, Sequence[str]] | None = None,
    ask_anyway: bool = False,
    choice: bool = True,
) -> StartPage:
    opening = open_start(store, me(), key, _id(school), now(), _way())
    typed = posted.answers if posted else None
    if typed is not None and opening.form:
        typed = forms.rows_changed(opening.form, {**typed, "title": [request.form.get("title", "")]})
    files = _files(posted) if posted else []
    return StartPage(
        opening=opening,
        place=place(),
        school=school,
        alike=_alike(store, key, _id(school)),
        choice=choice,
        typed=typed,
        errors=wrong,
        title=request.form.get("title", ""),
        files=files,
        sealed=sealed_files.seal(files),
        anyway=request.form.get("anyway", ""),
        ask_anyway=ask_anyway,
    )


def _begun(case: Case, mine: Task | None) -> ResponseReturnValue:
    """On to the first task when it is theirs, else to the case."""
    if mine:
        return back_to("tasks.show", task_id=mine.id, started=case.id)
    address = case_address(case.ref)
    return redirect(address, 303) if address else back_to("tasks.index", started=case.id)


def _files(posted: Sent) -> list[Evidence]:
    """Those carried from the page before, and those that came now."""
    return [file for file in (*sealed_files.unseal(), *posted.uploads.files) if file.id != posted.detach]


def _any_alike(key: str) -> bool:
    with reading_store(database()) as store:
        return bool(_alike(store, key, _school()))


def _alike(store: SqlStore, key: str, school: UUID | None) -> list[CaseRow]:
    """Open cases of the same procedure about the same place, as far as this person may read them."""
    search = Search(school_id=school, procedure=key, statuses=LIVE)
    limit = MOST_ALIKE if school else MOST_LOOKED_AT
    rows = find_cases(store.connection, policy.sight(me()), search, limit=limit).rows
    return [row for row in rows if school or row.school is None][:MOST_ALIKE]


def _school() -> UUID | None:
    return _id(_school_named())


def _way() -> str | None:
    """The start somebody chose, where there are several."""
    return request.form.get("way") or request.args.get("way") or None


def _school_named() -> str:
    return request.form.get("school") or request.args.get("school", "")


def _id(school: str) -> UUID | None:
    try:
        return school_id(school)
    except ValueError as error:
        raise NotFound from error
