"""Faults of what each step says: who does it, with which form, by when, and what Headway is asked to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from engine.bpmn.check.spelling import nearest
from engine.bpmn.check.subject import View
from engine.bpmn.diagram.critical_path import outcomes
from engine.bpmn.diagram.elements import Element, Kind, Trigger
from engine.bpmn.words import registry
from engine.model.calendar import HOW_TO_WRITE, read_deadline
from engine.model.cycles import HOW_TO_REPEAT, read_cycle
from engine.model.fault import Fault
from engine.model.role_names import key_of
from engine.model.wording import MOST_LISTED, in_a_row, quoted, short
from engine.rules import texts

KEY = re.compile(r"^[^\W\d][\w.-]*$")  # of a procedure that is called
_PREFIX = re.compile(r"^[A-Z][A-Z0-9]{1,5}$")


def faults(view: View) -> Iterator[Fault]:
    """Every fault of what the procedure and its steps say."""
    yield from _procedure(view)
    for element in view.diagram.elements.values():
        yield from _CHECKS.get(element.kind, _nothing)(view, element)
    yield from _same_names(view)


def _procedure(view: View) -> Iterator[Fault]:
    diagram = view.diagram
    if diagram.title == diagram.key:
        yield view.fault(None, "The procedure has no name. Click the empty canvas or the pool and name it.")
    if not _PREFIX.match(diagram.prefix):
        yield view.fault(
            None,
            f"References of cases would begin with {quoted(diagram.prefix)}. Give the procedure a property trust:prefix"
            " of two to six capital letters or digits, such as DIA.",
        )
    if diagram.promise and (sentence := _does_not_read(diagram.promise, "The promise")):
        yield view.fault(None, sentence)


def _person(view: View, element: Element) -> Iterator[Fault]:
    yield from _named(view, element)
    if not element.role and not _lane_is_told(view, element):
        yield view.fault(element.id, "Nobody is to do this. Put it into a lane that is named after a role.")
    if not element.form and not element.plain:
        yield view.fault(element.id, "This step has no form. Choose “Camunda Form” and fill in the id of a form file.")
    if not element.due and not element.plain:
        yield view.fault(element.id, f"This step has no deadline. Fill in “Due date”. {HOW_TO_WRITE}")
    if sentence := unreadable(element.due, "The deadline"):
        yield view.fault(element.id, sentence)
    yield from _form(view, element)


def _lane_is_told(view: View, element: Element) -> bool:
    """Whether its lane is told to have no name, which is one mistake."""
    return any(outer.id in view.in_nameless_lanes for outer in (element, *view.around(element)))


def _form(view: View, element: Element) -> Iterator[Fault]:
    if element.form and element.form not in view.package.forms:
        file = f"{short(element.form)}.form"
        sentence = f"The form {quoted(element.form)} is not among the files. Upload {file} with the diagram."
        yield view.fault(element.id, sentence)


def _named(view: View, element: Element) -> Iterator[Fault]:
    if not element.name:
        yield view.fault(element.id, "This step has no name. Name it by what is done, such as “Check the plan”.")


def unreadable(text: str | None, what: str = "The time", read: Callable[[str], object] = read_deadline) -> str | None:
    """A sentence when a time cannot be read; of a rule, only the texts it gives as they stand are looked at."""
    if not text or (texts.is_rule(text) and not text.startswith("=")):
        return None
    given = outcomes(text) if text.startswith("=") else [text]
    return next((sentence for found in given if (sentence := _does_not_read(found, what, read))), None)


def _does_not_read(text: str, what: str, read: Callable[[str], object] = read_deadline) -> str | None:
    try:
        read(text)
    except ValueError as error:
        return f"{what} does not read. {error}"
    return None


def _clock(view: View, element: Element) -> Iterator[Fault]:
    if element.timer and element.cycle:
        sentence = "This timer says both when it comes once and when it comes round. Keep one of the two."
        yield view.fault(element.id, sentence)
    elif not element.moment:
        yield view.fault(element.id, f"This timer has no time. {HOW_TO_WRITE}{_comes_round(element)}")
    elif wrong := unreadable(element.timer, "The timer") or unreadable(element.cycle, "The timer", read_cycle):
        yield view.fault(element.id, wrong)


def _comes_round(element: Element) -> str:
    """What to say besides where a timer may come again and again."""
    again = element.kind is not Kind.CATCH and not element.interrupting
    return f" To come again and again, it needs a cycle. {HOW_TO_REPEAT}" if again else ""


def _event(view: View, element: Element) -> Iterator[Fault]:
    yield from _ABOUT.get(element.trigger, _nothing)(view, element)


def _heard(view: View, element: Element) -> Iterator[Fault]:
    if not element.named:
        does = "waits for" if element.waits or element.kind is Kind.START else "sends"
        what = element.trigger.value
        yield view.fault(element.id, f"This {does} a {what} without a name. Choose or make a {what} and name it.")


def _condition(view: View, element: Element) -> Iterator[Fault]:
    if not element.condition:
        sentence = "This waits for a rule, and none is given. Write one that is true or false, such as =score < 3."
        yield view.fault(element.id, sentence)


def _sends(view: View, element: Element) -> Iterator[Fault]:
    """A send task says one of the blocks, or sends its message."""
    if element.trigger is Trigger.MESSAGE:
        yield from _named(view, element)
        yield from _heard(view, element)
    else:
        yield from _says(view, element)


def _receives(view: View, element: Element) -> Iterator[Fault]:
    yield from _named(view, element)
    yield from _heard(view, element)


def _rule(view: View, element: Element) -> Iterator[Fault]:
    yield from _named(view, element)
    if not element.decision:
        yield view.fault(
            element.id, "This step has no decision table. Fill in the id of a table as “Decision reference”."
        )
    elif element.decision not in view.package.decisions:
        sentence = f"The decision table {quoted(element.decision)} is not among the files. Upload its .dmn file too."
        yield view.fault(element.id, sentence)
    elif _gives_a_list(view, element.decision) and not element.result:
        yield view.fault(element.id, "This table can give several rows. Fill in “Result variable” to name their list.")


def _gives_a_list(view: View, key: str) -> bool:
    table = view.decisions.get(key)
    return table is not None and table.hit_policy == "COLLECT" and not table.aggregation


def _script(view: View, element: Element) -> Iterator[Fault]:
    yield from _named(view, element)
    if not element.script:
        yield view.fault(element.id, "There is nothing to work out here. Write FEEL into the script.")
    if not element.result:
        yield view.fault(element.id, "What this works out has no name. Fill in “Result variable”.")


def _says(view: View, element: Element) -> Iterator[Fault]:
    yield from _named(view, element)
    if not element.word:
        known = in_a_row([f"“{word.label}”" for word in registry.WORDS.values()])
        yield view.fault(element.id, f"This step does not say what to do. Choose one of the blocks {known}.")
        return
    for sentence in registry.faults(element.word, element.parameters):
        yield view.fault(element.id, sentence)
    unnamed = registry.WORDS[element.word].unnamed if element.word in registry.WORDS else None
    if unnamed and not element.result:
        yield view.fault(element.id, unnamed)
    yield from _named_in_words(view, element, element.parameters)


def _named_in_words(view: View, element: Element, parameters: Mapping[str, str]) -> Iterator[Fault]:
    if element.word == "start_procedure":
        yield from _procedure_named(view, element, parameters)


def _procedure_named(view: View, element: Element, parameters: Mapping[str, str]) -> Iterator[Fault]:
    """A procedure that does not exist yet may be named when somebody is to act in its place, but not by a slip."""
    procedure = parameters.get("procedure", "")
    if not procedure or texts.is_rule(procedure) or procedure in view.procedures:
        return
    close = nearest(procedure, view.procedures, 0.8)
    if close:
        yield view.fault(element.id, f"There is no procedure {quoted(procedure)}. Did you mean {quoted(close)}?")
    elif not parameters.get("fallback_role"):
        known = (
            f"Those there are: {in_a_row(sorted(view.procedures), most=MOST_LISTED)}."
            if view.procedures
            else "There are none yet."
        )
        yield view.fault(
            element.id,
            f"There is no procedure {quoted(procedure)}. {known} Say in fallback_role which role acts instead until"
            " there is, or use the block “Raise an action”.",
        )


def _call(view: View, element: Element) -> Iterator[Fault]:
    if element.called and element.called != view.diagram.key and KEY.match(element.called):
        yield from _procedure_named(view, element, element.parameters)


def _block(view: View, element: Element) -> Iterator[Fault]:
    yield from _named(view, element)


def _start(view: View, element: Element) -> Iterator[Fault]:
    if (
        element.inside or element.trigger is not Trigger.TIMER
    ):  # of a clock that begins a case the check of starts tells
        yield from _event(view, element)
    if element.form and element.trigger is not Trigger.NONE and not element.inside:
        sentence = "Nobody is there to fill in a form when this begins by itself. Give the form to the first step."
        yield view.fault(element.id, sentence)
    if element.form and element.inside:
        yield view.fault(element.id, "Only the start of the procedure itself can have a form. Give it to a step.")
    yield from _form(view, element)


def _nothing(view: View, element: Element) -> Iterator[Fault]:
    yield from ()


def _same_names(view: View) -> Iterator[Fault]:
    """Two tasks of one role with one name: nobody could tell them apart on a list."""
    first: dict[tuple[str, str], str] = {}
    for element in view.diagram.elements.values():
        if element.kind is not Kind.USER or not element.name:
            continue
        role = element.role or ""
        same = (element.name.casefold(), key_of(role, view.roles) or role.casefold())
        if first.setdefault(same, element.id) != element.id:
            yield view.fault(
                element.id, f"Two steps of one role are called {quoted(element.name)}. Give them different names."
            )


_ABOUT = {
    Trigger.TIMER: _clock,
    Trigger.MESSAGE: _heard,
    Trigger.SIGNAL: _heard,
    Trigger.CONDITION: _condition,
}
_CHECKS = {
    Kind.USER: _person,
    Kind.CATCH: _event,
    Kind.BOUNDARY: _event,
    Kind.RECEIVE: _receives,
    Kind.RULE: _rule,
    Kind.SCRIPT: _script,
    Kind.SERVICE: _says,
    Kind.SEND: _sends,
    Kind.SUB: _block,
    Kind.EVENT_SUB: _block,
    Kind.THROW: _event,
    Kind.END: _event,
    Kind.CALL: _call,
    Kind.START: _start,
}
