"""A task in many hands: who may do what with it, and who was first."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from engine.commands.cases import manage, open_task, pause, tasks
from engine.commands.trust import people
from engine.errors import AlreadyClaimed, AlreadyDone, BadDetails, CaseNotOpen, NeedsAReason, NotAllowed, Refused
from engine.model.casework import Case, CaseStatus, Task
from engine.model.people import Cover, Me, Person, Scope, ScopeKind
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore
from storage.tables import submissions
from tests.engine.bpmn import sketch
from tests.engine.commands.place import NOW, Place, jobs_of, tasks_of
from tests.engine.commands.procedures_of import begun, does, drawn, in_use, journal

WHY = "I am away"
TODAY = NOW.date()


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


@pytest.fixture
def case(place: Place) -> Case:
    return begun(place, "trial")


def second_head(place: Place, store: SqlStore) -> Person:
    """Two people who share the headship."""
    person = Person(uuid4(), "Asha Bello", "asha@harbourvale.example")
    store.add_person(person)
    store.add_post(place.post(person, "headteacher", Scope(ScopeKind.SCHOOL, place.school.id)))
    return person


def cover(store: SqlStore, absent: Person, by: Person) -> None:
    store.add_cover(Cover(uuid4(), absent.id, by.id, TODAY, TODAY + timedelta(days=5), "Away"))


def account(store: SqlStore, case: Case) -> Task:
    return tasks_of(store, case)["account"]


def complete(store: SqlStore, me: Me, task_id: UUID) -> Case:
    return tasks.complete_task(store, me, task_id, {"known": ["x"], "route": ["desk"]}, NOW)


def test_of_two_who_complete_a_task_at_once_exactly_one_is_first(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        both = [place.head, second_head(place, store)]
        task = account(store, case)
    start, said = Barrier(2), dict[str, Refused | None]()

    def press(who: Person) -> None:
        start.wait()
        try:
            with transaction(place.database) as store:
                complete(store, place.me(store, who), task.id)
            said[who.name] = None
        except Refused as refusal:
            said[who.name] = refusal

    together(press, both)

    first = next(name for name, refusal in said.items() if refusal is None)
    (refusal,) = (refusal for refusal in said.values() if refusal is not None)
    assert isinstance(refusal, AlreadyDone)
    assert (refusal.by, refusal.at) == (first, NOW)
    assert refusal.sentence == f"{first} completed this task on 2 November at 09:00. What you typed is kept."
    with transaction(place.database) as store:
        assert len(store.submissions(case.id)) == 1
        assert set(tasks_of(store, case)) == {"decide"}


def test_of_two_who_take_a_task_at_once_exactly_one_has_it(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        both = [place.head, second_head(place, store)]
        task = account(store, case)
    start, said = Barrier(2), dict[str, type[Refused] | None]()

    def take(who: Person) -> None:
        start.wait()
        try:
            with transaction(place.database) as store:
                tasks.claim(store, place.me(store, who), task.id, NOW)
            said[who.name] = None
        except Refused as refusal:
            said[who.name] = type(refusal)

    together(take, both)

    assert sorted(said.values(), key=str) == [AlreadyClaimed, None]


def together(act: Callable[[Person], None], people: list[Person]) -> None:
    threads = [Thread(target=act, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_task_a_colleague_took_says_so_and_keeps_what_was_typed(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        other = second_head(place, store)
        task = account(store, case)
        tasks.claim(store, place.me(store, other), task.id, NOW)
        me = place.me(store, place.head)

        with pytest.raises(AlreadyClaimed):
            complete(store, me, task.id)
        with pytest.raises(AlreadyClaimed):
            tasks.claim(store, me, task.id, NOW)
        tasks.save_draft(store, me, task.id, {"known": ["y"]}, NOW)
        assert open_task.open_task(store, me, task.id, NOW).whose is None

        complete(store, place.me(store, other), task.id)
        with pytest.raises(AlreadyDone, match="Asha Bello completed this task"):
            complete(store, me, task.id)
        kept = store.draft(task.id, me.person.id)
        assert kept
        assert kept.answers == {"known": ["y"]}


def test_a_stranger_neither_does_nor_opens_nor_drafts_a_task(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        store.add_person(stranger := Person(uuid4(), "Kim Ray", "kim@harbourvale.example"))
        me, task = place.me(store, stranger), account(store, case)
        doing: list[Callable[[], object]] = [
            lambda: complete(store, me, task.id),
            lambda: tasks.claim(store, me, task.id, NOW),
            lambda: tasks.release(store, me, task.id, NOW),
            lambda: tasks.extend(store, me, task.id, "2026-11-12", WHY, NOW),
            lambda: tasks.hand_over(store, me, task.id, stranger.id, WHY, NOW),
            lambda: tasks.save_draft(store, me, task.id, {}, NOW),
            lambda: tasks.attach(store, me, task.id, []),
            lambda: open_task.open_task(store, me, task.id, NOW),
        ]
        for do in doing:
            with pytest.raises(NotAllowed):
                do()


def test_taking_and_putting_back_twice_changes_nothing_the_second_time(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        me, task = place.me(store, place.head), account(store, case)
        tasks.claim(store, me, task.id, NOW)
        tasks.claim(store, me, task.id, NOW)
        tasks.release(store, me, task.id, NOW)
        tasks.release(store, me, task.id, NOW)

        took = [line for line in journal(store, case) if "took" in line or "back" in line]
        assert took == ["Ruth Adeyemi took “Give your account”.", "Ruth Adeyemi put “Give your account” back."]


def test_cover_is_recorded_whether_or_not_the_task_was_taken_first(place: Place) -> None:
    one, two = begun(place, "trial"), begun(place, "trial")
    with transaction(place.database) as store:
        cover(store, place.head, place.lead)
        me = place.me(store, place.lead)
        first, second = account(store, one), account(store, two)
        tasks.claim(store, me, second.id, NOW)
        complete(store, me, first.id)
        complete(store, me, second.id)

        for task in (first, second):
            done = store.task(task.id)
            assert (done.done_by, done.done_for) == (place.lead.id, place.head.id)
        by = store.connection.execute(select(submissions.c.by)).scalars().all()
        assert list(by) == [place.lead.id] * 2


def test_a_cover_put_back_or_handed_on_is_a_cover_no_more(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        cover(store, place.head, place.lead)
        task = account(store, case)
        tasks.claim(store, place.me(store, place.lead), task.id, NOW)
        tasks.hand_over(store, place.me(store, place.lead), task.id, place.director.id, WHY, NOW)
        complete(store, place.me(store, place.director), task.id)

        assert store.task(task.id).done_for is None


def test_cover_goes_one_step_and_not_to_whom_the_absent_one_covers(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        cover(store, place.head, place.lead)
        cover(store, place.lead, place.director)
        me = place.me(store, place.director)

        with pytest.raises(NotAllowed):
            complete(store, me, account(store, case).id)


def test_cover_ends_with_its_last_day(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        cover(store, place.head, place.lead)
        after = store.me(place.lead.id, TODAY + timedelta(days=6))

        with pytest.raises(NotAllowed):
            complete(store, after, account(store, case).id)


def test_whoever_holds_a_role_twice_finds_a_task_once_and_at_the_nearest(place: Place) -> None:
    with transaction(place.database) as store:
        store.add_post(place.post(place.head, "headteacher", Scope(ScopeKind.CLUSTER, place.cluster.id)))
    case = begun(place, "trial")

    with transaction(place.database) as store:
        task = account(store, case)
        assert task.pool == f"headteacher@school:{place.school.id}"
        assert complete(store, place.me(store, place.head), task.id).status is CaseStatus.OPEN


@pytest.mark.parametrize(
    "until",
    ["2026-11-02", "2026-10-01", "0001-01-01", "", "soon", "P99999999999W", "9999 weeks", "9999-12-31", "1 school day"],
)
def test_a_new_deadline_that_makes_no_sense_is_refused_on_its_field(place: Place, case: Case, until: str) -> None:
    late = datetime(2026, 11, 2, 18, tzinfo=UTC)
    with transaction(place.database) as store, pytest.raises(BadDetails) as refused:
        tasks.extend(store, place.me(store, place.director), account(store, case).id, until, WHY, late)

    assert set(refused.value.messages) == {"until"}


def test_reasons_are_needed_and_not_endless(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        me, task = place.me(store, place.head), account(store, case)
        for reason in ("", " \n", "x" * 3000):
            with pytest.raises(NeedsAReason):
                tasks.extend(store, me, task.id, "2026-11-12", reason, NOW)
            with pytest.raises(NeedsAReason):
                tasks.hand_over(store, me, task.id, place.lead.id, reason, NOW)
        with pytest.raises(NeedsAReason):
            pause.pause_case(store, place.me(store, place.director), case.id, "x" * 3000, NOW)


def test_a_task_is_handed_to_a_colleague_who_is_here_and_does_not_have_it_already(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        me, task = place.me(store, place.head), account(store, case)
        tasks.hand_over(store, me, task.id, place.lead.id, WHY, NOW)
        manager = place.me(store, place.director)
        people.add_person(store, None, "Lee Gone", "lee@harbourvale.example")
        for whom in (place.lead.id, uuid4()):
            with pytest.raises(BadDetails) as refused:
                tasks.hand_over(store, manager, task.id, whom, WHY, NOW)
            assert set(refused.value.messages) == {"to"}
        with pytest.raises(NotAllowed):
            tasks.hand_over(store, me, task.id, place.head.id, WHY, NOW)


def test_a_task_that_was_withdrawn_meanwhile_can_neither_be_done_nor_put_off(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        task = account(store, case)
        manage.stop_case(store, place.me(store, place.director), case.id, "Duplicate", NOW)
        me = place.me(store, place.head)
        with pytest.raises(CaseNotOpen, match="not needed any more"):
            complete(store, me, task.id)
        with pytest.raises(CaseNotOpen):
            tasks.extend(store, me, task.id, "2026-11-12", WHY, NOW)
        with pytest.raises(CaseNotOpen):
            tasks.claim(store, me, task.id, NOW)


def test_an_answer_is_unseen_until_all_are_in_when_its_step_is_gathered(place: Place) -> None:
    each = sketch.several('=["a", "b"]', "view")
    parts = (sketch.user("ask", form="note", inner=each, trust__collect="views"), sketch.user("after", form="note"))
    in_use(place, drawn(*parts, flows="s>ask>after>e"))
    case = begun(place, "small")
    with transaction(place.database) as store:
        first, second = store.open_tasks(case.id)
        me = place.me(store, place.head)
        tasks.complete_task(store, me, first.id, {"note": ["good"]}, NOW)

        (given,) = store.submissions(case.id)
        assert given.unseen_until == "views"
        now = store.case(case.id)
        assert "note" not in now.answers.values
        assert "good" not in " ".join(journal(store, case))
        assert first.scope in now.answers.items

        tasks.complete_task(store, me, second.id, {"note": ["bad"]}, NOW)
        assert not store.case(case.id).answers.items
    does(place, place.head, case, "after", note="x")
    with transaction(place.database) as store:
        assert [given.unseen_until for given in store.submissions(case.id) if given.step == "after"] == [None]
        assert jobs_of(store, case.id) == []


def test_what_somebody_took_goes_back_to_the_list_when_their_post_ends(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        tasks.claim(store, place.me(store, place.head), account(store, case).id, NOW)
        (post,) = store.posts_of(place.head.id)

        people.end_post(store, None, post.id, TODAY - timedelta(days=1), NOW)

        task = account(store, case)
        assert (task.person_id, task.pool) == (None, f"cluster_lead@cluster:{place.cluster.id}")
        assert "“Give your account” is back on its list" in journal(store, case)[-1]


def test_what_somebody_was_handed_stays_with_them_when_another_post_of_theirs_ends(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        task = account(store, case)
        tasks.hand_over(store, place.me(store, place.head), task.id, place.lead.id, WHY, NOW)
        (post,) = store.posts_of(place.lead.id)

        people.end_post(store, None, post.id, TODAY - timedelta(days=1), NOW)

        assert account(store, case).person_id == place.lead.id


def test_a_post_until_the_end_of_time_is_a_post(place: Place) -> None:
    scope = Scope(ScopeKind.SCHOOL, place.quiet.id)
    with transaction(place.database) as store:
        post = people.give_post(store, None, place.lead.id, "headteacher", scope, TODAY, date.max, NOW)
        assert store.post(post.id).held_on(TODAY)
