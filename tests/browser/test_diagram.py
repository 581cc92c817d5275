"""The live diagram: it stands in for the drawing, moves by keys, buttons and fingers, and never stands in the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.served import Served
from tests.browser.visitor import sign_in, watched

pytestmark = pytest.mark.slow

MONITORING = "/monitoring/diagnosis"
DIRECTOR = "Nadia Karim"
COVERED = """(mark) => {
  const box = mark.getBoundingClientRect();
  const points = [[.1, .1], [.5, .5], [.9, .9]].map(([x, y]) => [box.left + x * box.width, box.top + y * box.height]);
  return points.filter(([x, y]) => !mark.contains(document.elementFromPoint(x, y))).length;
}"""


@pytest.fixture(params=[1280, 390])
def page(request: pytest.FixtureRequest, browser: Browser, looked_at: Served) -> Iterator[Page]:
    """The director's browser, at a desk and on a phone."""
    with watched(browser, looked_at, width=request.param) as page:
        yield sign_in(page, DIRECTOR)


@pytest.fixture
def desk(browser: Browser, looked_at: Served) -> Iterator[Page]:
    """The same at a desk alone."""
    with watched(browser, looked_at) as page:
        yield sign_in(page, DIRECTOR)


def case_of(page: Page) -> str:
    """The address of an open case."""
    page.goto("/cases?procedure=diagnosis&status=open")
    return str(page.locator("a.hw-task__link").first.get_attribute("href"))


def place(page: Page) -> tuple[float, float, float]:
    """How large the picture is shown and where: scale, left, top."""
    text = page.locator(".hw-diagram__frame .viewport").get_attribute("transform") or "matrix(1 0 0 1 0 0)"
    scale, _, _, _, left, top = map(float, re.findall(r"-?[\d.]+(?:e-?\d+)?", text))
    return scale, left, top


def test_the_live_diagram_takes_the_drawings_place_and_its_makers_mark_stays_uncovered(page: Page) -> None:
    for path in (case_of(page), MONITORING, "/procedures/diagnosis"):
        page.goto(path)
        mark = page.locator(".hw-diagram .bjs-powered-by")
        expect(mark).to_be_visible()
        expect(page.locator(".hw-diagram__still")).to_be_hidden()
        mark.scroll_into_view_if_needed()
        box, frame = mark.bounding_box(), page.locator(".hw-diagram__frame").bounding_box()

        assert mark.evaluate(COVERED) == 0
        assert box
        assert frame
        assert frame["x"] <= box["x"] <= box["x"] + box["width"] <= frame["x"] + frame["width"]


def test_a_case_opens_where_it_is_at_a_size_that_can_be_read(page: Page) -> None:
    page.goto(case_of(page))
    label = page.locator(".hw-pin--now, .hw-pin--late").first
    expect(label).to_be_visible()

    frame, box = page.locator(".hw-diagram__frame").bounding_box(), label.bounding_box()

    assert place(page)[0] >= 0.7
    assert frame
    assert box
    assert frame["x"] <= box["x"] <= frame["x"] + frame["width"]
    assert frame["y"] <= box["y"] <= frame["y"] + frame["height"]


def test_keys_move_it_once_it_has_the_focus(desk: Page) -> None:
    desk.goto(MONITORING)
    picture = desk.locator(".hw-diagram__frame svg[role=application]")
    expect(picture).to_be_visible()
    picture.focus()
    scale, left, top = place(desk)

    desk.keyboard.press("+")
    larger = place(desk)
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowDown")
    moved = place(desk)
    desk.keyboard.press("0")

    assert larger[0] > scale
    assert moved[1] < larger[1]
    assert moved[2] < larger[2]
    assert place(desk) == pytest.approx((scale, left, top))
    assert "Arrow keys move it" in str(picture.get_attribute("aria-label"))


def test_buttons_do_what_dragging_does(page: Page) -> None:
    page.goto(MONITORING)
    bar = page.get_by_role("group", name="Move the diagram")
    bar.get_by_role("button", name="Whole diagram").click()
    whole = place(page)

    bar.get_by_role("button", name="Larger").click()
    larger = place(page)
    bar.get_by_role("button", name="Right").click()
    bar.get_by_role("button", name="Up").click()
    moved = place(page)
    bar.get_by_role("button", name="First step that waits").click()

    assert larger[0] > whole[0]
    assert (moved[1] < larger[1], moved[2] > larger[2]) == (True, True)
    assert place(page)[0] >= 0.7


def test_a_label_leads_to_the_list_it_counts(desk: Page) -> None:
    desk.goto(MONITORING)
    label = desk.locator("a.hw-pin").first
    expect(label).to_be_visible()
    number = int(re.findall(r"\d+", str(label.get_attribute("aria-label")))[0])

    label.focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/waiting?*")

    assert desk.locator(".hw-task").count() == number


def test_the_wheel_scrolls_the_page_and_zooms_only_with_ctrl(desk: Page) -> None:
    desk.goto(MONITORING)
    frame = desk.locator(".hw-diagram__frame")
    expect(frame.locator(".viewport")).to_be_visible()
    frame.hover()
    before = place(desk)

    desk.mouse.wheel(0, 120)
    desk.wait_for_function("scrollY > 0")
    scrolled = place(desk)
    shown = frame.locator(".viewport").get_attribute("transform")
    desk.keyboard.down("Control")
    desk.mouse.wheel(0, -120)
    desk.keyboard.up("Control")

    assert scrolled == before
    zoomed = "(was) => document.querySelector('.viewport').getAttribute('transform') !== was"
    desk.wait_for_function(zoomed, arg=shown)
    assert place(desk)[0] > before[0]


def test_without_scripts_and_on_paper_the_drawing_says_the_same(browser: Browser, looked_at: Served) -> None:
    with watched(browser, looked_at, scripts=False) as page:
        sign_in(page, DIRECTOR)
        page.goto(MONITORING)
        drawing = page.locator(".hw-diagram__still svg")
        expect(drawing).to_be_visible()
        link = drawing.locator("a").first
        named = str(link.get_attribute("aria-label"))
        page.goto(str(link.get_attribute("href")))

        assert page.locator(".hw-task").count() == int(re.findall(r"(\d+) waiting", named)[0])

    with watched(browser, looked_at) as page:
        sign_in(page, DIRECTOR)
        page.goto(MONITORING)
        expect(page.locator(".hw-diagram__live")).to_be_visible()
        page.emulate_media(media="print")

        expect(page.locator(".hw-diagram__still svg")).to_be_visible()
        expect(page.locator(".hw-diagram__live")).to_be_hidden()
        expect(page.locator(".hw-head")).to_be_hidden()


@pytest.mark.parametrize(("status", "body"), [(404, ""), (200, "no diagram"), (200, "<x/>")])
def test_when_the_diagram_cannot_be_shown_the_drawing_stays(desk: Page, status: int, body: str) -> None:
    desk.route("**/files/procedure.bpmn", lambda route: route.fulfill(status=status, body=body))

    desk.goto(MONITORING, wait_until="networkidle")

    expect(desk.locator(".hw-diagram__still")).to_be_visible()
    expect(desk.locator(".hw-diagram__live")).to_have_count(0)
