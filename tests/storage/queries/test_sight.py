"""Who may read what: the condition in lists says what policy says of each case."""

import random
from dataclasses import replace
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine import policy
from engine.model.casework import Case, Sensitivity, Task, TaskStatus
from engine.model.people import TRUST_WIDE, Cluster, Cover, Me, Person, Role, School, Scope, ScopeKind, pool
from storage.database import Database, reading, transaction
from storage.queries.sight import is_named, readable, readable_task
from storage.store.sql_store import SqlStore
from storage.tables import cases, tasks
from tests.storage import made

ROLES = ("headteacher", "teacher", "cluster_lead", "director_of_qa", "clerk")
LEAD = ("headteacher", "cluster_lead", "director_of_qa")


class Trust:
    """A small trust in which anybody may hold anything anywhere, and cases of every kind."""

    def __init__(self, store: SqlStore, chance: random.Random) -> None:
        self.chance = chance
        clusters = [Cluster(uuid4(), name) for name in ("North", "South")]
        for cluster in clusters:
            store.add_cluster(cluster)
        lies_in = (clusters[0].id, clusters[1].id, None)
        schools = [made.school(f"School {n}", cluster_id=lies_in[n % 3]) for n in range(5)]
        self.schools = {school.id: school for school in schools}
        store.add_schools(list(self.schools.values()))
        self.scopes = [TRUST_WIDE, *(Scope(ScopeKind.CLUSTER, cluster.id) for cluster in clusters)]
        self.scopes += [made.at_school(school_id) for school_id in self.schools]
        store.save_roles(Role(key, key, leader=key in LEAD) for key in ROLES)
        self.people = [made.known(store, f"Person {n}") for n in range(14)]
        self._posts(store)
        self.version = made.published(store)
        self.cases = [self._case(store) for _ in range(90)]
        self.tasks = [task for case in self.cases for task in self._tasks(store, case)]
        self.everybody = [store.me(person.id, made.TODAY) for person in self.people]

    def _posts(self, store: SqlStore) -> None:
        for person in self.people[1:]:
            many = range(self.chance.randint(0, 2))
            for role, scope in {(self.chance.choice(ROLES), self.chance.choice(self.scopes)) for _ in many}:
                store.add_post(made.post(person, role, scope))
        for _ in range(4):
            absent, by = self.chance.sample(self.people, 2)
            store.add_cover(Cover(uuid4(), absent.id, by.id, made.TODAY, made.TODAY, "Ill"))

    def _case(self, store: SqlStore) -> Case:
        about: School | None = self.chance.choice([None, *self.schools.values()])
        starter: Person | None = self.chance.choice([None, None, *self.people])
        case = made.case(
            self.version,
            about,
            sensitivity=self.chance.choice(list(Sensitivity)),
            started_by=starter.id if starter else None,
        )
        store.add_case(case)
        return case

    def _tasks(self, store: SqlStore, case: Case) -> list[Task]:
        added = []
        for _ in range(self.chance.randint(0, 2)):
            status = self.chance.choice(list(TaskStatus))
            person, doer = (self.chance.choice([None, None, *self.people]) for _ in range(2))
            waits = pool(self.chance.choice(ROLES), self.chance.choice(self.scopes))
            task = made.task(case, pool=waits, status=status, person_id=person.id if person else None)
            done = status is TaskStatus.DONE and doer
            added.append(replace(task, done_by=doer.id) if done and doer else task)
        store.add_tasks(added)
        return added

    def named(self, me: Me, case: Case) -> bool:
        """By plain reading of the rule."""
        lists = me.pools | me.covered_pools
        return (
            any(
                me.person.id in (task.person_id, task.done_by)
                or (task.status is TaskStatus.OPEN and task.pool in lists)
                for task in self.tasks
                if task.case_id == case.id
            )
            or case.started_by == me.person.id
        )


def test_lists_hold_exactly_the_cases_that_policy_lets_each_person_read(database: Database) -> None:
    with transaction(database) as store:
        trust = Trust(store, random.Random(3))

    answers = set()
    for me in trust.everybody:
        sight = policy.sight(me)
        right = set()
        for case in trust.cases:
            school = trust.schools.get(case.school_id) if case.school_id else None
            may = policy.may_read_case(me, case, school, trust.named(me, case))
            answers.add((may, case.sensitivity, school is None))
            if may:
                right.add(case.id)
        with reading(database) as connection:
            assert set(connection.execute(select(cases.c.id).where(readable(sight))).scalars()) == right
            found = set(connection.execute(select(tasks.c.id).where(readable_task(sight))).scalars())
            assert found == {task.id for task in trust.tasks if task.case_id in right}
    # Each kind of case was readable by some and not by others; only what is open to staff about the trust, by all.
    assert answers.symmetric_difference(product((True, False), Sensitivity, (True, False))) == {
        (False, Sensitivity.STAFF, True)
    }


@pytest.mark.slow
def test_who_is_named_on_a_case_is_told_as_the_rule_says(database: Database) -> None:
    with transaction(database) as store:
        trust = Trust(store, random.Random(4))

    with reading(database) as connection:
        for me in trust.everybody:
            sight = policy.sight(me)
            some = trust.cases[:25]
            found = [is_named(connection, sight, case.id) for case in some]
            assert found == [trust.named(me, case) for case in some]
