"""Your tasks: what is on it, in which words and order, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from engine.model.casework import Action, Notice, Task
from engine.model.people import Scope, ScopeKind, pool
from storage.database import counting, transaction
from tests.web.house import NOW, House
from web.parts.due import Band, Counts, band, sentence


def due(house: House, task: Task, at: datetime | None) -> None:
    """Give a task another deadline."""
    with transaction(house.database) as store:
        store.task(task.id)
        store.save_task(replace(task, due_at=at))


def test_tasks_stand_under_late_today_this_week_later_and_no_deadline(house: House) -> None:
    titles = ["No date", "In three weeks", "On Friday", "At five", "Last week"]
    moments = [
        None,
        NOW + timedelta(days=21),
        NOW + timedelta(days=3),
        NOW + timedelta(hours=7),
        NOW - timedelta(days=7),
    ]
    for title, at in zip(titles, moments, strict=True):
        due(house, house.account(title), at)

    found = house.visitor("ruth").open("/tasks").main

    headings = ["Late", "At five", "This week", "On Friday", "Later", "In three weeks", "No deadline", "No date"]
    places = [found.index(f"{word},") if word in titles else found.index(word) for word in headings]
    assert places == sorted(places)
    assert "You have 5 tasks. 1 is late and 1 is due today." in found
    assert "Late Was due on Tuesday 27 October" in found
    assert "Due today By 4:41pm" in found


def test_each_task_says_what_it_is_about_and_why_it_is_yours(house: House) -> None:
    house.account("Reading in Year 4")
    house.account("Numbers on roll", "gull")
    house.cover("bea", "ruth", date(2026, 12, 4))

    found = house.visitor("ruth").open("/tasks").main

    assert "Reading in Year 4, Saltmarsh Primary" in found
    assert "Give an account, ACC-2026-0001. You are headteacher of Saltmarsh Primary." in found
    assert "Numbers on roll, Gull Lane Primary" in found
    assert "You are covering for Bea Partridge until 4 December." in found


def test_a_task_of_a_role_that_nobody_holds_says_so(house: House) -> None:
    task = house.account()
    with transaction(house.database) as store:
        kept = store.task(task.id)
        store.save_task(replace(kept, role="school_office", fallen=True))

    found = house.visitor("ruth").open("/tasks").main

    assert "Nobody holds the role it is for, so it comes to you." in found


def test_the_one_link_of_a_row_is_described_by_its_due_words_and_the_rest(house: House) -> None:
    task = house.account()

    page = house.visitor("ruth").open("/tasks")

    assert page.links(f"/tasks/{task.id}") == [f"/tasks/{task.id}"]
    assert f'aria-describedby="task-{task.id}-due task-{task.id}-about"' in page.html


def test_nobody_sees_the_tasks_of_others(house: House) -> None:
    house.account("Reading in Year 4")

    found = house.visitor("omar").open("/tasks").main

    assert "Nothing waits for you" in found
    assert "Reading" not in found


def test_filters_leave_what_they_name_and_can_be_taken_away(house: House) -> None:
    for number in range(8):
        house.account(f"Account {number}")
    house.account("At the other school", "gull")
    house.start("views", title="A view")
    house.cover("bea", "ruth", date(2026, 12, 4))
    ruth = house.visitor("ruth")

    everything = ruth.open("/tasks")
    views = ruth.open("/tasks?procedure=views&school=&show=own")
    there = ruth.open(f"/tasks?school={house.schools['gull'].id}")
    covered = ruth.open("/tasks?show=cover")

    assert "You have 11 tasks." in everything.main
    assert everything.html.index("Apply filters") < everything.html.index("Account 0")
    assert "These filters show 1 task." in views.main
    assert "At the other school" in there.main
    assert "Account 1" not in there.main
    assert "These filters show 2 tasks." in covered.main
    assert "/tasks" in views.links("/tasks")


def test_filters_that_fit_nothing_say_how_to_go_on(house: House) -> None:
    house.account()

    found = house.visitor("ruth").open("/tasks?procedure=views")

    assert "No task fits these filters." in found.main
    assert "Show all your tasks" in found.main


def test_an_address_that_was_made_up_is_not_found(house: House) -> None:
    ruth = house.visitor("ruth")

    for address in ("/tasks?school=no", "/tasks?show=everything", "/tasks?after=2026"):
        assert ruth.open(address).status == 404


def test_long_lists_go_on_by_cursor_without_losing_or_repeating_any(house: House) -> None:
    tasks = {house.account(f"Account {number}").id for number in range(30)}
    ruth = house.visitor("ruth")

    first = ruth.open("/tasks")
    second = ruth.open(first.links("after=")[0])

    shown = [task_ids(page.links("/tasks/")) for page in (first, second)]
    assert [len(each) for each in shown] == [25, 5]
    assert shown[0] | shown[1] == tasks
    assert second.links("after=") == []
    assert "Back to the first tasks" in second.main


def task_ids(links: list[str]) -> set[UUID]:
    """The tasks that links lead to."""
    return {UUID(link.rpartition("/")[2]) for link in links}


def test_the_page_costs_six_statements_however_long_the_list(house: House) -> None:
    for number in range(12):
        house.account(f"Account {number}")
    ruth = house.visitor("ruth")
    ruth.open("/tasks")

    with counting(house.database) as counted:
        ruth.open("/tasks")

    assert len(counted.statements) <= 6
    assert counted.commits == 0


def test_counts_stop_at_three_figures() -> None:
    assert sentence(Counts(1004, 1, 0)) == "You have 999+ tasks. 1 is late."
    assert sentence(Counts(1, 0, 1)) == "You have 1 task. 1 is due today."
    assert sentence(Counts(0, 0, 0)) == "You have no tasks."


def test_actions_of_my_roles_stand_in_a_section_of_their_own_until_they_are_ticked_off(house: House) -> None:
    task = house.account()
    action = waiting_action(house, task)
    ruth = house.visitor("ruth")

    listed = ruth.open("/tasks")
    shown = ruth.open(f"/actions/{action.id}")
    done = ruth.send(f"/actions/{action.id}", {"outcome": "It fits on one page"})
    again = ruth.send(f"/actions/{action.id}", {"outcome": "Once more"})

    assert "Send the survey back" in listed.main
    assert "Late Was due on Monday 2 November" in listed.main
    assert "One page is enough." in shown.main
    assert "Ticked off: Send the survey back" in done.main
    assert listed.links(f"/actions/{action.id}")
    assert not done.links(f"/actions/{action.id}")
    assert again.status == 409
    assert "Ruth Adeyemi did it today at 9:41am." in again.main
    assert "One page is enough. It fits on one page" in ruth.open(f"/actions/{action.id}").main
    assert house.visitor("omar").open(f"/actions/{action.id}").status == 403


def waiting_action(house: House, task: Task) -> Action:
    """An action for the head of the first school."""
    waits = pool("headteacher", Scope(ScopeKind.SCHOOL, house.schools["saltmarsh"].id))
    action = Action(
        uuid4(), task.case_id, house.schools["saltmarsh"].id, "Send the survey back", "headteacher", waits,
        date(2026, 11, 2), NOW, note="One page is enough.",
    )  # fmt: skip
    with transaction(house.database) as store:
        store.add_action(action)
    return action


def test_messages_are_counted_shown_latest_first_and_marked_as_read(house: House) -> None:
    task = house.account()
    ruth_id, bea_id = house.people["ruth"].id, house.people["bea"].id
    with transaction(house.database) as store:
        store.add_notices(
            [
                Notice(uuid4(), ruth_id, NOW - timedelta(hours=1), "An older one", "First", task.case_id, task.id),
                Notice(uuid4(), ruth_id, NOW, "A newer one", "Second", task.case_id),
                Notice(bea := uuid4(), bea_id, NOW, "For somebody else", "Third"),
            ]
        )
    ruth = house.visitor("ruth")

    before = ruth.open("/tasks")
    shown = ruth.open("/messages")
    after = ruth.send("/messages/read", {"message": [*shown.values("message"), str(bea), "nonsense"]})

    assert "2 new messages" in before.main
    assert shown.main.index("A newer one") < shown.main.index("An older one")
    assert "For somebody else" not in shown.main
    assert shown.links(f"/tasks/{task.id}")
    assert "New" not in after.main
    assert "new message" not in ruth.open("/tasks").main
    assert "1 new message" in house.visitor("bea").open("/tasks").main


def test_a_week_ends_on_sunday_in_london() -> None:
    saturday = datetime(2026, 11, 7, 9, tzinfo=UTC)

    assert band(saturday + timedelta(days=1), saturday) is Band.WEEK
    assert band(saturday + timedelta(days=2), saturday) is Band.LATER
    assert band(saturday - timedelta(minutes=1), saturday) is Band.LATE


def test_a_banner_says_only_what_is_so(house: House) -> None:
    task = house.account()
    house.complete("ruth", task, know="x", agree="yes")
    priya = house.visitor("priya")

    for made_up in (f"done={task.id}", f"saved={task.id}", f"ticked={uuid4()}", "done=nonsense", f"started={uuid4()}"):
        page = priya.open(f"/tasks?{made_up}")

        assert page.status == 200
        assert "govuk-notification-banner" not in page.html
