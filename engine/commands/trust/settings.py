"""What the trust decides for itself: its reminders and escalations, and what its roles are called."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from engine.commands.trust.people import administer, find_people_again
from engine.errors import BadDetails
from engine.model.people import RIGHTS, Me, Role
from engine.model.reminders import HOLDER, LINE, Chase, HouseTable
from engine.model.text import one_line, too_long
from engine.ports import Store

MOST_ROWS = 12
MOST_DAYS = 60
LEVELS = range(4)  # 0 a reminder, 1 line, 2 director, 3 chief executive
LONGEST_LABEL = 60


def change_reminders(store: Store, me: Me | None, rows: Mapping[str, Chase]) -> HouseTable:
    """Keep the table of reminders. A task follows it from its next reminder on. rows: by the field that asked.

    Raises BadDetails with `<field>-<part>` -> sentence.
    """
    administer(me)
    messages: dict[str, str] = {}
    roles = store.roles()
    rows = {field: replace(row, label=one_line(row.label)) for field, row in rows.items()}
    for field, row in rows.items():
        messages |= {f"{field}-{part}": sentence for part, sentence in _wrong_row(row, roles).items()}
    if len(rows) > MOST_ROWS:
        messages["rows"] = f"There can be up to {MOST_ROWS} reminders"
    if len({(row.days, row.to) for row in rows.values()}) < len(rows):
        messages["rows"] = "Two reminders are for the same people on the same day: remove one"
    if messages:
        raise BadDetails(messages)
    table = HouseTable(tuple(sorted(rows.values(), key=lambda row: (row.days, row.level))))
    store.save_house_table(table)
    return table


def _wrong_row(row: Chase, roles: Mapping[str, Role]) -> dict[str, str]:
    messages = {}
    if abs(row.days) > MOST_DAYS:
        messages["days"] = f"Enter a number of days from 0 to {MOST_DAYS}"
    if row.to not in {HOLDER, LINE, *roles}:
        messages["to"] = "Choose who is told"
    if row.level not in LEVELS:
        messages["level"] = "Choose a level"
    if not row.label:
        messages["label"] = "Enter what it is called, such as “Reminder”"
    elif wrong := too_long("What it is called", row.label, LONGEST_LABEL):
        messages["label"] = wrong
    return messages


def change_role(
    store: Store,
    me: Me | None,
    key: str,
    label: str,
    falls_to: str | None,
    line: str | None,
    now: datetime,
    gives: Collection[str] | None = None,
) -> Role:
    """Rename a role, and say who does its tasks while nobody holds it, who is told when they are late and what holding
    it gives from now on. gives: of RIGHTS; None: what it gave. Raises NotAllowed, BadDetails.
    """
    administer(me)
    roles = store.roles()
    if key not in roles:
        raise BadDetails({"label": "This role is not known here"})
    changed = replace(roles[key], label=one_line(label), falls_to=falls_to, line=line)
    if gives is not None:
        leader, manager, designer = (right in gives for right in RIGHTS)
        changed = replace(changed, leader=leader, manager=manager, designer=designer)
    messages = _wrong_role(changed, roles)
    if messages:
        raise BadDetails(messages)
    store.save_roles([changed])
    if changed.falls_to != roles[key].falls_to:
        find_people_again(store, [key], None, now)
    return changed


def _wrong_role(role: Role, roles: Mapping[str, Role]) -> dict[str, str]:
    messages = {}
    twins = {each.label.casefold() for each in roles.values() if each.key != role.key}
    if not role.label:
        messages["label"] = "Enter what people read"
    elif wrong := too_long("The name", role.label, LONGEST_LABEL):
        messages["label"] = wrong
    elif role.label.casefold() in twins:
        messages["label"] = "Another role has this name: give each its own"
    if role.falls_to and role.falls_to not in roles:
        messages["falls_to"] = "Choose a role"
    elif _circles(role, roles):
        messages["falls_to"] = "The tasks of that role come back to this one in the end: choose another"
    if role.line and (role.line not in roles or role.line == role.key):
        messages["line"] = "Choose another role"
    return messages


def _circles(role: Role, roles: Mapping[str, Role]) -> bool:
    seen, key = {role.key}, role.falls_to
    while key:
        if key in seen:
            return True
        seen.add(key)
        key = roles[key].falls_to if key in roles else None
    return False


def name_trust(store: Store, me: Me | None, name: str) -> None:
    """What the trust is called on every page. Raises BadDetails for no name or a long one, and NotAllowed."""
    administer(me)
    name = one_line(name)
    wrong = too_long("The name", name, LONGEST_LABEL * 2) if name else "Enter the name of the trust"
    if wrong:
        raise BadDetails({"name": wrong})
    store.save_trust(replace(store.trust(), name=name))
