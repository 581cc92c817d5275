"""How many cases wait for each message and signal, and how many messages are kept: one statement, within reach."""

from __future__ import annotations

from uuid import uuid4

from engine.bpmn.diagram.elements import Trigger
from engine.bpmn.runtime.rest import Awaited
from engine.model.casework import Case, CaseStatus, Sensitivity
from engine.model.post import KeptMessage
from engine.policy import Sight
from storage.database import Database, counting, reading, transaction
from storage.queries.monitoring.letters import LetterCounts, letter_counts
from storage.store.sql_store import SqlStore
from tests.storage import made
from tests.storage.made import DAY, NOW
from tests.storage.plans import plans, settle_statistics


def waits(store: SqlStore, case: Case, *names: str, trigger: Trigger = Trigger.MESSAGE) -> None:
    begun = [Awaited(f"t{number}-{trigger}", "x", name, trigger) for number, name in enumerate(names)]
    store.save_awaited(case, begun, (), (), NOW)


def keeps(store: SqlStore, case: Case, name: str) -> None:
    store.keep_message(KeptMessage(uuid4(), name, None, case.school_id, {}, case.id, NOW, NOW + DAY))


def test_cases_are_counted_once_for_each_name_and_messages_apart_from_signals(database: Database) -> None:
    with transaction(database) as store:
        version = made.published(store)
        first, paused = made.started(store, version), made.started(store, version, status=CaseStatus.PAUSED)
        ended = made.started(store, version, status=CaseStatus.ENDED)
        waits(store, first, "news", "news", "post")
        waits(store, first, "news", trigger=Trigger.SIGNAL)
        waits(store, paused, "news")
        waits(store, ended, "news", "old")
        keeps(store, first, "news")
        keeps(store, ended, "lost")

    with reading(database) as connection, counting(database) as counted:
        found = letter_counts(connection, None)

    assert found == {
        (Trigger.MESSAGE, "news"): LetterCounts(2, 1),
        (Trigger.MESSAGE, "post"): LetterCounts(1, 0),
        (Trigger.MESSAGE, "lost"): LetterCounts(0, 1),
        (Trigger.SIGNAL, "news"): LetterCounts(1, 0),
    }
    assert len(counted.statements) == 1


def test_within_somebodys_sight_nothing_else_is_counted(database: Database) -> None:
    with transaction(database) as store:
        here, there = made.school(), made.school("Elmfield Primary")
        store.add_schools([here, there])
        version = made.published(store)
        seen, far = made.started(store, version, here), made.started(store, version, there)
        private = made.started(store, version, here, sensitivity=Sensitivity.LEADERS)
        for case in (seen, far, private):
            waits(store, case, "news")
            keeps(store, case, "post")
        waits(store, far, "far away", trigger=Trigger.SIGNAL)

    with reading(database) as connection:
        found = letter_counts(connection, Sight(uuid4(), schools=frozenset({here.id})))

    assert found == {
        (Trigger.MESSAGE, "news"): LetterCounts(1, 0),
        (Trigger.MESSAGE, "post"): LetterCounts(0, 1),
    }


def test_counting_reads_what_waits_and_never_every_case(database: Database) -> None:
    with transaction(database) as store:
        version = made.published(store)
        for number in range(600):
            case = made.started(store, version)
            if number % 200 == 0:
                waits(store, case, "news")
                keeps(store, case, "post")
    settle_statistics(database)

    def count() -> object:
        with reading(database) as connection:
            return letter_counts(connection, None)

    plan = plans(database, count)[0].lower()
    assert "scan cases" not in plan
    assert "seq scan on cases" not in plan
