"""Doing a task: by keyboard alone, in two tabs, with files, over a session that runs out. Nothing typed is lost."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from engine.model.casework import TaskStatus
from storage.database import reading, reading_store
from storage.tables import cases, drafts, people, schools, tasks
from tests.browser.conftest import Opener
from tests.browser.looks import barriers
from tests.browser.served import Served, id_of
from tests.browser.surfer import PDF
from tests.browser.visitor import sign_in, tab_to

pytestmark = pytest.mark.slow

HEAD, SCHOOL = "Ruth Adeyemi", "Saltmarsh Primary School"
DEPUTY = "Leah Foster"
PAPER: FilePayload = {"name": "Lessons seen.pdf", "mimeType": "application/pdf", "buffer": PDF}
PROGRAM: FilePayload = {"name": "lessons.exe", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00" + bytes(200)}


def open_task(served: Served, step: str, school: str = SCHOOL) -> UUID:
    """A task of this step that waits there."""
    found = (
        select(tasks.c.id)
        .join(cases, cases.c.id == tasks.c.case_id)
        .join(schools, schools.c.id == cases.c.school_id)
        .where(tasks.c.step == step, tasks.c.status == TaskStatus.OPEN, schools.c.name == school)
    )
    with reading(served.trust.database) as connection:
        return connection.execute(found).scalars().first() or UUID(int=0)


def status_of(served: Served, task_id: UUID) -> TaskStatus:
    with reading_store(served.trust.database) as store:
        return store.task(task_id).status


def expert_at_work(served: Served) -> tuple[UUID, str]:
    """A task of giving a perspective, and whose it is."""
    found = (
        select(tasks.c.id, people.c.name)
        .join(people, people.c.id == tasks.c.person_id)
        .where(tasks.c.step == "give_perspective", tasks.c.status == TaskStatus.OPEN)
    )
    with reading(served.trust.database) as connection:
        row = connection.execute(found).first()
    assert row
    return row.id, row.name


def names(page: Page, selector: str) -> Sequence[str]:
    return page.locator(selector).all_inner_texts()


def test_a_head_does_a_task_with_the_keyboard_alone_and_without_scripts(served: Served, open_page: Opener) -> None:
    task_id = open_task(served, "give_account")

    with open_page(scripts=False) as page:
        page.goto("/demo")
        tab_to(page, f"form:has(input[value='{id_of(HEAD)}']) button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/tasks")
        tab_to(page, f"a[href='/tasks/{task_id}']")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/tasks/{task_id}")
        tab_to(page, "input[name='agree_signal']")
        page.keyboard.press("Space")
        tab_to(page, "textarea[name='what_we_know']")
        page.keyboard.type("Mondays are worst.")
        page.keyboard.press("Enter")
        page.keyboard.type("Two families moved away.")
        tab_to(page, "button[name='complete']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/tasks?done=*")

        assert "Done: Give your first account" in page.inner_text("main")
    assert status_of(served, task_id) is TaskStatus.DONE


def test_the_enter_key_in_a_box_sends_nothing(served: Served, open_page: Opener) -> None:
    task_id, name = expert_at_work(served)

    with open_page() as page:
        sign_in(page, name)
        page.goto(f"/tasks/{task_id}")
        page.fill("input[name='ask_too']", "The cover manager")
        page.press("input[name='ask_too']", "Enter")
        page.wait_for_load_state()

        assert page.input_value("input[name='ask_too']") == "The cover manager"
        assert page.locator(".govuk-error-summary").count() == 0
    assert status_of(served, task_id) is TaskStatus.OPEN


def test_what_is_typed_is_kept_while_it_is_typed(served: Served, open_page: Opener) -> None:
    task_id = open_task(served, "give_account")

    with open_page(width=390) as page:
        sign_in(page, HEAD)
        page.goto(f"/tasks/{task_id}")
        page.locator("textarea[name='what_we_know']").press_sequentially("Half a thought")
        expect(page.locator("[data-draft-said]")).to_have_text("Draft saved at 10:10am")
        page.goto("/tasks")
        page.goto(f"/tasks/{task_id}")

        assert page.input_value("textarea[name='what_we_know']") == "Half a thought"


@pytest.mark.parametrize("scripts", [True, False])
def test_rows_come_and_go_and_keep_what_is_typed(scripts: bool, served: Served, open_page: Opener) -> None:
    task_id, name = expert_at_work(served)
    add = "button[name='add:likely_causes']"

    with open_page(scripts=scripts) as page:
        sign_in(page, name)
        page.goto(f"/tasks/{task_id}")
        page.fill("textarea[name='strong']", "Calm corridors")
        for row in (0, 1):
            if not page.locator(f"input[name='likely_causes[{row}].likely_cause']").count():
                page.click(add)
            page.fill(f"input[name='likely_causes[{row}].likely_cause']", f"Cause {row}")
        page.locator("button[name^='remove:likely_causes']").first.click()
        expect(page.locator("input[name='likely_causes[1].likely_cause']")).to_have_count(0)

        assert page.input_value("input[name='likely_causes[0].likely_cause']") == "Cause 1"
        assert page.input_value("textarea[name='strong']") == "Calm corridors"


def test_each_line_of_the_error_summary_leads_to_its_question(served: Served, open_page: Opener) -> None:
    task_id = open_task(served, "give_account")

    with open_page(width=390) as page:
        sign_in(page, HEAD)
        page.goto(f"/tasks/{task_id}")
        page.click("button[name='complete']")
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        landed = []
        for line in page.locator(".govuk-error-summary a").all():
            line.click()
            landed.append(page.locator(":focus").get_attribute("name"))

        assert page.title().startswith("Error: ")
        assert landed == ["agree_signal", "what_we_know"]
        assert barriers(page) == []


def test_a_file_is_attached_and_one_of_the_wrong_kind_is_refused(served: Served, open_page: Opener) -> None:
    task_id, name = expert_at_work(served)

    with open_page() as page:
        sign_in(page, name)
        page.goto(f"/tasks/{task_id}")
        page.fill("textarea[name='strong']", "Calm corridors")
        page.set_input_files("input[name='seen_files']", [PAPER])
        page.click("button[value='later']")
        page.goto(f"/tasks/{task_id}")
        page.set_input_files("input[name='seen_files']", [PROGRAM])
        page.click("button[name='complete']")

        assert names(page, ".hw-files a") == [PAPER["name"]]
        assert page.locator(".govuk-error-summary a", has_text="lessons.exe").count() == 1
        assert page.input_value("textarea[name='strong']") == "Calm corridors"
        assert barriers(page) == []

        with page.expect_download() as saved:
            page.click(".hw-files a")
        assert saved.value.suggested_filename == PAPER["name"]

        page.click(".hw-files button")
        assert names(page, ".hw-files a") == []


@pytest.mark.parametrize("scripts", [True, False])
def test_typing_on_after_the_session_ran_out_loses_nothing(scripts: bool, served: Served, open_page: Opener) -> None:
    task_id = open_task(served, "give_account")

    with open_page(scripts=scripts, width=390) as page:
        sign_in(page, HEAD)
        page.goto(f"/tasks/{task_id}")
        served.clock.passes(hours=3)
        page.fill("textarea[name='what_we_know']", "Typed at break,\nsent at lunch")
        page.check("input[name='agree_signal'][value='partly']")
        page.click("button[name='complete']")
        expect(page.locator("h1")).to_have_text("Sign in")
        assert not scripts or barriers(page) == []  # axe needs scripts
        page.get_by_role("button", name=HEAD).click()
        page.get_by_role("button", name="Go back to what you typed").click()

        assert page.input_value("textarea[name='what_we_know']") == "Typed at break,\nsent at lunch"
        page.click("button[name='complete']")
        page.wait_for_url("**/tasks?done=*")
    assert status_of(served, task_id) is TaskStatus.DONE


def test_two_tabs_send_the_same_task_and_both_drafts_are_kept(served: Served, open_page: Opener) -> None:
    task_id = open_task(served, "make_safe", "Estuary High School")
    assert task_id.int

    with open_page() as first:
        sign_in(first, "Stan Kowalski")
        second = first.context.new_page()
        for page, found in ((first, "The clip has gone"), (second, "The rail is bent")):
            page.goto(f"/tasks/{task_id}")
            answer(page, found)
        first.click("button[name='complete']")
        first.wait_for_url("**/tasks?done=*")
        second.click("button[name='complete']")
        second.wait_for_load_state()

        said = second.inner_text("main")
        assert "Stan Kowalski" in said
        assert "The rail is bent" in said
        assert barriers(second) == []
    with reading(served.trust.database) as connection:
        kept = connection.execute(select(drafts.c.answers).where(drafts.c.task_id == task_id)).scalars().all()
    assert any("The rail is bent" in str(each) for each in kept)


def answer(page: Page, found: str) -> None:
    """Fill in what the site team is asked."""
    page.fill("textarea[name='found']", found)
    for question in ("made_safe", "priority", "intrusive", "can_fix", "hurt"):
        page.locator(f"input[name='{question}']").last.check()
    page.select_option("select[name='asset_kind']", index=1)
