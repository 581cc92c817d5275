"""What a request may bring. A file that is too large is cut off while it arrives, and the rest of the form lives on: so
whoever attaches a large file is told so beside everything they typed, and no disk fills up. Text is cleaned of what
nobody can see before any page reads it.
"""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Request, current_app, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

from engine.model.text import clean

SECRET = "password"  # noqa: S105 - in the names of fields that hold one
IN_MEMORY = 512 * 1024
TIMES = 5  # a whole request may be so many times as large as one file


class Cut(SpooledTemporaryFile[bytes]):
    """Takes everything and keeps one byte more than a file may have: enough to see that it is too large."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(max_size=IN_MEMORY, mode="w+b")
        self._left = most_bytes + 1

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Says that all was written, so that reading the form goes on."""
        kept = data[: self._left]
        self._left -= len(kept)
        if kept:
            super().write(kept)
        return len(data)


class CuttingRequest(Request):
    """A request whose files are cut off, and whose texts are clean. Passwords stay as they were typed."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What stands in the address."""
        return _cleaned(super().args)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self.__dict__["form"] = _cleaned(self.__dict__["form"])

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return cast("IO[bytes]", Cut(current_app.config["FILE_BYTES"]))


def _cleaned(texts: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    pairs = texts.items(multi=True)
    return ImmutableMultiDict([(clean(name), text if SECRET in name else _seen(text)) for name, text in pairs])


def _seen(text: str) -> str:
    """Clean, with line ends as browsers send them: a form that is carried over a sign-in is sent again as it was."""
    return "\r\n".join(map(clean, text.split("\r\n")))


def clean_path() -> None:
    """Before a page reads the parts of its path: they are clean too."""
    parts = request.view_args or {}
    request.view_args = {name: clean(part) if isinstance(part, str) else part for name, part in parts.items()}
