"""Program code planted wherever a procedure can carry text, run all the same: nothing of it is ever evaluated.

Checking refuses most of these procedures. Here each is run without being checked, as if a check had let it through:
it ends with its code as text, or is refused with a sentence; the file that the code would make is never there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine import forms
from engine.bpmn.definition import Definition
from engine.bpmn.runtime import runner
from engine.bpmn.runtime.rest import Rest
from engine.bpmn.words import registry
from engine.commands.cases import advance, start, tasks
from engine.errors import Refused
from engine.model.casework import Answers, CaseStatus, JobKind
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore
from tests.engine.bpmn.runtime.planted import CODES, READ, WORKED_OUT, Planted, planted
from tests.engine.commands.place import NOW, Place, jobs_of, publish, run_job
from tests.storage.conftest import migrated_file, sqlite_database

__all__ = ["migrated_file", "sqlite_database"]

FACTS: Mapping[str, Any] = {
    "case": {"ref": "TRI-2026-0001", "title": "A trial", "started_on": date(2026, 11, 2), "sensitivity": "staff"},
    "school": {"name": "Saltmarsh", "urn": "900001", "phase": "primary"},
    "today": date(2026, 11, 2),
    "calendar": {"terms": [], "closed": []},
}
MOST_STEPS = 20

pytestmark = pytest.mark.slow


def outcomes(path: Path) -> Iterator[tuple[Planted, str]]:
    """How each run came out: `ended` or the kind of refusal."""
    for each in planted(str(path)):
        try:
            yield each, _through(Definition(each.package), CODES[each.code].replace("PATH", str(path)))
        except Refused as refusal:
            yield each, type(refusal).__name__
        assert not path.exists(), (each.place, each.code)


def _through(definition: Definition, code: str) -> str:
    """Start and go on with whatever comes first, the code itself among the answers, until the case ends."""
    rest = runner.start(definition, Answers(), FACTS)
    for _ in range(MOST_STEPS):
        if rest.ended_at:
            return "ended"
        rest = _one_on(definition, rest, code)
    raise AssertionError("the procedure goes on for ever")


def _one_on(definition: Definition, rest: Rest, code: str) -> Rest:
    state, answers = rest.state, rest.answers
    asked = next((said for said in rest.said if said.answer_to and said.answer_to not in rest.gone), None)
    if asked and asked.answer_to:
        return runner.answer(definition, state, answers, asked.answer_to, [{"value": code, "label": code}], FACTS)
    if rest.timers:
        return runner.wake(definition, state, answers, rest.timers[0].token, FACTS)
    if rest.awaited:
        return runner.message(definition, state, answers, rest.awaited[0].token, {"answer": code}, FACTS)
    waiting = rest.waiting[0]
    runner.details(definition, rest.waiting, answers, FACTS)
    names = runner.names_for(definition, answers, FACTS, waiting.scope)
    given = _filled(definition, waiting.step, names, code)
    return runner.complete(definition, state, answers, waiting.token, given, FACTS)


def _filled(definition: Definition, step: str, names: Mapping[str, Any], code: str) -> dict[str, Any]:
    """The answers of a step's form, whose one question is answered with the code; a form nobody has asks nothing."""
    form = definition.forms.get(definition.diagram.elements[step].form or "")
    if form is None:
        return {}
    forms.view(form, names, None)
    return forms.check(form, {"answer": [code]}, names)


def test_running_a_procedure_with_code_in_it_runs_none_of_it(tmp_path: Path) -> None:
    found = list(outcomes(tmp_path / "made"))

    assert len(found) >= len(CODES) * (len(WORKED_OUT) + len(READ))
    assert {how for _, how in found} >= {"ended", "ExpressionStopped"}
    for each, how in found:
        if each.place in READ:
            assert how == "ended", (each.place, each.code)


def test_what_a_diagram_says_in_code_is_said_as_text(tmp_path: Path) -> None:
    code = CODES["python expression"].replace("PATH", str(tmp_path / "made"))
    (plain,) = (
        each
        for each in planted(str(tmp_path / "made"))
        if (each.place, each.code) == ("plain parameter", "python expression")
    )
    drawn = Definition(plain.package)
    rest = runner.start(drawn, Answers(), FACTS)

    rest = runner.complete(drawn, rest.state, rest.answers, rest.waiting[0].token, {"answer": "x"}, FACTS)

    (said,) = rest.said
    assert (said.parameters["subject"], said.parameters["text"]) == (code, code)
    assert registry.load("tell", {"role": "headteacher", "subject": code, "text": code})["text"] == code


@pytest.mark.parametrize("code", ["python expression", "template"])
def test_nothing_is_run_either_on_the_whole_way_to_the_database_and_back(
    sqlite_database: Database, tmp_path: Path, code: str
) -> None:
    """Start, complete, timers and jobs as in a real trust. What is refused leaves no trace of itself."""
    path, place = tmp_path / "made", Place(sqlite_database).fill()
    ended = 0

    for each in planted(str(path)):
        if each.code == code:
            ended += _lived(place, each, CODES[code].replace("PATH", str(path)))
        assert not path.exists(), each.place

    assert ended >= len(READ) - 1


def _lived(place: Place, each: Planted, code: str) -> bool:
    """Whether a case of the procedure ended. A form or table that is not there is nobody's to publish."""
    try:
        drawn = Definition(each.package)
        if not all(element.form in drawn.forms for element in drawn.diagram.elements.values() if element.form):
            return False
        with transaction(place.database) as store:
            for version in store.versions(drawn.diagram.key):
                store.withdraw_version(version.id, NOW)
            number = max(version.number for version in store.versions("trial")) + 1
            publish(store, each.package, number)
        return _live_on(place, code)
    except Refused:
        return False


def _live_on(place: Place, code: str) -> bool:
    with transaction(place.database) as store:
        case = start.start_case(store, place.me(store, place.head), "trial", place.school.id, code, {}, NOW)
    for _ in range(MOST_STEPS):
        with transaction(place.database) as store:
            case = store.case(case.id)
            if case.status is not CaseStatus.OPEN:
                return True
            _next(store, place, case.id, code)
    raise AssertionError("the case goes on for ever")


def _next(store: SqlStore, place: Place, case_id: Any, code: str) -> None:
    timers = [job for job in jobs_of(store, case_id) if job.kind is JobKind.WAKE]
    awaited = store.awaiting(case_id, "report")
    if timers:
        run_job(store, timers[0], timers[0].run_at)
    elif awaited:
        advance.send_message(store, case_id, "report", {"answer": code}, NOW)
    elif store.open_tasks(case_id):
        task = store.open_tasks(case_id)[0]
        given = {"answer": [code]} if store.definition(store.case(case_id).version_id).form_of(task.step) else {}
        tasks.complete_task(store, store.me(place.head.id, NOW.date()), task.id, given, NOW)
    else:
        raise Refused("It waits for what only the code would bring.")
