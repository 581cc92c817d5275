"""Questions that change under one's hands, in a real browser: nothing typed is lost and the focus stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, request, send_from_directory
from playwright.sync_api import Browser, Page, Route, expect

from engine import forms
from tests.engine.forms.form_samples import DEFECT_NAMES, sample
from web.parts import questions as pages

pytestmark = pytest.mark.slow

STATIC = Path(__file__).parents[3] / "web" / "static"
SHELL = """<!DOCTYPE html><html lang="en-GB" class="govuk-template"><head><title>A task</title>
<link rel="stylesheet" href="/static/headway.css">
<script type="module" src="/static/govuk.js"></script><script type="module" src="/static/form-rules.js"></script></head>
<body class="govuk-template__body"><main><h1>A task</h1><form method="post" action="/whole"><button>Save</button>
<div data-questions="/questions">{}</div></form></main></body></html>"""


def app() -> Flask:
    """One page with the sample form, and the answer to a changed question."""
    found = Flask(__name__)
    form = sample("everything")

    def questions() -> str:
        typed = request.form.to_dict(flat=False) if request.method == "POST" else None
        typed = forms.rows_changed(form, typed) if typed is not None else None
        return pages.render(forms.view(form, DEFECT_NAMES, typed))

    found.add_url_rule("/questions", "questions", questions, methods=["POST"])
    found.add_url_rule("/", "page", lambda: SHELL.format(questions()))
    found.add_url_rule("/whole", "whole", lambda: SHELL.format(questions()), methods=["POST"])
    found.add_url_rule("/static/<name>", "file", lambda name: send_from_directory(STATIC, name))
    return found


class Quiet(WSGIRequestHandler):
    """A handler that does not print a line for each request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with make_server("127.0.0.1", 0, app(), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        yield page
        assert faults == []


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id")
    return found


def test_a_question_appears_when_a_rule_wants_it_and_goes_again(page: Page) -> None:
    page.fill("#q-what", "The lift is stuck")
    page.get_by_label("It is dangerous").check()

    expect(page.get_by_label("Who made it safe (P1)?")).to_be_visible()
    assert page.input_value("#q-what") == "The lift is stuck"
    assert focused(page) == "q-urgent"

    page.get_by_label("It is dangerous").uncheck()
    expect(page.get_by_label("Who made it safe (P1)?")).to_have_count(0)


def test_only_an_answer_that_rules_read_asks_the_server(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))

    page.fill("#q-room", "B12")
    page.fill("#q-what", "Cold")
    page.get_by_label("Ring before coming").check()

    expect(page.get_by_label("Telephone")).to_be_visible()
    assert [url.rpartition("/")[2] for url in asked] == ["questions"]


def test_what_is_typed_while_the_answer_is_on_its_way_stays(page: Page) -> None:
    held: list[Route] = []
    page.route("**/questions", lambda route: held.append(route))
    page.get_by_label("It is dangerous").check()
    page.focus("#q-room")
    page.keyboard.type("B1")
    page.wait_for_timeout(50)

    held[0].continue_()
    expect(page.get_by_label("Who made it safe (P1)?")).to_be_visible()
    page.keyboard.type("2")

    assert page.input_value("#q-room") == "B12"
    assert focused(page) == "q-room"


def test_files_chosen_and_not_sent_stay_and_do_not_travel(page: Page) -> None:
    bodies: list[str] = []
    page.on("request", lambda sent: bodies.append(sent.post_data or ""))
    page.set_input_files("#q-photo", files={"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"picture"})

    page.get_by_label("It is dangerous").check()

    expect(page.get_by_label("Who made it safe (P1)?")).to_be_visible()
    assert page.evaluate("document.querySelector('#q-photo').files[0].name") == "a.jpg"
    assert "picture" not in "".join(bodies)
    assert "a.jpg" not in "".join(bodies)


def test_rows_come_and_go_and_the_focus_follows(page: Page) -> None:
    page.fill("#q-causes-0-cause", "Age")
    page.get_by_role("button", name="Add another cause").click()
    expect(page.locator("#q-causes-1-cause")).to_be_focused()
    page.keyboard.type("Use")

    page.get_by_role("button", name="Remove Cause 1 of 2").click()

    expect(page.locator("#q-causes-1-cause")).to_have_count(0)
    assert page.input_value("#q-causes-0-cause") == "Use"
    assert focused(page) == "q-causes"


def test_when_the_server_cannot_be_asked_the_pages_own_button_does_the_work(page: Page) -> None:
    page.route("**/questions", lambda route: route.abort())
    page.fill("#q-causes-0-cause", "Age")

    page.get_by_role("button", name="Add another cause").click()

    expect(page.locator("#q-causes-1-cause")).to_be_visible()
    assert page.url.endswith("/whole")
    assert page.input_value("#q-causes-0-cause") == "Age"


def test_characters_are_counted_in_questions_that_came_later_too(page: Page) -> None:
    page.get_by_label("It is dangerous").check()
    expect(page.get_by_label("Who made it safe (P1)?")).to_be_visible()

    page.fill("#q-what", "12345")

    expect(page.locator(".govuk-character-count__message").last).to_have_text("You have 45 characters remaining")


def test_nothing_stands_in_anybodys_way(page: Page) -> None:
    page.get_by_label("It is dangerous").check()
    page.get_by_role("button", name="Add another cause").click()
    expect(page.locator("#q-causes-1-cause")).to_be_visible()

    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )

    assert [broken["id"] for broken in found.response["violations"]] == []


def test_all_of_it_works_without_scripts(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        page.fill("#q-causes-0-cause", "Age")
        page.get_by_label("It is dangerous").check()

        page.get_by_role("button", name="Add another cause").click()

        expect(page.locator("#q-causes-1-cause")).to_be_visible()
        expect(page.get_by_label("Who made it safe (P1)?")).to_be_visible()
        assert page.input_value("#q-causes-0-cause") == "Age"
