"""The pages of procedures: the library, and one version with all that is in it, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from engine.bpmn.definition import Definition
from engine.bpmn.outline.changes import Changes, changes
from engine.bpmn.outline.steps import outline
from engine.bpmn.package import OWN
from engine.errors import BadFile, NotFound
from engine.forms.drawn.model import Question, walk
from engine.forms.filled.tell import title_of
from engine.model.people import Role
from engine.policy import Sight
from engine.rules.tables import Decision
from engine.stories import tell
from engine.stories.cast import Cast
from engine.stories.tell import Story
from storage.database import Connection
from storage.queries.monitoring import counts as monitoring
from storage.queries.procedures import ProcedureRow, VersionPage, VersionRow, history, procedures, version_page
from storage.store.sql_store import SqlStore
from web.pages.procedures.starts import ClockStart, clock_starts
from web.parts import diagrams
from web.parts.diagrams import Picture
from web.site.page import now


@dataclass(frozen=True)
class Shelf:
    """One procedure in the library."""

    row: ProcedureRow
    purpose: str
    promise: str
    running: int  # cases that this person may read


@dataclass(frozen=True)
class FormOutline:
    """One form: what it asks."""

    key: str
    step: str  # the step that asks it
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One decision table."""

    decision: Decision
    steps: tuple[str, ...]  # that use it

    @property
    def name(self) -> str:
        """What it is called."""
        return self.decision.name or self.decision.key

    @property
    def head(self) -> list[dict[str, str]]:
        """The columns."""
        inputs = [column.label for column in self.decision.inputs]
        return [{"text": label} for label in (*inputs, *(column.label for column in self.decision.outputs))]

    @property
    def rows(self) -> list[list[dict[str, str]]]:
        """The rules; a cell that tests nothing says so."""
        return [
            [{"text": cell.text or "anything"} for cell in (*rule.tests, *rule.results)] for rule in self.decision.rules
        ]


@dataclass(frozen=True)
class VersionView:
    """What the page of one version shows."""

    page: VersionPage
    history: Sequence[VersionRow]
    definition: Definition
    roles: Mapping[str, Role]
    clock_starts: Sequence[ClockStart] = ()  # of the live version

    @property
    def key(self) -> str:
        """The procedure's key."""
        return self.page.version.key

    @property
    def is_live(self) -> bool:
        """Whether it is what new cases run."""
        return self.live is not None and self.live.version.id == self.page.version.id

    @property
    def live(self) -> VersionRow | None:
        """The version that new cases run."""
        return next((row for row in self.history if row.version.withdrawn_at is None), None)

    @property
    def running(self) -> int:
        """How many cases run on this version."""
        return next(row.running for row in self.history if row.version.id == self.page.version.id)

    @property
    def purpose(self) -> list[str]:
        """What it is for, by paragraph."""
        return paragraphs(self.definition.diagram.guidance)

    @property
    def picture(self) -> Picture:
        """Its diagram."""
        version = self.page.version
        source = diagrams.source_of(version.key, version.number)
        return diagrams.of_version(self.page.drawing, f"Diagram of {version.title}", source)

    @property
    def steps(self) -> Sequence[Mapping[str, Any]]:
        """The procedure in words, as it was published."""
        return self.page.steps

    @property
    def starters(self) -> str:
        """Who may start it."""
        if not self.definition.diagram.begun_by_people:
            return "Nobody: Headway starts it by itself"
        named = (self.definition.package.role(name) for name in self.definition.diagram.starters)
        labels = [self.roles[key].label if key in self.roles else key for key in named]
        return ", ".join(labels) or "Any member of staff"

    @cached_property
    def forms(self) -> list[FormOutline]:
        """What it asks, in the order of its steps."""
        diagram, found = self.definition.diagram, []
        asked = [*((start.form, "When it starts") for start in diagram.people_starts), *self._asked()]
        for key, step in dict((form, step) for form, step in reversed(asked) if form).items():
            questions = (part for part in walk(self.definition.forms[key].parts) if isinstance(part, Question))
            found.append(FormOutline(key, step, tuple(title_of(part) for part in questions)))
        return found[::-1]

    def _asked(self) -> list[tuple[str | None, str]]:
        steps = {step.element: step.title for step in outline(self.definition.diagram, self.roles)}
        return [(self.definition.diagram.elements[id].form, title) for id, title in steps.items()]

    @property
    def decisions(self) -> list[Table]:
        """Its decision tables."""
        elements = self.definition.diagram.elements.values()
        return [
            Table(decision, tuple(each.name for each in elements if each.decision == key))
            for key, decision in self.definition.decisions.items()
        ]

    @cached_property
    def stories(self) -> list[Story]:
        """Its stories."""
        try:
            return list(tell.read(self.definition.package.stories))
        except BadFile:
            return []

    @property
    def stories_in_names(self) -> list[tuple[str, list[str]]]:
        """Each story with its lines, in which steps, ends and roles are called what people call them."""
        cast = Cast(self.definition, self.roles)
        return [(story.name, [tell.in_names(line, cast) for line in story.lines]) for story in self.stories]

    @property
    def files(self) -> list[str]:
        """Names of its files as people download them."""
        return [name for name in self.page.files if name not in OWN]


def library(store: SqlStore, sight: Sight) -> tuple[list[Shelf], list[Shelf]]:
    """Procedures that can be started, and those withdrawn, by title."""
    counted = {one.key: one for one in monitoring.procedures(store.connection, sight, now())}
    shelves = [_shelf(store, row, counted) for row in procedures(store.connection)]
    return [one for one in shelves if one.row.live], [one for one in shelves if not one.row.live]


def _shelf(store: SqlStore, row: ProcedureRow, counted: Mapping[str, monitoring.ProcedureCounts]) -> Shelf:
    diagram, counts = store.definition(row.version_id).diagram, counted[row.key]
    first = next(iter(paragraphs(diagram.guidance)), "")
    return Shelf(row, first, diagram.promise or "", counts.open + counts.paused + counts.attention)


def version_view(store: SqlStore, key: str, number: int | None) -> VersionView:
    """A version; None: the live one, else the latest. Raises NotFound."""
    rows = history(store.connection, key)
    row = _chosen(rows, number)
    page = version_page(store.connection, row.version.id)
    definition = store.definition(row.version.id)
    view = VersionView(page, rows, definition, store.roles())
    if not view.is_live:
        return view
    return replace(view, clock_starts=clock_starts(store, key, definition.diagram.clock_starts))


@dataclass(frozen=True)
class ChangesView:
    """What one version does otherwise than another."""

    page: VersionPage
    since: VersionRow
    history: Sequence[VersionRow]
    changes: Changes

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return self.changes == Changes((), (), (), ())

    @property
    def picture(self) -> Picture:
        """The newer diagram, with a word on what is new or changed."""
        label = f"Diagram of {self.page.version.title}, with what changed"
        return diagrams.of_changes(self.page.drawing, label, self.changes.marks)


def changes_view(store: SqlStore, key: str, number: int, since: int | None) -> ChangesView:
    """A version against another; None: the one before it. Raises NotFound."""
    rows = history(store.connection, key)
    row = _chosen(rows, number)
    earlier = [each.version.number for each in rows if each.version.number < number]
    other = _chosen(rows, since if since is not None else max(earlier, default=number))
    before, after = (store.definition(each.version.id) for each in (other, row))
    return ChangesView(
        version_page(store.connection, row.version.id), other, rows, changes(before, after, store.roles())
    )


def version_of(connection: Connection, key: str, number: int) -> VersionRow:
    """One row of a procedure's history. Raises NotFound."""
    return _chosen(history(connection, key), number)


def _chosen(rows: Sequence[VersionRow], number: int | None) -> VersionRow:
    if number is None:
        return next((row for row in rows if row.version.withdrawn_at is None), rows[0])
    found = next((row for row in rows if row.version.number == number), None)
    if found is None:
        raise NotFound
    return found


def paragraphs(text: str) -> list[str]:
    """A text by paragraph."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]
