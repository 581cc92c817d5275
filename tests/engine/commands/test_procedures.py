"""Publishing: what was checked is what runs, and checking holds nobody up."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.package import Package
from engine.commands import procedures
from engine.commands.procedures import Ready, TrustKnown
from engine.errors import AlreadyPublished, BadFile, BadProcedure, CaseMovedOn, NotAllowed
from engine.model.casework import Version
from engine.model.people import Role
from storage.database import Database, counting, transaction
from storage.store.sql_store import SqlStore
from tests.engine.bpmn import sketch
from tests.engine.commands.place import NOW, Place, tasks_of
from tests.engine.commands.procedures_of import NOTE, begun

STORY = b"It ends:\n  - headteacher starts\n  - headteacher does a\n  - the case ends at: Finished\n"


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def package(role: str = "headteacher", name: str = "Give a note", word: str | None = None, **process: Any) -> Package:
    """One step, and perhaps a message to a role."""
    parts = [sketch.user("a", name, role=role, form="note")]
    flows = "s>a>e"
    if word is not None:
        parts.append(sketch.word("x", "tell", role=word, subject="A word", text="Please read it."))
        flows = "s>a>x>e"
    made = sketch.sketch(*parts, flows=flows, key="small", trust__prefix="SMA", **process)
    return Package(made, {"note": NOTE}, stories=STORY)


def ready(store: SqlStore, made: Package) -> Ready:
    return procedures.ready(made, procedures.known(store))


def put(place: Place, made: Package) -> Version:
    with transaction(place.database) as store:
        return procedures.put_in_use(store, None, ready(store, made), NOW)


def test_versions_are_numbered_and_the_same_one_is_published_once(place: Place) -> None:
    first, second = put(place, package()), put(place, package(name="Write a note"))

    assert [(version.number, version.title) for version in (first, second)] == [(1, "A trial"), (2, "A trial")]
    with pytest.raises(AlreadyPublished, match="Version 2 is exactly this already"):
        put(place, package(name="Write a note"))


@pytest.mark.parametrize("drawn", ["headteacher", "Headteacher", "HEADTEACHER", "  headteacher ", "Head  of\tschool"])
def test_a_role_as_check_accepts_it_is_the_role_that_gets_the_task(place: Place, drawn: str) -> None:
    with transaction(place.database) as store:
        if "school" in drawn:
            store.save_roles([replace(store.roles()["headteacher"], label="Head of school")])
    put(place, package(role=drawn, word=drawn, trust__starters=drawn))

    with transaction(place.database) as store:
        store.save_roles([replace(store.roles()["headteacher"], label="Principal")])  # labels are the trust's own
    case = begun(place, "small")

    with transaction(place.database) as store:
        task = tasks_of(store, case)["a"]
        assert (task.role, task.pool) == ("headteacher", f"headteacher@school:{place.school.id}")
        drawn_ = store.definition(case.version_id)
        assert drawn_.package.role(drawn_.diagram.elements["x"].parameters["role"]) == "headteacher"


def test_every_fault_is_told_and_nothing_is_published(place: Place) -> None:
    with pytest.raises(BadProcedure) as refused:
        put(place, package(role="king", word="queen"))

    assert len(refused.value.faults) >= 2
    with transaction(place.database) as store:
        assert store.live_version("small") is None


def test_a_story_that_does_not_come_true_is_a_fault(place: Place) -> None:
    with transaction(place.database) as store:
        told = procedures.faults(store, replace(package(), stories=STORY.replace(b"Finished", b"Elsewhere")))

    assert told
    assert {fault.file for fault in told} == {"stories.yaml"}


def test_checking_asks_the_database_nothing(place: Place) -> None:
    with transaction(place.database) as store:
        now = procedures.known(store)

    with counting(place.database) as counted:
        checked = procedures.ready(package(), now)

    assert counted.statements == []
    with counting(place.database) as counted, transaction(place.database) as store:
        procedures.put_in_use(store, None, checked, NOW)
    assert len(counted.statements) <= 8


def test_a_version_published_in_the_meantime_is_looked_at_first(place: Place) -> None:
    with transaction(place.database) as store:
        checked = ready(store, package())
    put(place, package(name="Write a note"))

    with pytest.raises(CaseMovedOn, match="in the meantime"), transaction(place.database) as store:
        procedures.put_in_use(store, None, checked, NOW)


def test_roles_that_changed_in_the_meantime_are_checked_again(place: Place) -> None:
    with transaction(place.database) as store:
        checked = ready(store, package())
        store.save_roles([Role("headteacher", "Principal")])

    with pytest.raises(CaseMovedOn, match="have changed in the meantime"), transaction(place.database) as store:
        procedures.put_in_use(store, None, checked, NOW)


def test_another_procedure_that_came_into_use_meanwhile_is_no_hindrance_but_one_that_went_is(place: Place) -> None:
    with transaction(place.database) as store:
        checked = ready(store, package())
    other = replace(package(), bpmn=package().bpmn.replace(b'"small"', b'"other"'))
    version = put(place, other)
    with transaction(place.database) as store:
        procedures.put_in_use(store, None, checked, NOW)
        later = procedures.ready(package(name="Again"), procedures.known(store))
        store.withdraw_version(version.id, NOW)
        with pytest.raises(CaseMovedOn):
            procedures.put_in_use(store, None, later, NOW)


def test_only_designers_publish_and_withdraw(place: Place) -> None:
    version = put(place, package())
    with transaction(place.database) as store:
        checked = ready(store, package(name="Write a note"))
        head, director = place.me(store, place.head), place.me(store, place.director)
        with pytest.raises(NotAllowed):
            procedures.put_in_use(store, head, checked, NOW)
        with pytest.raises(NotAllowed):
            procedures.publish(store, head, package(name="Write a note"), NOW)
        with pytest.raises(NotAllowed):
            procedures.withdraw(store, head, version.id, NOW)

        assert procedures.publish(store, director, package(name="Write a note"), NOW).published_by == place.director.id
        procedures.withdraw(store, director, version.id, NOW)
        assert store.version(version.id).withdrawn_at == NOW


def test_a_known_trust_is_told_by_its_keys() -> None:
    assert TrustKnown({}, {"diagnosis": uuid4()}).procedures == {"diagnosis"}


def test_the_files_of_a_procedure_are_told_apart_by_their_endings() -> None:
    files = {"x.bpmn": b"1", "note.form": b"2", "route.dmn": b"3", "x.yaml": b"4"}

    made = procedures.package_of(files)

    assert (made.bpmn, made.forms, made.decisions, made.stories) == (b"1", {"note": b"2"}, {"route": b"3"}, b"4")
    for wrong in ({}, {"a.bpmn": b"", "b.bpmn": b""}):
        with pytest.raises(BadFile):
            procedures.package_of(wrong)


def test_check_and_publishing_agree_on_what_a_role_is_called(place: Place) -> None:
    with transaction(place.database) as store:
        roles = store.roles()
    for drawn in ("headteacher", " Cluster   LEAD ", "Nobody"):
        made = package(role=drawn)
        told = [fault for fault in package_faults.faults(made, roles) if fault.element == "a"]
        resolved = procedures.resolved(made, roles).role(drawn.strip()) in roles
        assert bool(told) != resolved, drawn
