"""Needs attention: what got stuck is shown with its reason, and goes on when somebody says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from engine.commands import jobs
from engine.commands.cases import manage
from engine.errors import CaseStuck
from engine.model.casework import Case, CaseStatus, Job, JobKind, Sensitivity
from engine.model.post import KeptMessage
from storage import job_queue as queue
from storage.database import counting, transaction
from tests.web.house import House
from tests.web.published import awaiting_report, publish, watched

REASON = "The rule “more?” gave no answer."


@pytest.fixture
def administered(house: House) -> House:
    """A house with an administrator, Ada, who holds no post."""
    ada = house.person("Ada Admin")
    with transaction(house.database) as store:
        store.save_person(replace(ada, administrator=True))
    return house


def stuck(house: House, title: str = "Reading in Year 4") -> Case:
    case = house.case(house.account(title).case_id)
    with transaction(house.database) as store:
        manage.needs_attention(store, case.id, REASON, house.now)
    return case


def gave_up(house: House, kind: JobKind = JobKind.MAIL, case_id: UUID | None = None, **more: object) -> UUID:
    job = Job(uuid4(), kind, f"{kind}:{uuid4()}", house.now, {}, case_id)
    with transaction(house.database) as store:
        store.add_jobs([replace(job, attempts=6, stopped_at=house.now, reason="The mail server said no.", **more)])  # type: ignore[arg-type]
    return job.id


def test_when_nothing_is_stuck_the_page_says_so_kindly(house: House) -> None:
    assert "Nothing is stuck. Every case goes on by itself" in house.visitor("priya").open("/attention").main


def test_a_stuck_case_is_shown_with_its_reason_and_goes_on(house: House) -> None:
    case = stuck(house)
    priya = house.visitor("priya")

    shown = priya.open("/attention")
    gone_on = priya.send(f"/attention/cases/{case.id}/look-again")

    assert f"Reading in Year 4 Give an account, Saltmarsh Primary, {case.ref} {REASON}" in shown.main
    assert shown.links(f"/cases/{case.ref}")
    assert "Done The case goes on from where it rested." in gone_on.main
    assert "Nothing is stuck" in gone_on.main
    assert house.case(case.id).status is CaseStatus.OPEN


def test_a_message_that_could_not_be_sent_is_tried_again(house: House) -> None:
    job_id = gave_up(house)
    priya = house.visitor("priya")

    shown = priya.open("/attention").main
    tried = priya.send(f"/attention/jobs/{job_id}/retry")

    assert "Messages that could not be sent A message by mail The mail server said no." in shown
    assert "Gave up after 6 tries, today at 9:41am." in shown
    assert "Done It tries again now." in tried.main
    with transaction(house.database) as store:
        job = store.job(job_id)
    assert (job.stopped_at, job.attempts, job.run_at) == (None, 0, house.now)


def test_trying_again_twice_is_answered_politely(house: House) -> None:
    job_id = gave_up(house)
    priya = house.visitor("priya")
    priya.send(f"/attention/jobs/{job_id}/retry")

    again = priya.send(f"/attention/jobs/{job_id}/retry")
    gone = priya.send(f"/attention/jobs/{uuid4()}/retry")

    assert (again.status, gone.status) == (404, 404)
    assert "This is not stuck any more." in again.main


def test_what_failed_and_is_tried_again_by_itself_has_no_button(house: House) -> None:
    with transaction(house.database) as store:
        failing = Job(
            uuid4(), JobKind.MAIL, "mail:1", house.now + timedelta(minutes=5), {}, attempts=2, reason="No answer."
        )
        store.add_jobs([failing])

    page = house.visitor("priya").open("/attention")

    assert "Failed, and will be tried again A message by mail No answer." in page.main
    assert "Failed 2 tries so far. It tries again by itself today at 9:46am." in page.main
    assert "/retry" not in page.html


@pytest.mark.parametrize("page", ["job", "case"])
def test_a_timer_that_gave_up_runs_once_its_case_goes_on(house: House, page: str) -> None:
    publish(house, watched())
    case = house.start("watched")
    house.complete("ruth", house.open_tasks(case)[0])
    with transaction(house.database) as store:
        (timer,) = store.case_jobs(case.id)
    house.site.clock.now = timer.run_at
    for tried in range(1 + len(queue.BACK_OFF)):
        queue.work_one(house.database, timer.run_at + timedelta(days=tried), failing)
    assert house.case(case.id).status is CaseStatus.ATTENTION

    address = f"jobs/{timer.id}/retry" if page == "job" else f"cases/{case.id}/look-again"
    house.visitor("priya").send(f"/attention/{address}")
    while queue.work_one(house.database, house.now, lambda store, job: jobs.do(store, job, house.now)):
        pass

    assert house.case(case.id).status is CaseStatus.ENDED


def failing(store: object, job: Job) -> None:
    raise CaseStuck


def test_a_task_whose_role_nobody_holds_says_who_has_it(house: House) -> None:
    task = house.account()
    with transaction(house.database) as store:
        pool = "director_of_education@trust"
        store.save_task(replace(store.task(task.id), pool=pool, fallen=True))

    shown = house.visitor("priya").open("/attention").main

    assert "Tasks of roles that nobody holds" in shown
    assert "Give your account Reading in Year 4, Saltmarsh Primary, ACC-2026-0001" in shown
    assert "Nobody holds the role headteacher. It has come to director of education (Priya Nair)." in shown


def test_a_task_that_nobody_sees_says_so(house: House) -> None:
    task = house.account()
    with transaction(house.database) as store:
        store.save_task(replace(store.task(task.id), pool="headteacher@trust", fallen=True))

    assert "Nobody sees this task." in house.visitor("priya").open("/attention").main


def test_an_administrator_mends_cases_without_reading_them(administered: House) -> None:
    case = stuck(administered, "About a colleague")
    task = administered.account("Also private")
    with transaction(administered.database) as store:
        store.save_case(replace(store.lock_case(case.id), sensitivity=Sensitivity.NAMED))
        store.save_task(replace(store.task(task.id), fallen=True))
    ada = administered.visitor("ada")

    page = ada.open("/attention")
    done = ada.send(f"/attention/cases/{case.id}/look-again")

    assert f"A case that your role does not let you read ({case.ref})" in page.main
    assert "About a colleague" not in page.main
    assert "Also private" not in page.main
    assert not page.links("/cases/")
    assert "The case goes on" in done.main


def test_only_administrators_and_trust_leaders_see_what_is_stuck(house: House) -> None:
    case, job_id = stuck(house), gave_up(house)
    ruth = house.visitor("ruth")

    answers = [
        ruth.open("/attention"),
        ruth.send(f"/attention/cases/{case.id}/look-again"),
        ruth.send(f"/attention/jobs/{job_id}/retry"),
    ]

    assert {answer.status for answer in answers} == {403}
    assert house.case(case.id).status is CaseStatus.ATTENTION


def test_long_lists_go_on_and_cost_no_more_statements(house: House) -> None:
    priya = house.visitor("priya")
    stuck(house)
    priya.open("/attention")
    with counting(house.database) as few:
        priya.open("/attention")
    for number in range(30):
        stuck(house, f"Number {number:02}")
        house.moves(seconds=1)

    with counting(house.database) as many:
        first = priya.open("/attention")
    second = priya.open(first.links("cases=")[0])

    assert "Number 29" not in first.main
    assert "Number 29" in second.main
    assert len(many.statements) == len(few.statements) <= 8


def test_a_message_that_nobody_waits_for_is_shown_and_dropped_by_whoever_manages(house: House) -> None:
    case = house.case(house.account("Reading in Year 4").case_id)
    until = house.now + timedelta(days=28)
    kept = KeptMessage(uuid4(), "Report in", None, case.school_id, {}, case.id, house.now, until)
    with transaction(house.database) as store:
        store.keep_message(kept)
    priya = house.visitor("priya")
    assert "Report in" in priya.open("/attention").main

    assert house.visitor("ruth").send(f"/attention/messages/{kept.id}/drop").status == 403
    gone = priya.send(f"/attention/messages/{kept.id}/drop")

    assert "The message is not kept any more." in gone.main
    assert "Report in" not in gone.main


def kept_for(house: House, case: Case, until: timedelta = timedelta(days=28)) -> KeptMessage:
    kept = KeptMessage(uuid4(), "report", None, case.school_id, {}, case.id, house.now, house.now + until)
    with transaction(house.database) as store:
        store.keep_message(kept)
        store.add_jobs([Job(uuid4(), JobKind.FORGET, f"forget:{kept.id}", kept.until, {"message": str(kept.id)})])
    return kept


def works(house: House) -> None:
    """Headway does what is due."""
    while queue.work(house.database, house.now, lambda store, job: jobs.do(store, job, house.now)):
        pass


def test_a_kept_message_is_given_to_the_case_that_waits_once_and_by_nobody_who_may_not(house: House) -> None:
    publish(house, awaiting_report())
    waiting, sender = house.start("reported"), house.case(house.account().case_id)
    kept, other = kept_for(house, sender), kept_for(house, sender)
    give, ref = f"/attention/messages/{kept.id}/give", {"ref": f" {waiting.ref.lower()} "}
    priya = house.visitor("priya")

    refused = house.visitor("ruth").send(give, ref)
    works(house)
    assert (refused.status, house.open_tasks(waiting)) == (403, [])

    given = priya.send(give, ref)
    twice = priya.send(give, ref)
    works(house)
    over = priya.send(f"/attention/messages/{other.id}/give", ref)

    assert "Done The message is on its way to the case." in given.main
    assert (twice.status, over.status) == (404, 404)
    assert f"The case {waiting.ref} is not waiting for “report”." in over.main
    assert [task.step for task in house.open_tasks(waiting)] == ["after"]
    told = priya.open(f"/cases/{waiting.ref}").main
    assert told.count("gave the case the message “report”, which had been kept.") == 1


def test_a_message_given_to_a_case_that_is_not_there_stays(house: House) -> None:
    kept = kept_for(house, house.case(house.account().case_id))
    priya = house.visitor("priya")

    assert priya.send(f"/attention/messages/{kept.id}/give", {"ref": "NO-1"}).status == 404
    assert priya.send(f"/attention/messages/{kept.id}/give", {}).status == 404
    assert "report" in priya.open("/attention").main


def test_a_message_dropped_twice_or_after_its_time_is_answered_politely(house: House) -> None:
    case = house.case(house.account().case_id)
    first, second = kept_for(house, case), kept_for(house, case, timedelta(minutes=5))
    priya = house.visitor("priya")

    assert priya.send(f"/attention/messages/{first.id}/drop").status == 200
    assert priya.send(f"/attention/messages/{first.id}/drop").status == 404
    house.moves(minutes=10)
    works(house)

    assert "Messages that nobody waits for" not in priya.open("/attention").main
    assert priya.send(f"/attention/messages/{second.id}/drop").status == 404
    assert priya.send(f"/attention/messages/{second.id}/give", {"ref": case.ref}).status == 404
