"""A case's state as bytes: a format number, then zlib over what is open. Opaque to everybody else.

Format 1: [number of the last token, [token, ...]], tokens oldest first, each [its number, number of the token it stands
in (0: the case), step, state, what it keeps]. A step for several appears as itself and, for one item, with FOR_ONE
behind its id. A case that has ended has no state.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import orjson
from SpiffWorkflow.task import Task

from engine.bpmn.runtime.plan import Prepared
from engine.bpmn.runtime.workflow import ROOT, Token, Workflow
from engine.errors import UNREADABLE, CaseStuck
from engine.model.casework import Answers

FORMAT = 1


def dump(run: Workflow) -> bytes:
    """What is open, as bytes; nothing for a case that has ended."""
    rows = [_row(task) for task in run.tasks.values() if task.id != ROOT]
    return bytes([FORMAT]) + zlib.compress(orjson.dumps([run.number, rows])) if rows else b""


def load(prepared: Prepared, state: bytes, answers: Answers, facts: Mapping[str, Any]) -> Workflow:
    """The case as it rested. Raises CaseStuck for what a newer Headway kept, and for what cannot be read."""
    run = Workflow(prepared, answers, facts)
    if not state:
        return run
    if state[0] != FORMAT:
        raise CaseStuck(f"This case was kept by a newer Headway (format {state[0]}), so this one cannot go on with it.")
    try:
        _put_back(run, state)
    except (zlib.error, LookupError, TypeError, ValueError) as error:
        raise CaseStuck(UNREADABLE) from error
    return run


def _put_back(run: Workflow, state: bytes) -> None:
    run.number, rows = orjson.loads(zlib.decompress(state[1:]))
    if not rows:
        raise ValueError("nothing is open")
    for number, within, step, condition, *kept in rows:
        spec = run.prepared.plan.task_specs[step]
        task = Token(run, spec, run.tasks[f"t{within}"], condition, id=f"t{number}")
        if kept:
            task.internal_data.update(kept[0])


def _row(task: Task) -> list[Any]:
    row = [int(task.id[1:]), int(task._parent[1:]), task.task_spec.name, task.state]
    return [*row, task.internal_data] if task.internal_data else row
