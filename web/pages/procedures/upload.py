"""Files that a designer uploads: refused by name, kind and size; completed with those of the live version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from engine.bpmn.attached import ENDINGS, attached, ending
from engine.bpmn.diagram import dialect
from engine.bpmn.diagram.elements import Diagram
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from engine.errors import BadFile
from engine.model.people import Role
from engine.model.text import clean
from engine.model.wording import quoted

KINDS = {
    ".bpmn": "the diagram",
    ".form": "a form",
    ".dmn": "a decision table",
    ".yaml": "stories",
    ".yml": "stories",
    **dict.fromkeys(sorted(ENDINGS), "a text or picture kept beside it"),
}
# What a file may be called: it becomes a name inside the version, and of a file when it is downloaded.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]{0,99}", re.ASCII)
MOST_BYTES = 2 * 1024 * 1024  # of one file
MOST_TOGETHER = 10 * 1024 * 1024
MOST_FILES = 100


@dataclass(frozen=True)
class Chosen:
    """Files by name, and what is wrong with the others."""

    files: Mapping[str, bytes]
    wrong: tuple[str, ...]


def chosen(uploads: Iterable[FileStorage]) -> Chosen:
    """Read what came with a form."""
    files: dict[str, bytes] = {}
    wrong: list[str] = []
    for upload in uploads:
        if not upload.filename:
            continue
        sentence = _wrong_name(upload.filename) or ("" if len(files) < MOST_FILES else "Choose at most 100 files.")
        data = upload.stream.read(MOST_BYTES + 1)
        if not sentence and upload.filename in files:
            sentence = f"There are two files called “{upload.filename}”. Choose each once."
        if not sentence and len(data) > MOST_BYTES:
            sentence = f"“{upload.filename}” is larger than {MOST_BYTES // 2**20} MB. Choose a smaller file."
        if sentence:
            wrong.append(sentence)
        else:
            files[upload.filename] = data
    if sum(map(len, files.values())) > MOST_TOGETHER:
        return Chosen({}, (f"These files are larger than {MOST_TOGETHER // 2**20} MB together. Choose fewer at once.",))
    return Chosen(files, (*dict.fromkeys(wrong), *_wrong_together(files)))


def _wrong_name(name: str) -> str:
    said = quoted(clean(name), 80)
    if "/" in name or "\\" in name or ".." in name or not name.isprintable():
        return f"{said} cannot be used: the name of a file must not name a folder."
    if ending(name) not in KINDS:
        return (
            f"{said} is not a file of a procedure. Choose files that end in .bpmn, .form, .dmn or .yaml, and texts or"
            " pictures to keep beside them."
        )
    if not NAME.fullmatch(name):
        return f"{said} cannot be used: call it by letters, digits, hyphens and underscores, at most 100."
    return ""


def _wrong_together(files: Mapping[str, bytes]) -> list[str]:
    found = []
    for endings, what in (((".bpmn",), "diagram"), ((".yaml", ".yml"), "file of stories")):
        several = sorted(name for name in files if ending(name) in endings)
        if len(several) > 1:
            found.append(f"Choose one {what}, not {len(several)}: {', '.join(several)}.")
    try:
        attached(files)
    except BadFile as refusal:
        found.append(refusal.sentence)
    return found


def drawn_in(files: Mapping[str, bytes], roles: Mapping[str, Role]) -> Diagram | None:
    """The diagram among the files; None without one, or with one that cannot be read. roles: of the trust."""
    data = next((data for name, data in files.items() if ending(name) == ".bpmn"), None)
    try:
        return dialect.read(data, roles) if data is not None else None
    except BadFile:
        return None


def complete(
    files: Mapping[str, bytes], drawn: Diagram | None, live: Package | None, key: str
) -> tuple[dict[str, bytes], frozenset[str]]:
    """The files with those of the live version that were not uploaded and are still needed; and the names of these.

    drawn: the diagram among the files, when it can be read. Raises BadFile when there is no diagram anywhere.
    """
    found = {_tidy(name): data for name, data in files.items()}
    if not any(name.endswith(".bpmn") for name in found):
        if live is None:
            raise BadFile("Choose the diagram too: the file that ends in .bpmn.")
        found[f"{key}.bpmn"] = live.bpmn
        drawn = read_package(live).diagram  # with the process that was chosen when it was published
    if live is None:
        return found, frozenset()
    wanted = drawn.files if drawn else frozenset()
    theirs = {f"{name}.form": data for name, data in live.forms.items()}
    theirs |= {f"{name}.dmn": data for name, data in live.decisions.items()}
    taken = {name: data for name, data in theirs.items() if name in wanted and name not in found}
    if live.stories and not any(name.endswith(".yaml") for name in found):
        taken[f"{key}.yaml"] = live.stories
    if not any(ending(name) in ENDINGS for name in found):
        taken |= live.attached
    own_diagram = {f"{key}.bpmn"} - {_tidy(name) for name in files}
    return {**found, **taken}, frozenset(taken) | (own_diagram & set(found))


def _tidy(name: str) -> str:
    """The name with its ending as we write it."""
    kind = ending(name)
    return f"{name[: -len(kind)]}{'.yaml' if kind == '.yml' else kind}"
