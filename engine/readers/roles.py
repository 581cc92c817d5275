"""Read roles.yaml: the only names a lane, a message or an action may carry."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.errors import BadFile
from engine.model.people import RIGHTS, Role
from engine.model.role_names import plain, split_names
from engine.model.text import one_line
from engine.model.wording import quoted
from engine.readers.yaml import Pairs, read_yaml, texts_of

WHAT = "This file of roles"
DAYS = frozenset({"school", "working"})
_SAYS = frozenset({"label", "falls_to", "line", "days", "also", *RIGHTS})
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_YES_NO = {"yes": True, "true": True, "no": False, "false": False, "": False}


def read_roles(data: bytes) -> dict[str, Role]:
    """Every role by its key, in the file's order. Raises BadFile with the line and what to write instead."""
    file = read_yaml(data, WHAT)
    if not isinstance(file, Pairs):
        raise BadFile(f"{WHAT} must hold role keys, each with its label beneath it.")
    found = {key.text: _role(key.text, key.line, texts_of(value)) for key, value in file.pairs}
    _refuse_gaps(found)
    return found


def _role(key: str, line: int, said: Mapping[str, str]) -> Role:
    at = f"Line {line}, role {quoted(key)}:"
    if not _KEY.fullmatch(key):
        raise BadFile(f"{at} a key is written in small letters, digits and _, and begins with a letter.")
    if unknown := set(said) - _SAYS:
        raise BadFile(f"{at} {quoted(min(unknown))} is not known here. Use {', '.join(sorted(_SAYS))}.")
    if not one_line(said.get("label", "")):
        raise BadFile(f"{at} the label is missing: what do people read?")
    if said.get("days", "school") not in DAYS:
        raise BadFile(f"{at} days are school or working.")
    if wrong := next((right for right in RIGHTS if said.get(right, "") not in _YES_NO), None):
        raise BadFile(f"{at} {wrong} is yes or no.")
    return Role(
        key=key,
        label=one_line(said["label"]),
        falls_to=said.get("falls_to") or None,
        line=said.get("line") or None,
        days=said.get("days", "school"),
        also=split_names(said.get("also", "")),
        **{right: _YES_NO[said.get(right, "")] for right in RIGHTS},
    )


def _refuse_gaps(roles: Mapping[str, Role]) -> None:
    """Refuse a role that falls to, or is in line to, one that is not there, and a label used twice."""
    labels: dict[str, str] = {}
    meant: dict[str, str] = {plain(name): key for key, role in roles.items() for name in (key, role.label)}
    for role in roles.values():
        for other in filter(None, (role.falls_to, role.line)):
            if other not in roles:
                raise BadFile(f"The role {quoted(role.key)} names {quoted(other)}, which is not in the file.")
        twin = labels.setdefault(role.label.casefold(), role.key)
        if twin != role.key:
            raise BadFile(f"The roles {quoted(twin)} and {quoted(role.key)} have the same label. Give each its own.")
        for name in role.also:
            if meant.setdefault(plain(name), role.key) != role.key:
                raise BadFile(f"The roles {quoted(meant[plain(name)])} and {quoted(role.key)} are both {quoted(name)}.")
