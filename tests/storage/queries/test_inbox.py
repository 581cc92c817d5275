"""*Your tasks* as read from the database."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from engine.errors import NotFound
from engine.model.casework import Case, CaseStatus, Task, TaskStatus
from engine.model.people import Cover, Me, pool
from storage.database import Database, counting, reading, transaction
from storage.queries.paging import Cursor, read_cursor
from storage.queries.tasks.due import DueGroup, bounds, group_of
from storage.queries.tasks.inbox import Filters, InboxRow, Why, counts, inbox, lists
from storage.store.sql_store import SqlStore
from tests.storage import made
from tests.storage.made import HOUR, NOW, TODAY
from tests.storage.plans import plans, settle_statistics


class Place:
    """A head at a school who is also chair of the trust's panel, and covers for the clerk."""

    def __init__(self, store: SqlStore) -> None:
        self.school = made.school()
        store.add_schools([self.school])
        self.version, self.other = made.published(store), made.published(store, "estates")
        self.amina, self.away, self.ben = (made.known(store, name) for name in ("Amina Head", "Ann Away", "Ben"))
        self.head = pool("headteacher", made.at_school(self.school.id))
        store.add_post(made.post(self.amina, "headteacher", made.at_school(self.school.id)))
        store.add_post(made.post(self.amina, "chair"))
        store.add_post(made.post(self.away, "clerk"))
        store.add_post(made.post(self.away, "chair"))
        store.add_cover(Cover(uuid4(), self.away.id, self.amina.id, TODAY, TODAY, "Ill"))
        self.case = made.started(store, self.version, self.school)
        self.me = store.me(self.amina.id, TODAY)


@pytest.fixture
def place(database: Database) -> Place:
    with transaction(database) as store:
        return Place(store)


def read(database: Database, me: Me, filters: Filters | None = None, limit: int = 25) -> list[InboxRow]:
    """Every page, one after the other."""
    rows: list[InboxRow] = []
    after: Cursor | None = None
    with reading(database) as connection:
        while True:
            page = inbox(connection, me, NOW, after, limit, filters or Filters())
            assert len(page.rows) <= limit
            rows += page.rows
            if page.after is None:
                return rows
            after = read_cursor(str(page.after))


def test_each_task_says_why_it_is_here(database: Database, place: Place) -> None:
    with transaction(database) as store:
        own = made.offered(store, place.case, "own", pool="x@trust", person_id=place.amina.id, due_at=NOW)
        role = made.offered(store, place.case, "role", pool=place.head, due_at=NOW + HOUR, item="Year 4")
        both = made.offered(store, place.case, "both", pool="chair@trust", due_at=NOW + 2 * HOUR)
        covered = made.offered(store, place.case, "covered", pool="clerk@trust", due_at=NOW + 3 * HOUR)
        theirs = made.offered(store, place.case, "theirs", pool="x@trust", person_id=place.away.id, due_at=None)

    rows = read(database, place.me)

    assert [(row.task_id, row.why, row.whose) for row in rows] == [
        (own.id, Why.OWN, None),
        (role.id, Why.ROLE, None),
        (both.id, Why.ROLE, None),
        (covered.id, Why.COVER, "Ann Away"),
        (theirs.id, Why.COVER, "Ann Away"),
    ]
    assert rows[1] == InboxRow(
        task_id=role.id,
        title="role",
        item="Year 4",
        role="headteacher",
        case_id=place.case.id,
        case_ref=place.case.ref,
        case_title="Reading in Year 4",
        due_at=NOW + HOUR,
        due_words="3 school days",
        ready_at=NOW,
        level=0,
        fallen=False,
        why=Why.ROLE,
        whose=None,
        school="Oakfield Primary",
        procedure="Diagnosis",
        group=DueGroup.TODAY,
    )


def test_what_nobody_waits_for_is_not_here(database: Database, place: Place) -> None:
    with transaction(database) as store:
        made.offered(store, place.case, pool=place.head, status=TaskStatus.DONE)
        made.offered(store, place.case, pool=place.head, person_id=place.ben.id)
        made.offered(store, place.case, pool="headteacher@trust")
        paused = made.started(store, place.version, place.school)
        waiting = made.offered(store, paused, pool=place.head)
        store.save_case(replace(paused, status=CaseStatus.PAUSED))
        assert store.open_tasks(paused.id) == [waiting]

    assert read(database, place.me) == []
    with reading(database) as connection:
        assert counts(connection, place.me, NOW).late == 0

    with transaction(database) as store:
        store.save_case(replace(store.case(paused.id), status=CaseStatus.OPEN, title="Going on"))
    assert [row.case_title for row in read(database, place.me)] == ["Going on"]


def shower(store: SqlStore, place: Place, chance: random.Random, many: int) -> list[tuple[Task, Case]]:
    """Many tasks on many lists, due at moments that often coincide."""
    cases = [
        made.started(store, version, about)
        for version in (place.version, place.other)
        for about in (place.school, None)
    ]
    tasks = []
    for _ in range(many):
        case = chance.choice(cases)
        hours = chance.choice([-72, -24, -1, 0, 1, 5, 24, 48, 120, 300, None])
        task = made.task(
            case,
            pool=chance.choice([place.head, "chair@trust", "clerk@trust", "nobody@trust"]),
            due_at=None if hours is None else NOW + hours * HOUR,
            person_id=chance.choice([None, None, place.amina.id, place.away.id, place.ben.id]),
            status=chance.choice([TaskStatus.OPEN, TaskStatus.OPEN, TaskStatus.DONE]),
        )
        tasks.append((task, case))
    store.add_tasks([task for task, _ in tasks])
    return tasks


def expected(tasks: list[tuple[Task, Case]], place: Place) -> Iterator[tuple[Task, Case, Why]]:
    """The same by plain reading of the rules."""
    for task, case in sorted(tasks, key=lambda pair: (pair[0].due_at or datetime.max.replace(tzinfo=UTC), pair[0].id)):
        if task.status is not TaskStatus.OPEN:
            continue
        if task.person_id == place.amina.id:
            yield task, case, Why.OWN
        elif task.person_id is None and task.pool in place.me.pools:
            yield task, case, Why.ROLE
        elif task.person_id == place.away.id or (task.person_id is None and task.pool in place.me.covered_pools):
            yield task, case, Why.COVER


def test_pages_hold_every_task_once_in_order_and_counts_agree(database: Database, place: Place) -> None:
    chance = random.Random(11)
    with transaction(database) as store:
        tasks = shower(store, place, chance, 300)
    right = list(expected(tasks, place))
    assert len(right) > 100

    for limit in (7, 25, 1000):
        found = read(database, place.me, limit=limit)
        assert [(row.task_id, row.why) for row in found] == [(task.id, why) for task, _, why in right]

    with reading(database) as connection:
        all_ = counts(connection, place.me, NOW)
        by_group = [sum(group_of(task.due_at, NOW) is group for task, _, _ in right) for group in DueGroup]
        assert [all_.late, all_.today, all_.week, all_.later] == by_group
        few = counts(connection, place.me, NOW, cap=10)
        assert [few.late, few.today, few.week, few.later] == [min(10, number) for number in by_group]


def test_filters_leave_out_the_rest_in_rows_and_counts(database: Database, place: Place) -> None:
    chance = random.Random(12)
    with transaction(database) as store:
        right = list(expected(shower(store, place, chance, 300), place))

    def check(filters: Filters, keep: list[Task]) -> None:
        assert [row.task_id for row in read(database, place.me, filters, limit=9)] == [task.id for task in keep]
        with reading(database) as connection:
            found = counts(connection, place.me, NOW, filters=replace(filters, group=None))
        if filters.group is None:
            assert found.late + found.today + found.week + found.later == len(keep)

    for group in DueGroup:
        check(Filters(group=group), [task for task, _, _ in right if group_of(task.due_at, NOW) is group])
    for why in Why:
        check(Filters(why=why), [task for task, _, reason in right if reason is why])
    check(Filters(school_id=place.school.id), [task for task, case, _ in right if case.school_id])
    check(Filters(procedure="estates"), [task for task, case, _ in right if case.version_id == place.other.id])
    check(
        Filters(DueGroup.LATE, Why.ROLE, place.school.id, "diagnosis"),
        [
            task
            for task, case, why in right
            if why is Why.ROLE
            and case.school_id
            and case.version_id == place.version.id
            and group_of(task.due_at, NOW) is DueGroup.LATE
        ],
    )


def test_a_page_and_its_counts_are_one_statement_each(database: Database, place: Place) -> None:
    with reading(database) as connection, counting(database) as counted:
        inbox(connection, place.me, NOW)
        inbox(connection, place.me, NOW, Cursor(None, uuid4()))
        counts(connection, place.me, NOW)

    assert len(counted.statements) == 3


@pytest.mark.slow
def test_somebody_on_very_many_lists_still_sees_everything_in_order(
    database: Database, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.queries.tasks.inbox.MOST_LISTS", 8)
    schools = [made.school(f"School {number}") for number in range(30)]
    with transaction(database) as store:
        store.add_schools(schools)
        lead = made.known(store, "Lee Lead")
        tasks = []
        for number, school in enumerate(schools):
            store.add_post(made.post(lead, "lead", made.at_school(school.id)))
            case = made.started(store, place.version, school)
            waits = pool("lead", made.at_school(school.id))
            tasks.append(made.offered(store, case, pool=waits, due_at=NOW + (number * 37 % 30) * HOUR))
        me = store.me(lead.id, TODAY)

    right = [task.id for task in sorted(tasks, key=lambda task: (task.due_at or NOW, task.id))]
    assert [row.task_id for row in read(database, me, limit=7)] == right
    with reading(database) as connection:
        found = counts(connection, me, NOW)
        assert found.late + found.today + found.week + found.later == 30


def test_somebody_without_posts_sees_what_was_handed_to_them(database: Database, place: Place) -> None:
    with transaction(database) as store:
        handed = made.offered(store, place.case, person_id=place.ben.id)
        me = store.me(place.ben.id, TODAY)

    assert [row.task_id for row in read(database, me)] == [handed.id]


def test_lists_are_read_in_order_from_their_index(database: Database, place: Place) -> None:
    with transaction(database) as store:
        for _ in range(2):
            shower(store, place, random.Random(13), 900)
    settle_statistics(database)

    def first_page() -> object:
        with reading(database) as connection:
            return inbox(connection, place.me, NOW, Cursor(NOW, uuid4()))

    plan = plans(database, first_page)[0]
    mine = list(lists(place.me))
    assert plan.count("ix_tasks_pool_listed") == sum(each.pool is not None for each in mine)
    assert plan.count("ix_tasks_person_listed") == sum(each.person_id is not None for each in mine)
    if database.is_sqlite:  # nothing is sorted between the index and the end of each list's page
        assert not re.search(r"(SEARCH|SCAN) tasks[^\n]*\nUSE TEMP B-TREE", plan)
    else:
        assert len(re.findall(r"Limit [^\n]*\n\s*->  Index Scan using ix_tasks_", plan)) == len(mine)


def test_counts_are_read_from_the_indexes(database: Database, place: Place) -> None:
    with transaction(database) as store:
        for _ in range(2):
            shower(store, place, random.Random(14), 900)
    settle_statistics(database)

    def count() -> object:
        with reading(database) as connection:
            return counts(connection, place.me, NOW)

    plan = plans(database, count)[0]
    assert plan.count("ix_tasks_pool_listed") == len(DueGroup)
    assert plan.count("ix_tasks_person_listed") == len(DueGroup)
    assert "Seq Scan on tasks" not in plan
    assert "SCAN tasks\n" not in plan + "\n"


@pytest.mark.parametrize(
    ("now", "due", "group"),
    [
        ("2026-11-03T09:30+00:00", "2026-11-03T09:29+00:00", DueGroup.LATE),
        ("2026-11-03T09:30+00:00", "2026-11-03T09:30+00:00", DueGroup.TODAY),
        ("2026-11-03T09:30+00:00", "2026-11-03T23:59+00:00", DueGroup.TODAY),
        ("2026-11-03T09:30+00:00", "2026-11-04T00:00+00:00", DueGroup.WEEK),
        ("2026-11-03T09:30+00:00", "2026-11-08T23:59+00:00", DueGroup.WEEK),
        ("2026-11-03T09:30+00:00", "2026-11-09T00:00+00:00", DueGroup.LATER),
        ("2026-11-08T09:30+00:00", "2026-11-09T00:00+00:00", DueGroup.LATER),  # a Sunday: the week ends with it
        ("2026-06-30T22:30+00:00", "2026-06-30T22:59+00:00", DueGroup.TODAY),  # 23:30 and 23:59 in London
        ("2026-06-30T22:30+00:00", "2026-06-30T23:00+00:00", DueGroup.WEEK),  # midnight in London
        ("2026-06-30T23:30+00:00", "2026-07-01T22:59+00:00", DueGroup.TODAY),  # London is a day ahead of UTC
        ("2026-10-25T00:30+00:00", "2026-10-25T23:59+00:00", DueGroup.TODAY),  # the clocks go back: a day of 25 hours
        ("2026-03-29T00:30+00:00", "2026-03-29T22:59+00:00", DueGroup.TODAY),  # the clocks go forward
        ("2026-03-29T00:30+00:00", "2026-03-29T23:00+00:00", DueGroup.LATER),
        ("2026-11-03T09:30+00:00", None, DueGroup.LATER),
    ],
)
def test_groups_follow_the_day_in_london(now: str, due: str | None, group: DueGroup) -> None:
    assert group_of(datetime.fromisoformat(due) if due else None, datetime.fromisoformat(now)) is group


def test_groups_leave_no_gap_and_do_not_overlap() -> None:
    for hours in range(0, 24 * 14, 5):
        now = NOW + timedelta(hours=hours)
        edges = [bounds(group, now) for group in DueGroup]
        assert all(before[1] == after[0] for before, after in pairwise(edges))
        assert all(first <= last for first, last in edges)


@pytest.mark.parametrize("text", ["x", "~", "2026-11-03~abc", "2026-11-03T09:00~" + "0" * 32, "2026-11-03T09:00+00:00"])
def test_a_made_up_cursor_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        read_cursor(text)


def test_a_cursor_comes_back_from_an_address_as_it_was() -> None:
    for cursor in (Cursor(NOW, uuid4()), Cursor(None, uuid4())):
        assert read_cursor(str(cursor)) == cursor
    assert read_cursor("") is None
