"""The trust's schools from the national extract: upload it, see what it would change, then let it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from engine import policy
from engine.commands.trust import schools, set_up
from engine.errors import BadDetails, BadFile, NotFound, TooLarge, WouldCloseMany
from engine.model.people import Trust
from engine.readers import gias
from storage.database import reading_store, transaction
from storage.store.sql_store import SqlStore
from web.access import guard
from web.context.library import shipped_roles
from web.pages.trust import sealed_extract
from web.pages.trust.frame import form_page, office_page
from web.pages.trust.sealed_extract import Looked
from web.parts.sent_fields import SentForm
from web.site.page import back_to, database, looking, me, now, today, trust

pages = Blueprint("imports", __name__)

MEGABYTE = 1024 * 1024
NATIONAL = 65 * MEGABYTE  # the whole file, with room to grow
DATED = re.compile(r"(20\d\d)(\d\d)(\d\d)")  # in the names the service gives its files


@pages.get("/schools/import")
@guard.allowed(policy.may_administer)
def index() -> ResponseReturnValue:
    """Choose the file."""
    with reading_store(database()) as store:
        uid = _uid(store)
    return _form({"uid": uid})


@pages.post("/schools/import")
@guard.allowed(policy.may_administer, look=True)
def look() -> ResponseReturnValue:
    """What it would add, change and close. Nothing is changed yet."""
    asked = SentForm()
    if looking():
        return _form(asked)
    looked = _read(asked)
    if looked is None:
        return _form(asked)
    return _plan(looked)


@pages.post("/schools/import/do")
@guard.allowed(policy.may_administer)
def carry_out() -> ResponseReturnValue:
    """Plan again inside the transaction that changes things, so that nothing comes in between.

    Raises BadFile when the page was open for more than a day.
    """
    looked = sealed_extract.unseal(request.form.get(sealed_extract.FIELD, ""))
    if looked is None:
        raise BadFile("This page was open for more than a day. Upload the file again.")
    allow = request.form.get("close") == "yes"
    try:
        with transaction(database()) as store:
            found = schools.plan(store, looked.extract, looked.as_at, looked.with_closed)
            schools.carry_out(store, me(), found, now(), allow)
            set_up.begin(store, _named(store, looked), shipped_roles(), today())
    except WouldCloseMany:
        return _plan(looked, {"close": "Tick the box if all of these schools really are to be closed"})
    done = f"{len(found.add)}-{len(found.change)}-{len(found.close)}"
    return back_to("schools.index", done=done)


def _named(store: SqlStore, looked: Looked) -> Trust:
    """The trust with its number. What it calls itself stays, once somebody has named it."""
    try:
        known = store.trust()
    except NotFound:
        return Trust(looked.extract.trust_name, looked.extract.trust_uid)
    return Trust(known.name, looked.extract.trust_uid)


def _uid(store: SqlStore) -> str:
    try:
        return store.trust().uid or ""
    except NotFound:
        return ""


def _read(asked: SentForm) -> Looked | None:
    """The file with the trust's number and its date; None when something is wrong, which is said on its field."""
    upload = request.files.get("file")
    name = upload.filename if upload and upload.filename else ""
    if not name:
        asked.messages["file"] = "Choose the file"
    uid = asked.text("uid")
    if not uid.isascii() or not uid.isdigit():
        asked.messages["uid"] = "Enter the group UID, a number such as 2044"
    as_at = asked.day("as_at", "The date of the extract") or _dated(name)
    if not as_at and "as_at" not in asked.messages:
        asked.messages["as_at"] = "Enter the date of the extract: the name of the file does not say it"
    elif as_at and as_at > today():
        asked.messages["as_at"] = "The date of the extract must be today or earlier"
    try:
        asked.refuse()
        found = gias.read(_bytes(upload), uid) if upload else None
    except BadDetails:
        return None
    except (BadFile, TooLarge) as refusal:
        asked.messages["file"] = refusal.sentence
        return None
    return Looked(found, as_at, asked.typed["with_closed"] == "yes") if found and as_at else None


def _bytes(upload: FileStorage) -> bytes:
    most = trust().settings.upload_bytes
    data = upload.stream.read(most + 1)
    if len(data) > most:
        raise TooLarge(f"This file is larger than {most // MEGABYTE} MB, the most that this Headway takes")
    return data


def _dated(name: str) -> date | None:
    found = DATED.search(name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _form(asked: SentForm | Mapping[str, str]) -> ResponseReturnValue:
    most = trust().settings.upload_bytes
    return form_page("trust/imports/index.html", asked, most_mb=most // MEGABYTE, too_small=most < NATIONAL)


def _plan(looked: Looked, messages: Mapping[str, str] | None = None) -> ResponseReturnValue:
    with reading_store(database()) as store:
        found = schools.plan(store, looked.extract, looked.as_at, looked.with_closed)
    return office_page(
        "trust/imports/plan.html",
        422 if messages else 200,
        looked=looked,
        plan=found,
        told=[(change, schools.told(change)) for change in found.change],
        sealed=sealed_extract.seal(looked),
        messages=messages or {},
    )
