"""People come, hold roles, and leave; nothing they had to do is lost."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from engine.commands.cases import start, tasks
from engine.commands.trust import leavers, people
from engine.errors import AlreadyHolds, AlreadyKnown, BadDetails, NotAllowed
from engine.model.casework import Case, JobKind
from engine.model.people import TRUST_WIDE, Person, Role, Scope, ScopeKind
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore
from storage.tables import jobs
from tests.engine.bpmn.sketch import user
from tests.engine.commands.place import NOW, SEPTEMBER, Place, run_job, tasks_of
from tests.engine.commands.procedures_of import drawn, in_use

TODAY = NOW.date()


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def started(place: Place, school: UUID) -> Case:
    with transaction(place.database) as store:
        return start.start_case(store, place.me(store, place.director), "trial", school, "Attendance", {}, NOW)


def administrator(place: Place, name: str = "Priya Nair") -> Person:
    with transaction(place.database) as store:
        return people.add_person(store, None, name, f"{name.split()[0]}@harbourvale.example", administrator=True)


def test_somebody_new_is_added_once_with_a_proper_address(place: Place) -> None:
    with transaction(place.database) as store:
        person = people.add_person(store, None, "  Zoe   Marsh ", " Zoe@Harbourvale.example ")
        assert (person.name, person.email) == ("Zoe Marsh", "zoe@harbourvale.example")

        with pytest.raises(AlreadyKnown):
            people.add_person(store, None, "Another", "ZOE@harbourvale.example")
        with pytest.raises(BadDetails) as refused:
            people.add_person(store, None, " ", "zoe")
        assert set(refused.value.messages) == {"name", "email"}
        with pytest.raises(NotAllowed):
            people.add_person(store, place.me(store, place.head), "X", "x@y.example")


def test_a_name_and_an_address_are_corrected_but_never_to_somebody_elses(place: Place) -> None:
    with transaction(place.database) as store:
        people.change_person(store, None, place.head.id, "Ruth Adeyemi-Cole", place.head.email)
        assert store.person(place.head.id).name == "Ruth Adeyemi-Cole"

        with pytest.raises(AlreadyKnown):
            people.change_person(store, None, place.head.id, "Ruth", place.lead.email)


def test_the_last_administrator_stays_one(place: Place) -> None:
    priya = administrator(place)

    with transaction(place.database) as store:
        with pytest.raises(BadDetails, match="another look"):
            people.make_administrator(store, None, priya.id, False)
        with pytest.raises(BadDetails):
            leavers.leave(store, None, priya.id, TODAY, NOW)
        people.make_administrator(store, None, place.lead.id, True)
        people.make_administrator(store, None, priya.id, False)
        assert [each.id for each in store.administrators()] == [place.lead.id]


def test_a_post_finds_its_tasks_and_a_post_that_ends_gives_them_back(place: Place) -> None:
    case = started(place, place.quiet.id)
    here = Scope(ScopeKind.SCHOOL, place.quiet.id)

    with transaction(place.database) as store:
        assert tasks_of(store, case)["account"].fallen
        post = people.give_post(store, None, place.lead.id, "headteacher", here, TODAY, None, NOW)
        task = tasks_of(store, case)["account"]
        assert (task.pool, task.fallen) == (f"headteacher@school:{place.quiet.id}", False)

        people.end_post(store, None, post.id, TODAY, NOW)
        assert not tasks_of(store, case)["account"].fallen
        job = store.job(_jobs(store, f"posts:{post.id}:")[-1])
        assert job.run_at.date() == TODAY + timedelta(days=1)
        run_job(store, job, job.run_at)
        assert tasks_of(store, case)["account"].fallen


def test_roles_that_fall_to_one_another_are_looked_at_all_the_way(place: Place) -> None:
    with transaction(place.database) as store:
        store.save_roles([Role("deputy", "Deputy", falls_to="headteacher")])
        post = next(post for post in store.posts_of(place.lead.id))
        store.end_post(post.id, TODAY - timedelta(days=1))
    case = started(place, place.quiet.id)

    with transaction(place.database) as store:
        account = tasks_of(store, case)["account"]
        assert account.pool == "director_of_education@trust"
        scope = Scope(ScopeKind.CLUSTER, place.cluster.id)
        people.give_post(store, None, place.director.id, "cluster_lead", scope, TODAY, None, NOW)
        assert tasks_of(store, case)["account"].pool == f"cluster_lead@cluster:{place.cluster.id}"
        store.end_post(store.posts_of(place.director.id)[-1].id, TODAY - timedelta(days=1))
        people.find_people_again(store, ["director_of_education"], None, NOW)
        assert tasks_of(store, case)["account"].pool == "director_of_education@trust"


def test_a_post_over_a_cluster_reaches_every_school_in_it_and_roles_that_fall_to_it_by_steps(place: Place) -> None:
    deputy = Role("deputy_head", "Deputy", falls_to="headteacher")
    package = drawn(user("a", role="deputy_head"), flows="s>a>e")
    with transaction(place.database) as store:
        store.save_roles([deputy])
        for person in (place.lead, place.head):
            store.end_post(store.posts_of(person.id)[0].id, TODAY - timedelta(days=1))
    in_use(place, package)
    with transaction(place.database) as store:
        me = place.me(store, place.director)
        both = [start.start_case(store, me, "small", school.id, "", {}, NOW) for school in (place.school, place.quiet)]
        assert {tasks_of(store, case)["a"].pool for case in both} == {"director_of_education@trust"}

        scope = Scope(ScopeKind.CLUSTER, place.cluster.id)
        people.give_post(store, None, place.lead.id, "cluster_lead", scope, TODAY, None, NOW)

        assert {tasks_of(store, case)["a"].pool for case in both} == {f"cluster_lead@cluster:{place.cluster.id}"}


def test_a_task_made_in_the_very_moment_of_a_change_is_found_a_minute_later(place: Place) -> None:
    case = started(place, place.quiet.id)
    here = Scope(ScopeKind.SCHOOL, place.quiet.id)
    with transaction(place.database) as store:
        post = people.give_post(store, None, place.lead.id, "headteacher", here, TODAY, None, NOW)
        task = tasks_of(store, case)["account"]
        store.save_task(replace(task, pool="headteacher@trust", fallen=True))  # as it was seen by who made it
        (job_id,) = _jobs(store, f"posts:{post.id}:")
        job = store.job(job_id)
        assert job.run_at == NOW + timedelta(minutes=1)

        run_job(store, job, job.run_at)

        assert tasks_of(store, case)["account"].pool == f"headteacher@school:{place.quiet.id}"


def test_a_post_that_makes_no_sense_is_refused_on_its_field(place: Place) -> None:
    nowhere = Scope(ScopeKind.SCHOOL, uuid4())

    with transaction(place.database) as store:
        with pytest.raises(BadDetails) as refused:
            people.give_post(store, None, place.head.id, "king", nowhere, TODAY, TODAY - timedelta(days=1), NOW)
        assert set(refused.value.messages) == {"role", "place", "to"}
        with pytest.raises(AlreadyHolds):
            people.give_post(store, None, place.director.id, "director_of_education", TRUST_WIDE, TODAY, TODAY, NOW)
        post = store.posts_of(place.head.id)[0]
        with pytest.raises(BadDetails):
            people.end_post(store, None, post.id, SEPTEMBER - timedelta(days=1), NOW)


def test_a_leaver_works_to_the_last_day_and_is_let_in_no_more_after_it(place: Place) -> None:
    administrator(place)
    case = started(place, place.school.id)
    with transaction(place.database) as store:
        tasks.claim(store, place.me(store, place.head), tasks_of(store, case)["account"].id, NOW)

    with transaction(place.database) as store:
        assert leavers.leave(store, None, place.head.id, date(2026, 11, 6), NOW).active
        assert [post.to_on for post in store.posts_of(place.head.id)] == [date(2026, 11, 6)]
        for job_id in _jobs(store, f"leave:{place.head.id}") + _jobs(store, "posts:"):
            job = store.job(job_id)
            assert job.run_at.date() in {TODAY, date(2026, 11, 7)}  # once more in a moment, and when it is over
            run_job(store, job, job.run_at)

        assert not store.person(place.head.id).active
        task = tasks_of(store, case)["account"]
        assert (task.person_id, task.fallen, task.pool) == (None, True, f"cluster_lead@cluster:{place.cluster.id}")


def test_a_leaver_whose_last_day_is_over_is_out_at_once_and_may_come_back(place: Place) -> None:
    administrator(place)

    with transaction(place.database) as store:
        assert not leavers.leave(store, None, place.head.id, TODAY - timedelta(days=1), NOW).active
        with pytest.raises(BadDetails):
            leavers.leave(store, None, place.head.id, TODAY, NOW)
        with pytest.raises(BadDetails):
            people.give_post(store, None, place.head.id, "headteacher", TRUST_WIDE, TODAY, None, NOW)
        assert leavers.stay(store, None, place.head.id).active


def test_a_leaver_who_stays_after_all_stays(place: Place) -> None:
    administrator(place)

    with transaction(place.database) as store:
        leavers.leave(store, None, place.head.id, TODAY, NOW)
        assert len(_jobs(store, f"leave:{place.head.id}")) == 1
        leavers.stay(store, None, place.head.id)
        assert _jobs(store, f"leave:{place.head.id}") == []
        assert store.person(place.head.id).active


def test_nobodys_departure_leaves_the_trust_without_an_administrator(place: Place) -> None:
    priya, zoe = administrator(place), administrator(place, "Zoe Marsh")

    with transaction(place.database) as store:
        leavers.leave(store, None, priya.id, TODAY, NOW)
        people.make_administrator(store, None, zoe.id, False)
        leavers.depart(store, priya.id, NOW + timedelta(days=1))
        assert store.person(priya.id).active


def _jobs(store: SqlStore, key: str) -> list[UUID]:
    """The ids of the jobs whose key begins so."""
    wanted = select(jobs.c.id).where(jobs.c.key.startswith(key), jobs.c.kind != JobKind.MAIL).order_by(jobs.c.key)
    return list(store.connection.execute(wanted).scalars())
