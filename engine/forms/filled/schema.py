"""A marshmallow schema from the questions of a form: each field reads what was typed and keeps to its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from engine.forms.drawn.model import Question, QuestionKind
from engine.forms.drawn.pattern import BadPattern, Pattern, pattern
from engine.forms.filled import sentences as say
from engine.forms.filled.values import Unreadable, as_text, chosen, moment_of, option_key, read_typed
from engine.model.text import too_long
from engine.readers.addresses import BadAddress, read_address

Validator = Callable[[Any], Any]


class Answer(fields.Field[Any]):
    """One question: what was typed into its boxes in, the answer as it is kept out."""

    def __init__(self, question: Question) -> None:
        """The question's rules must be worked out: no Feel is left in it."""
        super().__init__(required=True, validate=list(_validators(question)))
        self.question = question

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            found = read_typed(self.question, value)
        except Unreadable as error:
            raise ValidationError(f"{say.subject(self.question)} {error}") from None
        if (self.question.required is True and not found and found != 0) or self._unticked(found):
            raise ValidationError(say.missing(self.question))
        return self._chosen(found)

    def _unticked(self, found: Any) -> bool:
        return self.question.required is True and self.question.kind is QuestionKind.TICK and found is False

    def _chosen(self, found: Any) -> Any:
        """Options as their own values, in their own order."""
        if self.question.kind not in (QuestionKind.RADIO, QuestionKind.SELECT, QuestionKind.TICKS) or not found:
            return found
        wanted = found if isinstance(found, list) else [found]
        offered = {option_key(as_text(option.value)) for option in self.question.choices.fixed}
        if not offered.issuperset(map(option_key, wanted)):
            raise ValidationError(f"Select from the answers shown for “{self.question.title or self.question.key}”")
        values = chosen(self.question, wanted)
        return values if self.question.kind is QuestionKind.TICKS else values[0]

    def _validate(self, value: Any) -> None:
        """An answer that was not given keeps to every limit."""
        if value is not None:
            super()._validate(value)


def schema(questions: Sequence[Question]) -> Schema:
    """A schema with a field for each question, by key."""
    return Schema.from_dict({question.key: Answer(question) for question in questions})()


def _validators(question: Question) -> Iterator[Validator]:
    if question.kind in (QuestionKind.TEXT, QuestionKind.LONG_TEXT):
        yield from _text_validators(question)
    elif question.kind is QuestionKind.NUMBER:
        yield from _number_validators(question)
    elif question.kind is QuestionKind.FILES and not question.multiple:
        yield validate.Length(max=1, error=f"Keep one file for “{question.title}” and remove the others")


def _text_validators(question: Question) -> Iterator[Validator]:
    name, limits = say.subject(question), question.limits
    if isinstance(limits.shortest, Decimal):
        least = int(limits.shortest)
        yield validate.Length(min=least, error=f"{name} must be {least:,} characters or more")
    if isinstance(limits.longest, Decimal):
        most = max(0, int(limits.longest))
        yield _at_most(name, most)
    if limits.looks_like == "email":
        yield _is_address
    if limits.looks_like == "phone":
        yield validate.Regexp(r"\+?[0-9 ()./-]{7,25}\Z", error=say.PHONE)
    if found := pattern_of(question):
        yield _matches(question, found)


def _is_address(text: str) -> None:
    try:
        read_address(text)
    except BadAddress as error:
        raise ValidationError(str(error)) from error


def pattern_of(question: Question) -> Pattern | None:
    """The pattern of a question, None when it has none or publishing would refuse it."""
    if not question.limits.pattern:
        return None
    longest = question.limits.longest
    try:
        return pattern(question.limits.pattern, int(longest) if isinstance(longest, Decimal) else None)
    except BadPattern:
        return None


def _at_most(name: str, most: int) -> Validator:
    def check(text: str) -> None:
        if wrong := too_long(name, text, most):
            raise ValidationError(wrong)

    return check


def _matches(question: Question, found: Pattern) -> Validator:
    name = say.subject(question)

    def check(text: str) -> None:
        if wrong := too_long(name, text, found.longest):
            raise ValidationError(wrong)
        if not found.fits(text):
            raise ValidationError(question.limits.pattern_message or f"{name} is not in the right format")

    return check


def _number_validators(question: Question) -> Iterator[Validator]:
    name, limits = say.subject(question), question.limits
    least, most, step, places = limits.least, limits.most, limits.step, limits.decimals
    if isinstance(least, Decimal):
        yield _holds(lambda number: number >= least, f"{name} must be {least:,f} or more")
    if isinstance(most, Decimal):
        yield _holds(lambda number: number <= most, f"{name} must be {most:,f} or less")
    if places is not None:
        unit = Decimal(1).scaleb(-places)
        allowed = f"have {places} decimal places or fewer" if places else "be a whole number"
        yield _holds(lambda number: number % unit == 0, f"{name} must {allowed}")
    if step:
        yield _holds(lambda number: number % step == 0, f"{name} must be a multiple of {step:f}")


def _holds(test: Callable[[Decimal], bool], sentence: str) -> Validator:
    """A test of a number as people wrote it: 0.1 is a tenth, not the nearest binary number."""

    def check(number: float) -> None:
        if not test(Decimal(str(number))):
            raise ValidationError(sentence)

    return check


def not_past(question: Question, answer: Any, today: Any) -> str | None:
    """What is wrong with a date that has passed, when the question wants one that has not."""
    if not question.limits.from_today or answer is None:
        return None
    day, since = moment_of(answer)[0], moment_of(today)[0]
    if day and since and day < since:
        return f"{say.subject(question)} must be today or in the future"
    return None
