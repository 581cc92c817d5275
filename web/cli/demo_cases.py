"""Cases for the demo, at every stage: the procedures' own stories, played by the trust's people up to some line.

Everything goes through the commands and jobs that pages and clock call, on a clock that runs from the past to now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from engine.bpmn.definition import Definition
from engine.bpmn.runtime import runner
from engine.bpmn.runtime.variables import number_of
from engine.casework.context import prepare
from engine.casework.pools import Near
from engine.commands import jobs
from engine.commands.cases import pause, start, tasks
from engine.model.calendar import LONDON, Calendar, wakes_at
from engine.model.casework import Answers, Case, CaseStatus, Job, Task
from engine.model.people import School
from engine.stories import tell
from engine.stories.cast import Cast
from engine.stories.lines import StoryLine, Verb
from engine.stories.posting import SOMEBODY, Posting
from engine.stories.tell import Story
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore


@dataclass(frozen=True)
class Scene:
    """A story, how many of its moves have happened, where, and how long ago it began."""

    procedure: str
    story: str
    moves: int
    school: str
    days_ago: int  # school days
    title: str
    paused: str = ""  # a reason, when it is paused at the moment
    says: Mapping[str, str] = field(default_factory=dict)  # in place of words that the story says


@dataclass
class Player:
    """Plays one scene."""

    database: Database
    scene: Scene
    school: School
    calendar: Calendar
    until: datetime
    now: datetime
    case: Case | None = None

    def play(self) -> Case | None:
        """The case as it stands when the moves are done or today is reached."""
        moves = 0
        for line in self._story.lines:
            if moves == self.scene.moves or self.now >= self.until:
                break
            moves += self._move(replace(line, value=self._in_its_words(line.value)))
        if self.scene.paused and self.case:
            self._pause()
        return self.case

    @cached_property
    def _story(self) -> Story:
        with transaction(self.database) as store:
            told = tell.read(self._drawn(store).package.stories)
        return next(story for story in told if story.name == self.scene.story)

    def _drawn(self, store: SqlStore) -> Definition:
        version = store.live_version(self.scene.procedure)
        if version is None:
            raise LookupError(self.scene.procedure)
        return store.definition(version.id)

    def _move(self, line: StoryLine) -> int:
        """Carry out a line that moves the case on; 1 when it did."""
        if line.verb is Verb.STARTS:
            self._start(line)
        elif line.verb is Verb.DOES:
            self._do(line)
        elif line.verb is Verb.AFTER:
            self._pass_to(min(self.until, wakes_at(line.words["time"], self.now, self.calendar)))
        else:
            return 0
        return 1

    def _start(self, line: StoryLine) -> None:
        with transaction(self.database) as store:
            definition = self._drawn(store)
            me = store.me(self._starter(store, definition, line), self._today)
            form = definition.forms[definition.diagram.start_form or ""]
            posting = Posting({})
            facts = {"case": None, "school": None, "today": self._today, "calendar": None}
            posting.open(form, runner.names_for(definition, Answers(), facts))
            posting.fill(form.parts, {**line.value, **self._dated(line), **self._titled(line)})
            key, title = self.scene.procedure, self.scene.title
            self.case = start.start_case(store, me, key, self.school.id, title, posting.fields, self.now)

    def _starter(self, store: SqlStore, definition: Definition, line: StoryLine) -> UUID:
        """Whoever holds the story's role here; where nobody does, somebody else who may start the procedure."""
        cast = Cast(definition, store.roles())
        may = [cast.role(line.words["role"]), *(cast.role(name) for name in definition.diagram.starters)]
        near = Near(store, may, self.school.id, self._today)
        found = (near.find(role) for role in may)
        return next(place.people[0] for place in found if place.people and not place.fallen)

    def _dated(self, line: StoryLine) -> dict[str, str]:
        """A story's own dates would lie far from the scene's: they become the day before it began."""
        before = self._today - timedelta(days=1)
        return {key: before.isoformat() for key, value in line.value.items() if _is_date(value)}

    def _in_its_words(self, said: Any) -> Any:
        """What the story says, in the words of the scene."""
        if isinstance(said, dict):
            return {key: self._in_its_words(value) for key, value in said.items()}
        if isinstance(said, list):
            return [self._in_its_words(each) for each in said]
        if isinstance(said, str):
            for theirs, ours in self.scene.says.items():
                said = said.replace(theirs, ours)
        return said

    def _titled(self, line: StoryLine) -> dict[str, str]:
        """What the story says it is about becomes what the scene is about."""
        return {"area": self.scene.title} if "area" in line.value else {}

    def _do(self, line: StoryLine) -> None:
        task = self._task(line)
        if task is None or self.case is None:
            return
        self._pass_to(self._sometime(task))
        if self.now >= self.until:
            return
        with transaction(self.database) as store:
            whose = task.person_id or self._holders(store, task.role)[0]
            me = store.me(whose, self._today)
            posted = self._posted(store, store.task(task.id), line)
            self.case = tasks.complete_task(store, me, task.id, posted, self.now)

    def _task(self, line: StoryLine) -> Task | None:
        """The open task a line speaks of; of several the one it counts to."""
        if self.case is None:
            return None
        with transaction(self.database) as store:
            step = Cast(self._drawn(store), store.roles()).step(line.words["step"]).id
            open_ones = [task for task in store.open_tasks(self.case.id) if task.step == step]
        wanted = int(line.words.get("item", "1"))
        ordered = sorted(open_ones, key=lambda task: number_of(task.scope) if task.scope else 1)
        exact = [task for task in ordered if task.scope and number_of(task.scope) == wanted]
        return next(iter(exact or ordered), None)

    def _posted(self, store: SqlStore, task: Task, line: StoryLine) -> dict[str, list[str]]:
        case = store.case(task.case_id)
        run = prepare(store, case, self.now, None)
        form = run.definition.form_of(task.step)
        if form is None:
            return {}
        names = runner.names_for(run.definition, case.answers, run.facts, task.scope)
        posting = Posting(self._cast_people(case))
        posting.open(form, names)
        posting.fill(form.parts, line.value)
        return posting.fields

    def _cast_people(self, case: Case) -> dict[str, str]:
        """The people of the story are those the case has found, in order."""
        told = [name for line in self._story.lines if line.verb is Verb.FINDS for name in line.value]
        found = [value for value in case.answers.values.values() if isinstance(value, list)]
        people = [each["person"] for value in found for each in value if isinstance(each, dict) and "person" in each]
        return dict(zip(told or SOMEBODY, dict.fromkeys(people), strict=False))

    def _holders(self, store: SqlStore, role: str) -> tuple[UUID, ...]:
        return Near(store, {role}, self.school.id, self._today).find(role).people

    @property
    def _today(self) -> date:
        return self.now.astimezone(LONDON).date()

    def _sometime(self, task: Task) -> datetime:
        """A working hour after the task became ready and, as people do, shortly before it is due."""
        if task.due_at is None or task.due_at <= self.now:
            return self.now + timedelta(minutes=35)
        last = task.due_at.astimezone(LONDON)
        day = self.calendar.step(last.date(), -1, "working") if last.date() > self._today else last.date()
        at = datetime.combine(max(day, self._today), time(8 + task.id.int % 7, task.id.int % 60), LONDON)
        return max(at.astimezone(UTC), self.now + timedelta(minutes=20))

    def _pass_to(self, moment: datetime) -> None:
        """Let time pass for this case: what comes due on the way is done at its own moment."""
        while job := self._due(moment):
            self.now = max(self.now, job.run_at)
            carry_out(self.database, job, self.now)
        self.now = max(self.now, moment)

    def _due(self, moment: datetime) -> Job | None:
        if self.case is None:
            return None
        with transaction(self.database) as store:
            due = [job for job in store.case_jobs(self.case.id) if job.run_at <= moment]
        return min(due, key=lambda job: job.run_at, default=None)

    def _pause(self) -> None:
        if self.case is None or self.case.status is not CaseStatus.OPEN:
            return
        with transaction(self.database) as store:
            me = store.me(self._holders(store, "director_of_education")[0], self._today)
            self.case = pause.pause_case(store, me, self.case.id, self.scene.paused, self.now)


def _is_date(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


def carry_out(database: Database, job: Job, now: datetime) -> None:
    """Do one engine job at its own moment."""
    with transaction(database) as store:
        store.drop_jobs([job.key])
        jobs.do(store, job, now)
