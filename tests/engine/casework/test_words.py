"""What a diagram asks for becomes rows: people found, messages, actions, records. None says more than may be known."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from engine.commands.cases import start
from engine.commands.trust import people
from engine.errors import CaseStuck, ExpressionStopped, WordRefused
from engine.model.calendar import Calendar
from engine.model.casework import Case, JobKind, Sensitivity
from engine.model.people import TRUST_WIDE, Person, Role, School, Scope, ScopeKind
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore
from storage.tables import notices, records
from tests.engine.bpmn import sketch
from tests.engine.commands.place import NOW, Place, form, jobs_of, tasks_of
from tests.engine.commands.procedures_of import begun, does, drawn, in_use, journal

TODAY = NOW.date()


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def hired(store: SqlStore, place: Place, name: str, *posts: tuple[str, Scope]) -> Person:
    """Somebody with these posts."""
    person = Person(uuid4(), name, f"{uuid4()}@harbourvale.example")
    store.add_person(person)
    for role, scope in posts:
        store.add_post(place.post(person, role, scope))
    return person


def at(school: School) -> Scope:
    return Scope(ScopeKind.SCHOOL, school.id)


def found_by(place: Place, **parameters: str) -> list[str]:
    """The names that find_people answers with, for a case at the first school."""
    find = sketch.word("x", "find_people", role="expert", trust__result="found", **parameters)
    in_use(place, drawn(find, sketch.user("a"), flows="s>x>a>e"))
    return [offer["name"] for offer in begun(place, "small").answers.values["found"]]


@pytest.fixture
def experts(place: Place) -> Place:
    """One at each of: this school, the next one in its cluster, one in another cluster, the cluster, the trust; and
    one for the whole trust who teaches here.
    """
    far = School(uuid4(), "900003", "Inland School", "secondary", "Academy")
    with transaction(place.database) as store:
        store.save_roles([Role("expert", "Contributing expert"), Role("staff", "Staff")])
        store.add_schools([far])
        hired(store, place, "Here", ("expert", at(place.school)), ("expert", TRUST_WIDE))
        hired(store, place, "Next", ("expert", at(place.quiet)))
        hired(store, place, "Far", ("expert", at(far)))
        hired(store, place, "Cluster", ("expert", Scope(ScopeKind.CLUSTER, place.cluster.id)))
        hired(store, place, "Trust", ("expert", TRUST_WIDE))
        hired(store, place, "Teaches here", ("expert", TRUST_WIDE), ("staff", at(place.school)))
        gone = hired(store, place, "Gone", ("expert", TRUST_WIDE))
        store.save_person(replace(gone, active=False))
    return place


def test_people_are_found_once_each_by_name_across_the_trust(experts: Place) -> None:
    assert found_by(experts) == ["Cluster", "Far", "Here", "Next", "Teaches here", "Trust"]


def test_people_are_found_at_the_school_alone(experts: Place) -> None:
    assert found_by(experts, scope="school") == ["Here"]


def test_people_are_found_in_every_school_of_the_cluster_and_over_it(experts: Place) -> None:
    assert found_by(experts, scope="cluster") == ["Cluster", "Here", "Next", "Teaches here", "Trust"]


def test_whoever_works_at_the_school_in_any_role_is_not_independent_of_it(experts: Place) -> None:
    assert found_by(experts, not_from_school="yes") == ["Cluster", "Far", "Next", "Trust"]


def test_whoever_worked_at_the_school_until_yesterday_is_independent_of_it_today(experts: Place) -> None:
    with transaction(experts.database) as store:
        left = hired(store, experts, "Left", ("expert", TRUST_WIDE), ("staff", at(experts.school)))
        for post in store.posts_of(left.id):
            if post.role == "staff":
                store.end_post(post.id, TODAY - timedelta(days=1))

    assert found_by(experts, not_from_school="yes") == ["Cluster", "Far", "Left", "Next", "Trust"]


def test_too_few_people_are_said_in_the_journal(experts: Place) -> None:
    found_by(experts, scope="school", at_least="3")

    with transaction(experts.database) as store:
        case = store.connection.exec_driver_sql("select text from entries").scalars().all()
    assert "Only 1 of 3 found for Contributing expert." in case


def test_a_record_of_the_same_kind_gets_the_next_number_in_one_run_and_over_several(place: Place) -> None:
    kept = [sketch.word(id, "record", kind=kind, title=id) for id, kind in (("one", "plan"), ("two", "plan"))]
    last = [
        sketch.word("three", "record", kind="plan", title="three"),
        sketch.word("four", "record", kind="x", title="y"),
    ]
    in_use(place, drawn(*kept, sketch.user("a"), *last, flows="s>one>two>a>three>four>e"))
    case = does(place, place.head, begun(place, "small"), "a")

    with transaction(place.database) as store:
        rows = store.connection.execute(select(records.c.kind, records.c.number, records.c.title)).all()
        assert sorted(tuple(row) for row in rows) == [
            ("plan", 1, "one"),
            ("plan", 2, "two"),
            ("plan", 3, "three"),
            ("x", 1, "y"),
        ]
        assert "Kept: three, version 3." in journal(store, case)


def told_by(place: Place, person: str) -> Case:
    tell = sketch.word("x", "tell", person="=note", subject="A word", text="Please read it.")
    in_use(place, drawn(sketch.user("a", form="note"), tell, flows="s>a>x>e"))
    return does(place, place.head, begun(place, "small"), "a", note=person)


def test_a_message_to_somebody_who_has_left_is_told_in_the_journal_alone(place: Place) -> None:
    with transaction(place.database) as store:
        gone = hired(store, place, "Lee Gone")
        store.save_person(replace(gone, active=False))

    case = told_by(place, str(gone.id))

    with transaction(place.database) as store:
        assert store.connection.execute(select(notices.c.id)).all() == []
        assert "Lee Gone has left, so nobody was told: A word." in journal(store, case)


def test_a_message_to_nobody_that_is_known_stops_the_case_with_a_sentence(place: Place) -> None:
    with pytest.raises(WordRefused, match="somebody whom Headway does not know"):
        told_by(place, "0c7c5d0e-6f0a-4c36-9d2b-3f1f5f2a7e10")


def assigned(place: Place, assignee: str) -> tuple[UUID | None, str]:
    """Who has a task that a rule assigns, and its list."""
    in_use(place, drawn(sketch.user("a", form="note"), sketch.user("b", assignee="=note"), flows="s>a>b>e"))
    case = does(place, place.head, begun(place, "small"), "a", note=assignee)
    with transaction(place.database) as store:
        task = tasks_of(store, case)["b"]
    return task.person_id, task.pool


def test_a_task_for_a_person_is_theirs(place: Place) -> None:
    assert assigned(place, str(place.lead.id))[0] == place.lead.id


@pytest.mark.parametrize("assignee", ["0c7c5d0e-6f0a-4c36-9d2b-3f1f5f2a7e10", "Owen Pryce", "", "[]"])
def test_a_task_for_nobody_that_is_known_waits_on_its_roles_list(place: Place, assignee: str) -> None:
    assert assigned(place, assignee) == (None, f"headteacher@school:{place.school.id}")


def test_a_task_for_somebody_who_has_left_waits_on_its_roles_list(place: Place) -> None:
    with transaction(place.database) as store:
        store.save_person(replace(place.lead, active=False))

    assert assigned(place, str(place.lead.id))[0] is None


def test_a_deadline_that_cannot_be_reckoned_stops_the_case_with_a_sentence(place: Place) -> None:
    with transaction(place.database) as store:
        store.save_calendar(place.school.id, Calendar(terms=((date(2040, 9, 2), date(2040, 12, 18)),)))
    in_use(place, drawn(sketch.user("a", "Look at it", due="2 school days"), flows="s>a>e", key="far"))

    with pytest.raises(CaseStuck, match="When “Look at it” is due \\(2 school days\\) could not be worked out"):
        begun(place, "far")


@pytest.mark.parametrize("words", ["tomorrow", "x" * 500, "P99999999999W"])
def test_a_deadline_made_of_what_somebody_typed_is_read_or_stops_the_case(place: Place, words: str) -> None:
    in_use(place, drawn(sketch.user("a", form="note"), sketch.user("b", due="=note"), flows="s>a>b>e"))

    with pytest.raises((CaseStuck, ExpressionStopped), match="When “B” is due"):
        does(place, place.head, begun(place, "small"), "a", note=words)


def test_an_open_action_goes_where_its_role_goes(place: Place) -> None:
    act = sketch.word("x", "raise_action", role="headteacher", title="Visit")
    in_use(place, drawn(act, flows="s>x>e"))
    begun(place, "small")
    with transaction(place.database) as store:
        (post,) = store.posts_of(place.head.id)
        people.end_post(store, None, post.id, TODAY - timedelta(days=1), NOW)
        (action,) = store.open_actions_of_roles(["headteacher"], [place.school.id])
        assert action.pool == f"cluster_lead@cluster:{place.cluster.id}"

        people.give_post(store, None, place.lead.id, "headteacher", at(place.school), TODAY, None, NOW)
        (action,) = store.open_actions_of_roles(["headteacher"], None)
        assert action.pool == f"headteacher@school:{place.school.id}"

        store.save_action(replace(action, done_at=NOW, done_by=place.lead.id))
        store.move_actions({action.id: "elsewhere"})
        assert store.action(action.id).pool == action.pool


def test_an_action_for_a_role_nobody_holds_says_so(place: Place) -> None:
    act = sketch.word("x", "raise_action", role="chief_executive", title="Visit")
    in_use(place, drawn(act, flows="s>x>e"))
    case = begun(place, "small")

    with transaction(place.database) as store:
        line = "Action for Chief executive: Visit. Nobody holds this role, so it waits until somebody does."
        assert line in journal(store, case)


@pytest.mark.parametrize(
    ("sensitivity", "known"), [(Sensitivity.STAFF, True), (Sensitivity.LEADERS, True), (Sensitivity.NAMED, False)]
)
def test_a_message_names_a_case_only_to_people_who_may_read_it(
    place: Place, sensitivity: Sensitivity, known: bool
) -> None:
    """Messages, mails and actions to a director, who leads the trust but is not named on the case."""
    words = (
        sketch.word(
            "x", "tell", role="director_of_education", subject="About {{ case.title }}", text="{{case.title}}!"
        ),
        sketch.word("y", "raise_action", role="director_of_education", title="Look into {{ case.title }}"),
    )
    in_use(place, drawn(sketch.user("a"), *words, flows="s>a>x>y>e"))
    with transaction(place.database) as store:
        me = place.me(store, place.head)
        case = start.start_case(store, me, "small", place.school.id, "Mr Gale", {}, NOW)
        store.save_case(replace(store.case(case.id), sensitivity=sensitivity))
    does(place, place.head, case, "a")

    with transaction(place.database) as store:
        rows = store.connection.execute(select(notices)).all()
        assert [row.person_id for row in rows] == [place.director.id] * 2
        assert all(("Mr Gale" in f"{row.subject} {row.text}") == known for row in rows)
        mails = store.connection.exec_driver_sql("select payload from jobs where delivers").scalars().all()
        assert [("Mr Gale" in str(mail)) for mail in mails] == [known, known]
        (action,) = store.open_actions_of_roles(["director_of_education"], None)
        assert ("Mr Gale" in action.title) == (sensitivity is Sensitivity.STAFF)
        assert "Director of education was told: About Mr Gale." in journal(store, case)


def test_whoever_starts_a_case_and_whoever_did_a_task_may_read_what_it_sends_them(place: Place) -> None:
    tell = sketch.word("x", "tell", role="headteacher", subject="{{ case.title }}", text="Done.")
    in_use(place, drawn(sketch.user("a"), tell, flows="s>a>x>e"))
    with transaction(place.database) as store:
        me = place.me(store, place.director)
        case = start.start_case(store, me, "small", place.school.id, "Mr Gale", {}, NOW)
        store.save_case(replace(store.case(case.id), sensitivity=Sensitivity.NAMED))
    does(place, place.head, case, "a")

    with transaction(place.database) as store:
        assert [row.subject for row in store.connection.execute(select(notices))] == ["Mr Gale"]


def test_a_case_is_opened_to_fewer_people_by_a_later_form(place: Place) -> None:
    asked = form(
        "note",
        {
            "type": "radio",
            "id": "F1",
            "key": "sensitivity",
            "label": "Who may read it?",
            "values": [{"label": "Staff", "value": "staff"}, {"label": "Named people", "value": "named"}],
        },
    )
    package = drawn(sketch.user("a", form="note"), sketch.user("b"), flows="s>a>b>e")
    in_use(place, replace(package, forms={"note": asked}))

    case = does(place, place.head, begun(place, "small"), "a", sensitivity="named")

    with transaction(place.database) as store:
        assert store.case(case.id).sensitivity is Sensitivity.NAMED
        assert "The case is open to named people from here on." in journal(store, case)
        assert [job.kind for job in jobs_of(store, case.id)] == [JobKind.CHASE]
