"""Evidence: files that people attach, kept once each by the sha256 of their bytes, in folders two levels deep."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from engine.errors import BadFile, NotFound, TooLarge
from engine.model.text import clean
from storage.files.types import media_type

MOST_BYTES = 10 * 2**20
LONGEST_NAME = 150
SHA256 = re.compile(r"[0-9a-f]{64}")
NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
RESERVED = re.compile(r"(?i)^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)")  # by Windows
HIDDEN = {"Cc", "Co", "Cn"}  # categories of characters that would disguise a name or that few computers show


@dataclass(frozen=True)
class KeptFile:
    """A file that was kept. `name`: cleaned, fit to be shown and offered for download."""

    sha256: str
    size: int  # bytes
    media_type: str
    name: str


class Files:
    """The folder a trust's evidence lies in. Many processes may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def keep(self, file: BinaryIO | bytes, name: str, most_bytes: int = MOST_BYTES) -> KeptFile:
        """Keep a file, safe on the disk before this returns.

        Raises BadFile for a type that is not kept or does not fit the name, TooLarge over `most_bytes`.
        """
        data = file if isinstance(file, bytes) else file.read(most_bytes + 1)
        if len(data) > most_bytes:
            raise TooLarge(f"This file is larger than {most_bytes // 2**20} MB. Attach a smaller one.")
        cleaned = clean_name(name)
        kept = KeptFile(hashlib.sha256(data).hexdigest(), len(data), media_type(data, cleaned), cleaned)
        self.put(kept.sha256, data)
        return kept

    def put(self, sha256: str, data: bytes) -> None:
        """Write bytes under their sum: whole or not at all, whatever happens meanwhile."""
        path = self.path(sha256)
        if path.is_file() and path.read_bytes() == data:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.parent / f".{uuid4().hex}"
        try:
            with unfinished.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        _sync_folders(path.parent, self.folder)

    def read(self, sha256: str) -> bytes:
        """The bytes as they were kept. Raises NotFound when they are gone, BadFile when the disk changed them."""
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("We cannot find this file any more. An administrator can restore it.") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BadFile("This file was damaged on the disk. An administrator can restore it.")
        return data

    def path(self, sha256: str) -> Path:
        """Where a file lies. Raises NotFound for anything but a sum, so that no name leads elsewhere."""
        if not SHA256.fullmatch(sha256):
            raise NotFound
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def all(self) -> Iterator[str]:
        """The sums of every file there is, sorted."""
        found = (path.name for path in self.folder.glob("??/??/*") if SHA256.fullmatch(path.name))
        return iter(sorted(found))


def clean_name(name: str) -> str:
    """A file's name without folders, hidden characters or names that a computer keeps for itself; 150 characters."""
    last = re.split(r"[/\\]", clean(name))[-1]
    shown = "".join(character for character in last if unicodedata.category(character) not in HIDDEN)
    cleaned = NOT_IN_NAMES.sub("-", shown).strip(" .")
    if RESERVED.match(cleaned):
        cleaned = f"_{cleaned}"
    stem, dot, ending = cleaned.rpartition(".")
    if len(cleaned) <= LONGEST_NAME or len(ending) > 10:
        return cleaned[:LONGEST_NAME].strip(" .") or "file"
    return stem[: LONGEST_NAME - len(dot + ending)].strip(" .") + dot + ending


def _sync_folders(folder: Path, top: Path) -> None:
    """Make the names safe too: a folder's list of files is a file of its own. Not every system can."""
    for each in (folder, folder.parent, top):
        with suppress(OSError):
            handle = os.open(each, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
