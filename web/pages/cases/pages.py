"""Cases: find one, read one, and pause, stop or let it go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from engine import policy
from engine.casework.context import prepare
from engine.commands.cases import advance, manage
from engine.commands.cases import pause as pausing
from engine.commands.cases.attention import let_go_on
from engine.errors import BROKEN, NeedsAReason, NotAllowed, Refused
from engine.model import casework
from engine.model.casework import CaseStatus
from storage.database import reading, reading_store, transaction
from storage.queries.cases.around import journal as journal_page
from storage.queries.cases.around import read_journal_cursor
from storage.queries.cases.page import CaseHead, CasePage
from storage.queries.paging import Cursor, read_cursor
from storage.store.sql_store import SqlStore
from web.access import guard
from web.pages.cases.earlier import holding
from web.pages.cases.known import find, read, read_head
from web.pages.cases.list import as_file, asked_for, case_list, only_by_number
from web.pages.cases.view import CaseView
from web.site.page import back_to, database, looking, me, now, page, today

pages = Blueprint("cases", __name__)

OTHER = "other"
NO_CHOICE = "Choose why it is paused"
NO_REASON = "Enter a reason"
NOT_SURE = "Tick the box to say that you are sure"


@pages.get("/cases")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """Find a case among those one may read."""
    asked = asked_for(request.args, now())
    with reading(database()) as connection:
        found = case_list(connection, policy.sight(me()), now(), asked)
    ref = only_by_number(found)
    return back_to("cases.show", ref=ref) if ref else page("cases/index.html", list=found)


@pages.get("/cases/export")
@guard.allowed(policy.signed_in)
def export() -> ResponseReturnValue:
    """What was found, as a file for a spreadsheet."""
    asked = asked_for(request.args, now())
    with reading(database()) as connection:
        text = as_file(connection, policy.sight(me()), now(), asked)
    headers = {"Content-Disposition": f'attachment; filename="cases-{today():%Y-%m-%d}.csv"'}
    return Response("\ufeff" + text, mimetype="text/csv", headers=headers)


@pages.get("/cases/<ref>")
@guard.asked_by_command(policy.sight)
def show(ref: str) -> ResponseReturnValue:
    """One case."""
    with reading_store(database()) as store:
        known = read(store, me(), ref, now())
    return page("cases/show.html", view=CaseView(known), done=request.args.get("done", ""))


@pages.get("/cases/<ref>/earlier/<what>")
@guard.asked_by_command(policy.sight)
def earlier(ref: str, what: str) -> ResponseReturnValue:
    """All of one kind that it holds, newest first, page by page."""
    kind, after = holding(what), read_cursor(request.args.get("after"))
    goes_on: list[Cursor | None] = []
    with reading_store(database()) as store:

        def turn(whole: CasePage) -> CasePage:
            turned, then = kind.turn(store.connection, whole, after)
            goes_on.append(then)
            return turned

        known = read(store, me(), ref, now(), turn)
    view, deeper = CaseView(known), after is not None
    return page("cases/earlier.html", view=view, what=what, title=kind.title, after=goes_on[0], deeper=deeper)


@pages.get("/cases/<ref>/journal")
@guard.asked_by_command(policy.sight)
def journal(ref: str) -> ResponseReturnValue:
    """Its whole journal, newest first, page by page."""
    after = read_journal_cursor(request.args.get("after"))
    with reading_store(database()) as store:
        head = read_head(store, me(), ref)
        lines = journal_page(store.connection, head.case.id, after, limit=50)
    return page("cases/journal.html", head=head, journal=lines, deeper=after is not None)


@dataclass(frozen=True)
class Intervention:
    """One thing that people who look after cases do to one, for a reason."""

    template: str
    status: frozenset[CaseStatus]  # of cases it can be done to
    wrong: Callable[[], Mapping[str, str]]
    do: Callable[[SqlStore, CaseHead], object]
    done: str
    possible: Callable[[SqlStore, CaseHead], bool] = lambda store, head: True


@pages.post("/cases/<ref>/look-again")
@guard.allowed(policy.may_see_attention)
def look_again(ref: str) -> ResponseReturnValue:
    """Let a case that needed attention try again."""
    with transaction(database()) as store:
        let_go_on(store, me(), find(store, me(), ref), now())
    return back_to("cases.show", ref=ref, done="looked")


def _ask(ref: str, change: Intervention, wrong: Mapping[str, str] | None = None) -> ResponseReturnValue:
    with reading_store(database()) as store:
        head = read_head(store, me(), ref)
        school = prepare(store, head.case, now(), me().person.id).school
        possible = head.case.status in change.status and change.possible(store, head)
    if not policy.may_manage(me(), school):
        raise NotAllowed
    return page(
        f"cases/manage/{change.template}.html",
        422 if wrong else 200,
        head=head,
        possible=possible,
        message=_message(),
        messages=wrong or {},
        typed={name: request.form.get(name, "") for name in ("why", "reason", "sure")},
        reasons=pausing.REASONS,
        longest=manage.LONGEST_REASON,
    )


def _do(ref: str, change: Intervention) -> ResponseReturnValue:
    if looking():
        return _ask(ref, change)
    if wrong := change.wrong():
        return _ask(ref, change, wrong)
    try:
        with transaction(database()) as store:
            change.do(store, read_head(store, me(), ref))
    except NeedsAReason as refusal:
        return _ask(ref, change, {"reason": refusal.sentence.rstrip(".")})
    except BROKEN as refusal:
        if change is ARRIVED:
            _needs_attention(ref, refusal)
        raise
    return back_to("cases.show", ref=ref, done=change.done)


def _needs_attention(ref: str, refusal: Refused) -> None:
    """The case could not run on. It rests as it was until somebody has looked."""
    with transaction(database()) as store:
        manage.needs_attention(store, find(store, me(), ref), refusal.sentence, now(), refusal.step)


def _reason() -> str:
    return request.form.get("reason", "").strip()


def _message() -> str:
    """The name of what arrived."""
    return request.args.get("message", "")


def _why() -> str:
    """The reason chosen, with what was written about it."""
    chosen = request.form.get("why", "")
    return ": ".join(filter(None, (chosen if chosen in pausing.REASONS else "", _reason())))


def _wrong_pause() -> dict[str, str]:
    chosen = request.form.get("why", "")
    if chosen == OTHER:
        return {} if _reason() else {"reason": NO_REASON}
    return {} if chosen in pausing.REASONS else {"why": NO_CHOICE}


def _wrong_reason() -> dict[str, str]:
    return {} if _reason() else {"reason": NO_REASON}


def _wrong_stop() -> dict[str, str]:
    return {**_wrong_reason(), **({} if request.form.get("sure") else {"sure": NOT_SURE})}


PAUSE = Intervention(
    "pause",
    frozenset({CaseStatus.OPEN}),
    _wrong_pause,
    lambda store, head: pausing.pause_case(store, me(), head.case.id, _why(), now()),
    "paused",
)
RESUME = Intervention(
    "resume",
    frozenset({CaseStatus.PAUSED}),
    _wrong_reason,
    lambda store, head: pausing.resume_case(store, me(), head.case.id, _reason(), now()),
    "resumed",
)
STOP = Intervention(
    "stop",
    casework.LIVE,
    _wrong_stop,
    lambda store, head: manage.stop_case(store, me(), head.case.id, _reason(), now()),
    "stopped",
)
ARRIVED = Intervention(
    "arrived",
    casework.LIVE,
    _wrong_reason,
    lambda store, head: advance.say_arrived(store, me(), head.case.id, _message(), _reason(), now()),
    "arrived",
    lambda store, head: bool(store.awaiting(head.case.id, _message())),
)


def _routes(name: str, change: Intervention) -> None:
    """Ask why, and do it."""

    @pages.get(f"/cases/<ref>/{name}", endpoint=f"ask_{name}")
    @guard.asked_by_command(policy.may_manage)
    def ask(ref: str) -> ResponseReturnValue:
        return _ask(ref, change)

    @pages.post(f"/cases/<ref>/{name}", endpoint=name)
    @guard.asked_by_command(policy.may_manage, look=True)
    def do(ref: str) -> ResponseReturnValue:
        return _do(ref, change)


for _name, _change in (("pause", PAUSE), ("resume", RESUME), ("stop", STOP), ("arrived", ARRIVED)):
    _routes(_name, _change)
