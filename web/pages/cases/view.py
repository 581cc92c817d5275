"""The page of one case, put into words from what is known about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from engine import forms, policy
from engine.model.casework import LIVE, Action, CaseStatus, Evidence, Record, Sensitivity
from storage.queries.cases.answers import Answered
from storage.queries.cases.around import JournalPage
from storage.queries.cases.page import CaseHead
from web.pages.cases.known import CaseKnown
from web.pages.cases.story import CaseStory, stopped
from web.parts import diagrams
from web.parts.corrected import AsCorrected
from web.parts.dates import full_day, moment_in_words
from web.parts.diagrams import Picture
from web.parts.facts import told
from web.parts.sent_answers import size_in_words

STATUS = {  # a word and a colour that goes with it
    CaseStatus.OPEN: ("Open", "govuk-tag--blue"),
    CaseStatus.PAUSED: ("Paused", "govuk-tag--yellow"),
    CaseStatus.ATTENTION: ("Needs attention", "govuk-tag--red"),
    CaseStatus.ENDED: ("Ended", "govuk-tag--green"),
    CaseStatus.STOPPED: ("Stopped", "govuk-tag--grey"),
}
LATE = ("Late", "govuk-tag--red")
READERS = {
    Sensitivity.STAFF: "Staff in reach of the school",
    Sensitivity.LEADERS: "Leaders, and people with a part in it",
    Sensitivity.NAMED: "Only people with a part in it",
}


@dataclass(frozen=True)
class AnswerLine:
    """What somebody answered, in words."""

    title: str
    by: str
    answers: list[tuple[str, str]]
    notes: list[str]  # who corrected it since


@dataclass(frozen=True)
class RecordLine:
    """One record, and the versions it took the place of, newest first."""

    title: str
    number: int
    when: str
    facts: list[tuple[str, str]]
    earlier: tuple[RecordLine, ...] = ()


@dataclass(frozen=True)
class ActionLine:
    """An action the case asked for."""

    title: str
    who: str
    due: str
    done: str  # when; empty while it is open


@dataclass(frozen=True)
class File:
    """A piece of evidence."""

    evidence: Evidence
    size: str
    by: str


@dataclass(frozen=True)
class CaseView:
    """What the template shows."""

    known: CaseKnown

    @property
    def head(self) -> CaseHead:
        """The case with the names of what it points at."""
        return self.known.page.head

    @property
    def place(self) -> str:
        """Where."""
        return self.known.school.name if self.known.school else "The whole trust"

    @property
    def tags(self) -> list[Mapping[str, str]]:
        """Its status in a word or two, never by colour alone."""
        found = [STATUS[self.known.case.status], *([LATE] if self.known.is_late else [])]
        return [{"text": text, "classes": classes} for text, classes in found]

    @cached_property
    def story(self) -> CaseStory:
        """Done, now, next."""
        return CaseStory(self.known)

    @property
    def reason(self) -> str:
        """Why it needs attention, for those who can do something about it."""
        case = self.known.case
        told = self.may_look_again or self.may_manage
        return stopped(case.reason) if case.status is CaseStatus.ATTENTION and case.reason and told else ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What else there is to know, short."""
        case, diagram = self.known.case, self.known.definition.diagram
        started = full_day(case.started_at)
        found = [
            ("Number", case.ref),
            ("School", self.place),
            ("Procedure", f"{self.head.procedure}, version {self.head.number}"),
            ("Started", f"{started}, by {self._starter}" if self._starter else started),
            ("Promised within", diagram.promise or ""),
            ("Who may read it", READERS[case.sensitivity]),
        ]
        return [(name, text) for name, text in found if text]

    @property
    def picture(self) -> Picture:
        """The live diagram."""
        label = f"Diagram of {self.head.procedure}, with where this case stands"
        source = diagrams.source_of(self.head.key, self.head.number)
        return diagrams.of_case(self.head.drawing, label, source, self.story.states)

    @property
    def answers(self) -> list[AnswerLine]:
        """What is known so far, oldest first; answers that stay unseen until all are in are left out."""
        return [*self._from_start(), *self.answers_given]

    @property
    def answers_given(self) -> list[AnswerLine]:
        """The same without how it began."""
        return [self._told(one) for one in self.known.page.answered.answered if self._readable(one)]

    @property
    def unseen(self) -> int:
        """How many answers are in that this person sees once all are."""
        return sum(not self._readable(one) for one in self.known.page.answered.answered)

    def _readable(self, one: Answered) -> bool:
        unseen = self.known.page.is_unseen(one)
        return policy.may_read_submission(self.known.me, one.submission.by, unseen)

    def _told(self, one: Answered) -> AnswerLine:
        form, stands = self.known.definition.form_of(one.submission.step), self._corrected.of(one)
        answers = self._named(forms.tell_answers(form, stands.answers)) if form else []
        by = f"{one.name}, {moment_in_words(one.submission.at, self.known.now)}"
        return AnswerLine(one.title, by, answers, stands.notes)

    @cached_property
    def _corrected(self) -> AsCorrected:
        known = self.known
        return AsCorrected(known.case, known.definition, known.page.corrections, known.now)

    def _named(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(name, self.known.named(text)) for name, text in pairs]

    def _from_start(self) -> Iterator[AnswerLine]:
        case = self.known.case
        form = self.known.definition.began_with(case.answers.values)
        answers = self._named(forms.tell_answers(form, case.answers.values)) if form else []
        if answers:
            when = moment_in_words(case.started_at, self.known.now)
            by = f"{self.head.started_by}, {when}" if self.head.started_by else when
            yield AnswerLine("How it began", by, answers, self._corrected.began().notes)

    @property
    def _starter(self) -> str | None:
        """Who started it: somebody, or Headway when its moment had come."""
        case = self.known.case
        if case.started_by is None and case.parent_id:
            return "Headway, when another case sent for it"
        by_clock = case.started_by is None and self.known.definition.diagram.clock_starts
        return "Headway, by the calendar" if by_clock else self.head.started_by

    @property
    def records(self) -> list[RecordLine]:
        """What the case keeps, the newest of each kind with what it took the place of."""
        kinds: dict[str, list[Record]] = {}
        for record in self.known.page.records.rows:
            kinds.setdefault(record.kind, []).append(record)
        return [self._kept(sorted(found, key=lambda record: -record.number)) for found in kinds.values()]

    @property
    def records_kept(self) -> list[RecordLine]:
        """Each by itself, newest first."""
        return [self._version(record) for record in self.known.page.records.rows]

    def _kept(self, found: list[Record]) -> RecordLine:
        newest, *earlier = (self._version(record) for record in found)
        return replace(newest, earlier=tuple(earlier))

    def _version(self, record: Record) -> RecordLine:
        facts = self._named(told(record.body, self.known.definition.forms))
        return RecordLine(record.title, record.number, moment_in_words(record.at, self.known.now), facts)

    @property
    def actions(self) -> list[ActionLine]:
        """What it asked people to do outside any procedure."""
        return [self._asked(action) for action in reversed(self.known.page.actions.rows)]

    def _asked(self, action: Action) -> ActionLine:
        role = self.known.roles.get(action.role)
        due = f"due {full_day(action.due_on)}" if action.due_on else "no deadline"
        done = moment_in_words(action.done_at, self.known.now) if action.done_at else ""
        return ActionLine(action.title, role.label if role else action.role, due, done)

    @property
    def files(self) -> list[File]:
        """Evidence that this person may read."""
        return [
            File(one.evidence, size_in_words(one.evidence.size), one.by)
            for one in reversed(self.known.page.evidence.rows)
            if policy.may_read_submission(self.known.me, one.evidence.by, one.unseen)
        ]

    @property
    def journal(self) -> JournalPage:
        """Its newest lines."""
        return self.known.journal

    @property
    def linked(self) -> list[tuple[str, str, str]]:
        """The cases it asked for: number, title, status."""
        return [(one.ref, one.title, STATUS[one.status][0]) for one in self.known.around.asked]

    @property
    def may_manage(self) -> bool:
        """Whether this person may pause and stop it."""
        return policy.may_manage(self.known.me, self.known.school)

    @property
    def may_correct(self) -> bool:
        """Whether to offer putting an answer right that stopped it. Whoever sees this page may read it."""
        return self.may_manage and self.known.case.status is CaseStatus.ATTENTION

    @property
    def may_pause(self) -> bool:
        """Whether to offer a pause."""
        return self.may_manage and self.known.case.status is CaseStatus.OPEN

    @property
    def may_resume(self) -> bool:
        """Whether to offer letting it go on."""
        return self.may_manage and self.known.case.status is CaseStatus.PAUSED

    @property
    def may_stop(self) -> bool:
        """Whether to offer ending it early."""
        return self.may_manage and self.known.case.status in LIVE

    @property
    def may_look_again(self) -> bool:
        """Whether to offer letting it try again."""
        return policy.may_see_attention(self.known.me) and self.known.case.status is CaseStatus.ATTENTION
