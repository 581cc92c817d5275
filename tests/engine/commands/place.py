"""A small trust: a cluster, two schools, a few people, and one procedure that uses what commands carry out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from engine.bpmn.definition import Definition
from engine.bpmn.package import Package
from engine.commands.jobs import do
from engine.model.calendar import Calendar
from engine.model.casework import Case, Job, Task, Version
from engine.model.people import TRUST_WIDE, Cluster, Me, Person, Post, Role, School, Scope, ScopeKind
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore
from tests.engine.bpmn import sketch

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # a Monday
SEPTEMBER = date(2026, 9, 1)
ROLES = (
    Role("headteacher", "Headteacher", falls_to="cluster_lead", line="cluster_lead", leader=True),
    Role("cluster_lead", "Cluster lead", "director_of_education", "director_of_education", "school", True, True),
    Role("director_of_education", "Director of education", None, "chief_executive", "working", True, True, True),
    Role("chief_executive", "Chief executive", days="working", leader=True, manager=True),
)


def form(key: str, *components: dict[str, object]) -> bytes:
    """A .form file."""
    return json.dumps({"type": "default", "id": key, "schemaVersion": 18, "components": list(components)}).encode()


ACCOUNT = form(
    "account",
    {"type": "textfield", "id": "F1", "key": "known", "label": "What you know", "validate": {"required": True}},
    {
        "type": "radio",
        "id": "F2",
        "key": "route",
        "label": "Route",
        "values": [{"label": "Desk", "value": "desk"}, {"label": "Ask others", "value": "ask"}],
    },
)
BPMN = sketch.sketch(
    sketch.user("account", "Give your account", form="account"),
    sketch.boundary("slow", "account", "2 school days", interrupting=False),
    sketch.word("warn", "tell", role="director_of_education", subject="No account yet", text="Please help."),
    sketch.step("endEvent", "warned", "Warned"),
    sketch.step("exclusiveGateway", "which", "Which route?", default="f_which_decide"),
    sketch.word("find", "find_people", role="cluster_lead", scope="trust", trust__result="found"),
    sketch.user("decide", "Decide", role="director_of_education", due="2 working days"),
    sketch.word("keep", "record", kind="decision", title="The decision", fields="known, route"),
    sketch.word("act", "raise_action", role="cluster_lead", title="Visit {{ known }}", due="5 school days"),
    flows='s>account>which which>find?=route="ask" find>decide which>decide>keep>act>e slow>warn>warned',
)


@dataclass
class Place:
    """Who and what there is."""

    database: Database
    head: Person = field(default_factory=lambda: Person(uuid4(), "Ruth Adeyemi", "ruth@harbourvale.example"))
    lead: Person = field(default_factory=lambda: Person(uuid4(), "Owen Pryce", "owen@harbourvale.example"))
    director: Person = field(default_factory=lambda: Person(uuid4(), "Nadia Karim", "nadia@harbourvale.example"))
    cluster: Cluster = field(default_factory=lambda: Cluster(uuid4(), "Estuary"))
    version: Version | None = None

    def __post_init__(self) -> None:
        """Two schools: one with a head, one without."""
        self.school = School(
            uuid4(), "900001", "Saltmarsh Primary School", "primary", "Academy", cluster_id=self.cluster.id
        )
        self.quiet = School(uuid4(), "900002", "Quayside School", "secondary", "Academy", cluster_id=self.cluster.id)

    def fill(self) -> Place:
        """Write it all down."""
        with transaction(self.database) as store:
            store.save_roles(ROLES)
            store.add_cluster(self.cluster)
            store.add_schools([self.school, self.quiet])
            for person in (self.head, self.lead, self.director):
                store.add_person(person)
            store.add_post(self.post(self.head, "headteacher", Scope(ScopeKind.SCHOOL, self.school.id)))
            store.add_post(self.post(self.lead, "cluster_lead", Scope(ScopeKind.CLUSTER, self.cluster.id)))
            store.add_post(self.post(self.director, "director_of_education", TRUST_WIDE))
            store.save_calendar(None, Calendar(terms=((date(2026, 9, 2), date(2026, 12, 18)),)))
            self.version = publish(store, Package(BPMN, {"account": ACCOUNT}))
        return self

    def post(self, person: Person, role: str, scope: Scope) -> Post:
        """A post since September."""
        return Post(uuid4(), person.id, role, scope, SEPTEMBER)

    def me(self, store: SqlStore, person: Person) -> Me:
        """What the person may do today."""
        return store.me(person.id, NOW.date())


def publish(store: SqlStore, package: Package, number: int = 1) -> Version:
    """Put a version in use without checking it."""
    diagram = Definition(package).diagram
    version = Version(uuid4(), diagram.key, number, diagram.title, package.digest, NOW, None)
    store.add_version(version, package, b"<svg/>", [])
    return version


def tasks_of(store: SqlStore, case: Case) -> dict[str, Task]:
    """The open tasks of a case by step."""
    return {task.step: task for task in store.open_tasks(case.id)}


def jobs_of(store: SqlStore, case_id: UUID) -> list[Job]:
    """The engine jobs of a case, soonest first."""
    return sorted(store.case_jobs(case_id), key=lambda job: job.run_at)


def run_job(store: SqlStore, job: Job, now: datetime) -> None:
    """What the clock does with a job whose moment has come."""
    store.drop_jobs([job.key])
    do(store, job, now)
