"""What a task's page relies on: opening, files, names of people, later dates, actions, titles."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from engine.bpmn.drawn import Package
from engine.commands import cases, tasks
from engine.commands.opening import open_task
from engine.errors import AlreadyDone, BadDetails, NotAllowed, UnknownAnswers
from engine.model.casework import Case, Evidence, Task
from engine.model.people import TRUST_WIDE, Person, Scope, ScopeKind
from storage.database import Database, counting, transaction
from storage.queries.around_tasks import waiting_actions
from storage.store import SqlStore
from tests.engine.bpmn import sketch
from tests.engine.commands.place import ACCOUNT, NOW, Place, form, publish, tasks_of

ASKS_FOR_FILES = form(
    "report",
    {"type": "textfield", "id": "F1", "key": "what", "label": "What", "validate": {"required": True}},
    {"type": "filepicker", "id": "F2", "key": "photos", "label": "Photos", "multiple": True},
)
REPORT = sketch.sketch(
    sketch.start(camunda_formRef="report"),
    sketch.user("look", "Look", form="report"),
    sketch.end("e", "Looked at"),
    flows="s>look>e",
    key="report",
    ends=False,
)
VIEWS = sketch.sketch(
    sketch.script("who", "[for one in found return one.person][1]", "people"),
    sketch.word("find", "find_people", role="cluster_lead", scope="trust", trust__result="found"),
    sketch.user("view", "Give your view", inner=sketch.several("=people", "one")),
    flows="s>find>who>view>e",
    key="views",
)


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def evidence(person: Person, question: str = "photos", name: str = "door.png") -> Evidence:
    return Evidence(uuid4(), UUID(int=0), None, question, name, "image/png", 9, "ab" * 32, person.id, NOW)


def started(place: Place, key: str = "trial", **posted: str) -> tuple[Case, Task]:
    with transaction(place.database) as store:
        given = {name: [text] for name, text in posted.items()}
        case = cases.start_case(store, place.me(store, place.head), key, place.school.id, "", given, NOW)
        return case, store.open_tasks(case.id)[0]


def reporting(place: Place) -> Task:
    with transaction(place.database) as store:
        publish(store, Package(REPORT, {"report": ASKS_FOR_FILES}))
    return started(place, "report", what="A door")[1]


def test_opening_a_task_writes_nothing_and_says_whose_it_is(place: Place) -> None:
    _, task = started(place)

    with transaction(place.database) as store, counting(place.database) as counted:
        by_head = open_task(store, place.me(store, place.head), task.id, NOW)
        by_manager = open_task(store, place.me(store, place.director), task.id, NOW)

    assert all(statement.lstrip().startswith("SELECT") for statement in counted.statements)
    assert by_head.whose == place.head.id
    assert by_head.form is not None
    assert by_head.names["known"] is None
    assert by_manager.whose is None


def test_opening_a_task_is_for_those_who_have_to_do_with_it(place: Place) -> None:
    _, task = started(place)
    stranger = Person(uuid4(), "Sam Stranger", "sam@harbourvale.example")

    with transaction(place.database) as store:
        store.add_person(stranger)
        store.add_post(place.post(stranger, "headteacher", Scope(ScopeKind.SCHOOL, place.quiet.id)))
        with pytest.raises(NotAllowed):
            open_task(store, place.me(store, stranger), task.id, NOW)


def test_files_that_come_with_the_answers_are_answers(place: Place) -> None:
    task = reporting(place)
    earlier, now_sent = evidence(place.head), evidence(place.head, name="wall.png")

    with transaction(place.database) as store:
        me = place.me(store, place.head)
        tasks.attach(store, me, task.id, [earlier])
        case = tasks.complete_task(store, me, task.id, {"what": ["A wall"]}, NOW, [now_sent])

    assert set(case.answers.values["photos"]) == {str(earlier.id), str(now_sent.id)}
    with transaction(place.database) as store:
        assert {file.case_id for file in store.evidence_of(task.id)} == {case.id}


def test_a_file_for_a_question_that_is_not_asked_is_refused(place: Place) -> None:
    task = reporting(place)

    for question in ("what", "salary"):
        sent = [evidence(place.head, question)]
        with transaction(place.database) as store, pytest.raises(UnknownAnswers):
            tasks.complete_task(store, place.me(store, place.head), task.id, {"what": ["x"]}, NOW, sent)


def test_files_sent_with_a_start_belong_to_the_case(place: Place) -> None:
    with transaction(place.database) as store:
        publish(store, Package(REPORT, {"report": ASKS_FOR_FILES}))
        sent = evidence(place.head)
        me = place.me(store, place.head)
        case = cases.start_case(store, me, "report", place.school.id, "", {"what": ["A door"]}, NOW, [sent])
        kept = store.evidence(sent.id)

    assert case.answers.values["photos"] == [str(sent.id)]
    assert (kept.case_id, kept.task_id) == (case.id, None)
    assert case.title == "A door"


def test_a_case_is_called_after_the_first_words_written_cut_at_a_word(place: Place) -> None:
    with transaction(place.database) as store:
        publish(store, Package(REPORT, {"report": ASKS_FOR_FILES}))

    case, _ = started(place, "report", what="The door of the hall " + "sticks " * 20)

    assert case.title.startswith("The door of the hall sticks")
    assert case.title.endswith("sticks…")
    assert len(case.title) <= 81


def test_a_step_for_each_person_found_says_their_name(place: Place) -> None:
    with transaction(place.database) as store:
        publish(store, Package(VIEWS, {"account": ACCOUNT}))

    _, task = started(place, "views")

    assert task.item == "Owen Pryce"


def test_somebody_who_holds_a_role_in_two_places_is_found_once(place: Place) -> None:
    with transaction(place.database) as store:
        store.add_post(place.post(place.lead, "cluster_lead", TRUST_WIDE))
        publish(store, Package(VIEWS, {"account": ACCOUNT}))

    case, _ = started(place, "views")

    assert [offer["name"] for offer in case.answers.values["found"]] == ["Owen Pryce"]


def test_a_new_date_must_be_later_than_the_one_there_is(place: Place) -> None:
    _, task = started(place)

    for until in ("2026-11-01", "2026-11-05", "whenever"):
        with pytest.raises(BadDetails), transaction(place.database) as store:
            tasks.extend(store, place.me(store, place.head), task.id, until, "Ill", NOW)


def test_completing_takes_fourteen_statements_with_a_draft_and_one_fewer_without(place: Place) -> None:
    def cost(drafted: bool) -> int:
        case, task = started(place)
        with transaction(place.database) as store:
            if drafted:
                tasks.save_draft(store, place.me(store, place.head), task.id, {"known": ["x"]}, NOW)
        with transaction(place.database) as store:
            me = place.me(store, place.head)
            with counting(place.database) as counted:
                tasks.complete_task(store, me, task.id, {"known": ["x"], "route": ["desk"]}, NOW)
            assert store.draft(task.id, place.head.id) is None
            assert [step for step in tasks_of(store, case)] == ["decide"]
        return len(counted.statements)

    without = cost(drafted=False)

    assert without <= 12
    assert cost(drafted=True) == without + 1


def test_what_came_of_an_action_stands_beside_what_was_asked(place: Place) -> None:
    case, task = started(place)
    with transaction(place.database) as store:
        me = place.me(store, place.head)
        tasks.complete_task(store, me, task.id, {"known": ["x"], "route": ["desk"]}, NOW)
        decide = tasks_of(store, case)["decide"]
        tasks.complete_task(store, place.me(store, place.director), decide.id, {}, NOW)
        action = _actions(store, place)[0]
        lead = place.me(store, place.lead)
        tasks.complete_action(store, lead, action, " Visited on Monday ", NOW + timedelta(hours=1))
        done = store.action(action)
        with pytest.raises(AlreadyDone) as refusal:
            tasks.complete_action(store, lead, action, "Again", NOW)

    assert (done.note or "").endswith("Visited on Monday")
    assert done.done_by == place.lead.id
    assert refusal.value.by == "Owen Pryce"


def _actions(store: SqlStore, place: Place) -> list[UUID]:
    return [row.id for row in waiting_actions(store.connection, place.me(store, place.lead))]
