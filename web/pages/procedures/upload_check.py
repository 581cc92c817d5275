"""An upload looked over: every fault on its element, stories told, and what publishing it would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from engine.bpmn.check.package_faults import MOST_TOLD
from engine.bpmn.definition import Definition
from engine.bpmn.outline import steps as outline
from engine.bpmn.outline.changes import Changes, changes
from engine.bpmn.package import OWN, Package
from engine.commands import procedures
from engine.commands.procedure_keys import key_for, note_of
from engine.commands.procedures import LookedOver, TrustKnown
from engine.model.casework import Version
from engine.model.fault import Fault, Finding, Note
from engine.model.people import Role
from engine.model.wording import MOST_LISTED, in_a_row, quoted
from engine.stories import tell
from engine.stories.cast import Cast
from engine.stories.tell import Story
from storage.files.uploads import Upload
from storage.store.sql_store import SqlStore
from web.parts import diagrams
from web.parts.diagrams import Picture

STORIES = "stories.yaml"
NAMES = {"procedure.bpmn": "the diagram", STORIES: "the stories"}


@dataclass(frozen=True)
class Listed:
    """One fault, numbered as on the drawing."""

    number: int
    fault: Fault

    @property
    def where(self) -> str:
        """What it is about, as its designer calls it."""
        return where(self.fault)


@dataclass(frozen=True)
class StepChange:
    """A step or file that publishing adds, changes or takes away."""

    what: str
    how: str


@dataclass(frozen=True)
class Checked:
    """What the page shows."""

    upload: Upload
    looked: LookedOver
    live: Version | None
    before: Definition | None  # the live version
    files_before: Mapping[str, bytes]  # its files
    roles: Mapping[str, Role]
    called: Note | None = None  # what to know of its key

    @property
    def found(self) -> tuple[Fault, ...]:
        """Every fault."""
        return self.looked.faults

    @property
    def definition(self) -> Definition | None:
        """None when a file cannot be read at all."""
        return self.looked.definition

    @property
    def title(self) -> str:
        """What the procedure is called."""
        return self.definition.diagram.title if self.definition else "This upload"

    @property
    def faults(self) -> list[Listed]:
        """The faults that are told, with their numbers."""
        return [Listed(number, fault) for number, fault in enumerate(self.found[:MOST_TOLD], start=1)]

    @property
    def many(self) -> str:
        """How many faults there are."""
        if len(self.found) > MOST_TOLD:
            return f"more than {MOST_TOLD} faults"
        return "1 fault" if len(self.found) == 1 else f"{len(self.found)} faults"

    @property
    def rest(self) -> str:
        """What to say of those that are not told; empty when all are."""
        return self.found[-1].sentence if len(self.found) > MOST_TOLD else ""

    @property
    def lacks_stories(self) -> bool:
        """Whether all that is wrong is that ends have no story, or that there is none at all."""
        return bool(self.found) and all(fault.file == STORIES and tell.untold(fault) for fault in self.found)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What to know that stops nothing."""
        return (*self.looked.notes, *((self.called,) if self.called else ()))

    @property
    def picture(self) -> Picture | None:
        """The drawing with a number on every element that has a fault. None when it cannot be drawn."""
        numbers: dict[str, list[int]] = {}
        for listed in self.faults:
            for place in listed.fault.places if listed.fault.file == "procedure.bpmn" else ():
                if place.element:
                    numbers.setdefault(place.element, []).append(listed.number)
        if self.looked.drawing is None:
            return None
        if self.changes and self.changes.marks:
            label = f"Diagram of {self.title}, with what changes"
            return diagrams.of_changes(self.looked.drawing, label, self.changes.marks)
        return diagrams.of_faults(self.looked.drawing, f"Diagram of {self.title}", numbers)

    @cached_property
    def steps(self) -> list[outline.OutlineStep]:
        """The procedure in words; only told of one without faults."""
        return outline.outline(self.definition.diagram, self.roles) if self.definition and not self.found else []

    @property
    def stories(self) -> list[Story]:
        """The stories that were told, every one of which came true."""
        return tell.read(self.looked.package.stories) if not self.found else []

    def ends(self, story: Story) -> str:
        """What the end is called that a story comes to."""
        return tell.ends_at(story, Cast(self.definition, self.roles)) if self.definition else ""

    @property
    def nothing_new(self) -> bool:
        """Whether the live version has the very same files."""
        return self.live is not None and self.live.digest == self._resolved.digest

    @property
    def file_changes(self) -> list[StepChange]:
        """Files against those of the live version."""
        before = self.files_before
        after = self._resolved.files()
        return [
            StepChange(file_in_words(name), how)
            for name in sorted({*before, *after} - OWN)
            if (how := _how(before.get(name), after.get(name)))
        ]

    @cached_property
    def changes(self) -> Changes | None:
        """What it does otherwise than the live version."""
        if not self.definition or not self.before or self.found:
            return None
        return changes(self.before, self.definition, self.roles)

    @property
    def taken(self) -> list[str]:
        """Files that were taken along from the live version."""
        return sorted(self.upload.taken)

    @property
    def _resolved(self) -> Package:
        whole = self.looked.package
        return replace(self.definition.package, attached=whole.attached) if self.definition else whole

    @property
    def attached(self) -> list[str]:
        """Texts and pictures that are kept beside the procedure."""
        return sorted(self.looked.package.attached)


def look_over(upload: Upload, known: TrustKnown) -> Checked:
    """Every fault of an upload. Takes as long as telling its stories does, so do it outside any transaction."""
    package = procedures.package_of(dict(upload.files))
    looked = procedures.look(package, known.roles, known.procedures, known.in_use)
    return Checked(upload, looked, None, None, {}, known.roles)


def against_live(store: SqlStore, checked: Checked) -> Checked:
    """The same with the live version it would take the place of."""
    if checked.definition is None:
        return checked
    diagram = checked.definition.diagram
    key = key_for(store, diagram)
    live, checked = store.live_version(key), replace(checked, called=note_of(diagram, key))
    if live is None:
        return checked
    return replace(checked, live=live, before=store.definition(live.id), files_before=store.package(live.id).files())


def where(finding: Finding) -> str:
    """What a fault or note is about, as its designer calls it."""
    file = file_in_words(finding.file)
    if finding.others:
        called = [quoted(place.name or place.element or "", 80) for place in finding.places]
        return f"{len(called)} places: {in_a_row(called, most=MOST_LISTED)} ({file})"
    return f"{finding.name} ({file})" if finding.name else file[:1].upper() + file[1:]


def file_in_words(name: str) -> str:
    """“the form diagnosis-triage”."""
    if name in NAMES:
        return NAMES[name]
    folder, _, rest = name.partition("/")
    if folder == "attached":
        return f"the file {rest}"
    kind = {"forms": "the form", "decisions": "the decision table"}.get(folder, "the file")
    return f"{kind} {rest.rpartition('.')[0] or rest}"


def _how(before: object, after: object) -> str:
    if before == after:
        return ""
    if before is None:
        return "new"
    return "taken out" if after is None else "changed"
