"""Correct an answer that stopped a case: what the rule goes by, each with its own question, and why it is corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engine import forms, policy
from engine.casework.corrections import Correction, asks_something
from engine.commands.cases.correct import correct_answers, open_correction
from engine.commands.cases.manage import LONGEST_REASON
from engine.errors import BadAnswers, BadDetails, CaseMovedOn, CaseNotOpen, NeedsAReason, Refused, UnknownAnswers
from engine.forms import FormView
from storage.database import reading_store, transaction
from storage.queries.cases.page import CaseHead
from web.access import guard
from web.pages.cases.known import read_head
from web.parts import questions as rendered
from web.parts.dates import moment_in_words
from web.parts.sent_answers import sent
from web.site.page import back_to, database, looking, me, now, page

pages = Blueprint("correct", __name__)

# Fields of the page. Keys of questions begin with a letter, so none of them is ever called like these.
REASON, REVISION, ITEM = "_reason", "_revision", "_item"
Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Before:
    """What somebody answered."""

    question: str
    answer: str
    said: str  # who, and when


@dataclass(frozen=True)
class CorrectPage:
    """What the template shows. typed: None shows the answers as they are."""

    head: CaseHead
    found: Correction
    typed: Typed | None = None
    wrong: Mapping[str, Sequence[str]] | None = None
    reason: str = ""
    messages: Mapping[str, str] | None = None  # field of the page -> sentence
    moved: str = ""

    @property
    def stopped(self) -> str:
        """Why it stopped."""
        return self.head.case.reason or "No reason was given."

    @property
    def revision(self) -> int:
        """Of the case, as it is seen here."""
        return self.found.run.case.revision

    @property
    def item(self) -> str:
        """Whom or what the answers are about, where they were given for each of several; empty otherwise."""
        return self.found.scope or ""

    @property
    def most(self) -> int:
        """Characters a reason may have."""
        return LONGEST_REASON

    @cached_property
    def before(self) -> list[Before]:
        """The answers as they are, each with who gave it."""
        run, names = self.found.run, self.found.names
        ids = {one.sent.by for one in self.found.answers if one.sent.by} - names.keys()
        people = {**names, **{person.id: person.name for person in run.store.people(ids).values()}}
        return [
            Before(
                one.label,
                self.found.told(one.key, self.found.kept.get(one.key)),
                ", ".join(filter(None, (people.get(one.sent.by) if one.sent.by else "", self._when(one.sent.at)))),
            )
            for one in self.found.answers
        ]

    def _when(self, moment: datetime) -> str:
        return moment_in_words(moment, now())

    @cached_property
    def form(self) -> FormView | None:
        """The questions, with what was typed or what is known."""
        found = self.found
        return forms.view(found.form, found.known, self.typed, self.wrong) if asks_something(found.form) else None

    @cached_property
    def questions(self) -> Markup:
        """The questions as they stand inside the page's form."""
        return rendered.render(self.form) if self.form else Markup()

    @property
    def problems(self) -> list[dict[str, str]]:
        """The lines of the error summary."""
        found = [{"text": self.moved}] if self.moved else []
        for problem in self.form.problems if self.form else ():
            found.append({"text": problem.sentence, **({"href": f"#{problem.target}"} if problem.target else {})})
        for field, sentence in (self.messages or {}).items():
            found.append({"text": sentence, "href": "#reason" if field == "reason" else "#answers"})
        return found


@pages.get("/cases/<ref>/correct")
@guard.asked_by_command(policy.may_correct)
def show(ref: str) -> ResponseReturnValue:
    """Which answers the rule goes by, and what each is now."""
    return _show(ref)


@pages.post("/cases/<ref>/correct")
@guard.asked_by_command(policy.may_correct, look=True)
def save(ref: str) -> ResponseReturnValue:
    """Put them right and let the case try again."""
    typed = sent().answers
    if looking() or forms.changes_rows(typed):
        return _show(ref, typed)
    try:
        with transaction(database()) as store:
            case_id = read_head(store, me(), ref).case.id
            made = correct_answers(store, me(), case_id, typed, _reason(), _revision(), now(), _item())
    except (BadAnswers, UnknownAnswers) as refusal:
        wrong = refusal.messages if isinstance(refusal, BadAnswers) else {"": [refusal.sentence]}
        return _show(ref, typed, wrong, status=422)
    except NeedsAReason as refusal:
        return _show(ref, typed, messages={"reason": refusal.sentence.rstrip(".")}, status=422)
    except BadDetails as refusal:
        return _show(ref, typed, messages=refusal.messages, status=422)
    except (CaseMovedOn, CaseNotOpen) as refusal:
        return _show(ref, typed, moved=refusal.sentence, status=409)
    return back_to("cases.show", ref=ref, done="corrected_stopped" if made.stopped else "corrected")


def _show(
    ref: str,
    typed: Typed | None = None,
    wrong: Mapping[str, Sequence[str]] | None = None,
    messages: Mapping[str, str] | None = None,
    moved: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    with reading_store(database()) as store:
        head = read_head(store, me(), ref)
        try:
            found = open_correction(store, me(), head.case.id, now(), _item())
        except CaseNotOpen as refusal:
            return _closed(head, refusal, typed)
        if typed is not None and found.form.keys:
            typed = forms.rows_changed(found.form, typed)
        view = CorrectPage(head, found, typed, wrong, _reason(), messages, moved)
        return page("cases/manage/correct.html", status, view=view, head=head, closed="")


def _closed(head: CaseHead, refusal: Refused, typed: Typed | None) -> ResponseReturnValue:
    """Somebody was quicker: nothing typed is lost."""
    texts = [text for given in (typed or {}).values() for text in given if text.strip()]
    texts += [_reason()] if _reason() else []
    return page("cases/manage/correct.html", 409, view=None, head=head, closed=refusal.sentence, texts=texts)


def _reason() -> str:
    return request.form.get(REASON, "")


def _revision() -> int:
    """Of the case as the page showed it; one that never was when the page did not say."""
    text = request.form.get(REVISION, "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _item() -> str | None:
    return request.values.get(ITEM) or None
