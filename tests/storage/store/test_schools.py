"""The trust, its roles, house table, schools and calendars."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from engine.errors import NotFound
from engine.model.calendar import Calendar
from engine.model.people import Cluster, Role, SchoolStatus, Trust
from engine.model.reminders import DEFAULT, HOLDER, Chase, HouseTable
from storage.database import Database, counting, transaction
from tests.storage import made

AUTUMN = (date(2026, 9, 2), date(2026, 10, 23))
SPRING = (date(2027, 1, 5), date(2027, 2, 12))
INSET = date(2027, 1, 5)
CLOSURE = date(2027, 1, 20)
GOOD_FRIDAY = date(2027, 3, 26)
HEAD = Role("head", "Headteacher", line="exec", leader=True)
EXECUTIVE = Role("exec", "Executive", "ceo", days="working", also=("CEO", "Größte, “Chief”"))
TRUST_DAYS = Calendar((AUTUMN, SPRING), frozenset({INSET}), frozenset({GOOD_FRIDAY}))


def test_a_trust_without_a_name_is_not_found_and_has_the_shipped_house_table(database: Database) -> None:
    with transaction(database) as store:
        with pytest.raises(NotFound):
            store.trust()
        with pytest.raises(NotFound):
            store.save_house_table(DEFAULT)
        assert store.house_table() == DEFAULT
        assert store.roles() == {}


def test_trust_roles_and_house_table_are_read_in_one_statement(database: Database) -> None:
    table = HouseTable((Chase(-1, HOLDER, 0, "Reminder"),))
    with transaction(database) as store:
        store.save_trust(Trust("Meadow Trust"))
        store.save_trust(Trust("Meadow Learning Trust", "16999"))
        store.save_house_table(table)
        store.save_roles([HEAD, EXECUTIVE])

    with transaction(database) as store, counting(database) as counted:
        assert store.trust() == Trust("Meadow Learning Trust", "16999")
        assert store.house_table() == table
        assert store.roles() == {"head": HEAD, "exec": EXECUTIVE}
        assert list(store.roles()) == ["head", "exec"]

    assert len(counted.statements) == 1


def test_saving_roles_again_changes_labels_and_keeps_their_order(database: Database) -> None:
    with transaction(database) as store:
        store.save_roles([Role("head", "Headteacher"), Role("exec", "Executive")])
        store.save_roles([Role("exec", "Director"), Role("clerk", "Clerk")])

        assert [role.label for role in store.roles().values()] == ["Headteacher", "Director", "Clerk"]


def test_naming_the_trust_keeps_its_house_table(database: Database) -> None:
    table = HouseTable((Chase(3, HOLDER, 1, "Late"),))
    with transaction(database) as store:
        store.save_trust(Trust("Meadow Trust"))
        store.save_house_table(table)
        store.save_trust(Trust("Meadow Learning Trust"))

        assert store.house_table() == table


def test_schools_read_back_and_closed_ones_only_when_asked_for(database: Database) -> None:
    with transaction(database) as store:
        north = Cluster(uuid4(), "North")
        store.add_cluster(north)
        whole = made.school(
            cluster_id=north.id,
            laestab="8012345",
            ukprn="10012345",
            local_authority="Bristol",
            opened_on=date(1906, 1, 1),
            low_age=4,
            high_age=11,
            pupils=210,
            capacity=240,
            postcode="BS1 1AA",
            as_at=made.TODAY,
        )
        closed = made.school("Ash Lane", status=SchoolStatus.CLOSED, closed_on=date(2025, 8, 31))
        store.add_schools([whole, closed])

        assert store.clusters() == [north]
        assert store.school(whole.id) == whole
        assert store.schools() == [whole]
        assert store.schools(closed=True) == [closed, whole]
        with pytest.raises(NotFound):
            store.school(uuid4())


def test_saved_schools_read_back(database: Database) -> None:
    with transaction(database) as store:
        schools = [made.school(name) for name in ("Ash", "Birch", "Cedar")]
        store.add_schools(schools)
        changed = [replace(school, name=school.name + " Academy", pupils=10) for school in schools[:2]]
        store.save_schools(changed)
        store.save_schools([])

        assert store.schools() == [*changed, schools[2]]


def test_a_school_inherits_terms_until_it_has_its_own_and_days_off_add_up(database: Database) -> None:
    own_term = (date(2026, 9, 1), date(2026, 10, 16))
    with transaction(database) as store:
        school, plain = made.school(), made.school("Plain")
        store.add_schools([school, plain])
        store.save_calendar(None, Calendar())
        store.save_calendar(None, TRUST_DAYS)
        store.save_calendar(school.id, Calendar((own_term,), frozenset({CLOSURE})))
        early = date(2026, 9, 1)

        own = Calendar((own_term,), frozenset({INSET, CLOSURE}), frozenset({GOOD_FRIDAY}))
        assert store.calendar(None, early) == TRUST_DAYS
        assert store.calendar(plain.id, early) == TRUST_DAYS
        assert store.calendar(school.id, early) == own
        assert store.own_calendar(school.id) == Calendar((own_term,), frozenset({CLOSURE}))
        assert store.own_calendar(plain.id) == Calendar()
        with counting(database) as counted:
            assert store.school_and_calendar(school.id, early) == (school, own)
        assert len(counted.statements) == 1


def test_a_calendar_leaves_out_what_ended_before_the_day_asked_for(database: Database) -> None:
    with transaction(database) as store:
        school = made.school()
        store.add_schools([school])
        store.save_calendar(None, TRUST_DAYS)

        assert store.calendar(None, date(2026, 11, 1)).terms == (SPRING,)
        assert store.calendar(None, date(2027, 1, 6)).closed == frozenset()
        assert store.school_and_calendar(school.id, date(2027, 4, 1))[1] == Calendar()


def test_without_any_calendar_every_weekday_counts(database: Database) -> None:
    with transaction(database) as store:
        school = made.school()
        store.add_schools([school])

        assert store.school_and_calendar(school.id, made.TODAY) == (school, Calendar())
        with pytest.raises(NotFound):
            store.school_and_calendar(uuid4(), made.TODAY)
