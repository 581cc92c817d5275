"""Against guessing: so many tries in a quarter of an hour for one account, and for one address on the network.

Tries are counted before the password is looked at, in one statement each, so that a thousand at once count as a
thousand. Keys are keyed hashes: the table tells nobody who tried what.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from storage.access import throttle
from storage.store.sql_store import SqlStore

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Limits:
    """How many tries one window allows."""

    account: int = 10
    address: int = 50


SIGN_IN = Limits()
RESET = Limits(account=3, address=20)


@dataclass(frozen=True)
class Tries:
    """One person's or machine's tries at one thing."""

    account: str
    address: str
    limits: Limits


def tries(secret_key: str, what: str, email: str, address: str, limits: Limits) -> Tries:
    """The counters that one try adds to."""
    return Tries(
        _key(secret_key, what, "account", email.strip().casefold()), _key(secret_key, what, "address", address), limits
    )


def _key(secret_key: str, *parts: str) -> str:
    return hmac.new(secret_key.encode(), "\0".join(parts).encode(), sha256).hexdigest()


def count(store: SqlStore, one: Tries, now: datetime) -> bool:
    """Count a try. False: there were too many, and this one must not be looked at."""
    account = throttle.count_try(store.connection, one.account, now, WINDOW)
    address = throttle.count_try(store.connection, one.address, now, WINDOW)
    return account <= one.limits.account and address <= one.limits.address


def forgive(store: SqlStore, one: Tries) -> None:
    """It was the right person: their own tries are forgotten, and this one does not count for the address."""
    throttle.forget_tries(store.connection, one.account)
    throttle.take_back_try(store.connection, one.address)
