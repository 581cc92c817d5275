"""What stands around a case, what lists are found by, and uploads, on both databases."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from engine.errors import NotFound
from engine.model.casework import CaseStatus, JobKind, Sensitivity, TaskStatus
from engine.model.people import TRUST_WIDE, Cluster, Role, SchoolStatus, Scope, ScopeKind
from engine.policy import Sight
from storage.database import Database, counting, reading, transaction
from storage.files.uploads import KIND, Upload, keep_upload, read_upload
from storage.queries.cases.around import SubCase, around, journal, lists, read_journal_cursor
from storage.queries.cases.find import Search, count_cases, find_cases
from storage.queries.procedures import step_titles
from storage.queries.sight import readable_among
from storage.queries.trust.places import places
from tests.storage import made
from tests.storage.made import DAY, HOUR, NOW, TODAY

EVERYTHING = Sight(uuid4(), everywhere=True, leads_everywhere=True)


def test_a_journal_is_read_newest_first_from_where_the_page_before_ended(database: Database) -> None:
    with transaction(database) as store:
        amina = made.known(store, "Amina Head")
        case = made.started(store, made.published(store))
        store.add_entries([made.entry(case, f"{number}", by=amina.id) for number in range(4)])
    with transaction(database) as store:
        store.add_entries([made.entry(case, "4", at=NOW + HOUR)])

    with reading(database) as connection, counting(database) as counted:
        first = journal(connection, case.id, limit=3)
        again = read_journal_cursor(str(first.after))
        second = journal(connection, case.id, again, limit=3)

    assert len(counted.statements) == 2
    assert [line.entry.text for line in first.lines] == ["4", "3", "2"]
    assert [line.entry.text for line in second.lines] == ["1", "0"]
    assert second.after is None
    assert [line.by for line in first.lines] == [None, "Amina Head", "Amina Head"]


@pytest.mark.parametrize("text", ["x", "2026-11-03T09:30:00~1~x", "2026-11-03T09:30:00+00:00~1e3~" + "0" * 32])
def test_a_made_up_place_in_a_journal_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        read_journal_cursor(text)


def test_what_a_case_asked_for_and_the_moments_it_waits_for_come_in_one_statement(database: Database) -> None:
    with transaction(database) as store:
        version = made.published(store)
        case = made.started(store, version)
        first = made.started(store, version, parent_id=case.id, title="First")
        second = made.started(store, version, parent_id=case.id, started_at=NOW + HOUR, status=CaseStatus.ENDED)
        held = datetime(9999, 1, 1, tzinfo=UTC)
        store.add_jobs(
            [
                made.job(case_id=case.id, token="soon", run_at=NOW + DAY),
                made.job(case_id=case.id, token="held", run_at=held),
                made.job(JobKind.CHASE, case_id=case.id, token="other"),
            ]
        )

    with reading(database) as connection, counting(database) as counted:
        found = around(connection, case.id)

    assert len(counted.statements) == 1
    assert found.asked == (
        SubCase(first.id, first.ref, "First", CaseStatus.OPEN),
        SubCase(second.id, second.ref, second.title, CaseStatus.ENDED),
    )
    assert found.moments == {"soon": NOW + DAY, "held": None}


def test_lists_tell_every_role_who_holds_it_where_asked_and_people_by_id(database: Database) -> None:
    with transaction(database) as store:
        store.save_roles([Role("headteacher", "Head"), Role("clerk", "Clerk"), Role("nobody", "Nobody's")])
        school = made.school()
        store.add_schools([school])
        amina, ben, gone, left = (made.known(store, name) for name in ("Amina", "Ben", "Gone", "Left"))
        store.save_person(replace(gone, active=False))
        at_school = Scope(ScopeKind.SCHOOL, school.id)
        for post in (
            made.post(amina, "headteacher", at_school),
            made.post(ben, "headteacher", at_school),
            made.post(gone, "headteacher", at_school),
            made.post(left, "headteacher", at_school, to_on=TODAY - DAY),
            made.post(ben, "clerk", TRUST_WIDE),
            made.post(left, "clerk", at_school),
        ):
            store.add_post(post)
    heads, clerks = f"headteacher@school:{school.id}", "clerk@trust"

    with reading(database) as connection, counting(database) as counted:
        found = lists(connection, {heads, clerks, "", "made@up", "nobody@trust"}, TODAY, {left.id, gone.id})
        without = lists(connection, (), TODAY)

    assert len(counted.statements) == 2
    assert next(iter(found.roles.values())) == Role("headteacher", "Head")
    assert found.holders == {heads: ("Amina", "Ben"), clerks: ("Ben",)}
    assert found.people == {left.id: "Left", gone.id: "Gone"}
    assert (without.roles, without.holders, without.people) == (found.roles, {}, {})


def test_cases_are_found_by_the_step_they_wait_at_and_by_being_late(database: Database) -> None:
    with transaction(database) as store:
        version, other = made.published(store), made.published(store, "estates")
        late, timely, elsewhere, paused = (made.started(store, each) for each in (version, version, other, version))
        made.offered(store, late, due_at=NOW - HOUR)
        made.offered(store, late, step="later", due_at=NOW + DAY)
        made.offered(store, timely, due_at=NOW + HOUR)
        made.offered(store, timely, due_at=NOW - HOUR, status=TaskStatus.DONE)
        made.offered(store, elsewhere, due_at=NOW - HOUR)
        made.offered(store, paused, due_at=NOW - HOUR)
        store.save_case(replace(store.lock_case(paused.id), status=CaseStatus.PAUSED))

    def found(**search: object) -> set[object]:
        asked = Search(**search)  # type: ignore[arg-type]
        with reading(database) as connection:
            page = find_cases(connection, EVERYTHING, asked)
            assert count_cases(connection, EVERYTHING, asked) == len(page.rows)
        return {row.id for row in page.rows}

    assert found(late_by=NOW) == {late.id, elsewhere.id}
    assert found(procedure="diagnosis", step="triage") == {late.id, timely.id}
    assert found(procedure="diagnosis", step="triage", late_by=NOW) == {late.id}
    assert found(procedure="diagnosis", step="later", late_by=NOW) == set()


def test_places_are_those_in_reach_by_name(database: Database) -> None:
    with transaction(database) as store:
        west, east = Cluster(uuid4(), "West"), Cluster(uuid4(), "East")
        for cluster in (west, east):
            store.add_cluster(cluster)
        oak = made.school("Oak", cluster_id=west.id)
        ash = made.school("ash", cluster_id=east.id)
        alone = made.school("Elm")
        closed = made.school("Closed", cluster_id=west.id, status=SchoolStatus.CLOSED)
        store.add_schools([oak, ash, alone, closed])

    with reading(database) as connection, counting(database) as counted:
        everything = places(connection, EVERYTHING)
        clustered = places(connection, Sight(uuid4(), clusters=frozenset({west.id}), schools=frozenset({alone.id})))

    assert len(counted.statements) == 2
    assert list(everything.schools.values()) == ["ash", "Elm", "Oak"]
    assert list(everything.clusters.values()) == ["East", "West"]
    assert list(clustered.schools.values()) == ["Elm", "Oak"]
    assert clustered.clusters == {west.id: "West"}


def test_of_some_cases_those_that_may_be_read_are_told(database: Database) -> None:
    with transaction(database) as store:
        version = made.published(store)
        school = made.school()
        store.add_schools([school])
        open_one = made.started(store, version, school)
        named = made.started(store, version, school, sensitivity=Sensitivity.NAMED)
        made.started(store, version, school)

    with reading(database) as connection, counting(database) as counted:
        found = readable_among(connection, EVERYTHING, {open_one.id, named.id, uuid4()})
        none = readable_among(connection, EVERYTHING, ())

    assert (found, none) == (frozenset({open_one.id}), frozenset())
    assert len(counted.statements) == 1


def test_the_steps_of_people_are_told_from_the_latest_version(database: Database) -> None:
    def step(element: str, who: str, by_when: str) -> dict[str, object]:
        return {"element": element, "title": element.title(), "who": who, "by_when": by_when}

    with transaction(database) as store:
        old, new = made.version(), made.version(number=2)
        store.add_version(old, made.package(b"<old/>"), b"<svg/>", [step("gone", "Head", "1 day")])
        steps = [
            step("s", "Anybody", ""),
            step("triage", "Head", "1 day"),
            step("tell", "Headway", ""),
            step("w", "", "1 day"),
        ]
        store.add_version(new, made.package(b"<new/>"), b"<svg/>", steps)

    with reading(database) as connection:
        assert step_titles(connection, "diagnosis") == {"triage": "Triage"}
        assert step_titles(connection, "nothing") == {}


def test_an_upload_is_read_back_as_it_was_kept_and_the_same_bytes_are_kept_once(database: Database) -> None:
    files = {"a.bpmn": b"<bpmn/>", "a.form": b"{}", "b.form": b"{}"}
    upload = Upload(files, frozenset({"b.form"}), uuid4(), NOW)
    with transaction(database) as store:
        address = keep_upload(store, upload)
        again = keep_upload(store, upload)

    with reading(database) as connection, counting(database) as counted:
        found = read_upload(connection, address)

    assert (found, again) == (upload, address)
    assert len(counted.statements) == 2


@pytest.mark.parametrize("data", [b"{}", b"<bpmn/>", b"[]", b'"x"', json.dumps({"kind": f"{KIND}0"}).encode()])
def test_bytes_that_are_no_upload_are_not_read_as_one(database: Database, data: bytes) -> None:
    with transaction(database) as store:
        keep_upload(store, Upload({"a.form": data}, frozenset(), uuid4(), NOW))

    with reading(database) as connection, pytest.raises(NotFound):
        read_upload(connection, hashlib.sha256(data).hexdigest())
