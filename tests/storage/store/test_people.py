"""People, posts, cover and who is near."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from engine.errors import AlreadyHolds, AlreadyKnown, NotFound
from engine.model.people import Cluster, Cover, Me, Role, Scope, ScopeKind
from storage.database import Database, counting, transaction
from tests.storage import made
from tests.storage.made import TODAY

YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def test_people_are_found_by_id_and_by_address_whatever_its_case(database: Database) -> None:
    with transaction(database) as store:
        amina = made.known(store, email="Amina.Head@Example.org")
        ben = made.known(store, "Ben Chair", active=False, administrator=True)

        assert store.person(amina.id) == amina
        assert store.person_by_email(" amina.head@example.ORG ") == amina
        assert store.person_by_email("nobody@example.org") is None
        assert store.people([amina.id, ben.id, uuid4()]) == {amina.id: amina, ben.id: ben}
        assert store.people([]) == {}
        with pytest.raises(NotFound):
            store.person(uuid4())


def test_an_address_belongs_to_one_person(database: Database) -> None:
    with transaction(database) as store:
        made.known(store, email="head@example.org")
        ben = made.known(store, "Ben Chair")

    with pytest.raises(AlreadyKnown), transaction(database) as store:
        made.known(store, "Another", email="HEAD@example.org")
    with pytest.raises(AlreadyKnown), transaction(database) as store:
        store.save_person(replace(ben, email="Head@Example.org"))


def test_a_saved_person_reads_back(database: Database) -> None:
    with transaction(database) as store:
        amina = made.known(store)
        changed = replace(amina, name="Amina Fox", email="fox@example.org", active=False)
        store.save_person(changed)

        assert store.person(amina.id) == changed
        assert store.person_by_email("FOX@example.org") == changed


def test_a_role_is_held_once_at_a_time_at_one_place(database: Database) -> None:
    with transaction(database) as store:
        amina = made.known(store)
        school = made.school()
        store.add_schools([school])
        store.add_post(made.post(amina, "governor"))
        held = made.post(amina, "governor", made.at_school(school.id))
        store.add_post(held)

    with pytest.raises(AlreadyHolds), transaction(database) as store:
        store.add_post(made.post(amina, "governor", made.at_school(school.id)))

    with transaction(database) as store:
        assert store.end_post(held.id, TODAY) == replace(held, to_on=TODAY)
        again = made.post(amina, "governor", made.at_school(school.id), from_on=TOMORROW)
        store.add_post(again)
        assert len(store.posts_of(amina.id)) == 3
        assert store.posts_of(amina.id)[-1] == again
        with pytest.raises(NotFound):
            store.end_post(uuid4(), TODAY)


def test_posts_near_a_school_are_those_of_the_school_its_cluster_and_the_trust(database: Database) -> None:
    with transaction(database) as store:
        north, south = Cluster(uuid4(), "North"), Cluster(uuid4(), "South")
        store.add_cluster(north)
        store.add_cluster(south)
        ours, theirs = made.school(cluster_id=north.id), made.school("Elm Park", cluster_id=south.id)
        alone = made.school("Alone")
        store.add_schools([ours, theirs, alone])
        who = made.known(store)
        gone = made.known(store, "Gone Away", active=False)
        here = made.post(who, "head", made.at_school(ours.id))
        near = made.post(who, "head", Scope(ScopeKind.CLUSTER, north.id))
        wide = made.post(who, "head")
        others = [
            made.post(who, "head", made.at_school(theirs.id)),
            made.post(who, "head", Scope(ScopeKind.CLUSTER, south.id)),
            made.post(who, "clerk", made.at_school(ours.id)),
            made.post(gone, "head", made.at_school(ours.id)),
            made.post(who, "deputy", made.at_school(ours.id), to_on=YESTERDAY),
            made.post(who, "deputy", made.at_school(ours.id), from_on=TOMORROW),
        ]
        for post in (here, near, wide, *others):
            store.add_post(post)

        with counting(database) as counted:
            found = store.posts_near(["head", "deputy"], ours.id, TODAY)
        assert len(counted.statements) == 1
        assert {post.id for post in found} == {here.id, near.id, wide.id}
        assert here in found
        assert store.posts_near(["head"], alone.id, TODAY) == [wide]
        assert store.posts_near(["head"], None, TODAY) == [wide]
        assert store.posts_near([], ours.id, TODAY) == []
        assert {post.role for post in store.posts_near(["deputy"], ours.id, YESTERDAY)} == {"deputy"}


def test_me_is_the_person_with_todays_posts_and_those_they_cover(database: Database) -> None:
    with transaction(database) as store:
        amina, away, back = (made.known(store, name) for name in ("Amina Head", "Ann Away", "Bo Back"))
        held, past = made.post(amina, "head"), made.post(amina, "clerk", to_on=YESTERDAY)
        covered, not_today = made.post(away, "chair"), made.post(back, "chair")
        for post in (held, past, covered, not_today):
            store.add_post(post)
        store.add_cover(Cover(uuid4(), away.id, amina.id, YESTERDAY, TODAY, "Ill"))
        store.add_cover(Cover(uuid4(), back.id, amina.id, date(2026, 1, 1), YESTERDAY, "Course"))

        with counting(database) as counted:
            me = store.me(amina.id, TODAY)
        assert len(counted.statements) == 1
        assert me == Me(amina, (held,), (covered,), frozenset({away.id}))
        assert store.me(away.id, TODAY) == Me(away, (covered,))
        assert [cover.absent_id for cover in store.covers(TODAY)] == [away.id]


def test_somebody_without_posts_who_covers_somebody_without_posts_is_still_me(database: Database) -> None:
    with transaction(database) as store:
        amina, away = made.known(store), made.known(store, "Ann Away")
        store.add_cover(Cover(uuid4(), away.id, amina.id, TODAY, TODAY, "Ill"))

        assert store.me(amina.id, TODAY) == Me(amina, covered_people=frozenset({away.id}))


def test_nobody_and_the_inactive_are_not_me(database: Database) -> None:
    with transaction(database) as store:
        gone = made.known(store, active=False)
        store.add_post(made.post(gone, "head"))

        for person_id in (gone.id, uuid4()):
            with pytest.raises(NotFound):
                store.me(person_id, TODAY)


def test_posts_near_are_read_once_and_anew_when_somebody_takes_or_leaves_a_role(database: Database) -> None:
    with transaction(database) as store:
        ours, who = made.school(), made.known(store)
        store.add_schools([ours])
        store.add_post(post := made.post(who, "head", made.at_school(ours.id)))

        with counting(database) as counted:
            both = store.posts_near(["head", "deputy"], ours.id, TODAY)
            fewer = store.posts_near({"head"}, ours.id, TODAY)
            none = store.posts_near(["deputy"], ours.id, TODAY)
        assert len(counted.statements) == 1
        assert (both, fewer, none) == ([post], [post], [])

        store.add_post(second := made.post(who, "deputy", made.at_school(ours.id)))
        assert store.posts_near(["deputy"], ours.id, TODAY) == [second]
        store.end_post(second.id, YESTERDAY)
        assert store.posts_near(["deputy"], ours.id, TODAY) == []


def test_roles_that_the_trust_counts_as_leading_are_known_with_the_person(database: Database) -> None:
    amina, ben = made.person(), made.person("Ben Cover")
    with transaction(database) as store:
        store.save_roles([Role("deputy_head", "Deputy", leader=True), Role("staff", "Staff")])
        for person in (amina, ben):
            store.add_person(person)
        store.add_post(made.post(amina, "staff"))
        store.add_post(made.post(ben, "deputy_head"))

        assert store.me(amina.id, made.TODAY).leading == frozenset()
        assert store.me(ben.id, made.TODAY).leading == {"deputy_head"}
        assert store.me(ben.id, made.TODAY).managing == frozenset()
        store.add_cover(Cover(uuid4(), ben.id, amina.id, made.TODAY, made.TODAY, "Away"))
        assert store.me(amina.id, made.TODAY).leading == {"deputy_head"}
