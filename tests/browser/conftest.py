"""One demo trust for all tests of the browser: made once, served to those that only look, copied for the others."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.served import Served, make_demo, serving
from tests.browser.visitor import watched

Opener = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo trust."""
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder)
    return folder


@pytest.fixture(scope="session")
def looked_at(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo served to tests that change nothing in it."""
    with serving(demo, tmp_path_factory.mktemp("looked-at")) as served:
        yield served


@pytest.fixture
def served(demo: Path, tmp_path: Path) -> Iterator[Served]:
    """The demo served to one test, which may change everything."""
    with serving(demo, tmp_path / "var") as served:
        yield served


@pytest.fixture
def open_page(browser: Browser, served: Served) -> Opener:
    """Open a browser at this test's demo: open_page(width=390, scripts=False)."""
    return partial(watched, browser, served)
