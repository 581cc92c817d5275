"""Every page that people reach by its links: nothing in anybody's way, at a desk, on a phone, enlarged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.exceptions import HTTPException

from tests.browser import looks
from tests.browser.served import Served
from tests.browser.visitor import HEIGHT, sign_in, watched

pytestmark = pytest.mark.slow

PEOPLE = ("Ruth Adeyemi", "Stephen Achebe", "Priya Nair")  # a headteacher, the director of QA, who draws procedures
PHONE, DESK, ENLARGED = 390, 1280, 320  # 320 is a window of 1280 enlarged to 400%
LINKS = "all => all.map((each) => new URL(each.getAttribute('href'), document.baseURI).href)"
MOST_PAGES = 70
TWICE = frozenset({"tasks.show", "cases.show"})  # of every other kind of page one will do


@dataclass
class Crawl:
    """The pages that can be reached from one another, each kind of page once or twice."""

    served: Served
    page: Page
    seen: Counter[tuple[str, tuple[str, ...]]] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)
    waiting: list[str] = field(default_factory=lambda: ["/"])
    visited: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """The path and the HTML of each page, once the browser shows it."""
        while self.waiting and len(self.visited) < MOST_PAGES:
            path = self.waiting.pop(0)
            self.visited.append(path)
            answer = self.page.request.get(path)
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert answer.ok, f"{path}: {answer.status}"
                self.page.goto(path)
                yield path, answer.text()
                self._note_links()

    def _note_links(self) -> None:
        for href in self.page.eval_on_selector_all("a[href]", LINKS):
            link = urlsplit(href)
            path = f"{link.path}?{link.query}" if link.query else link.path
            if href.startswith(self.served.url) and path not in self.known and self._wanted(link.path, link.query):
                self.known.add(path)
                self.waiting.append(path)

    def _wanted(self, path: str, query: str) -> bool:
        try:
            endpoint, _ = self.served.app.url_map.bind("").match(path)
        except HTTPException:
            return True  # so that a link that leads nowhere is found
        if endpoint in {"static", "demo.index"}:
            return False
        kind = (str(endpoint), tuple(sorted(parse_qs(query))))
        self.seen[kind] += 1
        return self.seen[kind] <= (2 if endpoint in TWICE and not query else 1)


@pytest.mark.parametrize("name", PEOPLE)
def test_nothing_stands_in_anybodys_way(name: str, browser: Browser, looked_at: Served) -> None:
    wrong: list[str] = []

    with watched(browser, looked_at) as page:
        crawl = Crawl(looked_at, sign_in(page, name))
        for path, html in crawl:
            wrong += [f"{name} {path}: {fault}" for fault in faults(page, html)]

    assert wrong == []
    assert 12 < len(crawl.visited) < MOST_PAGES


def faults(page: Page, html: str) -> Iterator[str]:
    """Everything that is wrong with the page that is shown."""
    yield from looks.badly_formed(html)
    for look in looks.AT_ANY_WIDTH:
        yield from look(page)
    for width in (PHONE, ENLARGED, DESK):
        page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        yield from (f"at {width}: {fault}" for fault in (*looks.too_wide(page), *looks.covered_mark(page)))
        if width != ENLARGED:
            yield from (f"at {width}: {fault}" for fault in looks.barriers(page, width == DESK))


@pytest.mark.parametrize("path", ["/tasks", "task", "/start/diagnosis", "/cases", "case", "/monitoring/diagnosis"])
def test_every_stop_of_the_tab_key_is_seen(path: str, browser: Browser, looked_at: Served) -> None:
    with watched(browser, looked_at) as page:
        sign_in(page, "Nadia Karim")
        go(page, path)

        assert looks.unseen_focus(page) == []


def test_the_first_stop_leads_past_the_menu(browser: Browser, looked_at: Served) -> None:
    with watched(browser, looked_at) as page:
        sign_in(page, "Ruth Adeyemi")
        page.keyboard.press("Tab")
        skip = page.locator(".govuk-skip-link:focus")
        box = skip.bounding_box()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")

        assert box
        assert box["height"] > 20
        assert page.evaluate("Boolean(document.activeElement.closest('main'))")


def go(page: Page, where: str) -> None:
    """To an address, or to the first task or case there is."""
    if where.startswith("/"):
        page.goto(where)
        return
    page.goto("/tasks" if where == "task" else "/cases")
    page.locator(".hw-task__link").first.click()
