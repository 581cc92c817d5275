"""A procedure's files where people keep them: beside the diagram, in a folder of its name, or in one of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.bpmn.attached import ENDINGS, MOST, ending
from engine.bpmn.diagram import dialect
from engine.errors import BadFile
from engine.model.people import Role
from engine.readers.roles import read_roles

SHIPPED = Path(__file__).resolve().parents[2] / "processes"
FOLDERS = {".form": "forms", ".dmn": "decisions", ".yaml": "stories"}
MOST_BYTES = 5 * 1024 * 1024  # of one file


def shipped_roles() -> list[Role]:
    """The roles a new trust begins with."""
    return list(read_roles((SHIPPED / "roles.yaml").read_bytes()).values())


def shipped_procedures() -> list[Path]:
    """The diagrams of the shipped library."""
    return sorted(SHIPPED.glob("*.bpmn"))


def files_of(paths: Sequence[Path]) -> dict[str, bytes]:
    """The files named, and those that a diagram among them refers to, by name. Raises BadFile for what cannot be read.

    A file that a diagram refers to and that is nowhere is left out: checking says so, in better words.
    """
    files = {path.name: _read(path) for path in paths}
    for path in paths:
        if path.suffix == ".bpmn":
            referred = _referred(path, files[path.name])
            files |= {name: _read(found) for name, found in referred if name not in files}
    return files


def _referred(diagram: Path, data: bytes) -> Iterable[tuple[str, Path]]:
    """What a diagram refers to and where it is: beside it, else in the folder of its name, else in one of its kind."""
    for name in _names(data):
        of_its_kind = Path(FOLDERS[Path(name).suffix], name)
        inside = Path("stories.yaml") if name.endswith(".yaml") else of_its_kind
        places = (diagram.with_name(name), diagram.with_suffix("") / inside, diagram.parent / of_its_kind)
        yield from [(name, path) for path in places if path.is_file()][:1]
    beside = (path for path in diagram.with_suffix("").glob("attached/*") if ending(path.name) in ENDINGS)
    yield from [(path.name, path) for path in sorted(beside) if path.is_file()][:MOST]


def _names(data: bytes) -> list[str]:
    """The file names a diagram refers to; none when it cannot be read, which checking says better."""
    try:
        drawn = dialect.read(data)
    except BadFile:
        return []
    return sorted(name for name in {*drawn.files, f"{drawn.key}.yaml"} if "/" not in name and "\\" not in name)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadFile(f"{path.name} is larger than {MOST_BYTES // 2**20} MB.")
        return path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}.") from error
