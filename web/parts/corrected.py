"""What somebody answered, as it stands since others corrected it, and who did. What they sent stays kept as sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.bpmn.definition import Definition
from engine.casework.corrections import key_in, told_in
from engine.model.casework import Case
from storage.queries.cases.answers import Answered, CorrectedLine, Corrections
from web.parts.dates import moment_in_words


@dataclass(frozen=True)
class AnswersNow:
    """The answers of one form as they stand. notes: who corrected them, in words."""

    answers: Mapping[str, Any]
    notes: list[str]


@dataclass(frozen=True)
class AsCorrected:
    """One case with what was corrected of it."""

    case: Case
    definition: Definition
    corrections: Corrections
    now: datetime

    def began(self) -> AnswersNow:
        """What the case began with."""
        lines = [line for line in self.corrections.lines if line.entry.step is None]
        return AnswersNow(self.case.answers.values, self._notes(lines))

    def of(self, one: Answered) -> AnswersNow:
        """What was answered on a task. An answer that another one came after is told as it was sent, with what it
        became before that.
        """
        sent, kept = one.submission, self._kept(one)
        form = self.definition.form_of(sent.step)
        answers, now, before = dict(sent.answers), [], []
        for line in self._about(one):
            key = key_in(line.entry.text, form) if form else None
            if not key or key not in kept:
                continue
            if not self._is_last(one, key):
                before.append(line)
            elif one.scope is None or kept[key] != sent.answers.get(key):
                answers[key] = kept[key]
                now.append(line)
        return AnswersNow(answers, [*self._notes(now), *(self._became(line) for line in before)])

    def _kept(self, one: Answered) -> Mapping[str, Any]:
        """The answers as they stand; empty when they are not kept apart any more."""
        answers = self.case.answers
        return answers.items.get(one.scope, {}) if one.scope else answers.values

    def _about(self, one: Answered) -> Iterator[CorrectedLine]:
        sent = one.submission
        for line in self.corrections.lines:
            same_step = line.entry.step == sent.step and line.entry.at >= sent.at
            if line.submission_id == sent.id or (one.scope and same_step):
                yield line

    def _is_last(self, one: Answered, key: str) -> bool:
        """Whether nothing that was answered later gives the same answer."""
        asked = (
            each.submission
            for each in self.corrections.last
            if each.scope == one.scope and (form := self.definition.form_of(each.submission.step)) and key in form.keys
        )
        newest = max(asked, key=lambda sent: (sent.at, sent.id), default=None)
        return newest is not None and newest.id == one.submission.id

    def _notes(self, lines: list[CorrectedLine]) -> list[str]:
        """In words, each person and moment once."""
        return list(dict.fromkeys(f"Corrected by {self._who(line)}" for line in lines))

    def _became(self, line: CorrectedLine) -> str:
        return f"Corrected by {self._who(line)}, and answered again since: {told_in(line.entry.text)}"

    def _who(self, line: CorrectedLine) -> str:
        return f"{line.name}, {moment_in_words(line.entry.at, self.now)}"
