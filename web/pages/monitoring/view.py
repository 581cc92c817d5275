"""Monitoring in words: how the cases of each procedure stand, and where those of one wait. Numbers, never names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import url_for

from engine.errors import NotFound
from engine.model.people import Me
from engine.policy import sight
from storage.database import Connection
from storage.queries.cases.find import Search, count_cases
from storage.queries.monitoring import counts as monitoring
from storage.queries.monitoring.counts import ProcedureCounts, StepCounts, WaitingRow, Within
from storage.queries.paging import Page, read_cursor
from storage.queries.procedures import VersionPage, history, step_titles, version_page
from storage.queries.trust.places import Places, places
from web.pages.cases.list import STATUSES, select
from web.parts import diagrams
from web.parts.diagrams import Picture
from web.parts.due import Band, band, due_line

WHERE_COUNTED = ("open", "late", "paused", "attention")


@dataclass(frozen=True)
class Part:
    """Which part of the trust somebody looks at: a school, a cluster, or all they may read."""

    within: Within
    places: Places

    @property
    def address(self) -> dict[str, str]:
        """As an address has it."""
        found = {"school": self.within.school_id, "cluster": self.within.cluster_id}
        return {name: str(id) for name, id in found.items() if id}

    @property
    def selects(self) -> list[dict[str, Any]]:
        """The filters; those with nothing to choose are left out."""
        schools = {str(id): name for id, name in self.places.schools.items()}
        clusters = {str(id): name for id, name in self.places.clusters.items()}
        found = [
            select("cluster", "Cluster", "All clusters", clusters, self.address),
            select("school", "School", "All schools", schools, self.address),
        ]
        return [each for each in found if len(each["items"]) > 2]

    @property
    def name(self) -> str:
        """“all schools you look after”, “Saltmarsh Primary”."""
        if self.within.school_id:
            return self.places.schools.get(self.within.school_id, "one school")
        if self.within.cluster_id:
            return self.places.clusters.get(self.within.cluster_id, "one cluster")
        return "all schools in your reach"


@dataclass(frozen=True)
class Count:
    """A number and the list behind it."""

    number: int
    href: str


@dataclass(frozen=True)
class ProcedureLine:
    """How the cases of one procedure stand."""

    counts: ProcedureCounts
    late: int  # open cases with something late
    part: Part

    @property
    def href(self) -> str:
        """Its own page."""
        return url_for("monitoring.show", key=self.counts.key, **self.part.address)  # type: ignore[arg-type]

    @property
    def numbers(self) -> Mapping[str, Count]:
        """By status."""
        found = {name: getattr(self.counts, name) for name in WHERE_COUNTED} | {"late": self.late}
        return {name: Count(number, self._cases(name)) for name, number in found.items()}

    def _cases(self, status: str) -> str:
        found = {"procedure": self.counts.key, "status": status, **self.part.address}
        return url_for("cases.index", **found)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Step:
    """One step of the procedure, with how much waits there."""

    number: int  # in the ordered list; 0: it is not in the version shown
    title: str
    who: str
    by_when: str
    waiting: Count
    late: Count


@dataclass(frozen=True)
class Monitor:
    """Where the cases of one procedure wait."""

    line: ProcedureLine
    part: Part
    page: VersionPage
    found: Sequence[StepCounts]

    @property
    def title(self) -> str:
        """The procedure's title."""
        return self.page.version.title

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Element id -> (waiting, late), all versions together."""
        found: dict[str, tuple[int, int]] = {}
        for row in self.found:
            waiting, late = found.get(row.step, (0, 0))
            found[row.step] = (waiting + row.waiting, late + row.late)
        return found

    @property
    def picture(self) -> Picture:
        """The diagram with a count on every step where something waits, each leading to its list."""
        version = self.page.version
        links = {step: self._list(step) for step in self.counts}
        label = f"Diagram of {version.title}, with how many tasks wait at each step"
        source = diagrams.source_of(version.key, version.number)
        return diagrams.of_counts(self.page.drawing, label, source, self.counts, links)

    @property
    def steps(self) -> list[Step]:
        """The same as a table: what people do, in order, then steps that only earlier versions have."""
        definition = {step["element"]: step for step in self.page.steps}
        people = [step for step in self.page.steps if step["who"] not in ("", "Headway") and step["by_when"]]
        told = [self._step(step["element"], step) for step in people]
        return [*told, *(self._step(id, {}) for id in self.counts if id not in definition)]

    def _step(self, id: str, told: Mapping[str, Any]) -> Step:
        waiting, late = self.counts.get(id, (0, 0))
        return Step(
            number=told.get("number", 0),
            title=told.get("title", "A step of an earlier version"),
            who=told.get("who", ""),
            by_when=told.get("by_when", ""),
            waiting=Count(waiting, self._list(id)),
            late=Count(late, self._list(id, late=True)),
        )

    def _list(self, step: str, late: bool = False) -> str:
        asked = {"step": step, **({"late": "yes"} if late else {}), **self.part.address}
        return url_for("monitoring.waiting_at", key=self.page.version.key, **asked)  # type: ignore[arg-type]


@dataclass(frozen=True)
class WaitingList:
    """The list behind a number."""

    title: str
    step: str  # its title, or empty for every step
    late: bool
    part: Part
    rows: Page[WaitingRow]
    now: datetime
    more: str | None

    def due(self, row: WaitingRow) -> str:
        """When a task is or was due."""
        return due_line(row.due_at, self.now)

    def is_late(self, row: WaitingRow) -> bool:
        """Whether it is past its deadline."""
        return band(row.due_at, self.now) is Band.LATE


def part_of(connection: Connection, me: Me, args: Mapping[str, str]) -> Part:
    """The part of the trust an address names. Raises NotFound for what cannot be."""
    return Part(Within(_id(args.get("school")), _id(args.get("cluster"))), places(connection, sight(me)))


def lines(connection: Connection, me: Me, now: datetime, part: Part) -> list[ProcedureLine]:
    """Every procedure: three statements, and one for each that has something late."""
    found = monitoring.procedures(connection, sight(me), now, part.within)
    return [_line(connection, me, now, part, counts) for counts in found]


def _line(connection: Connection, me: Me, now: datetime, part: Part, counts: ProcedureCounts) -> ProcedureLine:
    if not counts.late:
        return ProcedureLine(counts, 0, part)
    within = part.within
    search = Search("", within.school_id, within.cluster_id, counts.key, None, STATUSES["late"], None, now)
    return ProcedureLine(counts, count_cases(connection, sight(me), search), part)


def monitor(connection: Connection, me: Me, now: datetime, part: Part, key: str) -> Monitor:
    """One procedure. Raises NotFound."""
    rows = history(connection, key)
    version = next((row.version for row in rows if row.version.withdrawn_at is None), rows[0].version)
    counts = next(one for one in monitoring.procedures(connection, sight(me), now, part.within) if one.key == key)
    return Monitor(
        line=_line(connection, me, now, part, counts),
        part=part,
        page=version_page(connection, version.id),
        found=monitoring.steps(connection, sight(me), key, now, part.within),
    )


def waiting(connection: Connection, me: Me, now: datetime, key: str, args: Mapping[str, str]) -> WaitingList:
    """The list behind a number. Raises NotFound."""
    part, step, late = part_of(connection, me, args), args.get("step") or None, args.get("late") == "yes"
    version = history(connection, key)[0].version
    rows = monitoring.waiting_tasks(
        connection, sight(me), key, now, step=step, late=late, within=part.within, after=read_cursor(args.get("after"))
    )
    titles = step_titles(connection, key) if step else {}
    asked = {"step": step, "late": "yes" if late else None, **part.address}
    more = url_for("monitoring.waiting_at", key=key, after=str(rows.after), **asked) if rows.after else None  # type: ignore[arg-type]
    return WaitingList(version.title, titles.get(step or "", ""), late, part, rows, now, more)


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error
