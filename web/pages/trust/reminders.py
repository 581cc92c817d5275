"""The house table: who is reminded of a task, and whom a late one goes to."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import policy
from engine.commands.trust import settings as commands
from engine.forms.filled.sentences import inside
from engine.model.people import Role
from engine.model.reminders import HOLDER, LINE, Chase, HouseTable
from storage.database import reading_store, transaction
from web.access import guard
from web.pages.trust.frame import form_page, items, office_page
from web.parts.sent_fields import SentForm, Typed
from web.site.page import back_to, database, looking, me

pages = Blueprint("reminders", __name__)

SAVED = "The reminders are saved. Tasks follow them from their next reminder on."
SPARE = 2  # empty rows to add to
SIDES = (("before", "before it is due"), ("on", "on the day it is due"), ("after", "after it was due"))
LEVELS = (
    ("0", "A reminder"),
    ("1", "Level 1: the line"),
    ("2", "Level 2: the director"),
    ("3", "Level 3: the chief executive"),
)


@pages.get("/reminders")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """The table in sentences."""
    with reading_store(database()) as store:
        table, roles = store.house_table(), store.roles()
    return office_page(
        "trust/reminders/index.html",
        sentences=[sentence(row, roles) for row in table.chases],
        may_change=policy.may_administer(me()),
        done=SAVED if "done" in request.args else "",
    )


def sentence(row: Chase, roles: Mapping[str, Role]) -> str:
    """“2 days before it is due, whoever has the task gets “Reminder”.”"""
    count = f"{abs(row.days)} {'day' if abs(row.days) == 1 else 'days'}"
    side = "before it is" if row.days < 0 else "after it was"
    when = f"{count} {side} due" if row.days else "On the day it is due"
    return f"{when}, {told(row.to, roles)} gets “{row.label}”."


def told(to: str, roles: Mapping[str, Role]) -> str:
    """Whom a row names."""
    if to == HOLDER:
        return "whoever has the task"
    if to == LINE:
        return "the role in line above"
    return f"the {inside(roles[to].label)}" if to in roles else f"“{to}”, which is no role here,"


@pages.get("/reminders/change")
@guard.allowed(policy.may_administer)
def change() -> ResponseReturnValue:
    """Change a row, add one, take one out."""
    with reading_store(database()) as store:
        table, roles = store.house_table(), store.roles()
    return _form(_filled(table), roles, len(table.chases) + SPARE)


@pages.post("/reminders/change")
@guard.allowed(policy.may_administer, look=True)
def save() -> ResponseReturnValue:
    """Keep the table."""
    asked = SentForm()
    count = min(int(asked.typed["count"]) if asked.typed["count"].isdecimal() else 0, commands.MOST_ROWS)
    if not looking():
        rows = _rows(asked, count)
        with asked.trying(), asked.checked(), transaction(database()) as store:
            commands.change_reminders(store, me(), rows)
        if not asked.messages:
            return back_to("reminders.index", done="yes")
    with reading_store(database()) as store:
        return _form(asked, store.roles(), count)


def _rows(asked: SentForm, count: int) -> dict[str, Chase]:
    """Rows by number; those that are ticked to be taken out, or were left empty, are none."""
    found = {}
    for number in (str(each) for each in range(count)):
        part = {name: asked.text(f"{number}-{name}") for name in ("days", "side", "to", "level", "label", "out")}
        if part["out"] or not (part["days"] or part["label"] or part["to"]):
            continue
        days = _days(part["days"], part["side"])
        if days is None:
            asked.messages[f"{number}-days"] = f"Enter a number of days from 0 to {commands.MOST_DAYS}"
        level = int(part["level"]) if part["level"].isdecimal() and len(part["level"]) < 3 else 0
        found[number] = Chase(days or 0, part["to"], level, part["label"])
    return found


def _days(text: str, side: str) -> int | None:
    if side == "on":
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        return None
    return -int(text) if side == "before" else int(text)


def _filled(table: HouseTable) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, row in enumerate(table.chases):
        side = "on" if row.days == 0 else "before" if row.days < 0 else "after"
        values = {"days": str(abs(row.days)), "side": side, "to": row.to, "level": str(row.level), "label": row.label}
        found |= {f"{number}-{name}": value for name, value in values.items()}
    return found


def _form(asked: SentForm | Mapping[str, str], roles: Mapping[str, Role], count: int) -> ResponseReturnValue:
    typed = asked.typed if isinstance(asked, SentForm) else Typed(asked)
    who = [("", "Choose who is told"), (HOLDER, "Whoever has the task"), (LINE, "The role in line above")]
    who += [(role.key, role.label) for role in roles.values()]
    choices = [
        {
            "side": items(SIDES, typed[f"{number}-side"] or "after"),
            "to": items(who, typed[f"{number}-to"]),
            "level": items(LEVELS, typed[f"{number}-level"]),
        }
        for number in range(min(count, commands.MOST_ROWS))
    ]
    return form_page("trust/reminders/change.html", asked, choices=choices)
