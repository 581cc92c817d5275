"""What is typed is kept while it is typed, in a real browser; and somebody signed out is told so, once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from storage.access import sessions as stored_sessions
from storage.database import transaction
from tests.web.house import House, make_house
from tests.web.site import Site
from web.access import sessions

pytestmark = pytest.mark.slow

PATIENCE = 15_000  # milliseconds


class Quiet(WSGIRequestHandler):
    """A handler that does not print a line for each request."""

    def log_request(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(sites: Callable[..., Site]) -> Iterator[House]:
    """A house with an address that a browser can open."""
    site = sites(PUBLIC_URL="http://127.0.0.1:8000")
    with make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        house = make_house(site)
        house.address = f"http://127.0.0.1:{server.port}"
        yield house
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser, served: House) -> Iterator[Page]:
    """Ruth's browser."""
    with browser.new_context(base_url=served.address) as context:
        cookie = served.visitor("ruth").browser.cookie or ""
        context.add_cookies([{"name": sessions.LOCAL_COOKIE, "value": cookie, "url": served.address}])
        yield context.new_page()


def test_a_draft_is_saved_soon_after_typing_stops_and_says_when(served: House, page: Page) -> None:
    task = served.account()
    page.goto(f"/tasks/{task.id}")

    page.get_by_label("What do you know?").fill("Three classes fell behind")

    expect(page.get_by_role("status")).to_have_text("Draft saved at 9:41am", timeout=PATIENCE)
    with transaction(served.database) as store:
        draft = store.draft(task.id, served.people["ruth"].id)
    assert draft is not None
    assert draft.answers["know"] == ["Three classes fell behind"]
    assert "csrf_token" not in draft.answers
    page.reload()
    assert page.get_by_label("What do you know?").input_value() == "Three classes fell behind"


def test_somebody_signed_out_is_told_once_and_keeps_the_text_on_the_page(served: House, page: Page) -> None:
    task = served.account()
    page.goto(f"/tasks/{task.id}")
    tries: list[str] = []
    page.on("request", lambda request: tries.append(request.url) if request.url.endswith("/draft") else None)
    with transaction(served.database) as store:
        stored_sessions.end_sessions(store.connection, served.people["ruth"].id, served.now)

    page.get_by_label("What do you know?").fill("Three classes")
    expect(page.get_by_role("status")).to_contain_text("You have been signed out", timeout=PATIENCE)
    page.get_by_label("What do you know?").fill("Three classes fell behind")
    page.wait_for_timeout(4_000)

    assert len(tries) == 1
    assert page.get_by_label("What do you know?").input_value() == "Three classes fell behind"
