"""The counters against guessing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    case,
    delete,
    literal,
    update,
)

from storage.store.keeper import upsert
from storage.tables import (
    throttle,
)


def count_try(connection: Connection, key: str, now: datetime, window: timedelta) -> int:
    """Count a try under a key, in one statement. Returns how many there were in the window, this one included."""
    fresh = throttle.c.began_at <= now - window
    written = (
        upsert(connection.dialect.name, throttle)
        .values(key=key, began_at=now, count=1)
        .on_conflict_do_update(
            index_elements=[throttle.c.key],
            set_={
                "count": case((fresh, 1), else_=throttle.c.count + 1),
                "began_at": case((fresh, literal(now, throttle.c.began_at.type)), else_=throttle.c.began_at),
            },
        )
        .returning(throttle.c.count)
    )
    return int(connection.execute(written).scalar_one())


def forget_tries(connection: Connection, key: str) -> None:
    """Begin at none again."""
    connection.execute(delete(throttle).where(throttle.c.key == key))


def take_back_try(connection: Connection, key: str) -> None:
    """One try that was right does not count."""
    fewer = update(throttle).where(throttle.c.key == key, throttle.c.count > 0).values(count=throttle.c.count - 1)
    connection.execute(fewer)
