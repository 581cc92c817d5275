"""What changed in the forms and decision tables of a procedure: (what, how, sentences) of each that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.forms import Form
from engine.forms.drawn.model import Component, Question, walk
from engine.forms.filled.tell import title_of
from engine.model.wording import in_a_row, quoted
from engine.rules.tables import Decision, Rule

MOST_SAID = 20  # sentences about one file; the rest is counted

Found = Iterator[tuple[str, str, tuple[str, ...]]]


def forms(before: Mapping[str, Form], after: Mapping[str, Form]) -> Found:
    """Forms by key: what they ask otherwise."""
    for key in dict.fromkeys((*after, *before)):
        if key not in before:
            asked = [quoted(title_of(part)) for part in _questions(after[key]).values()]
            yield f"form {key}", "new", (f"It asks {in_a_row(asked, most=8)}.",) if asked else ()
        elif key not in after:
            yield f"form {key}", "taken out", ()
        elif said := _few(_form(before[key], after[key])):
            yield f"form {key}", "changed", said


def tables(before: Mapping[str, Decision], after: Mapping[str, Decision]) -> Found:
    """Decision tables by key: what they decide otherwise."""
    for key in dict.fromkeys((*after, *before)):
        name = (after.get(key) or before[key]).name or key
        if key not in before:
            yield f"table {name}", "new", (f"It has {len(after[key].rules)} rows.",)
        elif key not in after:
            yield f"table {name}", "taken out", ()
        elif said := _few(_table(before[key], after[key])):
            yield f"table {name}", "changed", said


def _few(sentences: Iterator[str]) -> tuple[str, ...]:
    found = tuple(sentences)
    more = len(found) - MOST_SAID
    return (*found[:MOST_SAID], f"{more} more changes.") if more > 1 else found


def _questions(form: Form) -> dict[str, Question]:
    return {part.key: part for part in walk(form.parts) if isinstance(part, Question) and part.key}


def _form(before: Form, after: Form) -> Iterator[str]:
    old, new = _questions(before), _questions(after)
    for key, question in new.items():
        if key not in old:
            yield f"New question {quoted(title_of(question))}."
        else:
            yield from _question(old[key], question)
    for key, question in old.items():
        if key not in new:
            yield f"The question {quoted(title_of(question))} is taken out."
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield "The questions stand in another order."
    if _others(before) != _others(after):
        yield "The texts around its questions are changed."


def _others(form: Form) -> list[Component]:
    """What asks nothing, without what a drawing program calls it."""
    return [replace(part, id="") for part in walk(form.parts) if not isinstance(part, Question)]


def _question(old: Question, new: Question) -> Iterator[str]:
    was, now = title_of(old), title_of(new)
    if was != now:
        yield f"The question {quoted(was)} is worded {quoted(now)} now."
    if old.kind is not new.kind:
        yield f"{quoted(now)} is answered in another way."
    if old.required != new.required:
        yield f"{quoted(now)} {_must(new)}."
    if old.hint != new.hint:
        yield f"The hint under {quoted(now)} is reworded."
    yield from _options(old, new, now)
    rest = (
        "hide",
        "readonly",
        "disabled",
        "default",
        "limits",
        "moment",
        "accept",
        "multiple",
        "prefix",
        "suffix",
        "rule",
    )
    for name in rest:
        if getattr(old, name) != getattr(new, name):
            yield f"{_RESPECTS.get(name, 'How it is shown')} of {quoted(now)} is changed."


_RESPECTS = {
    "hide": "When it is asked, the rule",
    "default": "The answer that stands there at first",
    "limits": "What may be answered",
    "moment": "What may be answered",
    "accept": "Which files may be given",
    "multiple": "How many files may be given",
    "rule": "The rule",
}


def _must(question: Question) -> str:
    if isinstance(question.required, bool):
        return "must be answered now" if question.required else "may be left empty now"
    return "must be answered where a rule says so"


def _options(old: Question, new: Question, title: str) -> Iterator[str]:
    was, now = ({option.value: option.label for option in each.choices.fixed} for each in (old, new))
    for value, label in now.items():
        if value not in was:
            yield f"{quoted(title)} offers {quoted(label)} too."
        elif was[value] != label:
            yield f"At {quoted(title)} the answer {quoted(was[value])} is worded {quoted(label)} now."
    for value, label in was.items():
        if value not in now:
            yield f"{quoted(title)} no longer offers {quoted(label)}."
    if (old.choices.key, old.choices.rule) != (new.choices.key, new.choices.rule):
        yield f"Where the answers offered at {quoted(title)} come from is changed."


def _table(old: Decision, new: Decision) -> Iterator[str]:
    if (old.hit_policy, old.aggregation) != (new.hit_policy, new.aggregation):
        yield "How its rows are taken together is changed."
    if _columns(old) != _columns(new):
        yield "Its columns are changed."
    twins = {rule.id: rule for rule in old.rules}
    for rule in new.rules:
        twin = twins.pop(rule.id, None)
        if twin is None:
            yield f"Row {rule.number} is new: {_row(rule)}."
        elif _columns(old) == _columns(new):
            yield from _cells(twin, rule, new)
    for rule in twins.values():
        yield f"The row {_row(rule)} is taken out."
    kept = [rule.id for rule in new.rules if rule.id in {each.id for each in old.rules}]
    if kept != [rule.id for rule in old.rules if rule.id in set(kept)]:
        yield "Its rows stand in another order."


def _columns(table: Decision) -> list[tuple[str, str | None]]:
    read = [(column.expression, column.kind) for column in table.inputs]
    return [*read, *((column.name, column.kind) for column in table.outputs)]


def _row(rule: Rule) -> str:
    tests, results = ([cell.text or "anything" for cell in cells] for cells in (rule.tests, rule.results))
    return quoted(f"{', '.join(tests)} → {', '.join(results)}", 120)


def _cells(old: Rule, new: Rule, table: Decision) -> Iterator[str]:
    labels = [column.label or column.expression for column in table.inputs]
    labels += [column.label or column.name for column in table.outputs]
    cells = zip(labels, (*old.tests, *old.results), (*new.tests, *new.results), strict=True)
    for label, was, now in cells:
        if was.text != now.text:
            yield (
                f"Row {new.number}, {quoted(label)}: changed from {quoted(was.text or 'anything')} to"
                f" {quoted(now.text or 'anything')}."
            )
