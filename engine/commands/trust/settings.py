"""What the trust decides for itself: its reminders and escalations, and what its roles are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count

from engine.commands.trust.people import administer, find_people_again
from engine.errors import BadDetails
from engine.model.people import RIGHTS, Me, Role
from engine.model.reminders import HOLDER, LINE, Chase, HouseTable
from engine.model.role_names import LONGEST_NAME, plain, same_as
from engine.model.text import one_line, too_long
from engine.model.wording import quoted
from engine.ports import Store

MOST_ROWS = 12
MOST_DAYS = 60
LEVELS = range(4)  # 0 a reminder, 1 line, 2 director, 3 chief executive
LONGEST_LABEL = LONGEST_NAME
LONGEST_KEY = 50
MOST_ROLES = 200
MOST_NAMES = 12  # other names of one role
ADDRESSES = frozenset({"add"})  # of pages beside those of the roles, so no key of one


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
    also: Iterable[str] | None = None,
) -> Role:
    """Rename a role, and say who does its tasks while nobody holds it, who is told when they are late and what holding
    it gives from now on. gives: of RIGHTS; also: other names that diagrams may call it by; None: as it was.
    Raises NotAllowed, BadDetails.
    """
    administer(me)
    roles = store.roles()
    if key not in roles:
        raise BadDetails({"label": "This role is not known here"})
    changed = replace(roles[key], label=one_line(label), falls_to=falls_to, line=line)
    if gives is not None:
        changed = _giving(changed, gives)
    if also is not None:
        changed = replace(changed, also=_tidy(also))
    _refuse_wrong(changed, roles, before=roles[key])
    store.save_roles([changed])
    if changed.falls_to != roles[key].falls_to:
        find_people_again(store, [key], None, now)
    return changed


def add_role(
    store: Store,
    me: Me | None,
    label: str,
    falls_to: str | None = None,
    line: str | None = None,
    gives: Collection[str] = (),
    also: Iterable[str] = (),
) -> Role:
    """A role of the trust's own, after those there are. Its key is made of its name, and stays when that changes.

    Raises NotAllowed, BadDetails.
    """
    administer(me)
    roles, label = store.roles(), one_line(label)
    added = _giving(Role(_new_key(label, roles), label, falls_to, line, also=_tidy(also)), gives)
    if len(roles) >= MOST_ROLES:
        raise BadDetails({"label": f"There can be up to {MOST_ROLES} roles: change one that is not needed instead"})
    _refuse_wrong(added, roles)
    store.save_roles([added])
    return added


def _giving(role: Role, gives: Collection[str]) -> Role:
    leader, manager, designer = (right in gives for right in RIGHTS)
    return replace(role, leader=leader, manager=manager, designer=designer)


def _tidy(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for each in names if (name := one_line(each)))


def _new_key(label: str, roles: Mapping[str, Role]) -> str:
    """In small letters, beginning with one, as yet not used."""
    text = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    stem = "_".join(re.findall("[a-z0-9]+", text))[:LONGEST_KEY].strip("_")
    stem = stem if stem[:1].isalpha() else f"role_{stem}".strip("_")
    keys = (f"{stem}_{number}" if number > 1 else stem for number in count(1))
    return next(key for key in keys if key not in roles and key not in ADDRESSES)


def _refuse_wrong(role: Role, roles: Mapping[str, Role], before: Role | None = None) -> None:
    others = {key: other for key, other in roles.items() if key != role.key}
    renamed = before is None or before.label != role.label
    messages = _wrong_role(role, roles, others, renamed)
    if before is None or before.also != role.also or renamed:
        messages |= _wrong_names(role, others)
    if messages:
        raise BadDetails(messages)


def _wrong_names(role: Role, others: Mapping[str, Role]) -> dict[str, str]:
    """The first thing that is wrong with the other names of a role."""
    if len(role.also) > MOST_NAMES:
        return {"also": f"A role can have up to {MOST_NAMES} other names"}
    seen = {plain(role.label): "is what the role is called already"}
    for name in role.also:
        wrong = too_long(f"The name {quoted(name)}", name, LONGEST_LABEL) or _unusable(name, others)
        if wrong or plain(name) in seen:
            return {"also": wrong or f"{quoted(name)} {seen[plain(name)]}: leave it out"}
        seen[plain(name)] = "stands here twice"
    return {}


def _unusable(name: str, others: Mapping[str, Role]) -> str | None:
    """Why nobody could tell by this name which role is meant."""
    if not plain(name):
        return f"{quoted(name)} is no name: write letters or digits"
    taken = same_as(name, others)
    if not taken:
        return None
    return f"{quoted(name)} already means the role {quoted(others[taken[0]].label)}: choose another name"


def _wrong_role(role: Role, roles: Mapping[str, Role], others: Mapping[str, Role], renamed: bool) -> dict[str, str]:
    messages = {}
    if wrong := _wrong_label(role.label, others, renamed):
        messages["label"] = wrong
    if role.falls_to and role.falls_to not in roles:
        messages["falls_to"] = "Choose a role"
    elif _circles(role, roles):
        messages["falls_to"] = "The tasks of that role come back to this one in the end: choose another"
    if role.line and (role.line not in roles or role.line == role.key):
        messages["line"] = "Choose another role"
    return messages


def _wrong_label(label: str, others: Mapping[str, Role], renamed: bool) -> str | None:
    if not label:
        return "Enter what people read"
    if wrong := too_long("The name", label, LONGEST_LABEL):
        return wrong
    if label.casefold() in {other.label.casefold() for other in others.values()}:
        return "Another role has this name: give each its own"
    return _unusable(label, others) if renamed else None


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
