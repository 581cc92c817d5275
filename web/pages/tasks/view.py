"""The page of one task, put into words from what is known about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from engine import forms, policy
from engine.errors import ExpressionStopped
from engine.forms import FormView
from engine.forms.filled.tell import NOT_ANSWERED
from engine.model.calendar import days_of
from engine.model.casework import CaseStatus, Evidence, TaskStatus
from engine.model.people import School
from engine.model.person_ids import with_names
from storage.queries.cases.answers import Answered
from web.pages.tasks.around import helpers, holder, what_next
from web.pages.tasks.known import TaskKnown
from web.parts import questions as rendered
from web.parts.corrected import AsCorrected
from web.parts.dates import local_day, moment_in_words
from web.parts.due import Band, due_line, urgent
from web.parts.person_names import names_of
from web.parts.question_words import diverts, told, told_plainly, with_file_hints
from web.parts.reasons import why
from web.parts.sent_answers import UploadPlace, shown

Typed = Mapping[str, Sequence[str]]
SAYS_LITTLE = {NOT_ANSWERED, "None"}
WAITS = {
    CaseStatus.PAUSED: "This case is paused, so its tasks wait too.",
    CaseStatus.ATTENTION: "Headway could not carry this case on. Those who look after it can see why and let it go on.",
    CaseStatus.ENDED: "This case has ended.",
    CaseStatus.STOPPED: "This case was stopped.",
}


@dataclass(frozen=True)
class Earlier:
    """What was answered before."""

    title: str
    by: str
    answers: list[tuple[str, str]]
    files: list[tuple[str, str]]  # address and name
    notes: list[str]  # who corrected it since


@dataclass(frozen=True)
class TaskPage:
    """What the template shows. typed: None shows the draft, or else the form as it opens."""

    known: TaskKnown
    place: UploadPlace
    typed: Typed | None = None
    errors: Mapping[str, Sequence[str]] | None = None

    @property
    def title(self) -> str:
        """What is to be done."""
        return self.known.task.title

    @property
    def about(self) -> str:
        """Of a step done for several: which of them, unless that is whoever asks."""
        item, me = self.known.task.item or "", self.known.me.person
        return "" if self.known.task.person_id == me.id and item.startswith(me.name) else item

    @property
    def procedure(self) -> str:
        """The procedure's title."""
        return self.known.opened.run.definition.diagram.title

    @property
    def school(self) -> School | None:
        """None: the whole trust."""
        return self.known.opened.run.school

    @property
    def why(self) -> str:
        """Why it is theirs."""
        task, known = self.known.task, self.known
        if task.person_id == known.me.person.id:
            return known.handed or "You were chosen for this by name."
        said = why(known.stands, known.me.person.id, task.pool, task.person_id, task.fallen, known.now)
        return said.replace("You are ", "You have this because you are ", 1)

    @property
    def status(self) -> Band | None:
        """A word for how soon it is due, where one is needed."""
        return urgent(self.known.task.due_at, self.known.now)

    @property
    def due(self) -> str:
        """“Due on Friday 6 November: 3 school days left.”"""
        task, now = self.known.task, self.known.now
        line = due_line(task.due_at, now)
        if task.due_at is None:
            return f"{line}."
        kind = days_of(task.due_words)
        days = self.known.opened.run.calendar.between(local_day(now), local_day(task.due_at), kind)
        if not days:
            return f"{line}."
        return f"{line}: {abs(days)} {kind} {'day' if abs(days) == 1 else 'days'} {'left' if days > 0 else 'ago'}."

    @property
    def guidance(self) -> list[str]:
        """What the procedure says about doing it, by paragraph."""
        text = self.known.opened.run.definition.diagram.elements[self.known.task.step].guidance
        return [part.strip() for part in text.split("\n\n") if part.strip()]

    @property
    def closed(self) -> str:
        """Why it cannot be answered; empty when it can."""
        known, task, case = self.known, self.known.task, self.known.opened.case
        if known.can_do:
            return ""
        if task.status is TaskStatus.DONE and task.done_by and task.done_at:
            name = known.people[task.done_by].name
            return f"{name} completed this task {_at(moment_in_words(task.done_at, known.now))}."
        if case.status is not CaseStatus.OPEN:
            reason = case.reason if case.status is not CaseStatus.ATTENTION else None  # that is for those who mend it
            return f"{WAITS[case.status]} The reason given: {reason}" if reason else WAITS[case.status]
        if task.status is TaskStatus.WITHDRAWN:
            return "The case moved on, so this task is not needed any more."
        return f"This task is with {names_of(known.waits_for) or 'nobody yet'}."

    @cached_property
    def form(self) -> FormView | None:
        """The questions, with what was typed. None when there are none."""
        opened, known = self.known.opened, self.known
        if opened.form is None:
            return None
        typed = self.typed
        if typed is None and known.draft:
            typed = known.draft.answers
        own = [file for file in known.files if file.task_id == known.task.id and file.by == known.me.person.id]
        files = shown(own, self.place.evidence)
        try:
            view = forms.view(opened.form, opened.names, typed, self.errors, files)
        except ExpressionStopped:
            if known.can_do:
                raise
            return None  # what was typed is told without the form that stopped
        return with_file_hints(view, self.place.most_bytes)

    @cached_property
    def questions(self) -> Markup:
        """The questions as they stand inside the page's form."""
        return rendered.render(self.form) if self.form else Markup()

    @property
    def problems(self) -> Markup:
        """The error summary."""
        return rendered.error_summary(self.form) if self.form else Markup()

    @property
    def diverts(self) -> bool:
        """Whether to say where worries about people go: wherever one may write, unless the form says it itself."""
        return diverts(self.known.opened.form, self.questions)

    @property
    def drafted(self) -> str:
        """When what stands in the form was saved; empty when it is no draft."""
        draft = self.known.draft
        return moment_in_words(draft.saved_at, self.known.now) if draft and self.typed is None else ""

    @property
    def typed_words(self) -> list[tuple[str, str]]:
        """What stands in the form, to be read when it cannot be sent."""
        draft = self.known.draft
        typed = self.typed if self.typed is not None else draft.answers if draft else None
        if typed is None:
            return []
        return told(self.form) if self.form else told_plainly(typed)

    @cached_property
    def earlier(self) -> list[Earlier]:
        """What is known so far, oldest first; answers that stay unseen until all are in are left out."""
        return [*self._from_start(), *self.before]

    @cached_property
    def before(self) -> list[Earlier]:
        """The same without how it began."""
        return [self._told(one) for one in self.known.answered if self._readable(one)]

    @property
    def unseen(self) -> int:
        """How many answers are in that this person sees once all are."""
        return sum(not self._readable(one) for one in self.known.answered)

    def _readable(self, one: Answered) -> bool:
        unseen = self.known.opened.case.keeps_unseen(one.submission.unseen_until, one.scope)
        return policy.may_read_submission(self.known.me, one.submission.by, unseen)

    def _told(self, one: Answered) -> Earlier:
        form, stands = self.known.opened.run.definition.form_of(one.submission.step), self._corrected.of(one)
        answers = self._worth_reading(forms.tell_answers(form, stands.answers)) if form else []
        files = [self._link(file) for file in self.known.files if _belongs(file, one)]
        by = f"{one.name}, {moment_in_words(one.submission.at, self.known.now)}"
        return Earlier(one.title, by, answers, files, stands.notes)

    @cached_property
    def _corrected(self) -> AsCorrected:
        opened = self.known.opened
        return AsCorrected(opened.case, opened.run.definition, self.known.corrections, self.known.now)

    def _worth_reading(self, answers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        names = {person_id: person.name for person_id, person in self.known.people.items()}
        return [(question, with_names(answer, names)) for question, answer in answers if answer not in SAYS_LITTLE]

    def _link(self, file: Evidence) -> tuple[str, str]:
        return self.place.evidence.format(file.id), file.name

    def _from_start(self) -> Iterator[Earlier]:
        run, case = self.known.opened.run, self.known.opened.case
        form = run.definition.began_with(case.answers.values)
        answers = self._worth_reading(forms.tell_answers(form, case.answers.values)) if form else []
        if answers:
            starter = self.known.people.get(case.started_by) if case.started_by else None
            when = moment_in_words(case.started_at, self.known.now)
            yield Earlier(
                "How it began",
                f"{starter.name}, {when}" if starter else when,
                answers,
                [],
                self._corrected.began().notes,
            )

    @property
    def next(self) -> list[str]:
        """What may come after it, and who that is."""
        return what_next(self.known)

    @property
    def helpers(self) -> list[str]:
        """Whom to ask."""
        return helpers(self.known)

    @property
    def holder(self) -> str:
        """Who has it."""
        return holder(self.known)

    @property
    def may_claim(self) -> bool:
        """Whether to offer taking it: only where somebody else could do it as well."""
        return self.known.can_do and policy.may_claim(self.known.me, self.known.task) and len(self.known.waits_for) > 1

    @property
    def may_release(self) -> bool:
        """Whether it can go back on its list: only when somebody took it from there or handed it on."""
        came_from_list = bool(self.known.handed and self.known.on_list)
        return self._open and came_from_list and policy.may_release(self.known.me, self.known.task, self.school)

    @property
    def may_hand_over(self) -> bool:
        """Whether to offer giving it to somebody else."""
        return self._open and policy.may_hand_over(self.known.me, self.known.task, self.school)

    @property
    def may_extend(self) -> bool:
        """Whether to offer a later deadline."""
        dated = self.known.task.due_at is not None
        return self._open and dated and policy.may_extend(self.known.me, self.known.task, self.school)

    @property
    def _open(self) -> bool:
        return self.known.task.status is TaskStatus.OPEN and self.known.opened.case.status is CaseStatus.OPEN


def _belongs(file: Evidence, answer: Answered) -> bool:
    """What a colleague attached to the same task and did not send is no part of the answer."""
    return file.task_id == answer.submission.task_id and file.by == answer.submission.by


def _at(words: str) -> str:
    """A moment as it follows a verb: “today at 9am”, “on Thursday 3 December at 9am”."""
    return words if words.startswith(("today", "yesterday", "tomorrow")) else f"on {words}"
