"""What a request may bring: a file that is too large is cut off while it arrives, and the rest of the form lives on.

So whoever attaches a large file is told so beside everything they typed, and no disk fills up.
"""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Request, current_app

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
    """A request whose files are cut off."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return cast("IO[bytes]", Cut(current_app.config["FILE_BYTES"]))
