"""Your tasks and the page of one task."""

from __future__ import annotations

from tests.web.house import House


def test_a_head_opens_their_tasks_completes_one_and_the_case_moves_on(house: House) -> None:
    task = house.account("Reading in Year 4")
    ruth = house.visitor("ruth")

    listed = ruth.open("/")
    opened = ruth.open(listed.links(f"/tasks/{task.id}")[0])
    done = ruth.send(f"/tasks/{task.id}", {"know": "Three classes", "agree": "yes", "complete": "yes"})

    assert "You have 1 task." in listed.main
    assert "Give your account" in opened.main
    assert "you are headteacher of Saltmarsh Primary." in opened.main
    assert done.status == 200
    assert "Done: Give your account" in done.main
    assert "Next: Director of education: Decide the route, by Thursday 5 November." in done.main
    assert [each.title for each in house.open_tasks(house.case(task.case_id))] == ["Decide the route"]
