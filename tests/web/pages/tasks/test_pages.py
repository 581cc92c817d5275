"""The page of one task: what it tells, and what its buttons do when all goes well."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from engine.bpmn.package import Package
from engine.model.calendar import Calendar
from engine.model.casework import EntryKind
from storage.database import counting, transaction
from storage.queries.cases.around import journal
from tests.engine.bpmn.sketch import properties, sketch, user
from tests.web.house import House

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_a_head_opens_their_tasks_completes_one_and_the_case_moves_on(house: House) -> None:
    task = house.account("Reading in Year 4")
    ruth = house.visitor("ruth")

    listed = ruth.open("/")
    opened = ruth.open(listed.links(f"/tasks/{task.id}")[0])
    done = ruth.send(f"/tasks/{task.id}", {"know": "Three classes", "agree": "yes", "complete": "yes"})

    assert "You have 1 task." in listed.main
    assert "Give your account" in opened.main
    assert done.status == 200
    assert "Done: Give your account" in done.main
    assert "Next: Director of education: Decide the route, by Thursday 5 November." in done.main
    assert f"See the case {house.case(task.case_id).ref}" in done.main
    assert [each.title for each in house.open_tasks(house.case(task.case_id))] == ["Decide the route"]


def test_the_page_says_why_by_when_what_next_and_who_can_help(house: House) -> None:
    task = house.account("Reading in Year 4", seen="Two classes\nfell behind")

    found = house.visitor("ruth").open(f"/tasks/{task.id}").main

    assert "You have this because you are headteacher of Saltmarsh Primary." in found
    assert "Due on Friday 6 November: 3 school days left." in found
    assert "Say what you know. Keep it short." in found
    assert "How it began Priya Nair, today at 9:41am" in found
    assert "What have you seen? Two classes fell behind" in found
    assert "Worried about a child?" in found
    assert "Director of education (Priya Nair): Decide the route, due: 2 working days." in found
    assert "Who can help Priya Nair: director of education and started this case" in found
    assert "Waits for Headteacher (Ruth Adeyemi)" in found


def test_days_left_are_counted_in_the_schools_own_calendar(house: House) -> None:
    task = house.account()
    with transaction(house.database) as store:
        inset = Calendar(closed=frozenset({date(2026, 11, 5)}))
        store.save_calendar(house.schools["saltmarsh"].id, inset)

    found = house.visitor("ruth").open(f"/tasks/{task.id}").main

    assert "2 school days left" in found


def test_a_late_task_says_since_when(house: House) -> None:
    task = house.account()
    house.moves(days=7)

    found = house.visitor("ruth").open(f"/tasks/{task.id}").main

    assert "Late Was due on Friday 6 November: 2 school days ago." in found


def test_what_earlier_steps_found_out_is_told_in_the_forms_own_words(house: House) -> None:
    task = house.account()
    case = house.complete("ruth", task, know="Three classes", agree="no", why_not="Counted twice")
    talk = house.open_tasks(case)[0]

    found = house.visitor("priya").open(f"/tasks/{talk.id}").main

    assert "Give your account Ruth Adeyemi, today at 9:41am" in found
    assert "Do you agree with the signal? No" in found
    assert "Why not? Counted twice" in found
    assert "Papers" not in found
    assert "Worried about a child" not in found  # nothing can be written here


def test_answers_stay_unseen_until_all_are_in(house: House) -> None:
    case = house.start("views", title="What is strong")
    by_person = {task.person_id: task for task in house.open_tasks(case)}
    ruth, bea, omar = (by_person[house.people[name].id] for name in ("ruth", "bea", "omar"))
    house.complete("bea", bea, strong="Bea thinks so")

    while_open = house.visitor("ruth").open(f"/tasks/{ruth.id}").main
    own = house.visitor("bea").open(f"/tasks/{bea.id}").main
    house.complete("ruth", ruth, strong="Ruth thinks so")
    house.complete("omar", omar, strong="Omar thinks so")
    reading = house.open_tasks(house.case(case.id))[0]
    all_in = house.visitor("priya").open(f"/tasks/{reading.id}").main

    assert "Bea thinks so" not in while_open
    assert "1 colleague has answered already." in while_open
    assert "You were chosen for this by name." in while_open
    assert "Bea thinks so" in own
    assert all(f"{name} thinks so" in all_in for name in ("Bea", "Ruth", "Omar"))


def test_a_task_that_asks_nothing_is_completed_by_saying_so(house: House) -> None:
    case = house.complete("ruth", house.account(), know="x", agree="no", why_not="y")
    talk = house.open_tasks(case)[0]
    priya = house.visitor("priya")

    page = priya.open(f"/tasks/{talk.id}")
    done = priya.send(f"/tasks/{talk.id}", {"complete": "yes"})

    assert "Save for later" not in page.main
    assert "Done: Talk it over" in done.main
    assert "Go on: Decide the route" in done.main


def test_the_last_task_says_how_the_case_ended(house: House) -> None:
    case = house.complete("ruth", house.account(), know="x", agree="yes")
    decide = house.open_tasks(case)[0]

    done = house.visitor("priya").send(f"/tasks/{decide.id}", {"route": "desk", "complete": "yes"})

    assert f"The case {case.ref} has ended: Account closed." in done.main


def test_whoever_covers_does_it_and_the_record_says_who_and_for_whom(house: House) -> None:
    task = house.account(school="gull")
    house.cover("bea", "ruth", date(2026, 12, 4))
    ruth = house.visitor("ruth")

    page = ruth.open(f"/tasks/{task.id}")
    ruth.send(f"/tasks/{task.id}", {"know": "x", "agree": "yes", "complete": "yes"})

    done = house.task(task.id)
    assert "because you are covering for Bea Partridge until 4 December." in page.main
    assert (done.done_by, done.done_for) == (house.people["ruth"].id, house.people["bea"].id)


def test_save_for_later_keeps_what_was_typed_and_says_when(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")

    saved = ruth.send(f"/tasks/{task.id}", {"know": "Half a thought", "save": "later"})
    house.moves(minutes=90)
    later = ruth.open(f"/tasks/{task.id}")

    assert saved.path == "/tasks"
    assert "Saved for later: Give your account" in saved.main
    assert later.values("know") == ["Half a thought"]
    assert "You saved this today at 9:41am. It has not been sent yet." in later.main


def test_the_enter_key_saves_and_stays(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")

    page = ruth.open(f"/tasks/{task.id}")
    stayed = ruth.send(f"/tasks/{task.id}", {"know": "Half", "save": "stay"})

    form = page.html[page.html.index("data-draft=") :]
    assert form.index('value="stay"') < form.index('name="add:causes"') < form.index('name="complete"')
    assert stayed.path == f"/tasks/{task.id}"
    assert stayed.values("know") == ["Half"]


def test_typing_is_kept_while_it_happens(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")

    said = ruth.send(f"/tasks/{task.id}/draft", {"know": "Hal"}, headers={"Accept": "application/json"})

    assert said.response.json == {"saved": "Draft saved at 9:41am"}
    assert ruth.open(f"/tasks/{task.id}").values("know") == ["Hal"]


def test_a_draft_is_its_authors_alone(house: House) -> None:
    task = house.account()
    house.cover("ruth", "tom", date(2026, 12, 4))
    house.visitor("ruth").send(f"/tasks/{task.id}", {"know": "Ruth wrote this", "save": "later"})

    found = house.visitor("tom").open(f"/tasks/{task.id}")

    assert "Ruth wrote this" not in found.html


def test_rows_come_and_go_without_a_script(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    path = f"/tasks/{task.id}"

    one = ruth.send(path, {"know": "So far", "add:causes": "add"})
    two = ruth.send(path, {"causes[0]": "row", "causes[0].cause": "Staffing", "add:causes": "add"})
    less = ruth.send(
        path,
        {
            "causes[0]": "row",
            "causes[0].cause": "Staffing",
            "causes[1]": "row",
            "causes[1].cause": "Time",
            "remove:causes:0": "remove",
        },
    )

    assert one.values("causes[0].cause") == [""]
    assert one.values("know") == ["So far"]
    assert (two.values("causes[0].cause"), two.values("causes[1].cause")) == (["Staffing"], [""])
    assert less.values("causes[0].cause") == ["Time"]
    assert less.values("causes[1].cause") == []


def test_a_rule_shows_its_question_in_a_fragment_and_on_the_page(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")

    fragment = ruth.send(f"/tasks/{task.id}/questions", {"agree": "no"})
    without = ruth.send(f"/tasks/{task.id}/questions", {"agree": "yes"})

    assert "Why not?" in fragment.html
    assert "<main" not in fragment.html
    assert "Why not?" not in without.html


def test_files_are_sent_with_the_answers_listed_and_downloaded(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    files = [(BytesIO(PDF), "Report.pdf"), (BytesIO(b"name,count\n"), "sums.csv")]

    saved = ruth.send(f"/tasks/{task.id}", {"save": "stay", "papers": files})
    house.moves(minutes=1)
    sent = {"know": "x", "agree": "yes", "complete": "yes", "papers": [(BytesIO(PDF + b"%more"), "More.pdf")]}
    ruth.send(f"/tasks/{task.id}", sent)
    decide = house.open_tasks(house.case(task.case_id))[0]
    later = house.visitor("priya").open(f"/tasks/{decide.id}")

    assert "Report.pdf" in saved.main
    assert "sums.csv" in saved.main
    assert [name in later.main for name in ("Report.pdf", "sums.csv", "More.pdf")] == [True] * 3
    assert "Papers 3 files" in later.main
    first = house.visitor("priya").open(later.links("/evidence/")[0])
    assert first.response.data == PDF
    assert first.response.headers["Content-Disposition"] == "attachment; filename=Report.pdf"
    assert first.response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_its_authors_alone_until_the_answer_is_sent(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    saved = ruth.send(f"/tasks/{task.id}", {"save": "stay", "papers": [(BytesIO(PDF), "Report.pdf")]})
    address = saved.links("/evidence/")[0]

    before = house.visitor("priya").open(address)
    ruth.send(f"/tasks/{task.id}", {"know": "x", "agree": "yes", "complete": "yes"})
    after = house.visitor("priya").open(address)
    stranger = house.visitor("omar").open(address)

    assert before.status == 404
    assert after.status == 200
    assert stranger.status == 404


def test_a_file_can_be_taken_back_while_the_task_is_open(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    saved = ruth.send(f"/tasks/{task.id}", {"save": "stay", "papers": [(BytesIO(PDF), "Report.pdf")]})
    file = saved.links("/evidence/")[0].rpartition("/")[2]

    taken_back = ruth.send(f"/tasks/{task.id}", {"know": "Kept", f"detach:{file}": "detach"})

    assert "Report.pdf" not in taken_back.main
    assert taken_back.values("know") == ["Kept"]


def test_completing_costs_at_most_fourteen_statements_and_one_commit(house: House) -> None:
    first, second = house.account("One"), house.account("Two")
    ruth = house.visitor("ruth")
    ruth.send(f"/tasks/{first.id}", {"know": "x", "agree": "yes", "complete": "yes"})
    ruth.send(f"/tasks/{second.id}/draft", {"know": "x"})

    with counting(house.database) as counted:
        answer = ruth.browser.post(f"/tasks/{second.id}", {"know": "x", "agree": "yes", "complete": "yes"})

    assert answer.status_code == 303
    assert len(counted.statements) <= 14
    assert counted.commits == 1


def test_the_page_costs_a_dozen_statements(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    ruth.open(f"/tasks/{task.id}")

    with counting(house.database) as counted:
        ruth.open(f"/tasks/{task.id}")

    assert len(counted.statements) <= 12
    assert counted.commits == 0


def test_the_journal_says_who_completed_what(house: House) -> None:
    task = house.account()
    house.visitor("ruth").send(f"/tasks/{task.id}", {"know": "x", "agree": "yes", "complete": "yes"})

    with transaction(house.database) as store:
        lines = [line.entry for line in journal(store.connection, task.case_id).lines]

    assert [line.text for line in lines if line.kind is EntryKind.DONE] == [
        "Ruth Adeyemi completed “Give your account”."
    ]


def test_a_task_that_is_somebody_elses_opens_to_managers_to_read_and_to_nobody_else(house: House) -> None:
    task = house.account()

    manager = house.visitor("priya").open(f"/tasks/{task.id}")
    stranger = house.visitor("omar").open(f"/tasks/{task.id}")

    assert "This task is with Ruth Adeyemi." in manager.main
    assert "Complete task" not in manager.main
    assert "Hand it to a colleague" in manager.main
    assert stranger.status == 403
    assert "This task is with somebody else." in stranger.main


def test_the_deadline_of_a_day_is_five_oclock_in_london(house: House) -> None:
    task = house.account()
    house.moves(days=3)

    found = house.visitor("ruth").open(f"/tasks/{task.id}").main

    assert "Due today By 5pm today." in found
    assert house.now + timedelta(hours=7) < house.task(task.id).due_at  # type: ignore[operator]


def test_no_page_shows_what_nobody_can_see_in_the_words_of_a_diagram(house: House) -> None:
    unseen = "\u200b\u202e"
    inner = f"<bpmn:documentation>Read{unseen} it.</bpmn:documentation>"
    drawn = sketch(
        properties(trust__prefix="UNS"),
        user("check", f"Ch{unseen}eck it", role="headteacher", inner=inner),
        flows="s>check>e",
        key="unseen",
    )
    house.publish(Package(drawn), "Unseen")
    case = house.start("unseen")
    task, ruth = house.open_tasks(case)[0], house.visitor("ruth")

    assert task.title == "Check it"
    for address in (f"/tasks/{task.id}", "/tasks", f"/cases/{case.ref}", "/procedures/unseen"):
        found = ruth.open(address)
        assert found.status == 200
        assert not {*unseen} & {*found.html}
    assert "Read it." in ruth.open(f"/tasks/{task.id}").main
