"""Messages and signals between cases: to the one that waits, to a procedure they begin, or kept; never twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.bpmn.package import Package
from engine.commands import post
from engine.commands.cases.manage import stop_case
from engine.commands.cases.start import MOST_IN_A_ROW
from engine.commands.jobs import do
from engine.errors import NotFound
from engine.model.casework import Case, CaseStatus
from storage.database import Database, transaction
from storage.job_queue import work
from tests.engine.bpmn.sketch import event, sketch, user
from tests.engine.commands.place import NOW, Place, form
from tests.engine.commands.procedures_of import begun, in_use, journal

LATER = NOW + timedelta(minutes=1)
NOTE = {"note": form("note", {"type": "textfield", "id": "F1", "key": "note", "label": "Note"})}


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def drawn(key: str, *parts: str, flows: str, **named: Any) -> Package:
    """A procedure under a key of its own."""
    text = sketch(*parts, flows=flows, key=key, trust__prefix=key[:3].upper(), **named)
    return Package(text, NOTE if b'formRef="note"' in text else {}, {})


def waits(kind: str = "message", **said: str) -> Package:
    after = user("after", form="note")
    return drawn("waits", event("intermediateCatchEvent", "x", kind, "news", **said), after, flows="s>x>after>e",
                 trust__names="n,pupil")  # fmt: skip


def sends(kind: str = "message", **said: str) -> Package:
    return drawn("sends", event("intermediateThrowEvent", "x", kind, "news", **said), flows="s>x>e",
                 trust__names="n,pupil")  # fmt: skip


def deliver(place: Place, now: datetime = LATER) -> None:
    """Every job that is due is done."""
    while work(place.database, now, lambda store, job: do(store, job, now)):
        pass


def steps(place: Place, case: Case) -> list[str]:
    with transaction(place.database) as store:
        return [task.step for task in store.open_tasks(case.id)]


def lines(place: Place, case: Case) -> list[str]:
    with transaction(place.database) as store:
        return journal(store, case)


def kept(place: Place) -> list[UUID]:
    with transaction(place.database) as store:
        return [each.id for each in store.kept_messages(["news"])]


def test_a_message_goes_to_the_one_case_of_the_school_that_has_waited_longest(place: Place) -> None:
    in_use(place, waits(), sends())
    first, second = begun(place, "waits"), begun(place, "waits")

    sender = begun(place, "sends")
    assert (steps(place, first), steps(place, second)) == ([], [])
    deliver(place)

    assert sorted([steps(place, first), steps(place, second)]) == [[], ["after"]]
    assert "The case sent “news”." in lines(place, sender)
    heard = first if steps(place, first) else second
    assert any(line.startswith("“news” came from SEN-") for line in lines(place, heard))
    assert kept(place) == []


def test_a_message_about_something_goes_to_whoever_waits_for_that(place: Place) -> None:
    in_use(place, waits(trust__about="pupil"), sends(trust__about="pupil"))
    case = begun(place, "waits")  # nothing is known of the pupil
    begun(place, "sends")
    deliver(place)

    assert steps(place, case) == []
    assert len(kept(place)) == 1


def test_a_signal_reaches_every_case_that_waits_and_is_not_kept(place: Place) -> None:
    in_use(place, waits("signal"), sends("signal"))
    cases = [begun(place, "waits") for _ in range(3)]
    begun(place, "sends")
    deliver(place)

    assert [steps(place, case) for case in cases] == [["after"]] * 3
    late = begun(place, "waits")
    deliver(place)
    assert (steps(place, late), kept(place)) == ([], [])


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_a_procedure_begins_with_it(place: Place, kind: str) -> None:
    begins = sketch(event("startEvent", "s0", kind, "news"), user("first", form="note"),
                    '<bpmn:endEvent id="e0" name="Done" />', flows="s0>first>e0", key="begins", ends=False,
                    trust__prefix="BEG", trust__names="n")  # fmt: skip
    in_use(place, Package(begins, NOTE, {}), sends(kind))
    sender = begun(place, "sends")
    deliver(place)

    with transaction(place.database) as store:
        started = [task for task in store.open_tasks_about(None) if task[0].step == "first"]
        case = store.case(started[0][0].case_id)
        assert len(started) == 1
        assert (case.parent_id, case.started_by, case.school_id) == (sender.id, None, sender.school_id)
        assert journal(store, case)[0].startswith("Headway started")


def test_a_message_nobody_waits_for_is_kept_and_fetched_by_whoever_waits_next(place: Place) -> None:
    in_use(place, waits(), sends())
    sender = begun(place, "sends")
    deliver(place)
    assert len(kept(place)) == 1
    assert any("It is kept for 20 school days" in line for line in lines(place, sender))

    case = begun(place, "waits")
    deliver(place)

    assert (steps(place, case), kept(place)) == (["after"], [])


def test_a_kept_message_goes_when_its_time_is_over(place: Place) -> None:
    in_use(place, sends())
    begun(place, "sends")
    deliver(place)

    deliver(place, NOW + timedelta(days=90))

    assert kept(place) == []


def test_a_kept_message_is_given_to_a_case_or_dropped_by_whoever_may(place: Place) -> None:
    in_use(place, waits(trust__about="pupil"), sends())
    case, _ = begun(place, "waits"), begun(place, "sends")
    deliver(place)
    (message,) = kept(place)

    with transaction(place.database) as store:
        post.give(store, place.me(store, place.director), message, case.id, LATER)
    deliver(place)
    assert (steps(place, case), kept(place)) == (["after"], [])

    begun(place, "sends")
    deliver(place)
    with transaction(place.database) as store:
        (again,) = store.kept_messages(["news"])
        post.drop(store, place.me(store, place.director), again.id, LATER)
        with pytest.raises(NotFound):
            store.kept_message(message)
    assert kept(place) == []


def test_a_message_on_its_way_to_a_case_that_is_stopped_finds_another(place: Place) -> None:
    in_use(place, waits(), sends())
    case = begun(place, "waits")
    begun(place, "sends")
    work(place.database, LATER, lambda store, job: do(store, job, LATER), at_most=1)  # found, not yet given
    with transaction(place.database) as store:
        stop_case(store, place.me(store, place.director), case.id, "Not needed", LATER)
        assert store.case(case.id).status is CaseStatus.STOPPED
    deliver(place)

    assert len(kept(place)) == 1


def _passes_on(key: str, heard: str, sent: str) -> Package:
    """Begins with one signal and sends another, with nobody between."""
    parts = (event("startEvent", "s0", "signal", heard), event("intermediateThrowEvent", "x", "signal", sent))
    ends = '<bpmn:endEvent id="e0" name="Done" />'
    return Package(sketch(*parts, ends, flows="s0>x>e0", key=key, ends=False, trust__prefix=key[:3].upper()), {}, {})


def test_procedures_that_begin_each_other_without_anybody_between_are_stopped_and_told(place: Place) -> None:
    in_use(place, _passes_on("there", "news", "answer"), _passes_on("back", "answer", "news"), sends("signal"))
    begun(place, "sends")
    deliver(place)

    with transaction(place.database) as store:
        rows = store.connection.exec_driver_sql("select count(*) from cases").scalar_one()
        failed = [job for job in store.connection.exec_driver_sql("select reason from jobs").scalars() if job]
    assert rows <= 1 + MOST_IN_A_ROW + 1
    assert "Procedures begin each other over and over here" in failed[0]
