"""Made-up nouns: each function fills in what a test does not care about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from engine.bpmn.package import Package
from engine.model.casework import (
    Answers,
    Case,
    CaseStatus,
    Entry,
    EntryKind,
    Evidence,
    Job,
    JobKind,
    Sensitivity,
    Submission,
    Task,
    Version,
)
from engine.model.people import TRUST_WIDE, Person, Post, School, Scope, ScopeKind, pool
from storage.store.sql_store import SqlStore

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MICRO = timedelta(microseconds=1)


def person(name: str = "Amina Head", **kept: Any) -> Person:
    made = Person(uuid4(), name, f"{name.replace(' ', '.').lower()}@example.org")
    return replace(made, **kept)


def school(name: str = "Oakfield Primary", **kept: Any) -> School:
    made = School(uuid4(), str(uuid4().int)[:6], name, "primary", "Academy sponsor led")
    return replace(made, **kept)


def at_school(school_id: UUID) -> Scope:
    return Scope(ScopeKind.SCHOOL, school_id)


def post(holder: Person, role: str, scope: Scope = TRUST_WIDE, **kept: Any) -> Post:
    return replace(Post(uuid4(), holder.id, role, scope, date(2025, 9, 1)), **kept)


def version(key: str = "diagnosis", number: int = 1, **kept: Any) -> Version:
    made = Version(uuid4(), key, number, key.capitalize(), f"digest of {key} {number}", NOW, None)
    return replace(made, **kept)


def package(bpmn: bytes = b"<bpmn/>") -> Package:
    return Package(bpmn, {"triage": b"{}"}, {"route": b"<dmn/>"}, b"stories: []")


def case(of: Version, about: School | None = None, **kept: Any) -> Case:
    made = Case(
        id=uuid4(),
        ref=f"DIA-{uuid4()}",
        version_id=of.id,
        school_id=about.id if about else None,
        title="Reading in Year 4",
        status=CaseStatus.OPEN,
        sensitivity=Sensitivity.STAFF,
        state=b"state\0one",
        answers=Answers({"route": "desk", "figures": [1, 2.5, None]}, {"a": {"view": "ok"}}),
        started_at=NOW,
        started_by=None,
    )
    return replace(made, **kept)


def task(of: Case, title: str = "Triage the signal", **kept: Any) -> Task:
    made = Task(
        id=uuid4(),
        case_id=of.id,
        step="triage",
        title=title,
        role="headteacher",
        pool=pool("headteacher", at_school(of.school_id) if of.school_id else TRUST_WIDE),
        token=uuid4().hex,
        ready_at=NOW,
        due_at=NOW + 3 * DAY,
        due_words="3 school days",
    )
    return replace(made, **kept)


def entry(of: Case, text: str = "Amina did this", **kept: Any) -> Entry:
    return replace(Entry(uuid4(), of.id, NOW, EntryKind.DONE, text), **kept)


def submission(of: Task, by: Person, answers: Mapping[str, Any] | None = None, **kept: Any) -> Submission:
    made = Submission(uuid4(), of.case_id, of.id, of.step, by.id, NOW, answers or {"route": "desk"})
    return replace(made, **kept)


def evidence(of: Task, by: Person, **kept: Any) -> Evidence:
    made = Evidence(uuid4(), of.case_id, of.id, "report", "Report.pdf", "application/pdf", 12, "ab" * 32, by.id, NOW)
    return replace(made, **kept)


def job(kind: JobKind = JobKind.WAKE, **kept: Any) -> Job:
    return replace(Job(uuid4(), kind, f"{kind}-{uuid4()}", NOW), **kept)


def published(store: SqlStore, key: str = "diagnosis", number: int = 1) -> Version:
    """A version in the database."""
    made = version(key, number)
    store.add_version(made, package(f"<{key}{number}/>".encode()), b"<svg/>", [{"number": 1, "title": "Triage"}])
    return made


def started(store: SqlStore, of: Version, about: School | None = None, **kept: Any) -> Case:
    """A case in the database."""
    made = case(of, about, **kept)
    store.add_case(made)
    return made


def offered(store: SqlStore, of: Case, title: str = "Triage the signal", **kept: Any) -> Task:
    """A task in the database."""
    made = task(of, title, **kept)
    store.add_tasks([made])
    return made


def known(store: SqlStore, name: str = "Amina Head", **kept: Any) -> Person:
    """A person in the database."""
    made = person(name, **kept)
    store.add_person(made)
    return made
