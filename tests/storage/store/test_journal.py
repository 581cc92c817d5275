"""What hangs on a case, as kept."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import Table, delete, select, update
from sqlalchemy.exc import DBAPIError

from engine.bpmn.runtime.rest import Awaited
from engine.errors import AlreadyDone, NotFound
from engine.model.casework import Action, Case, Draft, Notice, Record, Task
from engine.model.people import Person
from storage import tables
from storage.database import Database, counting, transaction
from storage.store.sql_store import SqlStore
from tests.storage import made


def begin(store: SqlStore) -> tuple[Person, Case, Task]:
    case = made.started(store, made.published(store))
    return made.known(store), case, made.offered(store, case)


def record(of: Case, number: int = 1) -> Record:
    return Record(uuid4(), of.id, "diagnosis", number, "What we found", {"cause": "staffing"}, made.NOW)


def test_submissions_read_back_oldest_first(database: Database) -> None:
    with transaction(database) as store:
        by, case, task = begin(store)
        later = made.submission(made.offered(store, case), by, at=made.NOW + made.HOUR, unseen_until="views")
        first = made.submission(task, by, {"route": None, "figures": [1, {"x": 0.1}], "text": "Zoë says “yes”\n"})
        store.add_submission(later)
        store.add_submission(first)

        assert store.submissions(case.id) == [first, later]


def test_a_task_takes_one_submission(database: Database) -> None:
    with transaction(database) as store:
        by, _case, task = begin(store)
        store.add_submission(made.submission(task, by))

    with pytest.raises(AlreadyDone), transaction(database) as store:
        store.add_submission(made.submission(task, by))


def test_the_journal_keeps_the_order_in_which_lines_were_written(database: Database) -> None:
    with transaction(database) as store:
        by, case, _task = begin(store)
        store.add_entries([made.entry(case, f"line {n}", by=by.id, step="triage") for n in range(4)])
        store.add_entries([made.entry(case, "line 4")])

        order = select(tables.entries.c.text).order_by(tables.entries.c.at, tables.entries.c.place)
        assert list(store.connection.execute(order).scalars()) == [f"line {n}" for n in range(5)]


@pytest.mark.parametrize("table", [tables.entries, tables.submissions, tables.records], ids=lambda table: table.name)
def test_history_cannot_be_changed_or_deleted(database: Database, table: Table) -> None:
    with transaction(database) as store:
        by, case, task = begin(store)
        store.add_entries([made.entry(case)])
        store.add_submission(made.submission(task, by))
        store.add_record(record(case))

    for change in (update(table).values(at=made.NOW + made.DAY), delete(table)):
        with pytest.raises(DBAPIError, match="append_only"), transaction(database) as store:
            store.connection.execute(change)

    with transaction(database) as store:
        assert list(store.connection.execute(select(table.c.at)).scalars()) == [made.NOW]


def test_records_are_numbered_by_case_and_kind(database: Database) -> None:
    with transaction(database) as store:
        _by, case, _task = begin(store)
        assert store.next_record_number(case.id, "diagnosis") == 1
        store.add_record(record(case))

        assert store.next_record_number(case.id, "diagnosis") == 2
        assert store.next_record_number(case.id, "decision") == 1


def test_an_action_reads_back_as_it_was_saved(database: Database) -> None:
    with transaction(database) as store:
        by, case, _task = begin(store)
        action = Action(uuid4(), case.id, None, "Share it", "clerk", "clerk@trust", date(2026, 12, 1), made.NOW)
        store.add_action(action)
        assert store.action(action.id) == action

        done = replace(action, done_at=made.NOW, done_by=by.id, note="Shared at the meeting")
        store.save_action(done)
        assert store.action(action.id) == done
        with pytest.raises(NotFound):
            store.action(uuid4())


def test_people_read_only_their_own_notices(database: Database) -> None:
    with transaction(database) as store:
        by, case, task = begin(store)
        other = made.known(store, "Ben Other")
        notices = [
            Notice(uuid4(), who.id, made.NOW, "Late", "A task is late.", case.id, task.id) for who in (by, other)
        ]
        store.add_notices(notices)
        store.read_notices(by.id, [notice.id for notice in notices], made.NOW)

        read = select(tables.notices.c.person_id).where(tables.notices.c.read_at.is_not(None))
        assert list(store.connection.execute(read).scalars()) == [by.id]


def test_a_draft_is_replaced_by_a_later_one_of_the_same_person(database: Database) -> None:
    with transaction(database) as store:
        by, _case, task = begin(store)
        other = made.known(store, "Ben Other")
        mine = Draft(task.id, by.id, {"route": ["desk"]}, made.NOW)
        theirs = Draft(task.id, other.id, {"route": ["plan"]}, made.NOW + 2 * made.HOUR)
        store.save_draft(mine)
        store.save_draft(theirs)
        again = replace(mine, answers={"route": ["visit"]}, saved_at=made.NOW + made.HOUR)
        store.save_draft(again)

        assert store.draft(task.id, by.id) == again
        store.drop_draft(task.id, by.id)
        assert store.draft(task.id, by.id) is None
        assert store.draft(task.id, other.id) == theirs


def test_evidence_hangs_on_its_task_until_taken_back(database: Database) -> None:
    with transaction(database) as store:
        by, _case, task = begin(store)
        first, second = made.evidence(task, by), made.evidence(task, by, at=made.NOW + made.HOUR)
        store.add_evidence(second)
        store.add_evidence(first)

        assert store.evidence_of(task.id) == [first, second]
        assert store.evidence(first.id) == first
        store.drop_evidence(first.id)
        assert store.evidence_of(task.id) == [second]
        with pytest.raises(NotFound):
            store.evidence(first.id)


def test_a_case_waits_for_messages_until_they_are_gone(database: Database) -> None:
    with transaction(database) as store:
        _by, case, _task = begin(store)
        stocktake, other = Awaited("t1", "wait", "stocktake"), Awaited("t2", "wait", "visit")
        store.save_awaited(case, [stocktake, other], [], [], made.NOW)
        assert store.awaiting(case.id, "stocktake") == [stocktake]

        store.save_awaited(case, [Awaited("t3", "wait", "visit")], [], ["t1", "t2"], made.NOW)
        assert store.awaiting(case.id, "stocktake") == []
        assert store.awaiting(case.id, "visit") == [Awaited("t3", "wait", "visit")]


def test_reading_costs_one_statement_each(database: Database) -> None:
    with transaction(database) as store:
        by, case, task = begin(store)

        with counting(database) as counted:
            store.submissions(case.id)
            store.awaiting(case.id, "x")
            store.draft(task.id, by.id)
            store.evidence_of(task.id)
            store.next_record_number(case.id, "x")

    assert len(counted.statements) == 5
