"""Starting a procedure: what is offered, where, the first questions, and cases that are alike."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from io import BytesIO
from uuid import UUID, uuid4

import pytest

from engine.bpmn.package import Package
from engine.commands.cases import manage
from engine.model.casework import Sensitivity
from engine.model.people import Post, Scope, ScopeKind
from storage.database import transaction
from storage.queries.tasks.one_task import attached
from tests.engine.bpmn.sketch import end, properties, sketch, start, user
from tests.web.house import House, form, question
from tests.web.pages.tasks.test_pages import PDF

GOOD = {"headline": "Reading in Year 4", "seen": "", "start": "yes"}


def at(house: House, school: str = "saltmarsh") -> dict[str, str]:
    """The hidden field that says where."""
    return {"school": str(house.schools[school].id)}


def test_only_what_somebody_may_start_is_offered_with_its_purpose_and_promise(house: House) -> None:
    head, deputy = house.visitor("ruth").open("/start"), house.visitor("tom").open("/start")

    assert head.links("/start/") == ["/start/views", "/start/account"]
    assert "Takes up to 15 school days." in head.main
    assert deputy.links("/start/") == ["/start/views"]


def test_somebody_without_a_post_is_told_why_there_is_nothing(house: House) -> None:
    house.person("Una New")

    found = house.visitor("una").open("/start").main

    assert "There is nothing for you to start at the moment." in found


def test_a_head_of_one_school_skips_the_choice_and_goes_to_the_first_task(house: House) -> None:
    ruth = house.visitor("ruth")

    asked = ruth.open("/start/account")
    begun = ruth.send("/start/account", {**at(house), **GOOD})

    assert "Saltmarsh Primary" in asked.main
    assert "Choose another school" not in asked.main
    assert "Worried about a child?" in asked.main
    assert begun.path.startswith("/tasks/")
    assert "Started: Reading in Year 4" in begun.main
    assert "Give your account" in begun.main


def test_a_director_chooses_a_school_or_the_whole_trust(house: House) -> None:
    priya = house.visitor("priya")

    choice = priya.open("/start/account")
    none = priya.open("/start/account?school=")
    chosen = priya.open(f"/start/account?school={house.schools['gull'].id}")
    whole = priya.open("/start/account?school=trust")

    assert [name in choice.main for name in ("Saltmarsh Primary", "Beacon High", "The whole trust")] == [True] * 3
    assert "Select a school" in none.main
    assert "Gull Lane Primary" in chosen.main
    assert "Choose another school" in chosen.main
    assert "The whole trust" in whole.main


def test_a_case_whose_first_task_is_somebody_elses_is_shown_once_it_is_started(house: House) -> None:
    begun = house.visitor("priya").send("/start/account", {**at(house, "gull"), **GOOD})

    assert begun.path == "/cases/ACC-2026-0001"
    assert "Reading in Year 4" in begun.main


@pytest.mark.parametrize("path", ["/start/none", "/start/account?school=1234"])
def test_an_address_that_was_made_up_is_not_found(house: House, path: str) -> None:
    assert house.visitor("priya").open(path).status == 404


def test_nobody_starts_at_a_school_out_of_reach(house: House) -> None:
    ruth = house.visitor("ruth")

    assert ruth.open(f"/start/account?school={house.schools['beacon'].id}").status == 403
    assert ruth.send("/start/account", {**at(house, "beacon"), **GOOD}).status == 403
    assert house.visitor("tom").send("/start/account", {**at(house), **GOOD}).status == 403


def test_missing_answers_are_named_and_what_was_typed_stays(house: House) -> None:
    page = house.visitor("ruth").send("/start/account", {**at(house), "headline": "", "seen": "Much", "title": "Mine"})

    assert page.status == 422
    assert "Enter an answer to “What is it about?”" in page.main
    assert page.values("seen") == ["Much"]
    assert page.values("title") == ["Mine"]
    assert page.values("school") == [str(house.schools["saltmarsh"].id)]


def test_a_case_is_called_what_somebody_says_or_after_the_first_answer(house: House) -> None:
    ruth = house.visitor("ruth")
    long = "Reading in Year 4 since the new scheme began in September, in all three classes"

    said = ruth.send("/start/account", {**at(house), **GOOD, "title": "The  Year 4 question"})
    taken = ruth.send("/start/account", {**at(house), **GOOD, "headline": long, "anyway": "yes"})

    assert "Started: The Year 4 question" in said.main
    assert f"Started: {long}" in taken.main


def test_open_cases_of_the_same_kind_are_shown_before_another_is_started(house: House) -> None:
    house.account("Reading in Year 4")
    house.account("At the other school", "gull")
    ruth = house.visitor("ruth")

    asked = ruth.open("/start/account")
    refused = ruth.send("/start/account", {**at(house), **GOOD, "seen": "Kept"})
    begun = ruth.send("/start/account", {**at(house), **GOOD, "anyway": "yes"})

    assert "There is an open case about Saltmarsh Primary" in asked.main
    assert "ACC-2026-0001: Reading in Year 4" in asked.main
    assert "At the other school" not in asked.main
    assert refused.status == 422
    assert "Say whether it belongs to a case that is open" in refused.main
    assert refused.values("seen") == ["Kept"]
    assert begun.path.startswith("/tasks/")


def test_whoever_closes_a_case_by_what_they_add_reads_that_it_is_kept(house: House) -> None:
    """They may close it to more people, themselves included, and never open it."""
    who = question("radio", "sensitivity", "Who may read it?", values=[{"label": "Only those working on it",
                   "value": "named"}, {"label": "Staff", "value": "staff"}])  # fmt: skip
    bpmn = sketch(start(camunda_formRef="raise"), end(), user("look", role="director_of_education", form=None),
                  flows="s>look>e", key="worry", ends=False)  # fmt: skip
    house.publish(Package(bpmn, {"raise": form(question("textfield", "headline", "What?"), who)}), "Raise a worry")
    case = house.start("worry", headline="Noise", sensitivity="staff")
    sent = {**at(house), "headline": "More noise", "sensitivity": "named", "anyway": case.ref}

    page = house.visitor("ruth").send("/start/worry", sent)
    told = house.visitor("priya").open("/messages").main

    assert (page.status, page.path) == (200, "/tasks")
    assert "What you know is kept with the case" in page.main
    assert house.case(case.id).sensitivity == "named"
    assert "open to named people from here on" in told
    assert "Ruth Adeyemi chose who may read it." in house.visitor("priya").open(f"/cases/{case.ref}").main
    house.visitor("priya").send("/start/worry", {**sent, "sensitivity": "staff"})
    assert house.case(case.id).sensitivity == "named"


def test_a_further_signal_joins_the_case_that_is_open(house: House) -> None:
    case = house.case(house.account("Reading in Year 4").case_id)
    ruth, priya = house.visitor("ruth"), house.visitor("priya")

    joined = priya.send("/start/account", {**at(house), **GOOD, "seen": "The same in Year 5", "anyway": case.ref})
    told = ruth.open("/messages")
    wrong = priya.send("/start/account", {**at(house), "headline": "", "seen": "Much", "anyway": case.ref})

    assert joined.path == f"/cases/{case.ref}"
    assert "What you know is kept with this case" in joined.main
    assert "Added by Priya Nair" in joined.main
    assert "The same in Year 5" in joined.main
    assert "Priya Nair added what they know." in joined.main
    assert f"Priya Nair added what they know to {case.ref}, Reading in Year 4." in told.main
    assert (wrong.status, wrong.values("seen")) == (422, ["Much"])
    assert len(house.open_tasks(case)) == 1


def test_nobody_adds_to_a_case_that_is_elsewhere_ended_or_none_of_theirs(house: House) -> None:
    mine, there = (house.case(house.account("Reading", school).case_id) for school in ("saltmarsh", "beacon"))
    ruth, priya = house.visitor("ruth"), house.visitor("priya")
    elsewhere = ruth.send("/start/account", {**at(house), **GOOD, "anyway": there.ref})
    other_place = priya.send("/start/account", {**at(house), **GOOD, "anyway": there.ref})
    with transaction(house.database) as store:
        manage.stop_case(store, store.me(house.people["priya"].id, house.now.date()), mine.id, "Twice", house.now)
    ended = ruth.send("/start/account", {**at(house), **GOOD, "seen": "Kept", "anyway": mine.ref})

    assert (elsewhere.status, other_place.status) == (404, 404)
    assert "This case has been stopped already." in ended.main
    assert ended.values("seen") == ["Kept"]


def test_a_case_that_somebody_may_not_read_is_not_given_away(house: House) -> None:
    task = house.account("A delicate matter")
    with transaction(house.database) as store:
        case = store.lock_case(task.case_id)
        store.save_case(replace(case, sensitivity=Sensitivity.NAMED))
    house.person("Ann Other", ("director_of_education", None))
    with transaction(house.database) as store:
        kept = store.task(task.id)
        store.save_task(replace(kept, person_id=house.people["ruth"].id))

    found = house.visitor("ann").open(f"/start/account?school={house.schools['saltmarsh'].id}").main

    assert "A delicate matter" not in found


def test_questions_that_the_form_does_not_ask_are_refused(house: House) -> None:
    page = house.visitor("ruth").send("/start/account", {**at(house), **GOOD, "salary": "1"})

    assert page.status == 422
    assert "“salary”" in page.main


def test_files_sent_with_a_refused_start_need_not_be_chosen_again(house: House) -> None:
    drawn = sketch(
        properties(trust__prefix="PHO"), start(camunda_formRef="photo"), user("look", "Look"),
        '<bpmn:endEvent id="e" name="Looked at" />', flows="s>look>e", key="photo", ends=False,
    )  # fmt: skip
    asked = form(question("textfield", "what", "What?", required=True), question("filepicker", "photo", "Photo"))
    house.publish(Package(drawn, {"photo": asked}), "Report with a photo")
    ruth = house.visitor("ruth")

    refused = ruth.send("/start/photo", {**at(house), "what": "", "photo": [(BytesIO(PDF), "door.pdf")]})
    carried = {**at(house), "_attached": refused.values("_attached")[0], "what": "A door"}
    begun = ruth.send("/start/photo", carried)

    assert refused.status == 422
    assert "door.pdf" in refused.main
    task = house.task(UUID(begun.path.rpartition("/")[2]))
    with transaction(house.database) as store:
        case = store.case(task.case_id)
        files = attached(store.connection, case.id)
    assert [file.name for file in files] == ["door.pdf"]
    assert case.answers.values["photo"] == [str(files[0].id)]
    assert ruth.open(f"/evidence/{files[0].id}").response.get_data() == PDF
    assert house.visitor("priya").open(f"/evidence/{files[0].id}").status == 200


def test_what_carries_files_cannot_be_made_up(house: House) -> None:
    page = house.visitor("ruth").send("/start/account", {**at(house), **GOOD, "_attached": "W10.made.up"})

    assert page.path.startswith("/tasks/")


def test_a_start_that_is_only_looked_at_starts_nothing(house: House) -> None:
    page = house.visitor("ruth").send("/start/account", {**at(house), **GOOD, "look": "yes"})

    assert page.values("headline") == ["Reading in Year 4"]
    with transaction(house.database) as store:
        assert store.next_ref("ACC", 2026) == "ACC-2026-0001"


def test_a_rule_shows_its_question_in_a_fragment(house: House) -> None:
    page = house.visitor("ruth").send("/start/account/questions", {**at(house), "headline": "x"})

    assert "What is it about?" in page.html
    assert "<main" not in page.html


def test_a_cluster_lead_chooses_among_the_schools_of_the_cluster(house: House) -> None:
    lead = house.person("Lee Lead")
    with transaction(house.database) as store:
        east = next(cluster for cluster in store.clusters() if cluster.name == "East")
        store.add_post(
            Post(uuid4(), lead.id, "director_of_education", Scope(ScopeKind.CLUSTER, east.id), date(2026, 9, 1))
        )

    found = house.visitor("lee").open("/start/account").main

    assert "Saltmarsh Primary" in found
    assert "Gull Lane Primary" in found
    assert "Beacon High" not in found
    assert "The whole trust" not in found


def several_ways(house: House) -> None:
    """A procedure that begins by a parent or by a teacher, each with a form of its own."""
    starts = [
        start("p", camunda_formRef="parent").replace("Started", "A parent asks"),
        start("q", camunda_formRef="teacher").replace("Started", "A teacher asks"),
    ]
    drawn = sketch(*starts, end(), user("a", "Listen"), user("b", "Look"), flows="p>a>e q>b>e", ends=False, key="ways")
    asked = {
        "parent": form(question("textfield", "wish", "What do they wish?")),
        "teacher": form(question("textfield", "seen", "What have you seen?")),
    }
    house.publish(Package(drawn, asked), "Somebody asks")


def test_whoever_starts_a_procedure_that_begins_in_several_ways_chooses_one_by_its_name(house: House) -> None:
    several_ways(house)
    ruth = house.visitor("ruth")
    school = at(house)["school"]

    choice = ruth.open("/start/ways")
    none = ruth.open(f"/start/ways?school={school}&way=")
    chosen = ruth.open(f"/start/ways?school={school}&way=q")
    begun = ruth.send("/start/ways", {**at(house), "way": "q", "seen": "Much", "start": "yes"})

    assert ["A parent asks" in choice.main, "A teacher asks" in choice.main] == [True, True]
    assert "Select how it begins" in none.main
    assert "It begins with: A teacher asks." in chosen.main
    assert "What have you seen?" in chosen.main
    assert "What do they wish?" not in chosen.main
    assert "Look" in begun.main


def test_a_way_to_begin_that_is_not_there_is_not_found(house: House) -> None:
    several_ways(house)

    assert house.visitor("ruth").open(f"/start/ways?school={at(house)['school']}&way=a").status == 404


def test_what_was_asked_at_the_start_that_was_chosen_is_told_in_the_case(house: House) -> None:
    several_ways(house)

    begun = house.visitor("ruth").send("/start/ways", {**at(house), "way": "p", "wish": "More reading", "start": "yes"})
    case = house.visitor("priya").open("/cases/WAY-2026-0001").main

    assert begun.status == 200
    assert "What do they wish?" in case
    assert "started Somebody asks: A parent asks." in case


def test_a_start_that_the_case_did_not_begin_by_is_not_marked_as_done(house: House) -> None:
    several_ways(house)

    house.visitor("ruth").send("/start/ways", {**at(house), "way": "p", "wish": "More reading", "start": "yes"})
    case = house.visitor("priya").open("/cases/WAY-2026-0001")

    marks = re.search(r'data-marks="([^"]*)"', case.html)
    assert marks
    assert list(json.loads(unescape(marks[1]))) == ["a"]  # the step that waits
