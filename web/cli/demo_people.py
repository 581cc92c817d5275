"""The made-up trust of the demo: twelve schools in three clusters, and the people who work there. Nobody is real."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from engine.model.calendar import Calendar
from engine.model.holidays import bank_holidays
from engine.model.people import TRUST_WIDE, Cluster, Cover, Person, Post, School, Scope, ScopeKind, Trust

TRUST = Trust("Harbour Vale Learning Trust", "99001")
MADE_UP = UUID("5e1f5e1f-0000-4000-8000-000000000000")  # ids follow from names, so that a demo is the same everywhere
CLUSTERS = ("Estuary", "Harbour", "Uplands")
SCHOOLS = (  # name, phase, cluster, pupils
    ("Saltmarsh Primary School", "primary", "Estuary", 208),
    ("Heron Bank Primary School", "primary", "Estuary", 312),
    ("Tidewater Primary School", "primary", "Estuary", 180),
    ("Estuary High School", "secondary", "Estuary", 1105),
    ("Quayside Primary School", "primary", "Harbour", 415),
    ("Lantern Street Primary School", "primary", "Harbour", 236),
    ("Harbour Academy", "secondary", "Harbour", 984),
    ("The Beacon School", "special", "Harbour", 96),
    ("Larkfield Primary School", "primary", "Uplands", 198),
    ("Fellside Primary School", "primary", "Uplands", 102),
    ("Ashdown Primary School", "primary", "Uplands", 289),
    ("Uplands School", "secondary", "Uplands", 1240),
)
HEADS = (
    "Ruth Adeyemi",
    "Tomasz Zielinski",
    "Hannah Whitlock",
    "Marcus Bell",
    "Farida Rahman",
    "Gareth Llewellyn",
    "Imogen Castle",
    "Sunita Patel",
    "Peter Oduya",
    "",  # Fellside has no head at the moment: its tasks fall to the cluster lead
    "Claire Donnelly",
    "Joseph Mbeki",
)
DEPUTIES = {"Saltmarsh Primary School": "Leah Foster", "Harbour Academy": "Dominic Shaw"}
GOVERNORS = {
    "Saltmarsh Primary School": "Alan Whitmore",
    "Harbour Academy": "Jean Marsden",
    "Uplands School": "Ravi Menon",
}
OFFICES = {
    "Saltmarsh Primary School": ("Beth Harker", "Colin Drew", "Sian Meredith"),
    "Estuary High School": ("Moira Hughes", "Stan Kowalski", "Adeel Chowdhury"),
    "Harbour Academy": ("Lorraine Finch", "Errol Grant", "Kate Osei"),
    "The Beacon School": ("Yvonne Clarke", "Mick Doyle", "Paula Winter"),
    "Uplands School": ("Trevor Nash", "Gwen Rowe", "Femi Balogun"),
}  # business manager, site team, a teacher
CENTRAL = (
    ("Eleanor Voss", ("chief_executive",)),
    ("Nadia Karim", ("director_of_education",)),
    ("Stephen Achebe", ("director_of_qa",)),
    ("Wendy Lomax", ("hub_director",)),
    ("Idris Kane", ("data_lead",)),
    ("Frances Gould", ("chief_financial_officer",)),
    ("Oliver Pym", ("finance_partner",)),
    ("Dawn Tranter", ("estates_helpdesk",)),
    ("Neil Abbott", ("health_and_safety_lead",)),
    ("Shirin Jalali", ("governance_professional",)),
    ("Priya Nair", ("procedure_designer",)),
)
LINES = {"Estuary": "Owen Pryce", "Harbour": "Amara Nwosu", "Uplands": "Bridget Hale"}
EXPERTS = ("Marcus Bell", "Farida Rahman", "Claire Donnelly", "Joseph Mbeki", "Kwame Mensah", "Ines Duarte")
LEADS = ("Imogen Castle", "Peter Oduya", "Kwame Mensah")
ADMINISTRATOR = "Priya Nair"
SINCE = date(2023, 9, 1)


@dataclass(frozen=True)
class Made:
    """Everything to write down."""

    clusters: list[Cluster]
    schools: list[School]
    people: list[Person]
    posts: list[Post]
    covers: list[Cover]
    calendar: Calendar
    own_days: dict[UUID, Calendar]  # school -> its own closed days


def made(today: date) -> Made:
    """The trust as it stands today."""
    clusters = [Cluster(_id(name), name) for name in CLUSTERS]
    schools = [_school(number, *facts) for number, facts in enumerate(SCHOOLS, 1)]
    held = list(_held(schools))
    names = dict.fromkeys(name for name, _, _ in held)
    people = [Person(_id(name), name, _email(name), administrator=name == ADMINISTRATOR) for name in names]
    posts = [Post(_id(f"{name} {role} {scope}"), _id(name), role, scope, SINCE) for name, role, scope in held]
    return Made(clusters, schools, people, posts, _covers(today), calendar(today), _own_days(schools, today))


def _id(name: str) -> UUID:
    return uuid5(MADE_UP, name)


def person_id(name: str) -> UUID:
    """The id of somebody of the demo."""
    return _id(name)


def _email(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@harbourvale.example"


def _school(number: int, name: str, phase: str, cluster: str, pupils: int) -> School:
    return School(
        id=_id(name),
        urn=f"9{number:05}",
        name=name,
        phase=phase,
        type="Academy special converter" if phase == "special" else "Academy converter",
        cluster_id=_id(cluster),
        local_authority="Harbourshire",
        laestab=f"999{4000 + number}",
        pupils=pupils,
        opened_on=date(2016, 9, 1),
    )


def _held(schools: list[School]) -> Iterator[tuple[str, str, Scope]]:
    """(name, role, scope) of every post."""
    for name, roles in CENTRAL:
        yield from ((name, role, TRUST_WIDE) for role in roles)
    yield from ((name, "cluster_lead", Scope(ScopeKind.CLUSTER, _id(cluster))) for cluster, name in LINES.items())
    yield from ((name, "contributing_expert", TRUST_WIDE) for name in EXPERTS)
    yield from ((name, "lead_diagnostician", TRUST_WIDE) for name in LEADS)
    for school, head in zip(schools, HEADS, strict=True):
        yield from _at(school, head)


def _at(school: School, head: str) -> Iterator[tuple[str, str, Scope]]:
    here = Scope(ScopeKind.SCHOOL, school.id)
    manager, site, teacher = OFFICES.get(school.name, ("", "", ""))
    held = {
        "headteacher": head,
        "deputy_head": DEPUTIES.get(school.name, ""),
        "link_governor": GOVERNORS.get(school.name, ""),
        "school_business_manager": manager,
        "site_team": site,
        "staff": teacher,
    }
    yield from ((name, role, here) for role, name in held.items() if name)


def _covers(today: date) -> list[Cover]:
    """One head is away this fortnight, and her deputy does her tasks."""
    from_on, to_on = today - timedelta(days=2), today + timedelta(days=12)
    return [Cover(_id("cover"), _id("Imogen Castle"), _id("Dominic Shaw"), from_on, to_on, "At a conference")]


def calendar(today: date) -> Calendar:
    """Terms of last year, this year and the next two, and the bank holidays around them."""
    first = today.year - 2
    terms = tuple(term for year in range(first, today.year + 3) for term in _terms(year))
    return Calendar(terms=terms, holidays=bank_holidays(first, today.year + 4))


def _terms(year: int) -> list[tuple[date, date]]:
    """The six half-terms of the school year that begins in September of `year`."""
    after = year + 1
    return [
        (_weekday(date(year, 9, 2)), _friday(date(year, 10, 24))),
        (_monday(date(year, 10, 31)), _friday(date(year, 12, 20))),
        (_monday(date(after, 1, 4)), _friday(date(after, 2, 14))),
        (_monday(date(after, 2, 19)), _friday(date(after, 3, 28))),
        (_monday(date(after, 4, 13)), _friday(date(after, 5, 23))),
        (_monday(date(after, 5, 31)), _friday(date(after, 7, 23))),
    ]


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _friday(day: date) -> date:
    return day - timedelta(days=(day.weekday() - 4) % 7)


def _weekday(day: date) -> date:
    return day if day.weekday() < 5 else _monday(day)


def _own_days(schools: list[School], today: date) -> dict[UUID, Calendar]:
    """Each school's training days: the first day of a term, not the same at all."""
    starts = [term[0] for term in calendar(today).terms]
    return {school.id: Calendar(closed=frozenset(starts[number % 2 :: 2])) for number, school in enumerate(schools)}
