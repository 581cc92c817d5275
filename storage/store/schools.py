"""The trust itself: its name, house table, roles, clusters, schools and their calendars.

A school inherits the trust's calendar: its own terms, when it has any, stand in place of the trust's; closures and
holidays add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, literal, select, update

from engine.errors import NotFound
from engine.model.calendar import Calendar
from engine.model.people import Cluster, Role, School, SchoolStatus, Trust
from engine.model.reminders import DEFAULT, HouseTable
from storage.ready import read_row, read_rows
from storage.store.keeper import Keeper, columns, found, rows, values
from storage.tables import calendars, clusters, roles, schools, trust
from storage.tables.types import EVERYWHERE, ScopeId

CLUSTER = columns(clusters, Cluster)
ROLE = columns(roles, Role)
SCHOOL = columns(schools, School)
Around = tuple[School, Calendar | None, Calendar | None]  # a school, its own calendar and the trust's
THE_ONE = 1  # the id of the trust's row

TRUST_S = literal(EVERYWHERE, ScopeId)  # whose calendar the trust's own is kept under
CALENDARS = select(calendars.c.school_id, calendars.c.calendar).where(
    calendars.c.school_id.in_([TRUST_S, bindparam("school", type_=ScopeId())])
)


def _school_and_calendars() -> Select[*tuple[Any, ...]]:
    own, common = calendars.alias("own"), calendars.alias("common")
    return (
        select(*SCHOOL, own.c.calendar, common.c.calendar)
        .outerjoin_from(schools, own, own.c.school_id == schools.c.id)
        .outerjoin(common, common.c.school_id == TRUST_S)
        .where(schools.c.id == bindparam("school"))
    )


def _settings() -> Select[*tuple[Any, ...]]:
    """The trust beside each role; one row of nothing while there is neither."""
    one = select(literal(THE_ONE).label("id")).subquery()
    return (
        select(trust.c.name, trust.c.uid, trust.c.house, *ROLE)
        .outerjoin_from(one, trust, trust.c.id == one.c.id)
        .outerjoin(roles, literal(True))
        .order_by(roles.c.place)
    )


SCHOOL_AND_CALENDARS = _school_and_calendars()
SETTINGS = _settings()


class SchoolStore(Keeper):
    """See engine.ports.People. The trust, its house table and its roles are read together, once a transaction."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._settings: Sequence[Sequence[Any]] | None = None
        self._roles: dict[str, Role] | None = None
        self._around: dict[UUID, Around] = {}  # read with a task

    def trust(self) -> Trust:
        """The trust. Raises NotFound before it has been named."""
        name, uid = self._read_settings()[0][:2]
        return Trust(found(name), uid)

    def save_trust(self, saved: Trust) -> None:
        """Name the trust."""
        self.put(trust, [{"id": THE_ONE, **values(saved)}])
        self._settings = self._roles = None

    def house_table(self) -> HouseTable:
        """The trust's own table of reminders and escalations, or the one shipped."""
        table: HouseTable | None = self._read_settings()[0][2]
        return table or DEFAULT

    def save_house_table(self, table: HouseTable) -> None:
        """Write the table down. Raises NotFound before the trust has been named."""
        written = update(trust).where(trust.c.id == THE_ONE).values(house=table)
        if self.connection.execute(written).rowcount != 1:
            raise NotFound
        self._settings = self._roles = None

    def roles(self) -> dict[str, Role]:
        """Every role by key, in the order they were first saved."""
        if self._roles is None:
            self._roles = self.ask_office("roles", self._read_roles)
        return dict(self._roles)

    def _read_roles(self) -> dict[str, Role]:
        found_rows = (row[-len(ROLE) :] for row in self._read_settings())
        return {row[0]: Role(*row) for row in found_rows if row[0] is not None}

    def save_roles(self, saved: Iterable[Role]) -> None:
        """Write roles down; those not mentioned stay as they are."""
        places = {key: place for place, key in enumerate(self.roles())}
        self.put(roles, [{**values(role), "place": places.setdefault(role.key, len(places))} for role in saved])
        self._settings = self._roles = None

    def clusters(self) -> list[Cluster]:
        """Every cluster, by name."""
        return [Cluster(*row) for row in self.connection.execute(select(*CLUSTER).order_by(clusters.c.name))]

    def add_cluster(self, cluster: Cluster) -> None:
        """Write down a new cluster."""
        self.add(clusters, [values(cluster)])

    def save_cluster(self, cluster: Cluster) -> None:
        """Write the cluster back."""
        self.connection.execute(update(clusters).where(clusters.c.id == cluster.id).values(name=cluster.name))

    def school(self, school_id: UUID) -> School:
        """The school. Raises NotFound."""
        return School(*found(self.connection.execute(select(*SCHOOL).where(schools.c.id == school_id)).first()))

    def schools(self, closed: bool = False) -> list[School]:
        """The schools by name; those that have closed only when asked for."""
        wanted = select(*SCHOOL).order_by(schools.c.name, schools.c.urn)
        if not closed:
            wanted = wanted.where(schools.c.status != SchoolStatus.CLOSED)
        return [School(*row) for row in self.connection.execute(wanted)]

    def add_schools(self, added: Sequence[School]) -> None:
        """Write down new schools."""
        self.add(schools, rows(added))

    def save_schools(self, saved: Sequence[School]) -> None:
        """Write schools back."""
        self._around.clear()
        if saved:
            kept: dict[str, Any] = {
                column.name: bindparam(f"new_{column.name}") for column in SCHOOL if column.name != "id"
            }
            written = update(schools).where(schools.c.id == bindparam("new_id")).values(kept)
            new = [{f"new_{name}": value for name, value in row.items()} for row in rows(saved)]
            self.connection.execute(written, new)

    def calendar(self, school_id: UUID | None, days_from: date) -> Calendar:
        """The calendar of one school (inheriting the trust's), or the trust's own; trimmed to days from then on."""
        kept = self.ask_office(("calendars", school_id), lambda: self._read_calendars(school_id))
        return inherited(kept.get(school_id), kept.get(None), days_from)

    def _read_calendars(self, school_id: UUID | None) -> Mapping[UUID | None, Calendar]:
        return {owner: calendar for owner, calendar in read_rows(self.connection, CALENDARS, {"school": school_id})}

    def school_and_calendar(self, school_id: UUID, days_from: date) -> tuple[School, Calendar]:
        """Both in one statement, none when a task about the school was locked. Raises NotFound."""
        if school_id not in self._around:
            self._around[school_id] = self.ask_office(("school", school_id), lambda: self._read_around(school_id))
        school, own, common = self._around[school_id]
        return school, inherited(own, common, days_from)

    def _read_around(self, school_id: UUID) -> Around:
        row = found(read_row(self.connection, SCHOOL_AND_CALENDARS, {"school": school_id}))
        return School(*row[:-2]), row[-2], row[-1]

    def own_calendar(self, school_id: UUID | None) -> Calendar:
        """What was saved for this school alone (None: for the trust), to be edited."""
        wanted = select(calendars.c.calendar).where(calendars.c.school_id == literal(school_id, ScopeId))
        return self.connection.execute(wanted).scalar() or Calendar()

    def save_calendar(self, school_id: UUID | None, calendar: Calendar) -> None:
        """Write down a school's own days, or the trust's (None)."""
        self._around.clear()
        self.put(calendars, [{"school_id": school_id, "calendar": calendar}])

    def _read_settings(self) -> Sequence[Sequence[Any]]:
        if self._settings is None:
            self._settings = self.ask_office("settings", lambda: read_rows(self.connection, SETTINGS))
        return self._settings


def inherited(own: Calendar | None, common: Calendar | None, days_from: date) -> Calendar:
    """A school's days over the trust's, without what ended before `days_from`."""
    own, common = own or Calendar(), common or Calendar()
    return Calendar(
        terms=tuple(term for term in own.terms or common.terms if term[1] >= days_from),
        closed=frozenset(day for day in own.closed | common.closed if day >= days_from),
        holidays=frozenset(day for day in own.holidays | common.holidays if day >= days_from),
    )
