"""Every rule of a form tried: one that fails would keep the page from being shown, and the case from going on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.check.names import Names
from engine.bpmn.trying.knowledge import Tried, Try
from engine.bpmn.trying.rules import no_answer, told_fault
from engine.forms.drawn.model import Component, Group, Question, feels
from engine.forms.drawn.texts import Feel
from engine.model.fault import Fault
from engine.model.wording import quoted
from engine.rules import feel
from engine.rules.misread import misread_rule


def faults(tried: Tried, names: Names) -> Iterator[Fault]:
    """The faults of every form that can be read; what stands in the rows of a list is not tried."""
    for key, form in tried.view.forms.items():
        used = [element for element in tried.view.diagram.elements.values() if element.form == key]
        known = names.at_all(used)
        for part in _single(form.parts):
            rules = feels(*part.page_rules, getattr(part, "default", None))
            for rule in dict.fromkeys(rule for rule in rules if _reads(rule.text, known)):
                if sentence := _of_rule(tried, part, rule):
                    yield Fault(f"forms/{key}.form", part.id or None, part.title or None, sentence)
                    break


def _single(parts: Iterable[Component]) -> Iterator[Component]:
    """The components whose rules read the names of the case, not those of a row or of a group with a key."""
    for part in parts:
        yield part
        if isinstance(part, Group) and not part.key:
            yield from _single(part.parts)


def _reads(rule: str, known: frozenset[str]) -> bool:
    return not (feel.parse_fault(rule) or feel.unknown_names(rule, known) or misread_rule(rule))


def _of_rule(tried: Tried, part: Component, rule: Feel) -> str | None:
    said = f"The rule {quoted(rule.text)}"
    if sentence := no_answer(tried, [rule.text]):
        return f"{said} compares with what nobody can answer: {sentence}"
    tries = sorted(tried.trial([rule.text], None).tries, key=lambda one: len(one.empty))
    wrong = next((sentence for one in tries if (sentence := told_fault(one) or _no_flag(part, rule, one))), None)
    return f"{said} {wrong}" if wrong else None


def _no_flag(part: Component, rule: Feel, one: Try) -> str | None:
    """What hides a part, or makes a question required or shown only, is yes or no."""
    flags = (part.hide, *((part.required, part.readonly, part.disabled) if isinstance(part, Question) else ()))
    value = one.told[0].value
    if rule not in flags or value is None or isinstance(value, bool):
        return None
    return "must give yes or no. Say what it is compared with, such as n > 5."
