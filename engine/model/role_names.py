"""Roles as people write them: by key, by what the trust calls them, or by another name the trust gave them.

Large and small letters, spaces, signs and a plural make no other role: “Head teachers” is the Headteacher. A name that
fits two roles that way is neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from engine.model.people import Role
from engine.model.text import one_line

LONGEST_NAME = 60  # characters of what a role is called
MOST_NEAR = 5  # roles offered in place of one that is not known
_ALIKE, _ENOUGH = 0.62, 0.5  # likeness by letters that counts; likeness of any kind that is worth offering
_BEHIND = 0.22  # how much less like than the likeliest a role may be
_BETWEEN = re.compile(r"[,;\n]")
_APART = re.compile(r"[^\w]|_")
_MARKS = "'`\u2018\u2019"  # inside a word
_SMALL = frozenset({"of", "the", "a", "an", "and", "for", "in", "at", "to"})
_KEPT_ENDINGS = ("ss", "us", "is")  # of words that are no plural


def key_of(name: str, roles: Mapping[str, Role]) -> str | None:
    """The key of the role meant by a name, None when the trust has no such role. An exact key wins, then a label."""
    if name in roles:
        return name
    wanted = " ".join(name.split()).casefold()
    for names_of in (_labels, _written):
        found = [key for key, role in roles.items() if wanted in names_of(role)]
        if found:
            return found[0] if len(found) == 1 else None
    found = same_as(name, roles)
    return found[0] if len(found) == 1 else None


def same_as(name: str, roles: Mapping[str, Role]) -> list[str]:
    """The keys of the roles that a name may mean, however it is written."""
    wanted = plain(name)
    return [key for key, role in roles.items() if wanted and wanted in map(plain, _names(role))]


def label_of(name: str, roles: Mapping[str, Role]) -> str:
    """What the trust calls a role as drawn; the name itself when there is no such role."""
    key = key_of(name, roles)
    return roles[key].label if key else name


def split_names(text: str) -> tuple[str, ...]:
    """Names as they are typed: one on each line, or with commas between them."""
    return tuple(name for part in _BETWEEN.split(text) if (name := one_line(part)))


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """What of a name counts: “Head-Teachers” and “headteacher” are one. Empty for a name that nobody would give."""
    return "".join(_words(name))


def near(name: str, roles: Mapping[str, Role], most: int = MOST_NEAR) -> list[str]:
    """The labels of the roles that are most likely meant by a name, the likeliest first."""
    if not plain(name):
        return []
    alike = {key: max(_likeness(name, other) for other in _names(role)) for key, role in roles.items()}
    enough = max(_ENOUGH, max(alike.values(), default=0) - _BEHIND)
    best = sorted((key for key, found in alike.items() if found >= enough), key=lambda key: -alike[key])
    return [roles[key].label for key in best[:most]]


def _labels(role: Role) -> Iterable[str]:
    return (role.label.casefold(),)


def _written(role: Role) -> Iterable[str]:
    return (role.key.casefold(), *(other.casefold() for other in role.also))


def _names(role: Role) -> Iterator[str]:
    yield from (role.label, role.key, *role.also)


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    if len(name) > 2 * LONGEST_NAME:
        return ()
    text = unicodedata.normalize("NFKD", one_line(name)).casefold().replace("&", " and ")
    text = "".join(each for each in text if each not in _MARKS and not unicodedata.combining(each))
    return tuple(_one_of(word) for word in _APART.sub(" ", text).split())


def _one_of(word: str) -> str:
    """A word without the ending of a plural, where that is safe."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(_KEPT_ENDINGS):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def _likeness(name: str, other: str) -> float:
    """From 0 to 1: by letters, by words they share, and by first letters (“SBM”)."""
    one, two = plain(name), plain(other)
    if not two:
        return 0.0
    if _initials(other, one) or _initials(name, two):
        return 0.95
    if min(len(one), len(two)) >= 4 and (one.startswith(two) or two.startswith(one)):
        return 0.9
    letters = SequenceMatcher(None, one, two).ratio()
    return max(letters if letters >= _ALIKE else 0, _shared(name, other))


def _initials(long: str, short: str) -> bool:
    words = _words(long)
    every, great = ("".join(word[0] for word in some) for some in (words, [w for w in words if w not in _SMALL]))
    return len(words) > 1 and len(short) > 1 and (short in (every, great) or short == f"{great}o")  # “CEO” is one


def _shared(name: str, other: str) -> float:
    """Half and more when they share words of weight; a word that begins like another counts for less."""
    one, two = (set(_words(each)) - _SMALL for each in (name, other))
    same = len(one & two)
    begun = sum(any(_begins(word, each) for each in two - one) for word in one - two)
    return 0.4 + 0.5 * (same + 0.7 * begun) / len(one | two) if same or begun else 0.0


def _begins(one: str, two: str) -> bool:
    return min(len(one), len(two)) >= 4 and (one.startswith(two) or two.startswith(one))
