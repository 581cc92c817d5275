"""A case that goes round and round with 5 KB of answers a round, and how much a case's stored state weighs."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Mapping
from typing import Any

from bench.figure import Measured, p50
from bench.ground import SIGNAL, TRIAGE, Ground, ground
from engine.bpmn import runner
from engine.bpmn.drawn import Drawn, Package
from engine.bpmn.rest import Rest
from engine.commands import tasks
from engine.model.casework import Answers
from storage.database import transaction

ROUNDS = 5000
KILOBYTES = 5
LOOP = b"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
<process id="loop" name="Loop" isExecutable="true">
  <extensionElements><camunda:properties>
    <camunda:property name="trust:names" value="text, again"/></camunda:properties></extensionElements>
  <startEvent id="s" name="Start"/><sequenceFlow id="f0" sourceRef="s" targetRef="write"/>
  <userTask id="write" name="Write" camunda:candidateGroups="headteacher"/>
  <sequenceFlow id="f1" sourceRef="write" targetRef="more"/>
  <exclusiveGateway id="more" name="More?" default="f3"/>
  <sequenceFlow id="f2" sourceRef="more" targetRef="write">
    <conditionExpression xsi:type="tFormalExpression">=again = "yes"</conditionExpression></sequenceFlow>
  <sequenceFlow id="f3" sourceRef="more" targetRef="e"/><endEvent id="e" name="End"/>
</process></definitions>"""


def measure() -> Mapping[str, Measured]:
    """Growth, rounds that worked, and bytes of state in the loop and at Diagnosis's widest point."""
    growth, rounds, size = _loop()
    with ground() as here:
        wide = _widest(here)
    return {
        "loop_growth": Measured(growth, "ratio", f"p50 of 50 rounds at 2,000 over 50 at 10, of {ROUNDS}"),
        "loop_rounds": Measured(rounds, "rounds", "each completed, the case asked to go on"),
        "state_bytes": Measured(size, "bytes", "largest stored state in those rounds"),
        "state_bytes_wide": Measured(wide, "bytes", "Diagnosis with head, choice of team and five perspectives open"),
    }


def _loop() -> tuple[float, int, int]:
    """Every round loads the state from its bytes, completes, and dumps it, as a command does."""
    drawn = Drawn(Package(LOOP))
    facts: dict[str, Any] = {"case": {}, "school": None, "today": None, "calendar": None}
    rest = runner.start(drawn, Answers(), facts)
    took: list[float] = []
    size = 0
    draw = random.Random(5)
    for number in range(1, ROUNDS + 1):
        new = {"text": "".join(draw.choices(string.ascii_letters, k=KILOBYTES * 1024)), "again": "yes"}
        began = time.perf_counter()
        rest = _complete(drawn, rest, new, facts)
        took.append(time.perf_counter() - began)
        size = max(size, len(rest.state))
        if len(rest.waiting) != 1:
            return float("inf"), number, size
    return p50(took[1975:2025]) / p50(took[9:59]), ROUNDS, size


def _complete(drawn: Drawn, rest: Rest, new: Mapping[str, Any], facts: Mapping[str, Any]) -> Rest:
    return runner.complete(drawn, rest.state, rest.answers, rest.waiting[0].token, new, facts)


def _widest(here: Ground) -> int:
    """The largest stored state met while a case is walked to the point where every perspective is open."""
    with transaction(here.database) as store:
        case = here.start(store, "diagnosis", SIGNAL)
        (triage,) = store.open_tasks(case.id)
        me = here.me(store, "director_of_education")
        case = tasks.complete_task(store, me, triage.id, TRIAGE, case.started_at)
        drawn = store.drawn(case.version_id)
        rest = _open_all(drawn, case.state, case.answers)
    return len(rest.state)


def _open_all(drawn: Drawn, state: bytes, answers: Answers) -> Rest:
    """Choose five experts and let each accept, whatever else the forms ask: state does not depend on it."""
    facts: dict[str, Any] = {"case": {}, "school": None, "today": None, "calendar": None}
    opened = runner.waiting(drawn, state, answers, facts)
    team = next(waiting for waiting in opened.waiting if waiting.step == "choose_team")
    experts = [{"expert": f"person {number}", "person": None} for number in range(5)]
    return runner.complete(drawn, state, answers, team.token, {"experts": experts}, facts)
