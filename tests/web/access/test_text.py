"""Whatever text a browser sends, on every page and in every field of it: no page breaks, and nothing unseen is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from werkzeug.routing import Rule

from storage.database import Database, transaction
from storage.migrations import migrate
from storage.tables import metadata
from tests.web.house import House, make_house
from tests.web.site import Browser, elements, make_site
from web.access import csrf

UNSEEN = "a\x00b\u200b\u202ec\x85"
SENT = quote(UNSEEN) + "%ED%A0%80%ff"  # half of a character, and a byte that is no character
ASKED = (
    "q", "school", "cluster", "procedure", "step", "status", "late", "state", "after", "done", "message", "month",
    "moved", "closed", "email", "absent", "key", "next", "started", "v",
)  # fmt: skip
MORE = (
    "why",
    "reason",
    "title",
    "school",
    "anyway",
    "to",
    "outcome",
    "name",
    "email",
    "label",
    "next",
    "look",
    "message",
)


@pytest.fixture
def on_postgres(postgres_url: str, tmp_path: Path) -> Iterator[House]:
    """A house whose database is on PostgreSQL."""
    server = Database(postgres_url)
    name = f"text_{uuid4().hex}"
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"create database {name}"))
        url = f"{postgres_url.rpartition('/')[0]}/{name}"
        migrate(url)
        house = make_house(make_site(tmp_path, DATABASE_URL=url, FILES_DIR=str(tmp_path), SECRET_KEY="k" * 40))
        yield house
        house.database.close()
        connection.execute(text(f"drop database {name} with (force)"))
    server.close()


@pytest.mark.slow
@pytest.mark.parametrize("kept_on", ["house", "on_postgres"])
def test_no_field_of_any_page_breaks_on_text_that_cannot_be_seen(kept_on: str, request: pytest.FixtureRequest) -> None:
    house: House = request.getfixturevalue(kept_on)
    task = house.account()
    case = house.case(task.case_id)
    with transaction(house.database) as store:
        store.save_person(replace(house.people["priya"], administrator=True))
    real = {
        "task_id": str(task.id), "ref": case.ref, "key": "account", "person_id": str(house.people["priya"].id),
        "school_id": str(case.school_id),
    }  # fmt: skip
    tried, broken = 0, []
    for name in ("priya", "ruth") if kept_on == "house" else ("priya",):
        browser = house.site.browser(house.people[name])
        for rule in house.site.app.url_map.iter_rules():
            if rule.endpoint in ("signin.sign_out", "static"):
                continue
            for method, address, body in requests_to(browser, rule, real):
                if browser.client.get("/tasks", base_url=browser.url).status_code == 303:
                    browser.be(house.people[name].id)
                found = send(browser, method, address, body)
                tried += 1
                broken += [(method, address, body, found)] if found >= 500 else []

    assert broken == []
    assert tried > 400
    assert unseen_in(house.database) == []


def requests_to(browser: Browser, rule: Rule, real: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Every way to send the text to a page: in its path, its address, and each field of its form."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: real.get(found[1], str(UUID(int=7))), rule.rule)
    methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    if "<" in rule.rule and "uuid:" not in rule.rule:
        evil = re.sub(r"<(?:\w+:)?(\w+)>", SENT, rule.rule)
        yield from ((method, evil, "") for method in methods)
    if "GET" in methods:
        yield from (("GET", f"{path}?{name}={SENT}", "") for name in ASKED)
    if "POST" in methods:
        page = browser.client.get(path, base_url=browser.url).text
        fields = {each.attrs["name"] for each in elements(page, "input, textarea, select") if each.attrs.get("name")}
        names = sorted((fields | set(MORE)) - {csrf.FIELD})
        for name in names:
            others = "&".join(f"{quote(other)}=1" for other in names if other not in (name, "look"))
            yield "POST", path, f"{others}&{quote(name)}={SENT}"


def send(browser: Browser, method: str, address: str, body: str) -> int:
    """The status of the answer."""
    headers = {**browser.headers, "Content-Type": "application/x-www-form-urlencoded", "X-CSRF-Token": browser.token}
    return browser.client.open(address, method=method, base_url=browser.url, headers=headers, data=body).status_code


def unseen_in(database: Database) -> list[tuple[str, str]]:
    """Every text in the database that holds what was sent."""
    found = []
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(text(f'select * from "{table.name}"')):  # noqa: S608 - our own names
                texts = [one for one in row if isinstance(one, str) and set("\x00\u200b\u202e") & set(one)]
                found += [(table.name, one) for one in texts]
    return found


def test_a_reason_that_is_too_long_is_refused_with_by_how_much_and_stays_on_the_page(house: House) -> None:
    task = house.account()
    case = house.case(task.case_id)
    priya = house.visitor("priya")
    typed = "Because " + "x" * 2_991
    other = house.people["tom"].id

    for path in (
        f"/cases/{case.ref}/stop",
        f"/cases/{case.ref}/pause",
        f"/tasks/{task.id}/hand-over",
        f"/tasks/{task.id}/extend",
    ):
        page = priya.send(path, {
            "reason": typed, "sure": "yes", "why": "other", "to": str(other),
            "until-day": "20", "until-month": "11", "until-year": "2027",
        })  # fmt: skip
        assert page.status == 422, path
        assert "2,000 characters or fewer" in page.main, path
        assert "too long" in page.main, path
        assert typed in page.text
    assert house.case(case.id).reason is None


def test_what_is_only_unseen_is_no_reason_and_no_name(house: House) -> None:
    case = house.case(house.account().case_id)

    page = house.visitor("priya").send(f"/cases/{case.ref}/stop", {"reason": "\u200b\u2800\x00", "sure": "yes"})
    assert "Enter a reason" in page.main


def test_searching_for_too_many_words_says_so(house: House) -> None:
    page = house.visitor("priya").open("/cases?q=" + "+".join(f"word{number}" for number in range(9)))
    assert "Only the first 6 words were looked for: leave out 3" in page.main
