"""What the form of a task or a start sent: answers as typed, files that came with them, and the button."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from uuid import UUID, uuid4

from flask import request, url_for

from engine.errors import BadFile, TooLarge
from engine.forms import Attached
from engine.model.casework import Evidence
from engine.model.text import one_line
from engine.model.wording import short
from web.access import csrf
from web.parts.questions import DETACH
from web.site import carried
from web.site.page import me, now, trust

COMPLETE, SAVE = "complete", "save"
OWN = frozenset({csrf.FIELD, carried.LOOK, carried.FIELD, COMPLETE, SAVE})  # fields of the page, not of its questions
NOWHERE = UUID(int=0)  # a file that belongs to no task until a command gives it to one
KILOBYTE, MEGABYTE = 1024, 1024 * 1024


@dataclass(frozen=True)
class Sent:
    """One form as it was sent."""

    answers: dict[str, list[str]]  # field name -> texts, buttons of lists among them
    detach: UUID | None = None  # the file to take back

    @property
    def save(self) -> str:
        """ "later": keep it and go; "stay": keep it and go on; empty: something else was pressed."""
        return request.form.get(SAVE, "")

    @property
    def texts(self) -> list[str]:
        """What was written in one's own words, to be shown where the questions cannot be."""
        return [text for texts in self.answers.values() for text in texts if " " in text.strip()]

    @cached_property
    def uploads(self) -> Uploads:
        """The files that came with it, kept. Read at most once: their bytes are written to the disk."""
        return _keep_uploads()


@dataclass(frozen=True)
class Uploads:
    """Files kept on the disk, and what is wrong with the others: question -> sentences."""

    files: list[Evidence]
    messages: dict[str, list[str]]


def sent(own: frozenset[str] = frozenset()) -> Sent:
    """What the request at hand sent. own: more fields of the page."""
    names = [name for name in request.form if name not in OWN | own and not name.startswith(("_", DETACH))]
    return Sent({name: request.form.getlist(name) for name in names}, _detach())


def _detach() -> UUID | None:
    for name in request.form:
        if name.startswith(DETACH):
            try:
                return UUID(name.removeprefix(DETACH))
            except ValueError:
                return None
    return None


def _keep_uploads() -> Uploads:
    found = Uploads([], {})
    limit = trust().settings.upload_bytes
    for question, file in request.files.items(multi=True):
        if not file.filename:
            continue
        try:
            at = trust().files.keep(BytesIO(file.read(limit + 1)), file.filename, limit)
        except (BadFile, TooLarge) as refusal:
            found.messages.setdefault(question, []).append(f"{short(one_line(file.filename), 80)}: {refusal.sentence}")
            continue
        one = Evidence(
            uuid4(), NOWHERE, None, question, at.name, at.media_type, at.size, at.sha256, me().person.id, now()
        )
        found.files.append(one)
    return found


@dataclass(frozen=True)
class UploadPlace:
    """Where files are, and how large they may be."""

    evidence: str  # the address of one file, with {} for its id
    most_bytes: int


def place() -> UploadPlace:
    """Of this trust."""
    address = url_for("evidence.download", evidence_id=NOWHERE).replace(str(NOWHERE), "{}")
    return UploadPlace(address, trust().settings.upload_bytes)


def shown(evidence: list[Evidence], address: str | None = None) -> dict[str, list[Attached]]:
    """Attached files as the form lists them, by question. address: of one file, with {} for its id."""
    found: dict[str, list[Attached]] = {}
    for one in evidence:
        file = Attached(str(one.id), one.name, size_in_words(one.size), address.format(one.id) if address else None)
        found.setdefault(one.question, []).append(file)
    return found


def size_in_words(size: int) -> str:
    """“240 KB”, “1.5 MB”."""
    if size < MEGABYTE:
        return f"{max(1, round(size / KILOBYTE))} KB"
    return f"{size / MEGABYTE:.1f} MB".replace(".0 ", " ")
