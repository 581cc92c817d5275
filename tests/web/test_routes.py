"""Every door has a lock: each page says who may open it, strangers are sent to sign in, and no form works unasked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Blueprint
from werkzeug.routing import Rule

from engine import policy
from engine.model.people import Me, Person
from tests.web.site import Site
from web.access import guard
from web.site.page import NAVIGATION

# Whoever opens these is nobody yet. Everything else asks for a signed-in person.
OPEN_TO_ALL = {
    "static",
    "health.index",
    "signin.index",
    "signin.sign_in",
    "signin.sign_out",
    "signin.forgotten",
    "signin.send_reset",
    "signin.invitation",
    "signin.accept",
    "signin.reset",
    "signin.set_new",
    "demo.index",
    "demo.pick",
}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
MADE_UP = {"uuid": str(UUID(int=7)), "int": "7", "path": "a/b", "default": "something", "string": "something"}


def rules(site: Site) -> list[Rule]:
    return list(site.app.url_map.iter_rules())


def address(rule: Rule) -> str:
    """The rule's address with made-up values in it."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: MADE_UP[found[1] or "default"], rule.rule)


def methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def test_every_page_is_in_the_table_of_permissions(site: Site) -> None:
    table = guard.table(site.app)

    assert [endpoint for endpoint, lock in table.items() if lock is None] == []
    assert {endpoint for endpoint, lock in table.items() if lock and lock.for_all} == OPEN_TO_ALL


def test_a_rule_about_the_person_alone_is_asked_before_the_page_and_no_other_can_be(site: Site) -> None:
    """A page whose command does the asking names a rule that a person alone does not answer."""
    locks = [lock for lock in guard.table(site.app).values() if lock and lock.rule]
    nobody = Me(Person(UUID(int=1), "Nobody", "nobody@northlea.example"))
    looks_further = {"sight"}  # what one may read, as the condition of a query

    assert {lock.rule for lock in locks if lock.asked_here} >= {"may_administer", "may_monitor", "may_publish"}
    assert all(isinstance(lock.ask(nobody), bool) for lock in locks if lock.ask)
    for name in {lock.rule for lock in locks if not lock.asked_here} - looks_further:
        with pytest.raises(TypeError):
            getattr(policy, name)(nobody)


def test_a_stranger_is_sent_to_sign_in_from_every_page(site: Site) -> None:
    stranger = site.browser()
    stranger.get("/sign-in")  # so that the token is right and only the person is missing
    let_in = []

    for rule in rules(site):
        for method in methods(rule) if rule.endpoint not in OPEN_TO_ALL else ():
            answer = stranger.client.open(
                address(rule),
                method=method,
                base_url=stranger.url,
                headers={**stranger.headers, "X-CSRF-Token": stranger.token},
            )
            to_sign_in = answer.status_code == 303 and answer.location.startswith("/sign-in?next=")
            if not to_sign_in and answer.status_code != 401:
                let_in.append((method, rule.rule, answer.status_code))

    assert let_in == []


def test_no_page_changes_anything_without_the_token(site: Site) -> None:
    browser = site.browser(site.person("Amina Head", "chief_executive", administrator=True))
    careless = []

    for rule in rules(site):
        for method in methods(rule) & UNSAFE:
            answer = browser.client.open(
                address(rule), method=method, base_url=browser.url, headers=browser.headers, data={"text": "x"}
            )
            if answer.status_code != 422 or "This page was open too long" not in answer.text:
                careless.append((method, rule.rule, answer.status_code))

    assert careless == []


def test_pages_change_nothing_when_they_are_only_opened(site: Site) -> None:
    assert [rule.rule for rule in rules(site) if methods(rule) - UNSAFE - {"GET"}] == []


def test_a_page_that_forgot_to_say_who_may_open_it_opens_to_nobody(site: Site) -> None:
    pages = Blueprint("forgetful", __name__)
    pages.get("/forgotten-lock")(lambda: "come in")
    site.own_app().register_blueprint(pages)
    administrator = site.browser(site.person("Amina Head", "chief_executive", administrator=True))

    assert site.browser().get("/forgotten-lock").status_code == 303
    assert administrator.get("/forgotten-lock").status_code == 403


def test_a_rule_about_the_person_is_asked_before_the_page_runs(site: Site) -> None:
    ran = []
    pages = Blueprint("locked", __name__)

    @pages.get("/locked")
    @guard.allowed(policy.may_administer)
    def locked() -> str:
        ran.append(True)
        return "inside"

    site.own_app().register_blueprint(pages)
    head = site.browser(site.person("Amina Head", "headteacher"))
    administrator = site.browser(site.person("Bel Admin", administrator=True))

    assert (head.get("/locked").status_code, ran) == (403, [])
    assert administrator.get("/locked").text == "inside"


def test_a_rule_that_gains_a_parameter_is_asked_all_the_same(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that need not be given changes nothing; one that must be leaves the page shut, never open."""

    def may_look(me: Me, school: str = "any") -> bool:
        return me.person.administrator

    def may_look_there(me: Me, school: str) -> bool:
        return True

    pages = Blueprint("grown", __name__)
    for rule in (may_look, may_look_there):
        monkeypatch.setattr(policy, rule.__name__, rule, raising=False)
        locked = guard.allowed(rule)(lambda: "inside")  # type: ignore[arg-type]
        pages.add_url_rule(f"/{rule.__name__}", rule.__name__, locked)
    site.own_app().register_blueprint(pages)
    head = site.browser(site.person("Amina Head", "headteacher"))
    administrator = site.browser(site.person("Bel Admin", administrator=True))

    assert head.get("/may_look").status_code == 403
    assert administrator.get("/may_look").text == "inside"
    for browser in (head, administrator):
        with pytest.raises(TypeError):  # which people read as a fault of Headway's
            browser.get("/may_look_there")


@pytest.mark.parametrize("say", [guard.allowed, guard.asked_by_command])
def test_only_rules_of_the_policy_can_be_named(say: Callable[..., object]) -> None:
    def may_fly(me: Me) -> bool:
        return True

    with pytest.raises(ValueError, match="no rule of engine/policy"):
        say(may_fly)
    with pytest.raises(ValueError, match="no rule of engine/policy"):
        say("may_administer")


def test_the_menu_shows_only_what_somebody_may_open(site: Site) -> None:
    for_everybody = {"Your tasks", "Start a procedure", "Find a case", "Procedures", "People and schools"}
    there = {text for text, endpoint in NAVIGATION if endpoint in guard.table(site.app)}

    def menu(name: str, role: str | None = None, **facts: Any) -> set[str]:
        page = site.browser(site.person(name, role, **facts)).get("/account").text
        return {text for text, _ in NAVIGATION if f">{text}</a>" in page}

    assert menu("Cam Caretaker", "site_manager") == there & for_everybody
    assert menu("Amina Head", "headteacher") == there & (for_everybody | {"Monitoring"})
    assert menu("Bel Admin", administrator=True) == there


def test_every_template_can_be_read(site: Site) -> None:
    folder = Path(site.app.root_path) / "templates"
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*.html")]

    assert len(names) >= 10
    for name in names:
        site.app.jinja_env.get_template(name)
