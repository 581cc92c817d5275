"""Memory that was used for a moment is given back, and what was read once."""

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


LOADED = """if True:
    import psutil
    from engine.rules import feel
    from web.serving.allocator import trim
    def megabytes(): return psutil.Process().memory_info().rss / 1e6
    def answer(): return feel.evaluate([feel.Ask('date("2026-11-30") + duration("P1D")')], {})[0].value
    first, before = answer(), megabytes()
    trim()
    given_back = before - megabytes()
    assert first == answer() == "2026-12-01"
    print(round(given_back), round(megabytes() - before))
"""


def test_what_only_the_loading_of_v8_read_is_given_back_and_v8_goes_on() -> None:
    ended = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, timeout=60, check=True)

    given_back, after = (int(part) for part in ended.stdout.split())
    assert given_back > 12
    assert after < -12  # and it did not come again with the next rule


def test_a_process_that_keeps_an_sqlite_file_reads_no_driver_of_another_database() -> None:
    program = "import sys, web.serving.process; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)

    assert "'storage'" in ended.stdout
    assert "'psycopg'" not in ended.stdout


GROWING = """if True:
    import psutil
    from web.serving.allocator import Trimming, give_memory_back
    def megabytes(): return psutil.Process().memory_info().rss / 1e6
    give_memory_back()
    trimming = Trimming()
    said = [trimming.look(), trimming.look()]  # the first look is always worth it, the next finds nothing
    kept = [bytearray(2_000) for _ in range(20_000)]
    before = megabytes()
    del kept[1::2], kept[: len(kept) - 100]  # free, and held down by what lies behind it
    said += [trimming.look(), trimming.look()]
    print(said, round(before - megabytes()))
"""


def test_memory_is_given_back_soon_after_it_was_taken_and_not_again_and_again() -> None:
    ended = subprocess.run([sys.executable, "-c", GROWING], capture_output=True, text=True, timeout=60, check=True)

    said, _, given_back = ended.stdout.rpartition(" ")
    assert said == "[True, False, True, False]"
    assert int(given_back) > 20
