"""By which key a trust knows a procedure: its process's id, or a name made of its title where no person chose the id.

Drawing programs make up ids such as Process_0kz3b8q. As a key such an id would stand in every address and could be
remembered by nobody. The same file uploaded again is the same procedure, whatever its title is by then.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import count

from engine.bpmn.diagram.elements import Diagram
from engine.model.fault import Note
from engine.model.wording import quoted
from engine.ports import Store

LONGEST = 50  # characters of a key that is made of a title
LONGEST_MADE_UP = 100
ADDRESSES = frozenset({"upload", "uploads"})  # of pages beside those of the procedures, so no key of one
_WORDS = "process|proc|participant|collaboration|definitions|workflow|bpmn|model|diagram|sid|id|pid|wfp|pool"
_MADE_UP = re.compile(
    rf"""(?ix) _* (?: (?: (?: {_WORDS} ) [-_.]* )+ (?: (?=[a-z]*[0-9]) [0-9a-z]{{7}} )? )?
    (?: [-_0-9]* | (?=[a-f]*[0-9]) [0-9a-f]{{8,}} | [0-9a-f]{{8}} (?: -[0-9a-f]+ )+ ) [-_]*"""
)


def made_up(id: str) -> bool:
    """Whether a program made up the id of a process, as far as can be seen."""
    return len(id) < LONGEST_MADE_UP and _MADE_UP.fullmatch(id) is not None


def proposed(title: str) -> str:
    """A key made of a title: “Agree a support plan” is agree_a_support_plan."""
    text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower().replace("'", "")
    words = re.findall("[a-z0-9]+", text)
    key = "_".join(words)[: LONGEST + 1]
    key = key[:LONGEST] if len(key) <= LONGEST or "_" not in key else key.rpartition("_")[0]
    return key if key[:1].isalpha() else f"procedure_{key}".strip("_")


def key_for(store: Store, diagram: Diagram) -> str:
    """The key that a version of this diagram is published under."""
    if not made_up(diagram.key) or store.versions(diagram.key):
        return diagram.key
    for version in store.live_versions():
        if store.definition(version.id).diagram.key == diagram.key:
            return version.key
    stem = proposed(diagram.title)
    keys = (f"{stem}_{number}" if number > 1 else stem for number in count(1))
    return next(key for key in keys if key not in ADDRESSES and _free(store, key, diagram.key))


def _free(store: Store, key: str, process: str) -> bool:
    """Whether no other procedure has, or had, this key."""
    before = store.versions(key)
    return not before or store.definition(before[0].id).diagram.key == process


def note_of(diagram: Diagram, key: str) -> Note | None:
    """What to say of a key that was made of the title."""
    if key == diagram.key:
        return None
    return Note(
        "procedure.bpmn",
        None,
        None,
        f"A drawing program made up this procedure's id ({quoted(diagram.key)}), so Headway calls it {quoted(key)}:"
        " this stands in its address, and other procedures start it by this. It stays when the file is uploaded again."
        " To choose another, write it as the process's id before the first version is published.",
    )
