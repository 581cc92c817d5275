"""Somebody at a browser, and everything that must not happen while they use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser.served import Served, id_of

MOST_TABS = 150
PATIENCE = 15_000  # milliseconds: machines that test are busy
HEIGHT = {1280: 900, 390: 844, 320: 256}
# Chromium says of every page that is refused (a form sent back, a page that is not there) that it failed to load.
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


@dataclass
class Watch:
    """What went wrong in a browser, whatever its tests looked at."""

    host: str
    faults: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Look at everything that happens in it."""
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not REFUSED.match(message.text):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in {"data", "blob"} and urlsplit(request.url).netloc != self.host:
            self.faults.append(f"asks another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")


@contextmanager
def watched(browser: Browser, served: Served, width: int = 1280, scripts: bool = True, **more: Any) -> Iterator[Page]:
    """A page in a browser of its own. Fails at the end when anything went wrong in it."""
    watch = Watch(urlsplit(served.url).netloc)
    size: Any = {"width": width, "height": HEIGHT.get(width, 900)}
    with browser.new_context(
        base_url=served.url, viewport=size, java_script_enabled=scripts, has_touch=width < 500, **more
    ) as context:
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        yield context.new_page()
    assert watch.faults == []


def sign_in(page: Page, name: str) -> Page:
    """Pick somebody to be, as people do in the demo."""
    page.goto("/demo")
    page.locator(f"form:has(input[value='{id_of(name)}']) button").first.click()
    page.wait_for_url("**/tasks")
    return page


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.locator(selector).and_(page.locator(":focus")).count():
            return
    raise AssertionError(f"Tab never comes to {selector}")
