"""*Your tasks* of somebody with the same 300 tasks in a small and in a huge database, and of somebody with 20,000."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from bench.figure import Measured, p50, percentile
from bench.support import many_tasks
from bench.support.in_process import Browser, inside
from bench.support.trust import TODAY, Ground, ground
from engine.model.people import TRUST_WIDE, Cover, Post, Scope, ScopeKind, pool
from storage.database import transaction

SMALL, LARGE, WIDE = 1_000, 1_000_000, 20_000
REQUESTS = 120
PAGES_IN = 15


def measure() -> Mapping[str, Measured]:
    """Growth from a thousand to a million open tasks; first page and a page deep in for 20,000."""
    with ground() as here:
        _somebody_with_300(here)
        with inside(here, "link_governor") as browser:
            many_tasks.add(here, SMALL, _others(here))
            small = _p95(browser)
            many_tasks.add(here, LARGE - SMALL, _others(here))
            large = _p95(browser)
        many_tasks.add(here, WIDE, [pool("data_lead", TRUST_WIDE)])
        with inside(here, "data_lead") as browser:
            first, deep = _first_and_deep(browser)
    said = f"p95 {large * 1e3:.1f} ms over {small * 1e3:.1f} ms, whole page in process, {LARGE:,} over {SMALL:,} tasks"
    wide = f"p50 of the page: first {first * 1e3:.1f} ms, {PAGES_IN} pages in {deep * 1e3:.1f} ms; the slower counts"
    return {
        "inbox_growth": Measured(large / small, "ratio", said),
        "inbox_wide_ms": Measured(max(first, deep) * 1e3, "ms", wide),
    }


def _others(here: Ground) -> list[str]:
    roles = ("headteacher", "school_office", "site_team", "staff")
    return [pool(role, Scope(ScopeKind.SCHOOL, school.id)) for role in roles for school in here.schools[1:]]


def _somebody_with_300(here: Ground) -> None:
    """A school post, a trust post, and cover for a colleague: a hundred tasks each."""
    here_school = Scope(ScopeKind.SCHOOL, here.schools[0].id)
    me, absent = here.people["link_governor"], here.people["headteacher"]
    with transaction(here.database) as store:
        store.add_post(Post(uuid4(), me.id, "finance_partner", TRUST_WIDE, TODAY - timedelta(days=90)))
        away = Cover(uuid4(), absent.id, me.id, TODAY - timedelta(days=1), TODAY + timedelta(days=30), "Away")
        store.add_cover(away)
    for role, scope in (("link_governor", here_school), ("finance_partner", TRUST_WIDE), ("headteacher", here_school)):
        many_tasks.add(here, 100, [pool(role, scope)])


def _p95(browser: Browser) -> float:
    return percentile([_once(browser, "/tasks")[0] for _ in range(REQUESTS)][20:], 0.95)


def _once(browser: Browser, path: str) -> tuple[float, str]:
    began = time.perf_counter()
    page = browser.get(path)
    return time.perf_counter() - began, page


def _first_and_deep(browser: Browser) -> tuple[float, float]:
    deep = "/tasks"
    for _ in range(PAGES_IN):
        found = re.search(r'href="(/tasks\?[^"]*after=[^"]*)"', browser.get(deep))
        if found is None:
            raise RuntimeError("a list of 20,000 tasks offers no next page")
        deep = found[1].replace("&amp;", "&")
    return tuple(p50([_once(browser, path)[0] for _ in range(30)]) for path in ("/tasks", deep))  # type: ignore[return-value]
