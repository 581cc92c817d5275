"""What the pages of daily work read, on both databases."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from engine.errors import NotFound
from engine.model.casework import Action, Answers, Entry, EntryKind, Notice
from engine.model.people import Cluster, Cover, Me, Role, Scope, ScopeKind
from engine.policy import sight
from storage.database import Database, counting, reading, transaction
from storage.queries.cases.answers import last_answers
from storage.queries.cases.evidence import attached_file
from storage.queries.tasks.around import around_tasks, one_action, waiting_actions
from storage.queries.tasks.one_task import attached, last_handed
from storage.queries.tasks.standing import standing
from storage.queries.trust.colleagues import colleagues
from storage.store.office import Office
from tests.storage import made
from tests.storage.made import NOW, TODAY

ROLES = (Role("head", "Headteacher"), Role("deputy", "Deputy headteacher"), Role("director", "Director of education"))


def in_cluster(cluster: Cluster) -> Scope:
    return Scope(ScopeKind.CLUSTER, cluster.id)


def test_around_the_list_stand_procedures_schools_in_reach_and_messages_not_read(database: Database) -> None:
    with transaction(database) as store:
        cluster = Cluster(uuid4(), "East")
        store.add_cluster(cluster)
        ours, beside = made.school("Oakfield", cluster_id=cluster.id), made.school("ash Lane", cluster_id=cluster.id)
        store.add_schools([ours, beside, made.school("Far away")])
        head, lead, wide = (
            made.known(store, "Amina Head"),
            made.known(store, "Lee Lead"),
            made.known(store, "Wide Wendy"),
        )
        store.add_post(made.post(head, "head", made.at_school(ours.id)))
        store.add_post(made.post(lead, "lead", in_cluster(cluster)))
        store.add_post(made.post(wide, "director"))
        made.published(store, "diagnosis")
        made.published(store, "diagnosis", 2)
        made.published(store, "estates")
        store.add_notices([Notice(uuid4(), head.id, NOW, f"{n}", "text", read_at=NOW if n else None) for n in range(3)])
        one, cluster_wide, everywhere = (store.me(person.id, TODAY) for person in (head, lead, wide))

    with reading(database) as connection, counting(database) as counted:
        found = around_tasks(connection, sight(one))
        for_lead, for_all = around_tasks(connection, sight(cluster_wide)), around_tasks(connection, sight(everywhere))

    assert len(counted.statements) == 3
    assert found.procedures == {"diagnosis": "Diagnosis", "estates": "Estates"}
    assert found.schools == {ours.id: "Oakfield"}
    assert found.unread == 1
    assert list(for_lead.schools.values()) == ["ash Lane", "Oakfield"]
    assert len(for_all.schools) == 3
    assert for_all.unread == 0


def test_somebody_without_a_post_has_no_schools_and_no_actions(database: Database) -> None:
    with transaction(database) as store:
        nobody = Me(made.known(store))

    with reading(database) as connection:
        assert around_tasks(connection, sight(nobody)).schools == {}
        assert waiting_actions(connection, nobody) == []
        assert [stand.pool for stand in standing(connection, Office(), nobody.person.id, TODAY)] == [""]


def test_actions_of_my_lists_come_soonest_first_until_they_are_done(database: Database) -> None:
    with transaction(database) as store:
        ours = made.school()
        store.add_schools([ours])
        head = made.known(store)
        store.add_post(post := made.post(head, "head", made.at_school(ours.id)))
        case = made.started(store, made.published(store), ours)
        me = store.me(head.id, TODAY)
        pool = next(iter(me.pools))

        def action(title: str, due_on: date | None, **kept: object) -> Action:
            one = Action(uuid4(), case.id, ours.id, title, post.role, pool, due_on, NOW, **kept)  # type: ignore[arg-type]
            store.add_action(one)
            return one

        action("No date", None)
        action("Later", TODAY + timedelta(days=9))
        action("Soon", TODAY)
        done = action("Done", TODAY, done_at=NOW, done_by=head.id, note="It is done")

    with reading(database) as connection:
        rows = waiting_actions(connection, me)
        one = one_action(connection, done.id)
        with pytest.raises(NotFound):
            one_action(connection, uuid4())

    assert [row.title for row in rows] == ["Soon", "Later", "No date"]
    assert (rows[0].case_ref, rows[0].school) == (case.ref, "Oakfield Primary")
    assert (one.action, one.done_by, one.school) == (done, "Amina Head", "Oakfield Primary")


def test_standing_tells_own_posts_first_then_those_covered_with_the_last_day(database: Database) -> None:
    with transaction(database) as store:
        store.save_roles(ROLES)
        cluster = Cluster(uuid4(), "East")
        store.add_cluster(cluster)
        ours = made.school(cluster_id=cluster.id)
        store.add_schools([ours])
        head, away = made.known(store, "Amina Head"), made.known(store, "Aaron Away")
        store.add_post(made.post(head, "deputy", made.at_school(ours.id)))
        store.add_post(made.post(head, "director", in_cluster(cluster)))
        store.add_post(made.post(head, "head", to_on=TODAY - timedelta(days=1)))
        store.add_post(made.post(away, "director"))
        last = TODAY + timedelta(days=3)
        store.add_cover(Cover(uuid4(), away.id, head.id, TODAY, last, "Ill"))
        store.add_cover(Cover(uuid4(), away.id, head.id, TODAY - timedelta(days=9), TODAY - timedelta(days=8), "Ill"))

    with reading(database) as connection, counting(database) as counted:
        found = standing(connection, Office(), head.id, TODAY)

    assert len(counted.statements) == 1
    assert [(stand.name, stand.label, stand.place, stand.until) for stand in found] == [
        ("Amina Head", "Deputy headteacher", "Oakfield Primary", None),
        ("Amina Head", "Director of education", "East", None),
        ("Aaron Away", "Director of education", None, last),
    ]
    assert found[2].pool == "director@trust"


def test_colleagues_are_those_at_the_school_in_its_cluster_and_of_the_whole_trust_each_once(database: Database) -> None:
    with transaction(database) as store:
        store.save_roles(ROLES)
        cluster = Cluster(uuid4(), "East")
        store.add_cluster(cluster)
        ours, other = made.school(cluster_id=cluster.id), made.school("Elsewhere", cluster_id=cluster.id)
        store.add_schools([ours, other])
        here, near, wide = (made.known(store, name) for name in ("Here Hal", "Near Nia", "Wide Wendy"))
        far, gone = made.known(store, "Far Fred"), made.known(store, "Gone Gil", active=False)
        store.add_post(made.post(here, "head", made.at_school(ours.id)))
        store.add_post(made.post(here, "deputy", made.at_school(ours.id)))
        store.add_post(made.post(near, "director", in_cluster(cluster)))
        store.add_post(made.post(wide, "director"))
        store.add_post(made.post(far, "head", made.at_school(other.id)))
        store.add_post(made.post(gone, "deputy", made.at_school(ours.id)))

    with reading(database) as connection:
        found = colleagues(connection, ours.id, TODAY)
        of_trust = colleagues(connection, None, TODAY)

    assert [(one.name, one.does) for one in found] == [
        ("Here Hal", "Headteacher, Oakfield Primary; Deputy headteacher, Oakfield Primary"),
        ("Near Nia", "Director of education, East"),
        ("Wide Wendy", "Director of education"),
    ]
    assert [one.name for one in of_trust] == ["Wide Wendy"]


def test_what_was_answered_comes_with_names_and_keys_and_the_last_hand_over(database: Database) -> None:
    with transaction(database) as store:
        head = made.known(store)
        case = made.started(store, made.published(store))
        first, second = made.offered(store, case, "First"), made.offered(store, case, "Second", scope="t5.2")
        store.add_submission(made.submission(second, head, at=NOW + timedelta(hours=1), unseen_until="views"))
        store.add_submission(made.submission(first, head))
        handed = [
            Entry(uuid4(), case.id, NOW + timedelta(hours=n), EntryKind.HANDED, f"Handed {n}", head.id, step)
            for n, step in enumerate(("triage", "triage", "other"))
        ]
        store.add_entries(handed)

    with reading(database) as connection:
        found = last_answers(connection, case.id).answered

        assert [(one.title, one.name, one.scope) for one in found] == [
            ("First", "Amina Head", None),
            ("Second", "Amina Head", "t5.2"),
        ]
        assert found[1].submission.unseen_until == "views"
        assert last_handed(connection, case.id, "triage") == "Handed 1"
        assert last_handed(connection, case.id, "nothing") is None


def test_a_file_is_unseen_until_its_authors_answer_is_in_and_all_others_are(database: Database) -> None:
    with transaction(database) as store:
        head, other = made.known(store, "Amina Head"), made.known(store, "Omar Other")
        case = made.started(store, made.published(store), answers=Answers({}, {"t5.2": {}}))
        task, waits = made.offered(store, case, "Sent"), made.offered(store, case, "Waits", scope="t5.2")
        sent, not_sent = made.evidence(task, head), made.evidence(task, other)
        waiting, at_start = made.evidence(waits, head), made.evidence(task, head, task_id=None)
        for file in (sent, not_sent, waiting, at_start):
            store.add_evidence(file)
        store.add_submission(made.submission(task, head))
        store.add_submission(made.submission(waits, head, unseen_until="views"))

    with reading(database) as connection:
        unseen = [attached_file(connection, file.id).unseen for file in (sent, not_sent, waiting, at_start)]
        assert {file.id for file in attached(connection, case.id)} == {sent.id, not_sent.id, waiting.id, at_start.id}
        assert {file.id for file in attached(connection, case.id, {waits.id})} == {waiting.id}
        with pytest.raises(NotFound):
            attached_file(connection, uuid4())

    assert unseen == [False, True, True, False]
