"""A step that calls another procedure, as cases: begun by a job, waited for, told when it is waited for no more."""

from __future__ import annotations

import pytest

from engine.bpmn.package import Package
from engine.model.casework import CaseStatus, JobKind
from storage.database import Database, transaction
from tests.engine.bpmn.sketch import boundary, call, event, several, user
from tests.engine.commands.place import Place, jobs_of, run_job
from tests.engine.commands.procedures_of import begun, children, does, drawn, in_use, journal, ring, steps


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


CHILD = drawn(user("look", form="note"), flows="s>look>e", key="child", trust__names="topic")


def calling(*edges: str, flows: str = "s>c>a>e", **said: str) -> Package:
    parts = (call("c", "child", **said), *edges, user("a", form="note"))
    return drawn(*parts, flows=flows, key="parent", trust__names="people")


def test_a_call_begins_a_case_and_goes_on_with_what_comes_back(place: Place) -> None:
    in_use(place, CHILD, calling(goes_in="topic=case.title", comes_back="found=note", trust__result="came"))
    parent = begun(place, "parent")
    ring(place, parent, JobKind.START)
    with transaction(place.database) as store:
        (child,) = children(store, parent)
    assert (child.title, child.answers.values["topic"], child.school_id) == (
        "Attendance",
        "Attendance",
        place.school.id,
    )

    does(place, place.head, child, "look", note="All well")
    ring(place, parent, JobKind.RETURN)
    with transaction(place.database) as store:
        parent = store.case(parent.id)
        assert (parent.answers.values["found"], parent.answers.values["came"]["end"]) == ("All well", "Finished")
        assert steps(store, parent) == {"a"}


def test_a_call_of_what_is_not_there_yet_is_a_plain_action_for_whoever_acts_instead(place: Place) -> None:
    in_use(place, calling(fallback_role="cluster_lead", comes_back="found=note"))
    parent = begun(place, "parent")

    with transaction(place.database) as store:
        assert steps(store, parent) == {"a"}
        assert parent.answers.values["found"] is None
        assert any("Action for Cluster lead" in line for line in journal(store, parent))


def test_a_call_for_several_begins_a_case_for_each(place: Place) -> None:
    in_use(place, CHILD, calling(goes_in="topic=person", inner=several('["x", "y"]'), comes_back="found=note"))
    parent = begun(place, "parent")

    with transaction(place.database) as store:
        for job in jobs_of(store, parent.id):
            run_job(store, job, job.run_at)
        assert sorted(child.answers.values["topic"] for child in children(store, parent)) == ["x", "y"]


def test_a_timer_that_interrupts_waits_no_longer_and_the_other_case_goes_on_and_is_told(place: Place) -> None:
    in_use(place, CHILD, calling(boundary("late", "c"), flows="s>c>e late>a>e"))
    parent = begun(place, "parent")
    ring(place, parent, JobKind.START)
    ring(place, parent, JobKind.WAKE)

    with transaction(place.database) as store:
        (child,) = children(store, parent)
        assert child.status is CaseStatus.OPEN
        assert any("does not wait for this case any more" in line for line in journal(store, child))
        assert steps(store, parent) == {"a"}
    does(place, place.head, child, "look", note="x")
    ring(place, parent, JobKind.RETURN)
    with transaction(place.database) as store:
        assert steps(store, parent) == {"a"}


def failing(kind: str, tag: str) -> Package:
    """A procedure that ends with an error, or says an escalation on its way."""
    thrown = event(tag, "x", kind, "unsafe")
    if tag == "endEvent":
        return drawn(user("look", form="note"), thrown, flows="s>look>x", key="child", trust__names="topic")
    parts = (user("look", form="note"), thrown, user("more", form="note"))
    return drawn(*parts, flows="s>look>x>more>e", key="child", trust__names="topic")


def test_an_error_that_ends_the_case_that_was_called_is_caught_on_the_edge_of_the_call(place: Place) -> None:
    edge = event("boundaryEvent", "caught", "error", "unsafe", attachedToRef="c")
    in_use(place, failing("error", "endEvent"), calling(edge, flows="s>c>e caught>a>e"))
    parent = begun(place, "parent")
    ring(place, parent, JobKind.START)
    with transaction(place.database) as store:
        (child,) = children(store, parent)
    does(place, place.head, child, "look", note="x")
    ring(place, parent, JobKind.RETURN)

    with transaction(place.database) as store:
        assert store.case(child.id).status is CaseStatus.ENDED
        assert steps(store, parent) == {"a"}
        assert any("ended with an error: unsafe" in line for line in journal(store, parent))


def test_an_escalation_of_the_case_that_was_called_goes_on_beside_the_wait(place: Place) -> None:
    edge = event("boundaryEvent", "caught", "escalation", "unsafe", attachedToRef="c", cancelActivity="false")
    in_use(place, failing("escalation", "intermediateThrowEvent"), calling(edge, flows="s>c>e caught>a>e"))
    parent = begun(place, "parent")
    ring(place, parent, JobKind.START)
    with transaction(place.database) as store:
        (child,) = children(store, parent)
    does(place, place.head, child, "look", note="x")
    ring(place, parent, JobKind.RETURN)
    with transaction(place.database) as store:
        assert steps(store, parent) == {"a"}
        assert steps(store, child) == {"more"}

    does(place, place.head, child, "more", note="x")
    ring(place, parent, JobKind.RETURN)
    with transaction(place.database) as store:
        assert store.case(parent.id).status is CaseStatus.OPEN
        assert steps(store, parent) == {"a"}
