"""The trust's schools from the national extract: first what would change, then the change itself."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from uuid import uuid4

from engine.commands import clock
from engine.commands.trust.people import administer
from engine.errors import WouldCloseMany
from engine.model.people import Me, School, SchoolStatus
from engine.ports import Store
from engine.readers.gias import Establishment, Extract

# Facts that follow the extract. The cluster and our own id never do.
FOLLOWS = tuple(
    field.name
    for field in fields(Establishment)
    if field.name in {each.name for each in fields(School)} and field.name != "urn"
)
FACTS = {
    "type": "kind of school",
    "laestab": "LA and establishment number",
    "ukprn": "UKPRN",
    "local_authority": "local authority",
    "opened_on": "opened on",
    "closed_on": "closed on",
    "low_age": "youngest age",
    "high_age": "oldest age",
}


@dataclass(frozen=True)
class SchoolChange:
    """One school whose facts differ: field -> (what we have, what the file says)."""

    before: School
    after: School
    facts: tuple[str, ...]


@dataclass(frozen=True)
class ImportPlan:
    """What importing an extract would do. Doing it twice does nothing the second time."""

    add: tuple[School, ...]
    change: tuple[SchoolChange, ...]
    close: tuple[School, ...]  # as they will be
    same: int
    left_out: int  # closed schools the trust does not know, left out
    doubts: tuple[str, ...]
    open_before: int

    @property
    def closes_many(self) -> bool:
        """More than a fifth of the open schools would close."""
        return len(self.close) * 5 > self.open_before > 0

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.add or self.change or self.close)


def plan(store: Store, extract: Extract, as_at: date, with_closed: bool = False) -> ImportPlan:
    """Compare an extract with the schools we have; open schools that left the trust's rows close as well.

    as_at: the date of the extract. with_closed: also add schools that are closed already.
    """
    known = {school.urn: school for school in store.schools(closed=True)}
    add: list[School] = []
    change: list[SchoolChange] = []
    close: list[School] = []
    same = left_out = 0
    for row in extract.rows:
        before = known.get(row.urn)
        if before is None:
            if row.status is SchoolStatus.CLOSED and not with_closed:
                left_out += 1
            else:
                add.append(_school(row, as_at))
            continue
        after = _follow(before, row, as_at)
        differing = tuple(name for name in FOLLOWS if getattr(before, name) != getattr(after, name))
        if not differing:
            same += 1
        elif after.status is SchoolStatus.CLOSED and before.status is not SchoolStatus.CLOSED:
            close.append(after)
        else:
            change.append(SchoolChange(before, after, differing))
    close.extend(_gone(known, extract, as_at))
    open_before = sum(school.status is not SchoolStatus.CLOSED for school in known.values())
    return ImportPlan(tuple(add), tuple(change), tuple(close), same, left_out, extract.doubts, open_before)


def _school(row: Establishment, as_at: date) -> School:
    facts = {name: getattr(row, name) for name in FOLLOWS}
    return School(id=uuid4(), urn=row.urn, as_at=as_at, **facts)


def _follow(before: School, row: Establishment, as_at: date) -> School:
    return replace(before, as_at=as_at, **{name: getattr(row, name) for name in FOLLOWS})


def _gone(known: dict[str, School], extract: Extract, as_at: date) -> list[School]:
    there = {row.urn for row in extract.rows}
    return [
        replace(school, status=SchoolStatus.CLOSED, closed_on=school.closed_on or as_at, as_at=as_at)
        for urn, school in known.items()
        if urn not in there and school.status is not SchoolStatus.CLOSED
    ]


def carry_out(store: Store, me: Me | None, found: ImportPlan, now: datetime, allow_close: bool = False) -> None:
    """Do what the plan says; what Headway starts by itself once in each school follows. Raises WouldCloseMany unless
    allow_close.
    """
    administer(me)
    if found.closes_many and not allow_close:
        raise WouldCloseMany
    if found.add:
        store.add_schools(found.add)
    changed = [*(each.after for each in found.change), *found.close]
    if changed:
        store.save_schools(changed)
    if found.add or changed:
        clock.arrange(store, now)


def describe(found: ImportPlan) -> list[str]:
    """The plan in sentences, for the screen and the terminal."""
    lines = [f"Add {school.name} ({school.urn}), {school.phase}, {school.status}." for school in found.add]
    lines += [_described(change) for change in found.change]
    lines += [f"Close {school.name} ({school.urn})." for school in found.close]
    lines += [f"Look at: {doubt}" for doubt in found.doubts]
    counts = (
        f"{len(found.add)} to add, {len(found.change)} to change, {len(found.close)} to close, {found.same} the same"
    )
    lines.append(f"{counts}, {found.left_out} closed and left out.")
    return lines


def told(change: SchoolChange) -> list[tuple[str, str, str]]:
    """Fact by fact: what it is, what we have, what the file says."""
    facts = ((name, getattr(change.before, name), getattr(change.after, name)) for name in change.facts)
    return [(FACTS.get(name, name), str(before or "none"), str(after or "none")) for name, before, after in facts]


def _described(change: SchoolChange) -> str:
    said = "; ".join(f"{fact} {before} to {after}" for fact, before, after in told(change))
    return f"Change {change.before.name} ({change.before.urn}): {said}."
