"""Starting a procedure: what somebody may start and where, and the page of one start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar
from uuid import UUID

from markupsafe import Markup

from engine import forms, policy
from engine.bpmn.definition import Definition
from engine.commands.cases.start import Opening, starters
from engine.forms import FormView
from engine.model.casework import Evidence
from engine.model.people import Me, School, ScopeKind
from storage.queries.cases.find import CaseRow
from storage.store.sql_store import SqlStore
from web.parts import questions as rendered
from web.parts.question_words import diverts, with_file_hints
from web.parts.sent_answers import UploadPlace, shown

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Startable:
    """A procedure somebody may start."""

    key: str
    title: str
    purpose: str
    promise: str | None


def startable(store: SqlStore, me: Me) -> list[Startable]:
    """Every procedure they may start anywhere, by title."""
    found = []
    for version in store.live_versions():
        definition = store.definition(version.id)
        if definition.diagram.begun_by_people and policy.may_start(me, starters(definition), None):
            purpose = definition.diagram.guidance.partition("\n\n")[0]
            found.append(Startable(version.key, version.title, purpose, definition.diagram.promise))
    return found


@dataclass(frozen=True)
class StartPlaces:
    """Where somebody may start a procedure."""

    schools: list[School]
    whole_trust: bool

    @property
    def only(self) -> str | None:
        """The one place there is, as the address names it; None when there is a choice."""
        if len(self.schools) + self.whole_trust != 1:
            return None
        return str(self.schools[0].id) if self.schools else TRUST


TRUST = "trust"  # in place of a school's id
ANOTHER = "yes"  # start another case although some are alike
NOT_SAID = "Say whether it belongs to a case that is open"


def places(store: SqlStore, me: Me, definition: Definition) -> StartPlaces:
    """The open schools in reach, and the whole trust for those who work for all of it."""
    wanted = starters(definition)
    wide = any(post.scope.kind is ScopeKind.TRUST and (not wanted or post.role in wanted) for post in me.posts)
    return StartPlaces([school for school in store.schools() if policy.may_start(me, wanted, school)], wide)


@dataclass(frozen=True)
class StartPage:
    """What the template shows."""

    opening: Opening
    place: UploadPlace
    school: str  # its id, or TRUST
    alike: list[CaseRow]  # open cases of the same procedure about the same place
    choice: bool  # whether another place could be chosen
    typed: Typed | None = None
    errors: Mapping[str, Sequence[str]] | None = None
    title: str = ""
    files: Sequence[Evidence] = ()
    sealed: str = ""  # the same, to be carried by the page
    anyway: str = ""  # the number of a case alike that this joins, or ANOTHER
    ask_anyway: bool = False  # the question about cases alike was left open

    @property
    def where(self) -> str:
        """The school's name."""
        school = self.opening.run.school
        return school.name if school else "The whole trust"

    @property
    def key(self) -> str:
        """The procedure's key."""
        return self.opening.version.key

    not_said: ClassVar[str] = NOT_SAID

    @property
    def belongs(self) -> list[dict[str, object]]:
        """Where it may belong: each case alike, or a case of its own."""
        joins = [{"value": case.ref, "text": f"Add it to {case.ref}: {case.title}"} for case in self.alike]
        other = {"value": ANOTHER, "text": "It is about something else: start another case"}
        return [{**item, "checked": item["value"] == self.anyway} for item in (*joins, other)]

    @property
    def asks_title(self) -> bool:
        """Whether the page asks for a title; a form that does so itself is enough."""
        form = self.opening.form
        return form is None or "title" not in form.keys

    @property
    def title_error(self) -> str:
        """What is wrong with the name that was typed here."""
        return next(iter((self.errors or {}).get("title", ())), "") if self.asks_title else ""

    @property
    def diverts(self) -> bool:
        """Whether to say where worries about people go: wherever one may write, unless the form says it itself."""
        return diverts(self.opening.form, self.questions)

    @cached_property
    def form(self) -> FormView | None:
        """The questions, with what was typed."""
        form = self.opening.form
        if form is None:
            return None
        files = shown(list(self.files))  # without addresses: they belong to no case yet
        view = forms.view(form, self.opening.names, self.typed, self._of_questions(), files)
        return with_file_hints(view, self.place.most_bytes)

    def _of_questions(self) -> Mapping[str, Sequence[str]] | None:
        """What is wrong with the answers."""
        if self.errors and self.title_error:
            return {path: sentences for path, sentences in self.errors.items() if path != "title"}
        return self.errors

    @cached_property
    def questions(self) -> Markup:
        """The questions as they stand inside the page's form."""
        return rendered.render(self.form) if self.form else Markup()

    @property
    def problems(self) -> list[dict[str, str]]:
        """The lines of the error summary."""
        found = [{"text": NOT_SAID, "href": "#anyway"}] if self.ask_anyway else []
        if self.title_error:
            found.append({"text": self.title_error, "href": "#title"})
        for problem in self.form.problems if self.form else ():
            found.append({"text": problem.sentence, **({"href": f"#{problem.target}"} if problem.target else {})})
        return found


def school_id(text: str) -> UUID | None:
    """The school an address or a form names; None: the whole trust. Raises ValueError."""
    return None if text == TRUST else UUID(text)
