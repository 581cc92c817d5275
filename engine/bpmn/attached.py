"""Files that a designer keeps beside a procedure: texts and pictures, for whoever draws it next. Nothing reads them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import BadFile
from engine.model.wording import quoted

TEXTS = (".txt", ".md", ".csv", ".svg")
_BEGINS: Mapping[str, tuple[bytes, ...]] = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
    ".pdf": (b"%PDF-",),
}
ENDINGS = frozenset({*TEXTS, *_BEGINS})
MOST = 20
MOST_BYTES = 5 * 1024 * 1024  # of all together
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, which has noughts


def attached(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The texts and pictures among the files of a procedure. Raises BadFile for too many, or one that is none."""
    found = {name: data for name, data in files.items() if ending(name) in ENDINGS}
    for name, data in found.items():
        if not _is_what_it_says(ending(name), data):
            raise BadFile(f"{quoted(name, 80)} is not what its name says it is. Leave it out, or save it again.")
    if len(found) > MOST:
        raise BadFile(f"There are {len(found)} texts and pictures beside the procedure. Choose at most {MOST}.")
    if sum(map(len, found.values())) > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise BadFile(f"The texts and pictures beside the procedure are larger than {most} MB together. Choose fewer.")
    return found


def ending(name: str) -> str:
    """“.png”, in small letters; empty for none."""
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def _is_what_it_says(kind: str, data: bytes) -> bool:
    if kind in TEXTS:
        return (b"\0" not in data or data.startswith(_WIDE)) and not (kind == ".svg" and b"<script" in data.lower())
    return data.startswith(_BEGINS[kind]) and (kind != ".webp" or data[8:12] == b"WEBP")
