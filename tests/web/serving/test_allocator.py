"""Memory that was used for a moment is given back."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """if True:
    import psutil
    from web.serving.allocator import give_memory_back
    def megabytes(): return psutil.Process().memory_info().rss / 1e6
    give_memory_back()
    b"x" * 20_000_000  # a large block that comes and goes raises glibc's limit by itself
    before, large, small = megabytes(), [], []
    for number in range(60):
        large.append(bytearray(b"x" * 1_000_000))
        small.append(bytearray(2_000))  # what stays, in between
    large.clear()
    print(round(megabytes() - before))
"""


def test_large_blocks_are_given_back_whatever_stays_between_them() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True)

    assert int(ended.stdout) < 10  # 22 or more when left alone
