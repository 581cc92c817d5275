"""`headway migrate` and `headway import gias`: what is in the database."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from datetime import UTC, date, datetime
from pathlib import Path

from engine.commands.trust import schools
from engine.commands.trust.schools import ImportPlan
from engine.errors import BadDetails, BadFile
from engine.model.calendar import LONDON
from engine.model.people import Trust
from engine.readers import gias
from storage import migrations
from storage.database import transaction
from storage.store.sql_store import SqlStore
from web.cli.common import begin, opened, say
from web.context import settings
from web.context.utc import utc_now


def migrate(_asked: Namespace) -> int:
    """Bring the database up to date. Safe to repeat, and from several machines at once."""
    chosen = settings.read(serving=False)
    if chosen.embedded:
        chosen.var_dir.mkdir(parents=True, exist_ok=True)
    migrations.migrate(chosen.database_url)
    return 0


def import_gias(asked: Namespace) -> int:
    """Show what an extract would add, change and close; then, when told so, do it."""
    extract = gias.read(_bytes(asked.FILE), asked.trust)
    with opened() as trust:
        with transaction(trust.database) as store:
            found = schools.plan(store, extract, _as_at(asked), asked.with_closed)
        _show(extract.trust_name, found)
        if found.nothing or not (asked.yes or _agreed()):
            return 0
        with transaction(trust.database) as store:
            _carry_out(store, extract, asked)
    say("Done.")
    return 0


def _carry_out(store: SqlStore, extract: gias.Extract, asked: Namespace) -> None:
    """Plan again inside the transaction that changes things, so that nothing comes in between."""
    begin(store, Trust(extract.trust_name, extract.trust_uid))
    found = schools.plan(store, extract, _as_at(asked), asked.with_closed)
    schools.carry_out(store, None, found, utc_now(), asked.close)


def _show(trust_name: str, found: ImportPlan) -> None:
    say(f"{trust_name}:")
    for line in schools.describe(found):
        say(f"  {line}")


def _agreed() -> bool:
    if not sys.stdin.isatty():
        say("Nothing was changed. Repeat with --yes to do it.")
        return False
    say("Do it? Type yes:")
    return sys.stdin.readline().strip().lower() == "yes"


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > gias.MOST_BYTES:
            raise BadFile("This file is far larger than any schools extract we know.")
        return path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}.") from error


def _as_at(asked: Namespace) -> date:
    """The date of the extract: as told, as in the name the service gives its files, or when the file was written."""
    if asked.as_at:
        try:
            return date.fromisoformat(asked.as_at)
        except ValueError as error:
            raise BadDetails({"as_at": "--as-at must be a date such as 2026-11-02"}) from error
    named = re.search(r"(20\d\d)(\d\d)(\d\d)", asked.FILE.name)
    if named:
        return date(*map(int, named.groups()))
    return datetime.fromtimestamp(asked.FILE.stat().st_mtime, UTC).astimezone(LONDON).date()
