"""A site with schools, people and procedures, to try the pages of daily work on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from werkzeug.test import TestResponse

from engine.bpmn.definition import Definition
from engine.bpmn.package import Package
from engine.commands.cases import tasks
from engine.commands.cases.start import start_case
from engine.model.calendar import Calendar
from engine.model.casework import Case, Task, Version
from engine.model.people import TRUST_WIDE, Cluster, Cover, Me, Person, Post, Role, School, Scope, ScopeKind
from storage.database import Database, transaction
from tests.engine.bpmn.sketch import end, gateway, properties, several, sketch, start, user, word
from tests.web.site import Browser, Site

NOW = datetime(2026, 11, 3, 9, 41, tzinfo=UTC)  # a Tuesday, in term
TERMS = ((date(2026, 9, 1), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18)))
ROLES = (
    Role("headteacher", "Headteacher", falls_to="director_of_education", line="director_of_education", leader=True),
    Role("deputy_headteacher", "Deputy headteacher", falls_to="headteacher", line="headteacher"),
    Role("director_of_education", "Director of education", None, "chief_executive", "working", True, True, True),
    Role("chief_executive", "Chief executive", days="working", leader=True, manager=True),
    Role("school_office", "School office", falls_to="headteacher", line="headteacher"),
)


def question(type: str, key: str, label: str, **more: Any) -> dict[str, Any]:
    """One component of a form."""
    required = more.pop("required", False)
    hide = more.pop("hide", None)
    found = {"id": f"Field_{key}", "type": type, "key": key, "label": label, **more}
    if required:
        found["validate"] = {**found.get("validate", {}), "required": True}
    return {**found, "conditional": {"hide": hide}} if hide else found


def form(*components: Mapping[str, Any]) -> bytes:
    """A form-js file."""
    return json.dumps({"type": "default", "schemaVersion": 18, "components": components}).encode()


YES_NO = [{"label": "Yes", "value": "yes"}, {"label": "No", "value": "no"}]
ROUTES = [{"label": "Look at the desk", "value": "desk"}, {"label": "Visit", "value": "site"}]


def account() -> Package:
    """The head gives an account with files and a list; when they do not agree, the director talks; then decides."""
    raised = properties(
        trust__promise="15 school days", trust__prefix="ACC", trust__starters="headteacher, director_of_education"
    )
    drawn = sketch(
        raised,
        start(camunda_formRef="raise"),
        end(name="Account closed"),
        user(
            "give",
            "Give your account",
            form="give",
            inner="<bpmn:documentation>Say what you know. Keep it short.</bpmn:documentation>",
        ),
        gateway("agree_or_not", default="f_agree_or_not_decide"),
        user("talk", "Talk it over", due="same day", role="director_of_education"),
        user("decide", "Decide the route", due="2 working days", form="decide", role="director_of_education"),
        flows='s>give>agree_or_not>decide>e agree_or_not>talk?agree="no" talk>decide',
        key="account",
        ends=False,
    )
    return Package(
        drawn,
        {
            "raise": form(
                question("textfield", "headline", "What is it about?", required=True, validate={"maxLength": 80}),
                question("textarea", "seen", "What have you seen?"),
            ),
            "give": form(
                question("textarea", "know", "What do you know?", required=True),
                question("radio", "agree", "Do you agree with the signal?", values=YES_NO, required=True),
                question("textarea", "why_not", "Why not?", hide='=agree != "no"', required=True),
                {
                    "id": "Field_causes", "type": "dynamiclist", "path": "causes", "label": "Causes",
                    "components": [question("textfield", "cause", "Cause")], "defaultRepetitions": 0,
                },
                question("filepicker", "papers", "Papers", multiple=True),
            ),
            "decide": form(question("select", "route", "Route", values=ROUTES, required=True)),
        },
    )  # fmt: skip


def views() -> Package:
    """Everybody who leads a school gives a view that the others see only once all are in; then the director reads."""
    drawn = sketch(
        properties(trust__promise="10 school days", trust__prefix="VIE"),
        word("find", "find_people", role="headteacher", scope="trust", trust__result="experts"),
        user("view", "Give your view", form="view", assignee="=expert.person", trust__collect="perspectives",
             inner=several("=experts", "expert")),
        user("read", "Read the views", form=None, role="director_of_education"),
        flows="s>find>view>read>e",
        key="views",
    )  # fmt: skip
    return Package(drawn, {"view": form(question("textarea", "strong", "What is strong?", required=True))})


def stuck() -> Package:
    """A rule that cannot be worked out once the head has answered."""
    drawn = sketch(
        properties(trust__prefix="STU"),
        user("say", "Say how many", form="say"),
        gateway("many", default="f_many_e"),
        user("more", "Say more"),
        flows="s>say>many>e many>more?number more>e",
        key="stuck",
    )
    return Package(drawn, {"say": form(question("textfield", "number", "How many?", required=True))})


def jammed() -> Package:
    """A form with a rule that cannot be worked out once something is answered."""
    drawn = sketch(user("say", "Say how many", form="say"), flows="s>say>e", key="jammed", trust__prefix="JAM")
    asked = question("textfield", "how_many", "How many?")
    return Package(drawn, {"say": form(asked, question("textarea", "more", "Why so many?", hide="=how_many > 3"))})


@dataclass
class House:
    """A site with what tests name by hand: people by their first name, schools by their first word."""

    site: Site
    people: dict[str, Person] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    address: str = ""  # while it is served to a browser

    @property
    def database(self) -> Database:
        """Its database."""
        return self.site.trust.database

    @property
    def now(self) -> datetime:
        """What it takes for now."""
        return self.site.clock()

    def me(self, name: str) -> Me:
        """A person with what they hold today."""
        with transaction(self.database) as store:
            return store.me(self.people[name].id, self.now.date())

    def visitor(self, name: str) -> Visitor:
        """Somebody at a browser, signed in."""
        return Visitor(self.site.browser(self.people[name]))

    def person(self, name: str, *posts: tuple[str, School | None]) -> Person:
        """Somebody with posts since September, at a school or trust-wide."""
        short = name.split()[0].lower()
        made = Person(uuid4(), name, f"{short}@harbour.example")
        with transaction(self.database) as store:
            store.add_person(made)
            for role, where in posts:
                scope = Scope(ScopeKind.SCHOOL, where.id) if where else TRUST_WIDE
                store.add_post(Post(uuid4(), made.id, role, scope, date(2026, 9, 1)))
        self.people[short] = made
        return made

    def cover(self, absent: str, by: str, to_on: date) -> None:
        """Somebody does another's tasks from today."""
        cover = Cover(uuid4(), self.people[absent].id, self.people[by].id, self.now.date(), to_on, "Ill")
        with transaction(self.database) as store:
            store.add_cover(cover)

    def publish(self, package: Package, title: str) -> Version:
        """A version, live from now on."""
        drawn = Definition(package)
        made = Version(uuid4(), drawn.diagram.key, 1, title, package.digest, self.now, None)
        with transaction(self.database) as store:
            store.add_version(made, package, b"<svg xmlns='http://www.w3.org/2000/svg'/>", [])
        return made

    def start(
        self, key: str, school: str | None = "saltmarsh", by: str = "priya", title: str = "", **posted: str
    ) -> Case:
        """A case, started the way the page does."""
        about = self.schools[school].id if school else None
        given = {name: [value] for name, value in posted.items()}
        with transaction(self.database) as store:
            return start_case(store, store.me(self.people[by].id, self.now.date()), key, about, title, given, self.now)

    def account(self, title: str = "Reading in Year 4", school: str = "saltmarsh", **posted: str) -> Task:
        """A case of the first procedure, resting at the head's account."""
        case = self.start("account", school, title=title, **{"headline": title, "seen": "", **posted})
        return self.open_tasks(case)[0]

    def open_tasks(self, case: Case) -> list[Task]:
        """What the case waits for."""
        with transaction(self.database) as store:
            return store.open_tasks(case.id)

    def task(self, task_id: UUID) -> Task:
        """The task as it is by now."""
        with transaction(self.database) as store:
            return store.task(task_id)

    def case(self, case_id: UUID) -> Case:
        """The case as it is by now."""
        with transaction(self.database) as store:
            return store.case(case_id)

    def complete(self, name: str, task: Task, **posted: str) -> Case:
        """Somebody does a task elsewhere."""
        given = {key: [value] for key, value in posted.items()}
        with transaction(self.database) as store:
            me = store.me(self.people[name].id, self.now.date())
            return tasks.complete_task(store, me, task.id, given, self.now)

    def moves(self, **span: float) -> None:
        """Let time pass."""
        self.site.clock.now += timedelta(**span)


@dataclass
class Visitor:
    """Somebody at a browser."""

    browser: Browser

    def open(self, path: str) -> Page:
        """Open a page, wherever it leads."""
        return Page(self.browser.get(path, follow_redirects=True))

    def send(self, path: str, data: Mapping[str, Any] | None = None, **options: Any) -> Page:
        """Send a form, and follow where it leads. data: values may be lists; (stream, name) for files."""
        return Page(self.browser.post(path, dict(data or {}), follow_redirects=True, **options))


class Page:
    """An answer as people see it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        self.html = response.get_data().decode(errors="replace")
        response.close()  # and with it what was sent, which may lie on the disk

    @property
    def text(self) -> str:
        """Its words, without marks."""
        return words_of(self.html)

    @property
    def main(self) -> str:
        """The words of its main part."""
        found = re.search(r"<main\b.*</main>", self.html, re.DOTALL)
        return words_of(found[0] if found else "")

    def links(self, part: str = "") -> list[str]:
        """Addresses that links lead to, those with this in them."""
        return [
            found for href in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', self.html) if part in (found := unescape(href))
        ]

    def values(self, name: str) -> list[str]:
        """What stands in the fields of this name, text areas too."""
        inputs = re.findall(rf'<input\b[^>]*\bname="{re.escape(name)}"[^>]*>', self.html)
        found = [match[1] if (match := re.search(r'\bvalue="([^"]*)"', each)) else "" for each in inputs]
        areas = re.findall(rf'<textarea\b[^>]*\bname="{re.escape(name)}"[^>]*>(.*?)</textarea>', self.html, re.DOTALL)
        return [unescape(value.removeprefix("\n")) for value in (*found, *areas)]


def words_of(html: str) -> str:
    """What people read of a piece of a page."""
    bare = re.sub(r"<(script|style|title)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def make_house(site: Site) -> House:
    """A trust of three schools with the people below, and the procedures above published."""
    site.clock.now = NOW
    house = House(site)
    east, west = Cluster(uuid4(), "East"), Cluster(uuid4(), "West")
    made = _schools(east, west)
    with transaction(site.trust.database) as store:
        store.save_roles(ROLES)
        for cluster in (east, west):
            store.add_cluster(cluster)
        store.add_schools(made)
        store.save_calendar(None, Calendar(terms=TERMS))
    house.schools = {school.name.split()[0].lower(): school for school in made}
    _people(house)
    house.publish(account(), "Give an account")
    house.publish(views(), "Collect views")
    return house


def copied(house: House, site: Site) -> House:
    """The same house on a site that was given a copy of its file. What both read of versions, which never change, is
    read once.
    """
    site.clock.now = NOW
    site.trust.database.memory = house.database.memory
    return House(site, dict(house.people), dict(house.schools))


def _schools(east: Cluster, west: Cluster) -> list[School]:
    named = (
        ("900001", "Saltmarsh Primary", "primary", east.id),
        ("900002", "Gull Lane Primary", "primary", east.id),
        ("900003", "Beacon High", "secondary", west.id),
    )
    return [School(uuid4(), urn, name, phase, "Academy", cluster_id=cluster) for urn, name, phase, cluster in named]


def _people(house: House) -> None:
    schools = house.schools
    house.person("Ruth Adeyemi", ("headteacher", schools["saltmarsh"]))
    house.person("Tom Deputy", ("deputy_headteacher", schools["saltmarsh"]))
    house.person("Bea Partridge", ("headteacher", schools["gull"]))
    house.person("Omar Haddad", ("headteacher", schools["beacon"]))
    house.person("Priya Nair", ("director_of_education", None))
