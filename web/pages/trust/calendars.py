"""The trust's calendar and each school's own: terms, closed days, bank holidays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import policy
from engine.commands.trust import calendars as commands
from engine.model.calendar import Calendar
from engine.model.people import School
from storage.database import reading_store, transaction
from storage.queries.trust.own_days import schools_with_own_days
from storage.queries.trust.people import schools_page
from web.access import guard
from web.pages.trust import calendar_form
from web.pages.trust.frame import form_page, items, office_page
from web.pages.trust.month import month_of, read_month
from web.parts.sent_fields import SentForm, Typed
from web.site.page import back_to, database, looking, me, now, today

pages = Blueprint("calendars", __name__)


@pages.get("/calendar")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """The trust's calendar, and the way to each school's."""
    chosen = request.args.get("school", "")
    if chosen:
        return redirect(url_for("calendars.show", school_id=_uuid(chosen)), 303)
    return _show(None)


@pages.get("/calendar/<uuid:school_id>")
@guard.allowed(policy.signed_in)
def show(school_id: UUID) -> ResponseReturnValue:
    """A school's calendar, with what it has from the trust."""
    return _show(school_id)


def _uuid(text: str) -> UUID:
    """Nobody's id when it is none: the page then says that it cannot be found."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _show(school_id: UUID | None) -> ResponseReturnValue:
    with reading_store(database()) as store:
        schools = [row.school for row in schools_page(store.connection, today())]
        special = schools_with_own_days(store.connection)
        school = store.school(school_id) if school_id else None
        own, whole = store.own_calendar(school_id), store.calendar(school_id, date.min)
    month = month_of(read_month(request.args.get("month", ""), today()), whole)
    return office_page(
        "trust/calendars/show.html",
        school=school,
        own=own,
        whole=whole,
        terms=[term for term in whole.terms if term[1] >= calendar_form.school_year(today())],
        closed=sorted(day for day in whole.closed if day >= today()),
        holidays=sorted(day for day in whole.holidays if day >= today())[:8],
        month=month,
        schools=items([("", "The whole trust"), *_named(schools, special)], str(school_id or "")),
        may_change=policy.may_administer(me()),
        today=today(),
        done=_moved(request.args.get("moved", "")),
    )


def _named(schools: list[School], special: frozenset[UUID]) -> list[tuple[str, str]]:
    return [(str(each.id), f"{each.name} (days of its own)" if each.id in special else each.name) for each in schools]


def _moved(count: str) -> str:
    """What saving did, from the address it leads to."""
    if not (count.isascii() and count.isdigit() and len(count) < 8):
        return ""
    if int(count) == 0:
        return "The calendar is saved. No open deadline moved."
    return f"The calendar is saved. {int(count):,} {'deadline' if int(count) == 1 else 'deadlines'} moved."


@pages.get("/calendar/change")
@guard.allowed(policy.may_administer)
def change() -> ResponseReturnValue:
    """The trust's own days."""
    with reading_store(database()) as store:
        own = store.own_calendar(None)
    return _form(calendar_form.filled(own, today()), own)


@pages.post("/calendar/change")
@guard.allowed(policy.may_administer, look=True)
def save() -> ResponseReturnValue:
    """Keep them, and move every open deadline that counts them."""
    asked, ticked = SentForm(), request.form.getlist("holiday")
    with reading_store(database()) as store:
        own = store.own_calendar(None)
    if looking():
        return _form(asked, own)
    changed = calendar_form.read(asked, own, today(), ticked, request.form.getlist("shown"))
    moved = 0
    with asked.trying(), asked.checked(), transaction(database()) as store:
        moved = commands.change_calendar(store, me(), None, changed, now())
    return _form(asked, own) if asked.messages else back_to("calendars.index", moved=moved)


def _form(asked: SentForm | Mapping[str, str], own: Calendar) -> ResponseReturnValue:
    sent = asked if isinstance(asked, SentForm) else None
    years = calendar_form.holidays(own, today(), sent, request.form.getlist("holiday"))
    rows = calendar_form.rows(asked.typed if isinstance(asked, SentForm) else Typed(asked))
    return form_page("trust/calendars/trust.html", asked, rows=rows, years=years)


@pages.get("/calendar/<uuid:school_id>/change")
@guard.allowed(policy.may_administer)
def change_school(school_id: UUID) -> ResponseReturnValue:
    """A school's own days, beside those it has from the trust."""
    return _school_form(school_id, None)


@pages.post("/calendar/<uuid:school_id>/change")
@guard.allowed(policy.may_administer, look=True)
def save_school(school_id: UUID) -> ResponseReturnValue:
    """Keep them, and move the school's open deadlines."""
    asked = SentForm()
    if looking():
        return _school_form(school_id, asked)
    with reading_store(database()) as store:
        own, common = store.own_calendar(school_id), store.own_calendar(None)
    has_terms = asked.typed["terms"] == "own"
    changed = calendar_form.read(asked, replace(own, terms=own.terms or common.terms), today(), (), ())
    if not has_terms:
        asked.messages = {name: said for name, said in asked.messages.items() if name in {"closed", "more"}}
        changed = replace(changed, terms=())
    elif not asked.messages and not any(term[1] >= calendar_form.school_year(today()) for term in changed.terms):
        asked.messages["from-0"] = "Enter the school’s first term"  # noqa: RUF001 - an apostrophe
    moved = 0
    with asked.trying(), asked.checked(), transaction(database()) as store:
        moved = commands.change_calendar(store, me(), school_id, changed, now())
    if asked.messages:
        return _school_form(school_id, asked)
    return back_to("calendars.show", school_id=school_id, moved=moved)


def _school_form(school_id: UUID, asked: SentForm | None) -> ResponseReturnValue:
    with reading_store(database()) as store:
        school, own, trusts = store.school(school_id), store.own_calendar(school_id), store.own_calendar(None)
    begins = replace(own, terms=own.terms or trusts.terms)
    typed = Typed({**calendar_form.filled(begins, today()), "terms": "own" if own.terms else "trust"})
    since = calendar_form.school_year(today())
    return form_page(
        "trust/calendars/school.html",
        asked or typed,
        rows=calendar_form.rows(asked.typed if asked else typed),
        school=school,
        trust_terms=[term for term in trusts.terms if term[1] >= since],
        trust_closed=sorted(day for day in trusts.closed if day >= since),
    )
