"""The samples of the page “How to draw”, read, drawn and told from the one file each is kept in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from markupsafe import Markup

from engine.bpmn.diagram import dialect
from engine.bpmn.diagram.elements import Diagram
from engine.bpmn.drawing import draw
from engine.bpmn.outline.steps import OutlineStep, outline
from engine.bpmn.unsupported.table import TABLE
from engine.errors import NotFound
from engine.model.people import Role
from web.pages.procedures.drawing_guide.elements import PARTS, DrawnElement, DrawnPart
from web.pages.procedures.drawing_kit import in_attribute, role_to_begin_with

FOLDER = Path(__file__).parent / "samples"
WIDE = 1200.0
BESIDE = (".form", ".dmn")  # what samples ask and decide by, each for several of them
STANDS_FOR = Role("headteacher", "Headteacher")  # in the files, whichever role the trust has
# Rows of the refusal table that are about drawing, in the order of the page.
REFUSED = (
    "complex-gateway",
    "ad-hoc",
    "compensation",
    "compensating-step",
    "several-kinds",
    "parallel-multiple",
    "waits-for-all",
    "begins-a-case",
    "boundary-on-wrong-step",
    "class",
    "external",
    "listener",
    "connector",
)


@dataclass(frozen=True)
class DrawingSample:
    """One element with its sample, as a trust sees it."""

    element: DrawnElement
    data: bytes
    roles: Mapping[str, Role]

    @cached_property
    def _diagram(self) -> Diagram:
        return dialect.read(self.data, self.roles)

    @property
    def name(self) -> str:
        """What it is, in plain words."""
        return self._diagram.title

    @property
    def does(self) -> str:
        """What it does."""
        return self._diagram.guidance

    @property
    def file(self) -> str:
        """The sample's own name."""
        return f"{self.element.key}.bpmn"

    @property
    def beside(self) -> list[str]:
        """The form and table that go with it."""
        return [path.name for path in _beside() if f'"{path.stem}"'.encode() in self.data]

    @cached_property
    def steps(self) -> Sequence[OutlineStep]:
        """The sample in words."""
        return outline(self._diagram, self.roles)

    @property
    def is_wide(self) -> bool:
        """Whether its letters would be too small to read if all of it had to fit into the page."""
        return draw.width(self._drawn) > WIDE

    @property
    def picture(self) -> Markup:
        """The sample drawn, with its steps in words for whoever does not see it."""
        return Markup(self._drawn.decode())  # noqa: S704 - drawn here, of a file of ours

    @cached_property
    def _drawn(self) -> bytes:
        return draw.described(draw.svg(self.data), " ".join(f"{step.number}. {step.sentence}" for step in self.steps))


@dataclass(frozen=True)
class SampleGroup:
    """A part of the page."""

    part: DrawnPart
    samples: tuple[DrawingSample, ...]


def groups(roles: Mapping[str, Role]) -> tuple[SampleGroup, ...]:
    """The page from top to bottom."""
    return _groups(tuple(roles.items()))


@lru_cache(maxsize=4)
def _groups(roles: tuple[tuple[str, Role], ...]) -> tuple[SampleGroup, ...]:
    """The same for the same roles: drawing and telling all samples takes half a second."""
    return tuple(SampleGroup(part, tuple(_samples(part, dict(roles)))) for part in PARTS)


def _samples(part: DrawnPart, roles: Mapping[str, Role]) -> Iterator[DrawingSample]:
    for each in part.elements:
        yield DrawingSample(each, _for_trust(_path(part, each), roles), roles)


def sample_file(name: str, roles: Mapping[str, Role]) -> bytes:
    """One file to download. Raises NotFound when there is none of that name."""
    paths = [*_beside(), *(_path(part, each) for part in PARTS for each in part.elements)]
    found = next((path for path in paths if path.name == name), None)
    if found is None:
        raise NotFound
    return _for_trust(found, roles)


def refused() -> list[tuple[str, str]]:
    """What Headway does not run, and what to draw instead."""
    rows = {row.key: row for row in TABLE}
    return [(rows[key].what, rows[key].instead) for key in REFUSED]


def _path(part: DrawnPart, element: DrawnElement) -> Path:
    return FOLDER / part.key / f"{element.key}.bpmn"


def _beside() -> list[Path]:
    return [path for path in sorted(FOLDER.iterdir()) if path.suffix in BESIDE]


def _for_trust(path: Path, roles: Mapping[str, Role]) -> bytes:
    role = role_to_begin_with(roles)
    text = _read(path).replace(f'name="{STANDS_FOR.label}"', f'name="{in_attribute(role.label)}"')
    return text.replace(f'value="{STANDS_FOR.key}"', f'value="{role.key}"').encode()


@cache
def _read(path: Path) -> str:
    return path.read_text("utf-8")
