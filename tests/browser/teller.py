"""A procedure's story told through Headway's own pages, by the people of the demo, on the story's own clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import select

from engine.bpmn.definition import Definition
from engine.bpmn.runtime.variables import number_of
from engine.casework.pools import Near
from engine.forms.drawn.model import Form
from engine.model.calendar import LONDON, wakes_at
from engine.model.casework import Case, Task
from engine.model.people import School
from engine.stories.cast import Cast
from engine.stories.lines import PREPARES, StoryLine, Verb
from engine.stories.posting import SOMEBODY, Posting
from engine.stories.tell import Story
from storage import job_queue
from storage.database import reading, reading_store
from storage.store.sql_store import SqlStore
from storage.tables import cases, notices
from tests.browser.served import Served

SCHOOL = "Saltmarsh Primary School"  # somebody holds every role that the stories need there or for the whole trust
UNTELLABLE = (PREPARES | {Verb.MESSAGE}) - {Verb.FINDS}  # what no person does at a page


class Hands(Protocol):
    """What fills in and sends the forms of the pages."""

    def start(self, name: str, key: str, school: School, form: Form | None, line: StoryLine) -> None:
        """Start a procedure as this person."""

    def complete(self, name: str, task: Task, form: Form | None, line: StoryLine, people: Mapping[str, str]) -> None:
        """Do a task as this person."""


@dataclass
class Teller:
    """Tells one story, in a trust without any other case."""

    served: Served
    hands: Hands
    key: str
    story: Story
    names: dict[str, str] = field(default_factory=dict)  # of the story -> the ids of whom the case found

    def tell(self, lines: Sequence[StoryLine]) -> Case:
        """Every one of these lines that moves the case. Returns it as it is afterwards."""
        assert not {line.verb for line in lines} & UNTELLABLE
        for line in lines:
            self._move(line)
        return self.case

    @property
    def case(self) -> Case:
        """The trust's only case, as it is."""
        with reading_store(self.served.trust.database) as store:
            return store.case(store.connection.execute(select(cases.c.id)).scalar_one())

    def _move(self, line: StoryLine) -> None:
        if line.verb is Verb.STARTS:
            self._start(line)
        elif line.verb is Verb.DOES:
            self._do(line)
        elif line.verb is Verb.AFTER:
            with reading_store(self.served.trust.database) as store:
                calendar = store.calendar(self._school(store).id, self._today)
            self._pass_to(wakes_at(line.words["time"], self.served.clock.now, calendar))
        elif line.verb is Verb.CLOCK:
            self._pass_to(datetime.fromisoformat(line.value).replace(tzinfo=LONDON))
        elif line.verb is Verb.WAITS:
            assert self._task(line), f"line {line.number}: nobody has that to do"
        elif line.verb is Verb.TELLS:
            assert str(line.value or "").casefold() in self._told(), f"line {line.number}: nobody was told"

    def _start(self, line: StoryLine) -> None:
        with reading_store(self.served.trust.database) as store:
            drawn, school = self._drawn(store), self._school(store)
            who = self._holder(store, Cast(drawn, store.roles()).role(line.words["role"]), school)
        form = drawn.forms.get(drawn.diagram.start_form or "")
        self.hands.start(who, self.key, school, form, line)

    def _do(self, line: StoryLine) -> None:
        task = self._task(line)
        assert task, f"line {line.number}: nobody has that to do"
        with reading_store(self.served.trust.database) as store:
            drawn, school = self._drawn(store), self._school(store)
            who = store.person(task.person_id).name if task.person_id else self._holder(store, task.role, school)
            self._meet(store.case(task.case_id))
        self.hands.complete(who, task, drawn.form_of(task.step), line, self.names)

    def _task(self, line: StoryLine) -> Task | None:
        """The open task a line speaks of; of several the one it counts to."""
        case = self.case
        with reading_store(self.served.trust.database) as store:
            step = Cast(self._drawn(store), store.roles()).step(line.words["step"]).id
            found = [task for task in store.open_tasks(case.id) if task.step == step]
        wanted = int(line.words.get("item", "1"))
        counted = [task for task in found if (number_of(task.scope) if task.scope else 1) == wanted]
        return next(iter(counted), None)

    def _told(self) -> str:
        """Everything that people were told."""
        with reading(self.served.trust.database) as connection:
            said = connection.execute(select(notices.c.subject, notices.c.text))
            return "\n".join(f"{subject}\n{text}" for subject, text in said).casefold()

    def _meet(self, case: Case) -> None:
        """The people of the story are those whom the case has found, in order."""
        told = [name for line in self.story.lines if line.verb is Verb.FINDS for name in line.value]
        lists = [value for value in case.answers.values.values() if isinstance(value, list)]
        found = [each["person"] for value in lists for each in value if isinstance(each, dict) and "person" in each]
        self.names = dict(zip(told or SOMEBODY, dict.fromkeys(found), strict=False))

    def _pass_to(self, moment: datetime) -> None:
        """Let time pass: what comes due on the way is done at its own moment."""
        clock = self.served.clock
        while (at := self._next_due()) is not None and at <= moment:
            clock.now = max(clock.now, at)
            self.served.work()
        clock.now = max(clock.now, moment)

    def _next_due(self) -> datetime | None:
        with reading(self.served.trust.database) as connection:
            return job_queue.next_due(connection)

    def _drawn(self, store: SqlStore) -> Definition:
        version = store.live_version(self.key)
        assert version
        return store.definition(version.id)

    def _school(self, store: SqlStore) -> School:
        return next(school for school in store.schools() if school.name == SCHOOL)

    def _holder(self, store: SqlStore, role: str, school: School) -> str:
        place = Near(store, {role}, school.id, self._today).find(role)
        return store.person(place.people[0]).name

    @property
    def _today(self) -> date:
        return self.served.clock.now.astimezone(LONDON).date()


def typed_over(
    standing: Mapping[str, list[str]], form: Form | None, line: StoryLine, people: Mapping[str, str]
) -> Posting:
    """A page's form as it stands, with a story's answers typed over it."""
    posting = Posting(people, {name: list(values) for name, values in standing.items()})
    posting.fill(form.parts if form else (), line.value)
    return posting
