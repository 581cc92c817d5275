"""Passwords: argon2id, and one rule that people can follow: long, and not a common one."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12
MOST = 200  # characters: more would only be work for the server

# OWASP's password storage advice: argon2id with 19 MiB, 2 passes, 1 lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """The hash to keep."""
    return _HASHER.hash(_same(password))


def verify(kept: str | None, password: str) -> bool:
    """Whether it is the one. Takes as long for nobody (None) as for somebody."""
    try:
        right = _HASHER.verify(kept or _nobodys(), _same(password)[:MOST])  # more would only be work
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None and len(_same(password)) <= MOST


def renewed(kept: str, password: str) -> str | None:
    """The hash to keep instead of one made with other settings than today's, once the password was the right one."""
    return _HASHER.hash(_same(password)[:MOST]) if _HASHER.check_needs_rehash(kept) else None


def fault(password: str, email: str) -> str | None:
    """What is wrong with a new password, as a sentence; None when it will do."""
    password = _same(password)
    if len(password) < LEAST:
        return f"Password must be {LEAST} characters or more. Three words in a row are easy to remember."
    if len(password) > MOST:
        return f"Password must be {MOST} characters or fewer."
    plain = password.casefold()
    if plain in _common() or len(set(plain)) < 4 or plain == email.casefold():
        return "That password is too easy to guess. Choose another, such as three words in a row."
    return None


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


@cache
def _common() -> frozenset[str]:
    """The long ones among the world's most used passwords. The short ones are refused for being short."""
    lines = Path(__file__).with_name("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip())


def _same(password: str) -> str:
    """One form for what looks the same however a keyboard composed it."""
    return unicodedata.normalize("NFC", password)
