"""A case that goes round and round with 5 KB of answers a round, and how much a case's stored state weighs."""

from __future__ import annotations

import json
import random
import string
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from bench.figure import Measured, p50
from bench.support.trust import TODAY, TRIAGE, Ground, ground, publish
from engine.bpmn.package import Package
from engine.commands.cases import start, tasks
from engine.model.casework import Case, Task
from engine.model.people import Me
from engine.stories.posting import Posting
from storage.database import transaction
from storage.store.sql_store import SqlStore

ROUNDS = 5000
LETTERS = 5 * 1024
ROLE = "headteacher"
LOOP = b"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
<process id="loop" name="Loop" isExecutable="true">
  <startEvent id="s" name="Start"/><sequenceFlow id="f0" sourceRef="s" targetRef="write"/>
  <userTask id="write" name="Write" camunda:candidateGroups="headteacher" camunda:formRef="write"
    camunda:dueDate="3 school days"/>
  <sequenceFlow id="f1" sourceRef="write" targetRef="more"/>
  <exclusiveGateway id="more" name="More?" default="f3"/>
  <sequenceFlow id="f2" sourceRef="more" targetRef="write">
    <conditionExpression xsi:type="tFormalExpression">=again = "yes"</conditionExpression></sequenceFlow>
  <sequenceFlow id="f3" sourceRef="more" targetRef="e"/><endEvent id="e" name="End"/>
</process></definitions>"""
FORM = {
    "type": "default",
    "schemaVersion": 18,
    "components": [
        {"id": "F1", "type": "textarea", "key": "text", "label": "Text", "validate": {"maxLength": 20000}},
        {"id": "F2", "type": "textfield", "key": "again", "label": "Again"},
    ],
}
LOOPING = Package(LOOP, {"write": json.dumps(FORM).encode()})


def measure() -> Mapping[str, Measured]:
    """Growth, rounds that worked, and bytes of state in the loop and at Diagnosis's widest point."""
    with ground() as here:
        growth, rounds, size = _loop(here)
    with ground() as here:
        wide = _widest(here)
    whole = f"p50 of 50 rounds at 2,000 over 50 at 10, of {ROUNDS:,}; whole command with its commit, 5 KB a round"
    return {
        "loop_growth": Measured(growth, "ratio", whole),
        "loop_rounds": Measured(rounds, "rounds", "each completed, the case asked to go on"),
        "state_bytes": Measured(size, "bytes", "largest stored state in those rounds"),
        "state_bytes_wide": Measured(wide, "bytes", "largest on the way to four experts and the head at work"),
    }


def _loop(here: Ground) -> tuple[float, int, int]:
    with transaction(here.database) as store:
        me = here.me(store, ROLE)
        publish(store, LOOPING)
        case = start.start_case(store, me, "loop", here.schools[0].id, "Loop", {}, datetime.now(UTC))
    took: list[float] = []
    size = 0
    draw = random.Random(5)
    for number in range(1, ROUNDS + 1):
        text = "".join(draw.choices(string.ascii_letters, k=LETTERS))
        with transaction(here.database) as store:
            (task,) = store.open_tasks(case.id)
        began = time.perf_counter()
        case = turn(here, me, task, text)
        took.append(time.perf_counter() - began)
        size = max(size, len(case.state))
        if case.ended_at:
            return float("inf"), number, size
    return p50(took[1975:2025]) / p50(took[9:59]), ROUNDS, size


def turn(here: Ground, me: Me, task: Task, text: str) -> Case:
    """Complete the task with this text and ask for another round."""
    with transaction(here.database) as store:
        return tasks.complete_task(store, me, task.id, {"text": [text], "again": ["yes"]}, datetime.now(UTC))


def _widest(here: Ground) -> int:
    """The largest stored state met on the way to the point where head and all experts are at work side by side."""
    with transaction(here.database) as store:
        case = here.start(store)
        largest = len(case.state)
        for step, answers in (("triage", None), ("choose_team", _team)):
            task = next(task for task in store.open_tasks(case.id) if task.step == step)
            me = store.me(here.people[task.role].id, TODAY)
            posted = answers(store, case) if answers else TRIAGE
            case = tasks.complete_task(store, me, task.id, posted, datetime.now(UTC))
            largest = max(largest, len(case.state))
    return largest


def _team(store: SqlStore, case: Case) -> dict[str, list[str]]:
    """The lead and as many experts as the form takes."""
    form = store.definition(case.version_id).forms["diagnosis-team"]
    found = [value for value in case.answers.values.values() if isinstance(value, list)]
    people = {f"p{number}": each["person"] for value in found for number, each in enumerate(value) if "person" in each}
    posting = Posting(people)
    named = sorted(key for key in form.keys if key.startswith("expert_"))
    chosen = {key: f"p{number}" for number, key in enumerate(named, 1)}
    posting.fill(form.parts, {"lead": "p0", "lead_agreed": "yes", **chosen})
    return posting.fields
