"""The made-up trust of the demo."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.model.casework import CaseStatus
from storage.database import Database, transaction
from storage.tables import cases, jobs
from web.cli import demo, demo_people


@pytest.mark.slow
def test_the_demo_has_twelve_schools_and_cases_at_every_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    assert demo.demo(Namespace(if_empty=False)) == 0
    assert demo.demo(Namespace(if_empty=False)) == 1
    assert demo.demo(Namespace(if_empty=True)) == 0

    database = Database(f"sqlite:///{tmp_path / 'headway.db'}")
    with transaction(database) as store:
        assert len(store.schools()) == 12
        statuses = store.connection.execute(select(cases.c.status, func.count()).group_by(cases.c.status))
        found = {status: count for status, count in statuses}
        refused = store.connection.execute(select(func.count()).where(jobs.c.stopped_at.is_not(None))).scalar()
    database.close()
    assert sum(found.values()) == len(demo.SCENES)
    assert set(found) == {CaseStatus.OPEN, CaseStatus.PAUSED, CaseStatus.ENDED}
    assert refused == 0


def test_the_demo_calendar_has_terms_around_any_day() -> None:
    for year in (2026, 2027, 2029):
        today = datetime(year, 11, 16, tzinfo=UTC).date()
        calendar = demo_people.calendar(today)

        assert calendar.is_school_day(today)
        assert not calendar.is_school_day(today.replace(month=8))
        assert all(first < last for first, last in calendar.terms)
