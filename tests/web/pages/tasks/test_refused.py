"""What a task's page does with bad input: a clear sentence, and nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from engine.commands.cases import manage, pause, tasks
from engine.model.casework import CaseStatus, Task
from storage.database import transaction
from tests.web.house import House, jammed, stuck
from tests.web.pages.tasks.test_pages import PDF
from tests.web.site import fields_of

GOOD = {"know": "What Ruth knows", "agree": "yes", "complete": "yes"}


def test_a_missing_answer_is_named_and_what_was_typed_stays(house: House) -> None:
    task = house.account()

    page = house.visitor("ruth").send(f"/tasks/{task.id}", {"know": "", "agree": "no", "why_not": "Because"})

    assert page.status == 422
    assert "There is a problem Enter an answer to “What do you know?”" in page.main
    assert '<a href="#q-know">' in page.html
    assert page.values("why_not") == ["Because"]
    assert "<title>Error: " in page.html.replace("\n", "").replace("  ", "")


def test_a_second_complete_learns_who_was_first_and_both_texts_are_kept(house: House) -> None:
    task = house.account()
    house.cover("ruth", "tom", house.now.date())
    house.complete("tom", task, know="What Tom knows", agree="yes")
    house.moves(minutes=9)
    ruth = house.visitor("ruth")

    late = ruth.send(f"/tasks/{task.id}", GOOD)
    house.moves(hours=1)
    later = ruth.open(f"/tasks/{task.id}")

    assert late.status == 409
    assert "Tom Deputy completed this task today at 9:41am." in late.main
    assert "What you had typed" in late.main
    assert "What do you know? What Ruth knows" in late.main
    assert "What do you know? What Tom knows" in late.main
    assert later.status == 200
    assert "What Ruth knows" in later.main
    assert len(house.open_tasks(house.case(task.case_id))) == 1


def test_the_same_person_completing_twice_in_two_windows_keeps_the_second_text_as_a_draft(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    ruth.send(f"/tasks/{task.id}", GOOD)

    again = ruth.send(f"/tasks/{task.id}", {**GOOD, "know": "A better text"})

    assert again.status == 409
    assert "Ruth Adeyemi completed this task today at 9:41am." in again.main
    assert "A better text" in again.main
    with transaction(house.database) as store:
        draft = store.draft(task.id, house.people["ruth"].id)
    assert draft is not None
    assert draft.answers["know"] == ["A better text"]


def test_hidden_questions_are_dropped_and_questions_not_asked_are_refused(house: House) -> None:
    hidden, unknown = house.account("One"), house.account("Two")
    ruth = house.visitor("ruth")

    dropped = ruth.send(f"/tasks/{hidden.id}", {**GOOD, "why_not": "Typed before the answer changed"})
    refused = ruth.send(f"/tasks/{unknown.id}", {**GOOD, "salary": "1000000"})

    assert "Done: Give your account" in dropped.main
    assert "why_not" not in house.case(hidden.case_id).answers.values
    assert refused.status == 422
    assert "“salary”" in refused.main
    assert refused.values("know") == ["What Ruth knows"]
    assert house.task(unknown.id).done_at is None


@pytest.mark.parametrize("way", ["paused", "stopped"])
def test_a_case_paused_or_stopped_while_somebody_types_keeps_the_text(house: House, way: str) -> None:
    task = house.account()
    with transaction(house.database) as store:
        act = {"paused": pause.pause_case, "stopped": manage.stop_case}[way]
        act(
            store,
            store.me(house.people["priya"].id, house.now.date()),
            task.case_id,
            "Inspection in progress",
            house.now,
        )

    page = house.visitor("ruth").send(f"/tasks/{task.id}", GOOD)

    assert page.status == 409
    assert "The reason given: Inspection in progress" in page.main
    assert "What do you know? What Ruth knows" in page.main
    assert "Complete task" not in page.main


def test_what_was_typed_while_a_case_was_paused_is_there_when_it_goes_on(house: House) -> None:
    task = house.account()
    priya = house.me("priya")
    with transaction(house.database) as store:
        pause.pause_case(store, priya, task.case_id, "Inspection in progress", house.now)
    ruth = house.visitor("ruth")
    ruth.send(f"/tasks/{task.id}", GOOD)
    with transaction(house.database) as store:
        pause.resume_case(store, priya, task.case_id, "It is over", house.now)

    page = ruth.open(f"/tasks/{task.id}")

    assert page.values("know") == ["What Ruth knows"]
    assert "Complete task" in page.main


def test_a_task_taken_back_while_somebody_types_keeps_the_text(house: House) -> None:
    task = house.account()
    with transaction(house.database) as store:
        store.lock_case(task.case_id)
        store.withdraw_tasks(task.case_id, [task.token], house.now)

    page = house.visitor("ruth").send(f"/tasks/{task.id}", GOOD)

    assert page.status == 409
    assert "The case moved on, so this task is not needed any more." in page.main
    assert "What Ruth knows" in page.main


def test_a_task_handed_to_somebody_else_while_one_types_shows_the_text_again(house: House) -> None:
    task = house.account()
    with transaction(house.database) as store:
        priya = store.me(house.people["priya"].id, house.now.date())
        tasks.hand_over(store, priya, task.id, house.people["tom"].id, "Ruth is away", house.now)

    page = house.visitor("ruth").send(f"/tasks/{task.id}", GOOD)

    assert page.status == 409
    assert "This task is with Tom Deputy." in page.main
    assert "What Ruth knows" in page.main


def test_a_task_that_went_out_of_reach_while_one_types_shows_the_text_once_more(house: House) -> None:
    task = house.account()
    with transaction(house.database) as store:
        post = store.posts_of(house.people["ruth"].id)[0]
        store.end_post(post.id, house.now.date() - timedelta(days=1))

    page = house.visitor("ruth").send(f"/tasks/{task.id}", GOOD)

    assert page.status == 403
    assert "This task is not yours any more" in page.main
    assert "What Ruth knows" in page.main


def broken(house: House) -> Task:
    """A task whose completion cannot be carried out."""
    house.publish(stuck(), "Get stuck")
    return house.open_tasks(house.start("stuck", by="ruth", title="Numbers"))[0]


def test_a_case_that_cannot_run_on_keeps_the_text_and_is_listed_as_needing_attention(house: House) -> None:
    task = broken(house)
    ruth = house.visitor("ruth")

    page = ruth.send(f"/tasks/{task.id}", {"number": "seven", "complete": "yes"})

    case = house.case(task.case_id)
    assert page.status == 409
    assert "Headway could not carry this case on." in page.main
    assert "How many? seven" in page.main
    assert case.status is CaseStatus.ATTENTION
    assert case.reason
    assert case.reason not in page.main
    assert [open_.id for open_ in house.open_tasks(case)] == [task.id]
    assert ruth.open(f"/tasks/{task.id}").status == 200


@pytest.mark.parametrize("state", [b"", b"\x01", b"\x01broken"])
def test_a_case_of_which_nothing_can_be_read_is_listed_as_needing_attention(house: House, state: bytes) -> None:
    task = house.account()
    with transaction(house.database) as store:
        store.save_case(replace(store.lock_case(task.case_id), state=state))

    page = house.visitor("ruth").send(f"/tasks/{task.id}", GOOD)

    case = house.case(task.case_id)
    assert page.status == 409
    assert "What Ruth knows" in page.main
    assert case.status is CaseStatus.ATTENTION
    assert "cannot be read" in (case.reason or "")
    assert case.ref in house.visitor("priya").open("/attention").main
    assert "cannot be read" in house.visitor("priya").open(f"/cases/{case.ref}").main
    assert [open_.id for open_ in house.open_tasks(case)] == [task.id]


def test_a_form_whose_own_rule_fails_keeps_the_text_too(house: House) -> None:
    house.publish(jammed(), "Jam")
    task = house.open_tasks(house.start("jammed", by="ruth", title="Numbers"))[0]
    ruth = house.visitor("ruth")

    page = ruth.send(f"/tasks/{task.id}", {"how_many": "seven", "more": "", "complete": "yes"})

    assert page.status == 409
    assert house.case(task.case_id).status is CaseStatus.ATTENTION
    for shown in (page, ruth.open(f"/tasks/{task.id}")):
        assert "Headway could not carry this case on." in shown.main
        assert "How many seven" in shown.main


def test_files_of_the_wrong_type_or_size_are_refused_at_their_question_and_the_rest_is_kept(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    limit = house.site.trust.settings.upload_bytes
    files = [
        (BytesIO(b"MZ\x90\x00"), "setup.exe"),
        (BytesIO(b"not a pdf at all"), "report.pdf"),
        (BytesIO(b"x" * (limit + 1)), "long.txt"),
        (BytesIO(b""), "empty.txt"),
        (BytesIO(PDF), "good.pdf"),
    ]

    page = ruth.send(f"/tasks/{task.id}", {**GOOD, "papers": files})

    assert page.status == 422
    assert all(name in page.main for name in ("setup.exe:", "report.pdf:", "long.txt:", "empty.txt:"))
    assert "larger than 20 MB" in page.main
    assert page.links("/evidence/")
    assert page.values("know") == ["What Ruth knows"]
    assert house.task(task.id).done_at is None
    assert "20 MB" in ruth.open(f"/tasks/{task.id}").main  # said before anybody gets it wrong


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "..\\..\\boot.txt", "con.txt", "a\u202etxt.exe.txt", "<b>x</b>.txt"]
)
def test_a_hostile_name_escapes_no_folder_and_no_page(house: House, name: str) -> None:
    task = house.account()
    ruth = house.visitor("ruth")

    page = ruth.send(f"/tasks/{task.id}", {"save": "stay", "papers": [(BytesIO(b"plain words"), name)]})

    shown = page.html[page.html.index("/evidence/") :][:300]
    kept = list(house.site.trust.settings.files_dir.rglob("*"))
    assert "../" not in shown
    assert "\\" not in shown
    assert "\u202e" not in shown
    assert "<b>" not in shown
    assert all(path.is_dir() or len(path.name) == 64 for path in kept)


def test_a_file_for_a_question_that_is_not_asked_is_refused(house: House) -> None:
    task = house.account()

    page = house.visitor("ruth").send(f"/tasks/{task.id}", {**GOOD, "passport": [(BytesIO(PDF), "a.pdf")]})

    assert page.status == 422
    assert "“passport”" in page.main
    assert house.task(task.id).done_at is None


def test_a_colleagues_file_is_theirs_alone_until_they_send_it(house: House) -> None:
    task = house.account()
    house.cover("ruth", "tom", house.now.date())
    ruth, tom = house.visitor("ruth"), house.visitor("tom")
    saved = ruth.send(f"/tasks/{task.id}", {"save": "stay", "papers": [(BytesIO(PDF), "ruths.pdf")]})
    file = saved.links("/evidence/")[0].rpartition("/")[2]

    seen = tom.open(f"/tasks/{task.id}")
    taken_back = tom.send(f"/tasks/{task.id}", {f"detach:{file}": "detach"})
    tom.send(f"/tasks/{task.id}", {**GOOD, "papers": [(BytesIO(PDF), "toms.pdf")]})
    decide = house.open_tasks(house.case(task.case_id))[0]
    later = house.visitor("priya").open(f"/tasks/{decide.id}")

    assert "ruths.pdf" not in seen.main
    assert taken_back.status == 403
    assert "Papers 1 file" in later.main
    assert "toms.pdf" in later.main
    assert "ruths.pdf" not in later.main
    assert house.visitor("priya").open(f"/evidence/{file}").status == 404
    assert "ruths.pdf" in ruth.open(f"/tasks/{task.id}").main


def test_more_than_any_form_needs_is_refused_and_kept(house: House) -> None:
    task = house.account()

    page = house.visitor("ruth").send(f"/tasks/{task.id}", {**GOOD, "know": "x" * 600_000})

    assert page.status == 422
    assert "too long" in page.main
    assert house.task(task.id).done_at is None


def test_a_post_beyond_all_measure_is_refused_without_being_read(house: House) -> None:
    task = house.account()

    page = house.visitor("ruth").send(
        f"/tasks/{task.id}", {**GOOD, "know": "x" * 3_000_000, "papers": [(BytesIO(PDF), "a.pdf")]}
    )

    assert page.status == 413
    assert "nothing was carried out" in page.main


def test_somebody_signed_out_in_the_middle_finds_their_text_again(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    house.moves(hours=13)

    stopped = ruth.send(f"/tasks/{task.id}", GOOD, headers={"Sec-Fetch-Site": "same-origin"})
    autosave = ruth.send(f"/tasks/{task.id}/draft", GOOD, headers={"Accept": "application/json"})

    assert stopped.status == 401
    assert "What Ruth knows" not in stopped.main  # it travels sealed
    assert stopped.values("kept")[0]
    assert autosave.status == 401
    assert "signed out" in autosave.response.json["sentence"]  # type: ignore[index]
    assert house.task(task.id).done_at is None


def test_looking_shows_the_text_and_carries_nothing_out(house: House) -> None:
    task = house.account()

    page = house.visitor("ruth").send(f"/tasks/{task.id}", {**GOOD, "look": "yes"})

    assert page.status == 200
    assert page.values("know") == ["What Ruth knows"]
    assert house.task(task.id).done_at is None


def test_a_database_that_is_gone_gives_the_text_back_with_one_button(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    path = Path(house.database.url.database or "")
    house.database.close()
    path.rename(kept := path.with_name("away"))
    path.mkdir()

    page = ruth.send(f"/tasks/{task.id}", GOOD)
    path.rmdir()
    kept.rename(path)
    carried = dict(fields_of(page.html, f"/tasks/{task.id}"))
    again = ruth.send(f"/tasks/{task.id}", carried)

    assert page.status == 503
    assert carried["know"] == "What Ruth knows"
    assert "Done: Give your account" in again.main


def test_the_token_of_another_browser_sends_nothing(house: House) -> None:
    task = house.account()

    page = house.visitor("ruth").send(f"/tasks/{task.id}", {**GOOD, "csrf_token": "0" * 64})

    assert page.status == 422
    assert house.task(task.id).done_at is None
