"""Memory that is not needed, given back: how the C library does it, at the start of a process that stays, and what is
free or was only read once, now and then.

By default glibc gives each thread a pool of its own and raises, with every large block it meets, the size up to which
it keeps blocks for later. Eight threads that now and then render a long page or read an upload then hold several times
what is in use: after the same mixed work a server held 233 MB, and 203 MB with these settings.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
from collections.abc import Iterable, Iterator
from pathlib import Path

LARGE_LIBRARY = "/libmini_racer.so"
GROWN = 4 * 1024 * 1024  # bytes of resident memory more than after the last time: worth a few milliseconds

# glibc's numbers for its settings (malloc.h) and what we set.
_SETTINGS = {
    "MALLOC_ARENA_MAX": (-8, 2),  # pools; one Python thread runs at a time, so more gain nothing
    "MALLOC_MMAP_THRESHOLD_": (-3, 256 * 1024),  # larger blocks are given back one by one
    "MALLOC_TRIM_THRESHOLD_": (-1, 256 * 1024),  # so much may stay free at the end of a pool
}


def give_memory_back() -> None:
    """Set it up before the first thread starts. What the environment says itself stays; elsewhere than on glibc
    nothing happens.
    """
    if platform.libc_ver()[0] != "glibc":
        return
    library = ctypes.CDLL(None)
    for name, (setting, value) in _SETTINGS.items():
        if name not in os.environ:
            library.mallopt(setting, value)


def trim() -> None:
    """Give back what lies free between what is in use: after much work some 15 MB, in a few milliseconds. And the names
    of V8's library, which are only read while it is loaded: 17 MB.
    """
    if platform.libc_ver()[0] != "glibc":
        return
    library = ctypes.CDLL(None)
    library.malloc_trim(0)
    for start, length in _names_of_libraries(Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()):
        library.madvise(ctypes.c_void_p(start), ctypes.c_size_t(length), mmap.MADV_DONTNEED)


class Trimming:
    """When to give memory back: soon after work has taken some, and never while a process rests."""

    def __init__(self) -> None:
        self._least = 0  # bytes that were resident after the last time, or since

    def look(self) -> bool:
        """Give back what is free if resident memory has grown. Returns whether it had."""
        now = _resident()
        self._least = min(self._least, now)
        if now - self._least < GROWN:
            return False
        trim()
        self._least = _resident()
        return True


def _resident() -> int:
    """Bytes of this process in memory; 0 where nothing says so."""
    told = Path("/proc/self/statm")
    return int(told.read_text(encoding="ascii").split()[1]) * mmap.PAGESIZE if told.is_file() else 0


def _names_of_libraries(lines: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where the head of V8's library lies, and how long it is. Nothing ever writes there: what the loader does write
    to is further on in the file. The file itself gives it again to whoever reads it.
    """
    for line in lines:
        place, rights, offset, _device, _file, *path = line.split(maxsplit=5)
        if path and path[0].endswith(LARGE_LIBRARY) and rights == "r--p" and int(offset, 16) == 0:
            start, end = (int(part, 16) for part in place.split("-"))
            yield start, end - start
