"""The scripts of FEEL in a real browser: the same asks get the same answers as on the server."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from engine.rules import feel
from engine.rules.feel import Ask, evaluate
from tests.engine.rules.asked import NAMES

pytestmark = pytest.mark.slow

ASKS = [
    Ask('if score > 5 then route else "later"'),
    Ask("count(causes[sources > 2])"),
    Ask("add school days(today(), 3)"),
    Ask("visit > today"),
    Ask("nobody"),
    Ask("1 +"),
    Ask("[5..9]", 7),
    Ask('not("urgent")', "urgent"),
    Ask("date(visit) - today"),
    Ask('matches(route, "^ur")'),
]


def test_a_page_gets_the_answers_the_server_gets(browser: Browser) -> None:
    asks = [feel._sent(ask, None) for ask in ASKS]
    sent = feel._dump({"names": NAMES, "asks": asks, "mark": feel._MARK}).decode()
    page = browser.new_page()
    for name in feel.SCRIPTS:
        page.add_script_tag(content=(feel._ROOM / name).read_text(encoding="utf-8"))

    told = page.evaluate("(json) => JSON.parse(headwayFeel.answer(json))", sent)

    page.close()
    assert [(each["value"], each["fault"]) for each in told] == [
        (each.value, each.fault) for each in evaluate(ASKS, NAMES)
    ]
