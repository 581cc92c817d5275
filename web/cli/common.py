"""The trust that a verb of the command line works on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.commands.trust import set_up
from engine.model.calendar import LONDON
from engine.model.people import Trust as TrustNoun
from storage.migrations import is_current, migrate
from storage.store.sql_store import SqlStore
from web.context import settings
from web.context.library import shipped_roles
from web.context.settings import Settings
from web.context.trusts import OpenTrust, open_trust
from web.context.utc import utc_now

UNNAMED = TrustNoun("Your trust")  # until its schools are imported, or somebody names it


def say(line: str = "") -> None:
    """One line for whoever sits at the terminal."""
    print(line, flush=True)


@contextmanager
def opened() -> Iterator[OpenTrust]:
    """Connected, with its database up to date."""
    trust = open_trust(prepared())
    try:
        yield trust
    finally:
        trust.database.close()


def begin(store: SqlStore, trust: TrustNoun = UNNAMED) -> None:
    """Give a new trust its roles and bank holidays. Safe to repeat: what is there stays as it is."""
    set_up.begin(store, trust, shipped_roles(), utc_now().astimezone(LONDON).date())


def prepared() -> Settings:
    """The settings, once the database is up to date: embedded, nobody else would see to it; beside other machines, only
    who says so does. Ends the program when it is not.
    """
    chosen = settings.read()
    if chosen.embedded:
        chosen.var_dir.mkdir(parents=True, exist_ok=True)
        migrate(chosen.database_url)
        return chosen
    trust = open_trust(chosen)
    try:
        if not is_current(trust.database):
            raise SystemExit("The database is not up to date. Run: headway migrate")
    finally:
        trust.database.close()
    return chosen
