"""Find a case: what the address asks for, what is found, and the same as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for

from engine.errors import NotFound
from engine.model.calendar import LONDON
from engine.model.casework import CaseStatus
from engine.model.text import words_sought
from engine.policy import Sight
from storage.database import Connection
from storage.queries.cases.find import CaseRow, Search, count_cases, find_cases
from storage.queries.paging import Cursor, Page, read_cursor
from storage.queries.procedures import step_titles
from storage.queries.tasks.around import ListAround, around_tasks
from web.pages.cases.view import LATE, STATUS
from web.parts.dates import local_day
from web.parts.due import Band, band, due_line

MOST_COUNTED = 1000
MOST_EXPORTED = 5000
AT_ONCE = 500  # rows read for the file at a time
MOST_WAITS = 2  # steps named in one row
SHOWS = {
    "open": "Open",
    "late": "Late",
    "paused": "Paused",
    "attention": "Needs attention",
    "ended": "Ended or stopped",
}
STATUSES = {
    "open": frozenset({CaseStatus.OPEN}),
    "late": frozenset({CaseStatus.OPEN}),
    "paused": frozenset({CaseStatus.PAUSED}),
    "attention": frozenset({CaseStatus.ATTENTION}),
    "ended": frozenset({CaseStatus.ENDED, CaseStatus.STOPPED}),
}
COLUMNS = ("Number", "Title", "Procedure", "School", "Status", "Started", "Ended", "Waits for", "Due")


@dataclass(frozen=True)
class CaseSearch:
    """What an address asks for."""

    search: Search
    status: str
    after: Cursor | None

    @property
    def fault(self) -> str:
        """What to say of words that were not looked for."""
        return words_sought(self.search.text)[1]

    @property
    def address(self) -> dict[str, str]:
        """The same for another address."""
        found = {
            "q": self.search.text,
            "procedure": self.search.procedure or "",
            "step": self.search.step or "",
            "school": str(self.search.school_id or ""),
            "cluster": str(self.search.cluster_id or ""),
            "status": self.status,
        }
        return {name: value for name, value in found.items() if value}


def asked_for(args: Mapping[str, str], now: datetime) -> CaseSearch:
    """Read an address. Raises NotFound for what cannot be."""
    status = "late" if args.get("late") == "yes" else args.get("status", "")
    if status and status not in SHOWS:
        raise NotFound
    search = Search(
        text=args.get("q", "").strip(),
        school_id=_id(args.get("school")),
        cluster_id=_id(args.get("cluster")),
        procedure=args.get("procedure") or None,
        step=args.get("step") or None,
        statuses=STATUSES.get(status, frozenset()),
        late_by=now if status == "late" else None,
    )
    return CaseSearch(search, status, read_cursor(args.get("after")))


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error


@dataclass(frozen=True)
class ListedCase:
    """One case, as it is listed."""

    found: CaseRow
    now: datetime

    @property
    def href(self) -> str:
        """Its page."""
        return url_for("cases.show", ref=self.found.ref)

    @property
    def place(self) -> str:
        """Where."""
        return self.found.school or "The whole trust"

    @property
    def late(self) -> bool:
        """Whether anything it waits for is past its deadline."""
        is_open = self.found.status is CaseStatus.OPEN
        return is_open and any(band(one.due_at, self.now) is Band.LATE for one in self.found.waiting)

    @property
    def tag(self) -> Mapping[str, str]:
        """Its status: a word, never the colour alone."""
        text, classes = LATE if self.late else STATUS[self.found.status]
        return {"text": text, "classes": classes}

    @property
    def lines(self) -> list[str]:
        """What it waits for and until when, or why it does not go on."""
        row = self.found
        if row.status in (CaseStatus.PAUSED, CaseStatus.STOPPED) and row.reason:
            return [row.reason]
        return [line for line in (_steps([one.title for one in row.waiting]), self.due) if line]

    @property
    def due(self) -> str:
        """When the first of it is due."""
        waiting, row = self.found.waiting, self.found
        return due_line(waiting[0].due_at, self.now) if waiting and row.status is CaseStatus.OPEN else ""


def _steps(titles: Sequence[str]) -> str:
    """“Give your account”, or “Give your account; 2 other steps”."""
    each = list(dict.fromkeys(titles))
    if len(each) <= MOST_WAITS:
        return "; ".join(each)
    return f"{each[0]}; {len(each) - 1} other steps"


@dataclass(frozen=True)
class CaseList:
    """What the template shows."""

    asked: CaseSearch
    now: datetime
    page: Page[CaseRow]
    count: int
    around: ListAround
    steps: Mapping[str, str]  # of the procedure asked for: id -> title

    @property
    def rows(self) -> list[ListedCase]:
        """One page of them."""
        return [ListedCase(row, self.now) for row in self.page.rows]

    @property
    def sentence(self) -> str:
        """How many."""
        many = f"{self.count:,}{' or more' if self.count >= MOST_COUNTED else ''}"
        if not self.asked.address:
            return f"{many} {'case' if self.count == 1 else 'cases'}, the latest first."
        return f"{many} {'case fits' if self.count == 1 else 'cases fit'} what you look for, the latest first."

    @property
    def deeper(self) -> bool:
        """Whether this is not the first page."""
        return self.asked.after is not None

    @property
    def first_page(self) -> str:
        """Its address."""
        return url_for("cases.index", **self.asked.address)  # type: ignore[arg-type]

    @property
    def more(self) -> str | None:
        """The address of the next page, None on the last."""
        if self.page.after is None:
            return None
        return url_for("cases.index", **self.asked.address, after=str(self.page.after))  # type: ignore[arg-type]

    @property
    def export(self) -> str:
        """The address of the same as a file."""
        return url_for("cases.export", **self.asked.address)  # type: ignore[arg-type]

    @property
    def selects(self) -> list[dict[str, Any]]:
        """The filters."""
        chosen = self.asked.address
        schools = {str(key): name for key, name in self.around.schools.items()}
        found = [
            select("procedure", "Procedure", "All procedures", self.around.procedures, chosen),
            select("step", "Waits for", "Any step", self.steps, chosen),
            select("school", "School", "All schools", schools, chosen),
            select("status", "Status", "Any status", SHOWS, chosen),
        ]
        return [each for each in found if len(each["items"]) > 1]


def select(
    name: str, label: str, everything: str, options: Mapping[str, str], chosen: Mapping[str, str]
) -> dict[str, Any]:
    """A select box of a filter."""
    items: list[dict[str, Any]] = [{"value": "", "text": everything}]
    for key, text in options.items():
        items.append({"value": key, "text": text, "selected": chosen.get(name) == key})
    return {"label": {"text": label}, "id": f"filter-{name}", "name": name, "items": items}


def case_list(connection: Connection, sight: Sight, now: datetime, asked: CaseSearch) -> CaseList:
    """Everything on the page, in four statements; five when a procedure is chosen."""
    return CaseList(
        asked=asked,
        now=now,
        page=find_cases(connection, sight, asked.search, asked.after),
        count=count_cases(connection, sight, asked.search, MOST_COUNTED),
        around=around_tasks(connection, sight),
        steps=step_titles(connection, asked.search.procedure) if asked.search.procedure else {},
    )


def as_file(connection: Connection, sight: Sight, now: datetime, asked: CaseSearch) -> str:
    """The same cases as comma-separated text, at most MOST_EXPORTED, by the same rights as the list."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    for row in _rows(connection, sight, asked):
        writer.writerow([harmless(cell) for cell in _cells(row, now)])
    return made.getvalue()


def _rows(connection: Connection, sight: Sight, asked: CaseSearch) -> Iterator[CaseRow]:
    after, left = None, MOST_EXPORTED
    while left > 0:
        page = find_cases(connection, sight, asked.search, after, min(AT_ONCE, left))
        yield from page.rows
        after, left = page.after, left - len(page.rows)
        if after is None:
            return


def _cells(row: CaseRow, now: datetime) -> Sequence[str]:
    listed = ListedCase(row, now)
    due = row.waiting[0].due_at if row.waiting and row.status is CaseStatus.OPEN else None
    return (
        row.ref,
        row.title,
        row.procedure,
        listed.place,
        listed.tag["text"],
        _day(row.started_at),
        _day(row.ended_at),
        "; ".join(dict.fromkeys(one.title for one in row.waiting)),
        _day(due),
    )


def _day(moment: datetime | None) -> str:
    return local_day(moment.astimezone(LONDON)).isoformat() if moment else ""


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell


def only_by_number(found: CaseList) -> str | None:
    """The number of the one case found when that is exactly what was typed."""
    rows, typed = found.page.rows, replace(found.asked.search, text="")
    by_number = len(rows) == 1 and rows[0].ref.casefold() == found.asked.search.text.casefold()
    return rows[0].ref if by_number and typed == Search() else None
