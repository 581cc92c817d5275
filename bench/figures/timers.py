"""10,000 timers that are due, drained by one process on SQLite."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bench.figure import Measured
from bench.support.trust import Ground, ground, publish
from engine.bpmn.package import Package
from engine.commands.cases import start
from engine.commands.jobs import do
from storage import job_queue
from storage.database import transaction
from storage.tables import tasks

COUNT = 10_000
WAITS = b"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
<process id="waits" name="Waits" isExecutable="true">
  <startEvent id="s" name="Start"/><sequenceFlow id="f0" sourceRef="s" targetRef="wait"/>
  <intermediateCatchEvent id="wait" name="A while"><timerEventDefinition>
    <timeDuration xsi:type="tFormalExpression">1 hour</timeDuration></timerEventDefinition></intermediateCatchEvent>
  <sequenceFlow id="f1" sourceRef="wait" targetRef="look"/>
  <userTask id="look" name="Look again" camunda:candidateGroups="headteacher" camunda:dueDate="3 school days"/>
  <sequenceFlow id="f2" sourceRef="look" targetRef="e"/><endEvent id="e" name="End"/>
</process></definitions>"""


def measure() -> Mapping[str, Measured]:
    """How many timers a second, each waking its case to the next task, committed."""
    with ground() as here:
        waiting(here, COUNT)
        later = datetime.now(UTC) + timedelta(hours=2)
        began = time.perf_counter()
        done = 0
        while took := job_queue.work(here.database, later, lambda store, job: do(store, job, later)):
            done += took
        seconds = time.perf_counter() - began
        woken = open_looks(here)
    if woken != COUNT:
        raise RuntimeError(f"{woken} of {COUNT} cases reached their next task")
    how = f"{done:,} jobs in {seconds:.1f} s, one process, SQLite FULL, each wakes a case that then offers a task"
    return {"timers_per_s": Measured(COUNT / seconds, "timers/s", how)}


def waiting(here: Ground, count: int, at: datetime | None = None, apart: timedelta = timedelta(0)) -> None:
    """`count` cases that wait for a timer. at, apart: when the first is due and how far apart, else in an hour."""
    with transaction(here.database) as store:
        if store.live_version("waits") is None:
            publish(store, Package(WAITS))
    for first in range(0, count, 500):
        with transaction(here.database) as store:
            me = here.me(store, "director_of_education")
            for number in range(first, min(first + 500, count)):
                now = datetime.now(UTC)
                case = start.start_case(store, me, "waits", here.schools[number % 12].id, "Wait", {}, now)
                if at is not None:
                    (job,) = store.case_jobs(case.id)
                    store.move_jobs({job.id: at + number * apart})


def open_looks(here: Ground) -> int:
    """How many of the cases have reached the task after their timer."""
    with transaction(here.database) as store:
        wanted = select(func.count()).select_from(tasks).where(tasks.c.step == "look", tasks.c.listed)
        return int(store.connection.execute(wanted).scalar_one())
