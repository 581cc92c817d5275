"""Carrying out what a diagram says: telling words become rows, asking words get their answer and the case runs on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.bpmn.runtime import runner
from engine.bpmn.runtime.rest import Rest, Said
from engine.casework.context import CaseInHand
from engine.casework.words.find_people import find_people
from engine.casework.words.raise_action import raise_action
from engine.casework.words.record import record
from engine.casework.words.roles import role_key
from engine.casework.words.start_procedure import NOT_YET, start_and_go_on, start_procedure
from engine.casework.words.tell import tell
from engine.errors import WordRefused, at_step

MOST_ASKS = 100  # in one command: a diagram that asks more than this without resting is going round in circles
TELLS: Mapping[str, Callable[[CaseInHand, Said], None]] = {
    "tell": tell,
    "raise_action": raise_action,
    "record": record,
    "start_procedure": start_and_go_on,
}
ANSWERS: Mapping[str, Callable[[CaseInHand, Said], Any]] = {
    "start_procedure": start_procedure,
    "find_people": find_people,
}


def roles_called(run: CaseInHand, rest: Rest) -> frozenset[str]:
    """The role keys that a rest puts a message, an action or a task before."""
    said = (said.parameters.get(name) for said in rest.said for name in ("role", "fallback_role"))
    steps = (run.definition.diagram.elements[each.step].role for each in rest.waiting if each.token in rest.begun)
    return frozenset(role_key(run, str(name)) for name in (*said, *steps) if name)


def answer_all(run: CaseInHand, rest: Rest) -> Rest:
    """Answer every asking word until only people, times and messages are awaited.

    Raises WordRefused when they never end.
    """
    for _ in range(MOST_ASKS):
        asked = next((said for said in rest.said if said.answer_to and said.answer_to not in rest.gone), None)
        if asked is None:
            return rest
        with at_step(asked.step):
            value = ANSWERS[asked.word](run, asked)
        rest = _forget(rest, asked)
        if value is not NOT_YET and asked.answer_to:
            then = runner.answer(run.definition, rest.state, rest.answers, asked.answer_to, value, run.facts)
            rest = follow(rest, then)
    raise WordRefused("This procedure asks Headway for things over and over without stopping.")


def _forget(rest: Rest, said: Said) -> Rest:
    return replace(rest, said=tuple(each for each in rest.said if each is not said))


def follow(first: Rest, then: Rest) -> Rest:
    """Two runs of one command as one: what began and went in between never reaches anybody."""
    return replace(
        then,
        said=first.said + then.said,
        thrown=first.thrown + then.thrown,
        begun=(first.begun - then.gone) | then.begun,
        gone=first.gone | (then.gone - first.begun),
        passed=first.passed + then.passed,
    )


def carry_out(run: CaseInHand, said: Said) -> None:
    """Do what a telling word says."""
    with at_step(said.step):
        TELLS[said.word](run, said)
