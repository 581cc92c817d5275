"""Reading "Get Information about Schools" extracts: bytes in, schools out. Columns are found by name.

Format as published daily by the Department for Education: Windows-1252, dates dd-mm-yyyy, about 140 columns.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.errors import BadFile
from engine.model.people import SchoolStatus
from engine.model.text import one_line
from engine.model.wording import quoted

MOST_BYTES = 200 * 1024 * 1024  # the national file is about 60 MB
MOST_SCHOOLS = 1_000  # of one trust; the largest has about a hundred
MOST_EMPTY = 10_000  # lines
MOST_HEADER = 64 * 1024  # characters; the real line of column names has about 3,500
PIECE = 1024 * 1024  # bytes read at a time
NEEDED = (
    "URN",
    "LA (code)",
    "LA (name)",
    "EstablishmentNumber",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "EstablishmentStatus (name)",
    "OpenDate",
    "CloseDate",
    "PhaseOfEducation (name)",
    "TrustSchoolFlag (name)",
    "Trusts (code)",
    "Trusts (name)",
)
# TrustSchoolFlag (name): foundation trusts ("Supported by a trust") share the Trusts columns with academy trusts.
ACADEMY_TRUST_FLAGS = ("multi-academy trust", "single-academy trust")
STATUS = {
    "open": SchoolStatus.OPEN,
    "open, but proposed to close": SchoolStatus.OPEN,
    "proposed to open": SchoolStatus.OPENING,
    "closed": SchoolStatus.CLOSED,
}
PHASES = {
    "nursery": "nursery",
    "primary": "primary",
    "middle deemed primary": "primary",
    "secondary": "secondary",
    "middle deemed secondary": "secondary",
    "16 plus": "16 plus",
    "all-through": "all-through",
}
_NUMBER = re.compile(r"^\d+(\.0)?$")


@dataclass(frozen=True)
class Establishment:
    """One establishment as the extract has it. Dates are dates, empty texts are None."""

    urn: str
    name: str
    phase: str
    type: str
    status: SchoolStatus
    trust_name: str
    laestab: str | None = None
    ukprn: str | None = None
    local_authority: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    low_age: int | None = None
    high_age: int | None = None
    pupils: int | None = None
    capacity: int | None = None
    postcode: str | None = None


@dataclass(frozen=True)
class Extract:
    """What a file says about one trust. `doubts` are sentences worth a person's look; they stop nothing."""

    trust_uid: str
    trust_name: str
    rows: tuple[Establishment, ...]
    doubts: tuple[str, ...] = field(default_factory=tuple)


def read(data: bytes, trust_uid: str) -> Extract:
    """The rows of one academy trust (by its group UID) in an extract. Raises BadFile with a sentence."""
    if len(data) > MOST_BYTES:
        raise BadFile("This file is far larger than any schools extract we know.")
    rows: list[Establishment] = []
    doubts: list[str] = []
    foundation = 0
    for line, raw in _lines(data, trust_uid):
        if not _academy_trust(raw):
            foundation += 1
            continue
        if len(rows) >= MOST_SCHOOLS:
            raise BadFile(f"This file gives trust {trust_uid} more than {MOST_SCHOOLS:,} schools. Check the file.")
        rows.append(_row(line, raw, doubts))
    _refuse_none(rows, foundation, trust_uid)
    _refuse_twice(rows)
    return Extract(trust_uid, rows[0].trust_name, tuple(rows), tuple(doubts))


def _refuse_none(rows: list[Establishment], foundation: int, trust_uid: str) -> None:
    if rows:
        return
    if foundation:
        raise BadFile(f"Trust {trust_uid} is a foundation trust in this file, not an academy trust.")
    raise BadFile(f"No school in this file belongs to trust {trust_uid}. Check the number (the group UID).")


def _refuse_twice(rows: list[Establishment]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.urn in seen:
            raise BadFile(f"The school {row.urn} stands in this file twice.")
        seen.add(row.urn)


def _encoding(data: bytes) -> str:
    """Windows-1252 as published; UTF-8 when a person saved it again (with its mark, or valid beyond ASCII)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4096]:
        raise BadFile("This file is not in the Windows-1252 (or UTF-8) encoding of the schools extract.")
    at = _unreadable(data, "utf-8-sig")
    if at is None:
        return "utf-8-sig"
    if not data.startswith(codecs.BOM_UTF8):
        at = _unreadable(data, "cp1252")
        if at is None:
            return "cp1252"
    line = data[:at].count(b"\n") + 1
    raise BadFile(f"Line {line} of this file has characters we cannot read in its encoding.")


def _unreadable(data: bytes, encoding: str) -> int | None:
    """Where the first byte stands that is no text in this encoding. Piece by piece: the file as text is far larger."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    for start in range(0, len(data) or 1, PIECE):
        try:
            decoder.decode(view[start : start + PIECE], final=start + PIECE >= len(data))
        except UnicodeDecodeError as error:
            return max(0, start + error.start)
    return None


def _lines(data: bytes, trust_uid: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """(line number, row by column name) of one trust; refuses a missing column and any row that breaks off."""
    encoding = _encoding(data)
    if b"\0" in data:
        raise BadFile("This file holds bytes that are not text.")
    if data.find(b"\n", 0, MOST_HEADER) < 0 <= len(data) - MOST_HEADER:
        raise BadFile("The first line of this file is far longer than the column names of the schools extract.")
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding, newline=""), strict=True)
    try:
        header = [name.strip().strip("\ufeff") for name in next(reader)]
    except (StopIteration, csv.Error) as error:
        raise BadFile("This file is empty or has no line of column names.") from error
    _refuse_header(header)
    trust = header.index("Trusts (code)")
    try:
        for cells in _filled(reader):
            if len(cells) != len(header) and cells:
                raise _cut_off(reader.line_num, len(cells), len(header))
            if cells and cells[trust].strip().removesuffix(".0") == trust_uid:
                yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise BadFile(f"Line {reader.line_num} of this file breaks off or is not a proper row.") from error


def _filled(reader: Iterable[list[str]]) -> Iterator[list[str]]:
    """The lines that hold something."""
    empty = 0
    for cells in reader:
        empty += not cells
        if empty > MOST_EMPTY:
            raise BadFile("This file has far more empty lines than any schools extract. Download it again.")
        if cells:
            yield cells


def _cut_off(line: int, found: int, named: int) -> BadFile:
    return BadFile(
        f"Line {line} has {found} columns where the first line names {named}: "
        "the file may have been cut off. Download it again."
    )


def _refuse_header(header: list[str]) -> None:
    missing = [name for name in NEEDED if name not in header]
    if missing:
        many = "columns" if len(missing) > 1 else "column"
        raise BadFile(f"This file lacks the {many} {', '.join(quoted(name) for name in missing)}.")
    twice = sorted({name for name in NEEDED if header.count(name) > 1})
    if twice:
        raise BadFile(f"This file has the column {quoted(twice[0])} twice.")


def _cell(raw: Mapping[str, str], name: str) -> str:
    text = one_line(raw.get(name, ""))
    return "" if text.lower() in {"not applicable", "not recorded", "null"} else text


def _academy_trust(raw: Mapping[str, str]) -> bool:
    flag = _cell(raw, "TrustSchoolFlag (name)").lower()
    return any(word in flag for word in ACADEMY_TRUST_FLAGS)


def _row(line: int, raw: Mapping[str, str], doubts: list[str]) -> Establishment:
    urn = _cell(raw, "URN").removesuffix(".0")
    if not re.fullmatch(r"\d{5,7}", urn):
        raise BadFile(f"Line {line} has no school number (URN).")
    name = " ".join(_cell(raw, "EstablishmentName").split())
    if not name:
        raise BadFile(f"Line {line} (URN {urn}) has no school name.")
    kind = _cell(raw, "TypeOfEstablishment (name)")
    return Establishment(
        urn=urn,
        name=name,
        phase=_phase(raw, kind),
        type=kind,
        status=_status(raw, urn, doubts),
        trust_name=_cell(raw, "Trusts (name)"),
        laestab=_laestab(raw),
        ukprn=_cell(raw, "UKPRN").removesuffix(".0") or None,
        local_authority=_cell(raw, "LA (name)") or None,
        opened_on=_date(raw, "OpenDate", line),
        closed_on=_date(raw, "CloseDate", line),
        low_age=_number(raw, "StatutoryLowAge", line),
        high_age=_number(raw, "StatutoryHighAge", line),
        pupils=_pupils(raw, line, name, doubts),
        capacity=_number(raw, "SchoolCapacity", line),
        postcode=_cell(raw, "Postcode") or None,
    )


def _phase(raw: Mapping[str, str], kind: str) -> str:
    """Special and alternative provision academies have the phase "Not applicable": their type says it."""
    lower = kind.lower()
    if "special" in lower:
        return "special"
    if "alternative provision" in lower or "pupil referral" in lower:
        return "alternative provision"
    found = PHASES.get(_cell(raw, "PhaseOfEducation (name)").lower())
    if found:
        return found
    return "16 plus" if "16" in lower else "other"


def _status(raw: Mapping[str, str], urn: str, doubts: list[str]) -> SchoolStatus:
    text = _cell(raw, "EstablishmentStatus (name)").lower()
    if text == "open, but proposed to close":
        doubts.append(f"{urn} is open but proposed to close.")
    found = STATUS.get(text)
    if found is None:
        raise BadFile(f"The school {urn} has a status we do not know: {quoted(text or 'empty')}.")
    return found


def _laestab(raw: Mapping[str, str]) -> str | None:
    authority, number = _cell(raw, "LA (code)"), _cell(raw, "EstablishmentNumber").removesuffix(".0")
    return f"{authority.zfill(3)}{number.zfill(4)}" if authority and number else None


def _pupils(raw: Mapping[str, str], line: int, name: str, doubts: list[str]) -> int | None:
    found = _number(raw, "NumberOfPupils", line)
    if found is None:
        doubts.append(f"{name} has no number of pupils in this file.")
    return found


def _date(raw: Mapping[str, str], name: str, line: int) -> date | None:
    text = _cell(raw, name)
    if not text:
        return None
    for form in ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a date without a time has no zone
        except ValueError:
            continue
    raise BadFile(f"Line {line}: {quoted(text)} in the column {quoted(name)} is not a date like 16-01-2020.")


def _number(raw: Mapping[str, str], name: str, line: int) -> int | None:
    text = _cell(raw, name)
    if not text:
        return None
    if not _NUMBER.match(text) or len(text) > 9:
        raise BadFile(f"Line {line}: {quoted(text)} in the column {quoted(name)} is not a number.")
    return int(float(text))
