"""An answer that stopped a case is put right by whoever manages it: the case goes on, and its journal tells both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest

from engine.bpmn.package import Package
from engine.commands.cases import correct, manage
from engine.commands.jobs import do
from engine.errors import (
    BadAnswers,
    BadDetails,
    CaseMovedOn,
    CaseNotOpen,
    NeedsAReason,
    NotAllowed,
    UnknownAnswers,
)
from engine.model.casework import CaseStatus, Sensitivity
from engine.model.people import TRUST_WIDE, Cover
from storage import job_queue as queue
from storage.database import Database, transaction
from tests.engine.bpmn import sketch
from tests.engine.commands.corrections_of import asked_before, corrects, notices, question, stops, stuck
from tests.engine.commands.place import NOW, Place, form
from tests.engine.commands.procedures_of import begun, does, in_use, journal, steps

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def test_only_what_the_rule_goes_by_is_offered(place: Place) -> None:
    package = asked_before("3 < many", question("number", "many"), question("textfield", "other"))
    case = stuck(place, package, other="Kept")

    with transaction(place.database) as store:
        found = correct.open_correction(store, place.me(store, place.director), case.id, NOW)
    with pytest.raises(UnknownAnswers):
        corrects(place, case, many="4", other="Slipped in")

    assert [one.key for one in found.answers] == ["many"]
    assert found.form.keys.keys() == {"many"}


def test_what_a_rule_was_worked_out_from_is_offered_in_its_place(place: Place) -> None:
    worked = sketch.script("worked", "first + 1", result="second")
    package = asked_before("3 < second", question("number", "first"), extra=(worked,), way="worked>")
    case = stuck(place, package)

    made = corrects(place, case, first="4")
    does(place, place.director, case, "confirm", remark="Seen")

    assert made.stopped == ""
    with transaction(place.database) as store:
        assert steps(store, case) == {"more"}


def test_a_question_that_another_answer_hides_comes_with_that_answer(place: Place) -> None:
    hidden = question("number", "many", conditional={"hide": "=extra != true"})
    case = stuck(place, asked_before("3 < many", question("checkbox", "extra"), hidden))

    with transaction(place.database) as store:
        found = correct.open_correction(store, place.me(store, place.director), case.id, NOW)
    made = corrects(place, case, extra="true", many="5")

    assert [one.key for one in found.answers] == ["extra", "many"]
    assert made.stopped == ""
    assert made.case.answers.values["many"] == 5


def test_the_answer_of_the_start_is_corrected_and_whoever_gave_it_is_told(place: Place) -> None:
    package = Package(
        sketch.sketch(
            sketch.start(camunda_formRef="raised"),
            sketch.end(),
            sketch.user("confirm", role="director_of_education"),
            sketch.gateway("which", default="f_which_e"),
            sketch.user("more"),
            flows="s>confirm>which>e which>more?3<many more>e",
            key="small",
            ends=False,
        ),
        {"raised": form("raised", question("number", "many"))},
    )
    in_use(place, package)
    case = stops(place, begun(place, "small"), "confirm")

    made = corrects(place, case, many="4")

    assert made.case.answers.values["many"] == 4
    with transaction(place.database) as store:
        told = notices(store, place.head)
    assert [subject for subject, _ in told] == ["An answer of yours was corrected: Attendance"]
    assert "“Not answered” became “4”" in told[0][1]


def test_whoever_had_sent_the_step_hears_that_it_can_be_completed(place: Place) -> None:
    case = stuck(place, asked_before("3 < many", question("number", "many")))

    corrects(place, case, who=place.lead, many="4")

    with transaction(place.database) as store:
        assert "You can complete this now: Confirm it" in [subject for subject, _ in notices(store, place.director)]
        assert "corrected an answer of yours" in notices(store, place.head)[0][1]


def test_a_case_that_stops_again_says_so_and_keeps_the_correction(place: Place) -> None:
    case = stuck(place, asked_before("3 < number(text)", question("textfield", "text")), text="many")

    made = corrects(place, case, text="lots")
    again = corrects(place, made.case, later=2, text="4")

    assert "the condition of the arrow" in made.stopped
    assert (made.case.status, made.case.reason) == (CaseStatus.ATTENTION, made.stopped)
    assert made.case.answers.values["text"] == "lots"
    assert (again.stopped, again.case.status) == ("", CaseStatus.OPEN)
    with transaction(place.database) as store:
        lines = journal(store, case)
    assert [line for line in lines if "became" in line or "needs attention" in line][1:] == [
        "Nadia Karim corrected “Text”: “many” became “lots”. The reason: Typed by mistake",
        f"The case needs attention: {made.stopped}",
        "Nadia Karim corrected “Text”: “lots” became “4”. The reason: Typed by mistake",
    ]


def test_a_timer_that_stopped_the_case_rings_again_in_the_same_transaction(place: Place) -> None:
    package = Package(
        sketch.sketch(
            sketch.user("say", form="known"),
            sketch.wait("later", "1 school day"),
            sketch.gateway("which", default="f_which_e"),
            sketch.user("more"),
            flows="s>say>later>which>e which>more?3<many more>e",
            key="small",
        ),
        {"known": form("known", question("number", "many"))},
    )
    in_use(place, package)
    case = begun(place, "small")
    does(place, place.head, case, "say")
    then = NOW + timedelta(days=3)
    for _ in range(len(queue.BACK_OFF) + 1):
        queue.work(place.database, then, partial(do, now=then))
        then += timedelta(hours=2)
    with transaction(place.database) as store:
        case = store.case(case.id)
    assert case.status is CaseStatus.ATTENTION

    made = corrects(place, case, many="4")

    assert made.stopped == ""
    with transaction(place.database) as store:
        assert steps(store, case) == {"more"}
        assert [job for job in store.case_jobs(case.id) if job.stopped_at] == []


def test_it_takes_a_reason_a_change_and_answers_that_fit(place: Place) -> None:
    drawn = question("number", "many", validate={"min": 1, "max": 9})
    case = stuck(place, asked_before("3 < many", drawn))

    for refusal, reason, value in (
        (NeedsAReason, " ", "4"),
        (NeedsAReason, "x" * 2001, "4"),
        (BadDetails, "Because", ""),
        (BadAnswers, "Because", "12"),
        (BadAnswers, "Because", "four"),
    ):
        with pytest.raises(refusal):
            corrects(place, case, reason, many=value)

    with transaction(place.database) as store:
        assert store.case(case.id) == case
        assert not [line for line in journal(store, case) if "corrected" in line]


def test_two_people_who_correct_at_once_do_not_undo_one_another(place: Place) -> None:
    case = stuck(place, asked_before("3 < number(text)", question("textfield", "text")), text="many")

    corrects(place, case, text="lots")
    with pytest.raises(CaseMovedOn, match="moved on while you were working"):
        corrects(place, case, who=place.lead, text="5")
    with transaction(place.database) as store:
        seen = store.case(case.id)
    corrects(place, seen, text="5")
    with pytest.raises(CaseNotOpen, match="does not need attention any more"):
        corrects(place, seen, text="6")


def test_a_case_that_was_stopped_or_is_going_on_is_not_corrected(place: Place) -> None:
    case = stuck(place, asked_before("3 < many", question("number", "many")))
    with transaction(place.database) as store:
        manage.stop_case(store, place.me(store, place.director), case.id, "Enough", NOW)

    with pytest.raises(CaseNotOpen, match="has been stopped already"):
        corrects(place, case, many="4")


def test_only_whoever_manages_the_case_and_may_read_it_corrects_it(place: Place) -> None:
    case = stuck(place, asked_before("3 < many", question("number", "many")))
    with transaction(place.database) as store:
        store.add_cover(Cover(uuid4(), place.director.id, place.head.id, date(2026, 11, 1), date(2026, 11, 30), "Ill"))

    with pytest.raises(NotAllowed):  # she gave the answer, and covers the director: neither manages
        corrects(place, case, who=place.head, many="4")
    with transaction(place.database) as store:
        store.save_case(replace(store.lock_case(case.id), sensitivity=Sensitivity.NAMED))
        named = store.case(case.id)
    with pytest.raises(NotAllowed):  # he manages the cluster and has no part in it
        corrects(place, named, who=place.lead, many="4")
    assert corrects(place, named, many="4").stopped == ""


def test_who_may_read_the_case_is_never_corrected_from_here(place: Place) -> None:
    drawn = question("radio", "sensitivity", values=[{"label": name, "value": name} for name in ("staff", "named")])
    case = stuck(place, asked_before("3 < number(sensitivity)", drawn, question("number", "n")), sensitivity="named")

    with transaction(place.database) as store:
        store.add_post(place.post(place.director, "chief_executive", TRUST_WIDE))
        found = correct.open_correction(store, place.me(store, place.director), case.id, NOW)

    assert found.answers == ()
    assert [one.label for one in found.beyond] == ["Sensitivity"]


def test_a_case_of_which_nobody_knows_where_it_stopped_offers_every_answer(place: Place) -> None:
    """It stopped before Headway wrote that down."""
    package = asked_before("3 < many", question("number", "many"), question("textfield", "other"))
    in_use(place, package)
    case = begun(place, "small")
    does(place, place.head, case, "say", other="Kept")
    with transaction(place.database) as store:
        manage.needs_attention(store, case.id, "It is broken.", NOW)
        found = correct.open_correction(store, place.me(store, place.director), case.id, NOW)

    assert [one.key for one in found.answers] == ["many", "other"]


def several() -> Package:
    """Two heads' views, each kept apart; a condition inside reads each one's own answer once it was confirmed."""
    view = sketch.sub(
        "each",
        sketch.start("is"),
        sketch.user("view", form="known", assignee="=one.person"),
        sketch.user("confirm", form="confirmed", role="director_of_education"),
        sketch.gateway("which", default="f_which_ie"),
        sketch.user("more"),
        sketch.end("ie"),
        flows="is>view>confirm>which>ie which>more?3<many more>ie",
        inner=sketch.several("=found", "one"),
    )
    find = sketch.word("find", "find_people", role="headteacher", scope="trust", trust__result="found")
    return Package(
        sketch.sketch(find, view, flows="s>find>each>e", key="small"),
        {
            "known": form("known", question("number", "many")),
            "confirmed": form("confirmed", question("textfield", "remark")),
        },
    )


def test_an_answer_kept_apart_for_one_of_several_is_corrected_for_that_one(place: Place) -> None:
    in_use(place, several())
    case = begun(place, "small")
    does(place, place.head, case, "view")
    case = stops(place, case, "confirm", remark="Seen")

    with transaction(place.database) as store:
        me = place.me(store, place.director)
        whole = correct.open_correction(store, me, case.id, NOW)
        ((scope, about),) = whole.items
        one = correct.open_correction(store, me, case.id, NOW, scope)
        made = correct.correct_answers(
            store, me, case.id, {"many": ["4"]}, "Typed by mistake", case.revision, LATER, scope
        )

    assert whole.answers == ()
    assert "Ruth Adeyemi" in about
    assert [each.key for each in one.answers] == ["many"]
    assert made.stopped == ""
    assert made.case.answers.items[scope]["many"] == 4
