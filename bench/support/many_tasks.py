"""Filling a database with open tasks, by the hundred thousand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert

from bench.support.trust import Ground
from engine.model.casework import Answers, Case, CaseStatus, Sensitivity, Task
from storage.database import transaction
from storage.store.keeper import values
from storage.tables import cases, tasks

BATCH = 20_000
PER_CASE = 10


def add(here: Ground, count: int, pools: Sequence[str], person_id: UUID | None = None) -> None:
    """`count` open tasks, spread over the pools in turn and over deadlines of a year around today."""
    with transaction(here.database) as store:
        version = next(version for version in store.live_versions() if version.key == "diagnosis")
        start = datetime.now(UTC) - timedelta(days=60)
        made = _made(here, version.id, count, pools, person_id, start)
        waiting: list[tuple[Case, Task]] = []
        for pair in made:
            waiting.append(pair)
            if len(waiting) == BATCH:
                _write(here, waiting, store.connection)
                waiting = []
        _write(here, waiting, store.connection)


def _made(
    here: Ground, version_id: UUID, count: int, pools: Sequence[str], person_id: UUID | None, start: datetime
) -> Iterator[tuple[Case, Task]]:
    case = _case(here, version_id, start)
    for number in range(count):
        if number % PER_CASE == 0:
            case = replace(case, id=uuid4(), ref=f"BEN-{uuid4().hex[:12]}")
        pool = pools[number % len(pools)]
        due = start + timedelta(minutes=(number * 7919) % 525_600)
        title = "Give your first account"
        task = Task(uuid4(), case.id, "give_account", title, pool.partition("@")[0], pool, uuid4().hex, start, due)
        yield case, replace(task, person_id=person_id, due_words="3 school days")


def _case(here: Ground, version_id: UUID, at: datetime) -> Case:
    school = here.schools[0].id
    status, open_to = CaseStatus.OPEN, Sensitivity.STAFF
    return Case(uuid4(), "", version_id, school, "Attendance in Year 4", status, open_to, b"", Answers(), at, None)


def _write(here: Ground, pairs: Sequence[tuple[Case, Task]], connection: object) -> None:
    if not pairs:
        return
    of_cases = {case.id: values(case) for case, _ in pairs}
    copied = [
        {
            **values(task),
            "school_id": case.school_id,
            "version_id": case.version_id,
            "case_ref": case.ref,
            "case_title": case.title,
            "sensitivity": case.sensitivity,
            "listed": True,
        }
        for case, task in pairs
    ]
    execute = connection.execute  # type: ignore[attr-defined]
    execute(insert(cases), list(of_cases.values()))
    execute(insert(tasks), copied)
