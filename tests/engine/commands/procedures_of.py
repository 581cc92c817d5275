"""Small procedures for single questions, put in use without a check."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine.bpmn.package import Package
from engine.commands.cases import attention, start, tasks
from engine.model.casework import Case, Job, JobKind, Version
from engine.model.people import Person
from storage.database import transaction
from storage.store.sql_store import SqlStore
from storage.tables import entries
from tests.engine.bpmn import sketch
from tests.engine.commands.place import NOW, Place, form, jobs_of, publish, run_job, tasks_of

NOTE = form("note", {"type": "textfield", "id": "F1", "key": "note", "label": "A note"})


def drawn(*parts: str, flows: str, key: str = "small", **named: Any) -> Package:
    """A procedure; every form it asks for is the same one."""
    bpmn = sketch.sketch(*parts, flows=flows, key=key, **named)
    return Package(bpmn, {"note": NOTE} if b'formRef="note"' in bpmn else {})


def asking(wait: bool = True, fallback: str | None = "cluster_lead") -> Package:
    """A step, then another procedure, waited for or not, then a step (or, not waiting, the end)."""
    named = {"fallback_role": fallback} if fallback else {}
    go = sketch.word(
        "go", "start_procedure", procedure="child", title="A review", answers="note", wait="yes" if wait else "no",
        **named, **({"trust__result": "came"} if wait else {}),
    )  # fmt: skip
    steps = (sketch.user("ask", form="note"), go)
    if not wait:
        return drawn(*steps, flows="s>ask>go>e", key="parent")
    return drawn(*steps, sketch.user("after", role="director_of_education"), flows="s>ask>go>after>e", key="parent")


def asked() -> Package:
    """The procedure that is asked for: one step."""
    return drawn(sketch.user("look"), flows="s>look>e", key="child", trust__names="note")


def in_use(place: Place, *packages: Package) -> list[Version]:
    """Put procedures in use."""
    with transaction(place.database) as store:
        return [publish(store, package) for package in packages]


def begun(place: Place, key: str, who: Person | None = None, title: str = "Attendance", **posted: str) -> Case:
    """A case of it at the first school."""
    with transaction(place.database) as store:
        me = place.me(store, who or place.head)
        given = {name: [value] for name, value in posted.items()}
        return start.start_case(store, me, key, place.school.id, title, given, NOW)


def does(place: Place, who: Person, case: Case, step: str, **posted: str) -> Case:
    """Somebody does a step."""
    with transaction(place.database) as store:
        given = {name: [value] for name, value in posted.items()}
        return tasks.complete_task(store, place.me(store, who), tasks_of(store, case)[step].id, given, NOW)


def job_of(store: SqlStore, case: Case, kind: JobKind) -> Job:
    """The one job of this kind."""
    (found,) = (job for job in jobs_of(store, case.id) if job.kind is kind)
    return found


def ring(place: Place, case: Case, kind: JobKind) -> None:
    """Carry out the one job of this kind, at its moment."""
    with transaction(place.database) as store:
        job = job_of(store, case, kind)
        run_job(store, job, job.run_at)


def children(store: SqlStore, case: Case) -> list[Case]:
    """The running cases that a case has started."""
    return store.cases_waiting_on(case.id)


def steps(store: SqlStore, case: Case) -> set[str]:
    """What is open."""
    return set(tasks_of(store, case))


def go_on(place: Place, case: Case) -> Case:
    """An administrator lets a case go on."""
    with transaction(place.database) as store:
        return attention.let_go_on(store, place.me(store, place.director), case.id, NOW)


def journal(store: SqlStore, case: Case) -> list[str]:
    """The lines of a case's journal, oldest first."""
    wanted = select(entries.c.text).where(entries.c.case_id == case.id).order_by(entries.c.at, entries.c.place)
    return list(store.connection.execute(wanted).scalars())
