"""A trust to measure in: a database in a temporary folder, a few schools and people, the shipped procedures."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from engine.bpmn.definition import Definition
from engine.bpmn.package import Package
from engine.commands import procedures
from engine.commands.cases.start import start_case
from engine.commands.trust import set_up
from engine.model.casework import Case, Version
from engine.model.people import TRUST_WIDE, Cluster, Me, Person, Post, School, Scope, ScopeKind, Trust
from storage.database import Database, transaction
from storage.migrations import migrate
from storage.store.sql_store import SqlStore
from web.context.library import files_of, shipped_procedures, shipped_roles

NOW = datetime.now(UTC)
TODAY = NOW.date()
SIGNAL: Mapping[str, list[str]] = {
    "direction": ["concern"],
    "source": ["data"],
    "area": ["Attendance in Year 4"],
    "measure": ["Overall absence 7.9 per cent, 1.8 points above like schools"],
    "as_at-day": ["12"],
    "as_at-month": ["10"],
    "as_at-year": ["2026"],
    "scale": ["year"],
    "how_soon": ["usual"],
    "compared_with": ["Like schools in the trust"],
    "note": ["Three weeks of four"],
    "sensitivity": ["staff"],
}
TRIAGE: Mapping[str, list[str]] = {
    "route": ["desk"],
    "reason": ["Two sources say the same, three weeks of four."],
    "focus_question": ["What changed for the families of Year 4 in September?"],
}


@dataclass
class Ground:
    """The trust and who works in it."""

    database: Database
    folder: Path
    schools: list[School]
    people: dict[str, Person]  # by role

    def me(self, store: SqlStore, role: str) -> Me:
        """Whoever holds the role."""
        return store.me(self.people[role].id, TODAY)

    def start(self, store: SqlStore, key: str = "diagnosis", posted: Mapping[str, list[str]] = SIGNAL) -> Case:
        """A case at the first school."""
        me = self.me(store, "director_of_education")
        return start_case(store, me, key, self.schools[0].id, "Attendance in Year 4", posted, datetime.now(UTC))


@contextmanager
def ground(url: str | None = None) -> Iterator[Ground]:
    """A filled database, gone afterwards. url: an empty PostgreSQL database in place of a SQLite file."""
    with tempfile.TemporaryDirectory(prefix="headway-bench-") as name:
        folder = Path(name)
        address = url or f"sqlite:///{folder / 'headway.db'}"
        migrate(address)
        database = Database(address)
        try:
            yield _fill(database, folder)
        finally:
            database.close()


EXPERTS = 8
ROLES_HERE = ("headteacher", "link_governor", "site_team", "school_business_manager")


def _fill(database: Database, folder: Path) -> Ground:
    cluster = Cluster(uuid4(), "Estuary")
    schools = [_school(number, cluster.id) for number in range(12)]
    with transaction(database) as store:
        set_up.begin(store, Trust("Bench Trust"), shipped_roles(), TODAY)
        store.add_cluster(cluster)
        store.add_schools(schools)
        people = {role: _person(store, role, schools[0]) for role in store.roles()}
        for number in range(EXPERTS):
            _person(store, "contributing_expert", schools[0], f" {number}")
        for path in shipped_procedures():
            procedures.publish(store, None, procedures.package_of(files_of([path])), NOW)
    return Ground(database, folder, schools, people)


def publish(store: SqlStore, package: Package) -> None:
    """A procedure as it is, unchecked and without a picture."""
    diagram = Definition(package).diagram
    version = Version(uuid4(), diagram.key, 1, diagram.title, package.digest, datetime.now(UTC), None)
    store.add_version(version, package, b"<svg/>", [])


def _school(number: int, cluster: UUID) -> School:
    return School(uuid4(), f"9{number:05}", f"School {number}", "primary", "Academy converter", cluster_id=cluster)


def _person(store: SqlStore, role: str, school: School, mark: str = "") -> Person:
    person = Person(uuid4(), f"Holder of {role}{mark}", f"{role}{mark.strip()}@bench.example")
    store.add_person(person)
    scope = Scope(ScopeKind.SCHOOL, school.id) if role in ROLES_HERE else TRUST_WIDE
    store.add_post(Post(uuid4(), person.id, role, scope, date(2020, 9, 1)))
    return person
