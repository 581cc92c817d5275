"""What a file is, judged by its bytes. A name may claim one of a few types; the bytes must bear it out."""

from __future__ import annotations

import io
import lzma
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.errors import BadFile

MOST_PARTS = 5_000  # of an Office file
MOST_UNPACKED = 400 * 2**20
MOST_RATIO = 250  # unpacked to packed, of a part over 1 MB: text packs 20 times, a bomb 1,000 times
MOST_LISTED = 2 * 2**20  # unpacked bytes of the list of parts that we read ourselves
HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
PART = b"PK\x01\x02"  # begins the line of each part in a zip file's own list
BOMB = "This file unpacks to far more than it seems. Save it again, with smaller pictures."
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
# What zipfile raises for a part that is missing, encrypted, packed in an unknown way or damaged.
UNREADABLE = (
    KeyError,
    ValueError,
    RuntimeError,
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
)


@dataclass(frozen=True)
class FileType:
    """One type of file that is kept."""

    media_type: str
    label: str
    fits: Callable[[bytes, FileType], bool]


def media_type(data: bytes, name: str) -> str:
    """The type of a file with this name. Raises BadFile, saying why, when it is none we keep or not what it says."""
    if not data:
        raise BadFile("This file is empty.")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    claimed = TYPES.get(ending)
    if claimed is None:
        raise BadFile(f"Headway does not keep files of this type. Attach {ACCEPTED}.")
    if not claimed.fits(data, claimed):
        raise BadFile(_why(data, claimed))
    return claimed.media_type


def _why(data: bytes, claimed: FileType) -> str:
    if data.startswith(OLD_OFFICE):
        return f"This is an older or password-protected Office file. Save it as {claimed.label} without a password."
    return f"This does not look like {claimed.label}. Open it, save it again and attach the new file."


def _is_pdf(data: bytes, _claimed: FileType) -> bool:
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]


def _is_png(data: bytes, _claimed: FileType) -> bool:
    return data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR"


def _is_jpeg(data: bytes, _claimed: FileType) -> bool:
    return data.startswith(b"\xff\xd8\xff")


def _is_heic(data: bytes, _claimed: FileType) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in HEIF


def _is_text(data: bytes, _claimed: FileType) -> bool:
    """UTF-8 throughout, without control characters but those that lay out lines."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("This text is not in UTF-8. Choose “CSV UTF-8” or “UTF-8” when you save it.") from error
    return not any(unicodedata.category(character) == "Cc" and character not in "\t\n\r\f" for character in set(text))


def _is_office(data: bytes, claimed: FileType) -> bool:
    """A Word, Excel or PowerPoint file without macros: the list of its parts must say so."""
    with _unpacked(data) as parts:
        names = {part.filename.lower() for part in parts.infolist()}
        if any("vbaproject" in name or "macrosheets" in name for name in names):
            raise BadFile("This file holds macros, which Headway does not keep. Save it without macros.")
        listed = _read(parts, "[Content_Types].xml").lower()
    if b"macroenabled" in listed:
        raise BadFile("This file holds macros, which Headway does not keep. Save it without macros.")
    return f"{claimed.media_type}.main+xml".encode() in listed


def _is_open_document(data: bytes, claimed: FileType) -> bool:
    """A text, sheet or presentation whose first part says so, without macros."""
    with _unpacked(data) as parts:
        names = [part.filename for part in parts.infolist()]
        if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
            raise BadFile("This file holds macros, which Headway does not keep. Save it without macros.")
        return names[:1] == ["mimetype"] and _read(parts, "mimetype") == claimed.media_type.encode()


def _unpacked(data: bytes) -> zipfile.ZipFile:
    """The parts of an Office file, none of them unpacked yet. Raises BadFile for a bomb or no such file."""
    if not data.startswith(b"PK\x03\x04"):
        raise BadFile(_why(data, FileType("", "a Word, Excel, PowerPoint or OpenDocument file", _is_pdf)))
    if data.count(PART) > MOST_PARTS:  # before anything makes an object of each
        raise BadFile(BOMB)
    try:
        parts = zipfile.ZipFile(io.BytesIO(data))
    except UNREADABLE as error:
        raise BadFile("This file is damaged. Open it, save it again and attach the new file.") from error
    if _is_bomb(parts.infolist()):
        raise BadFile(BOMB)
    return parts


def _is_bomb(parts: Sequence[zipfile.ZipInfo]) -> bool:
    large = (part for part in parts if part.file_size > 2**20)
    tight = any(part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in large)
    return tight or sum(part.file_size for part in parts) > MOST_UNPACKED


def _read(parts: zipfile.ZipFile, name: str) -> bytes:
    try:
        with parts.open(name) as part:
            return part.read(MOST_LISTED)
    except UNREADABLE as error:
        raise BadFile("This file is damaged or protected. Open it, save it again and attach the new file.") from error


def _office(kind: str, label: str) -> FileType:
    return FileType(OFFICE + kind, label, _is_office)


def _open(kind: str, label: str) -> FileType:
    return FileType(OPEN + kind, label, _is_open_document)


JPEG = FileType("image/jpeg", "a JPEG picture", _is_jpeg)
TYPES: Mapping[str, FileType] = {
    "pdf": FileType("application/pdf", "a PDF file", _is_pdf),
    "docx": _office("wordprocessingml.document", "a Word document (.docx)"),
    "xlsx": _office("spreadsheetml.sheet", "an Excel workbook (.xlsx)"),
    "pptx": _office("presentationml.presentation", "a PowerPoint presentation (.pptx)"),
    "odt": _open("text", "an OpenDocument text (.odt)"),
    "ods": _open("spreadsheet", "an OpenDocument spreadsheet (.ods)"),
    "odp": _open("presentation", "an OpenDocument presentation (.odp)"),
    "png": FileType("image/png", "a PNG picture", _is_png),
    "jpg": JPEG,
    "jpeg": JPEG,
    "heic": FileType("image/heic", "an iPhone picture (.heic)", _is_heic),
    "txt": FileType("text/plain", "a plain text file", _is_text),
    "csv": FileType("text/csv", "a CSV file", _is_text),
}
ACCEPTED = "a PDF, Word, Excel, PowerPoint or OpenDocument file, a PNG, JPEG or HEIC picture, or a TXT or CSV file"
