"""Your tasks, put into words: rows under their headings, counts, filters, and what else waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.errors import NotFound
from engine.model.people import Me
from engine.policy import sight
from storage.queries.paging import PAGE, Cursor, Page, read_cursor
from storage.queries.tasks.around import ActionRow, ListAround, around_tasks, waiting_actions
from storage.queries.tasks.inbox import Filters, InboxRow, Why, counts, inbox
from storage.queries.tasks.standing import Stand, standing
from storage.store.sql_store import SqlStore
from web.parts.dates import local_day
from web.parts.due import Band, Counts, action_due, capped, due_line, grouped, sentence, urgent
from web.parts.reasons import of_pool, of_row
from web.site.addresses import url_for

SHOWS = {Why.OWN: "Mine by name", Why.ROLE: "For my role", Why.COVER: "Those I cover"}
FEW = 8  # tasks; fewer than these need no filters


@dataclass(frozen=True)
class ListedTask:
    """One task or action, as it is listed."""

    id: str
    href: str
    title: str
    about: str  # the case, in its own words
    place: str
    source: str  # the procedure and the case's reference
    why: str
    due_at: datetime | None
    now: datetime

    @property
    def due(self) -> str:
        """When, in words."""
        return due_line(self.due_at, self.now)

    @property
    def status(self) -> Band | None:
        """A word for how soon, where one is needed."""
        return urgent(self.due_at, self.now)


@dataclass(frozen=True)
class TaskFilter:
    """What the address asks for."""

    filters: Filters
    after: Cursor | None

    @property
    def address(self) -> dict[str, str]:
        """The filters as an address has them."""
        found = {
            "procedure": self.filters.procedure,
            "school": str(self.filters.school_id or ""),
            "show": self.filters.why,
        }
        return {name: str(value) for name, value in found.items() if value}


@dataclass(frozen=True)
class TaskList:
    """What the template shows."""

    asked: TaskFilter
    now: datetime
    page: Page[InboxRow]
    counts: Counts
    around: ListAround
    stands: Sequence[Stand]
    waiting: Sequence[ActionRow]
    me: Me

    @property
    def sentence(self) -> str:
        """How many there are; with filters, how many they leave."""
        said = sentence(self.counts)
        return said.replace("You have", "These filters show", 1) if self.asked.address else said

    @property
    def unread(self) -> str:
        """How many messages are new; empty for none."""
        return capped(self.around.unread) if self.around.unread else ""

    @property
    def groups(self) -> list[tuple[Band, list[ListedTask]]]:
        """Rows under their headings."""
        return grouped([self._task(row) for row in self.page.rows], self.now)

    @property
    def actions(self) -> list[ListedTask]:
        """Actions, soonest first."""
        return [self._action(row) for row in self.waiting]

    @property
    def deeper(self) -> bool:
        """Whether this is not the first page."""
        return self.asked.after is not None

    @property
    def first_page(self) -> str:
        """Its address."""
        return url_for("tasks.index", **self.asked.address)

    @property
    def more(self) -> str | None:
        """The address of the next page, None on the last."""
        if self.page.after is None:
            return None
        return url_for("tasks.index", **self.asked.address, after=str(self.page.after))

    @property
    def has_filters(self) -> bool:
        """Whether filters are of any use."""
        return bool(self.asked.address) or self.counts.all > FEW

    @property
    def selects(self) -> list[dict[str, Any]]:
        """The filters; those with nothing to choose are left out."""
        chosen = self.asked.address
        schools = {str(key): name for key, name in self.around.schools.items()}
        shows = {key: name for key, name in SHOWS.items() if key is not Why.COVER or self.me.covered_people}
        found = [
            _select("procedure", "Procedure", "All procedures", self.around.procedures, chosen),
            _select("school", "School", "All schools", schools, chosen),
            _select("show", "Whose", "All of them", shows, chosen),
        ]
        return [select for select in found if len(select["items"]) > 2]

    def _task(self, row: InboxRow) -> ListedTask:
        title = row.title if not row.item or row.item.startswith(self.me.person.name) else f"{row.title}: {row.item}"
        return ListedTask(
            id=f"task-{row.task_id}",
            href=url_for("tasks.show", task_id=row.task_id),
            title=title,
            about=row.case_title,
            place=row.school or "The whole trust",
            source=f"{row.procedure}, {row.case_ref}",
            why=of_row(row, self.stands, self.now),
            due_at=row.due_at,
            now=self.now,
        )

    def _action(self, row: ActionRow) -> ListedTask:
        return ListedTask(
            id=f"action-{row.id}",
            href=url_for("actions.show", action_id=row.id),
            title=row.title,
            about=row.case_title,
            place=row.school or "The whole trust",
            source=row.case_ref,
            why=of_pool(row.pool, self.stands, self.me.person.id, self.now),
            due_at=action_due(row.due_on),
            now=self.now,
        )


def _select(
    name: str, label: str, everything: str, options: Mapping[Any, str], chosen: Mapping[str, str]
) -> dict[str, Any]:
    items: list[dict[str, Any]] = [{"value": "", "text": everything}]
    for key, text in options.items():
        items.append({"value": str(key), "text": text, "selected": chosen.get(name) == str(key)})
    return {"label": {"text": label}, "id": f"filter-{name}", "name": name, "items": items}


def asked_for(args: Mapping[str, str]) -> TaskFilter:
    """The filters and the place in the list that an address names. Raises NotFound for what cannot be."""
    try:
        school = UUID(args["school"]) if args.get("school") else None
        show = Why(args["show"]) if args.get("show") else None
    except ValueError as error:
        raise NotFound from error
    return TaskFilter(Filters(None, show, school, args.get("procedure") or None), read_cursor(args.get("after")))


def task_list(store: SqlStore, me: Me, now: datetime, asked: TaskFilter) -> TaskList:
    """Everything on the page, in five statements."""
    connection = store.connection
    found = counts(connection, me, now, filters=asked.filters)
    return TaskList(
        asked=asked,
        now=now,
        page=inbox(connection, me, now, asked.after, PAGE, asked.filters),
        counts=Counts(found.late + found.today + found.week + found.later, found.late, found.today),
        around=around_tasks(connection, sight(me)),
        stands=standing(connection, store.memory.office, me.person.id, local_day(now)),
        waiting=waiting_actions(connection, me) if asked.after is None else [],
        me=me,
    )
