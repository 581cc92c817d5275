"""Every attack on the schools import is refused in a sentence."""

import time

import pytest

from engine.errors import BadFile
from engine.readers import gias
from tests.engine.readers.gias_attacks import gias_attacks

ATTACKS = dict(gias_attacks())


@pytest.mark.parametrize("what", ATTACKS)
def test_an_attack_is_refused_in_a_sentence(what: str) -> None:
    with pytest.raises(BadFile) as refusal:
        gias.read(ATTACKS[what], "99001")

    assert len(refusal.value.sentence) < 400


ROW = b"100000,201,X,1,School,Academy,Open,01-01-2000,,Primary,Supported by a multi-academy trust,%s,T\n"


@pytest.mark.slow
@pytest.mark.parametrize("line", [ROW % b"88888", ROW % b"99001", b"\n", b"," * 12 + b"\n", b'"', b"abc"])
def test_ten_megabytes_of_anything_are_answered_in_a_moment(line: bytes) -> None:
    """Twice as much takes at most two and a half times as long."""
    took = []
    for size in (5_000_000, 10_000_000):
        data = ",".join(gias.NEEDED).encode() + b"\n" + line * (size // len(line))
        began = time.process_time()
        with pytest.raises(BadFile):
            gias.read(data, "99001")
        took.append(time.process_time() - began)

    assert took[1] <= 2.5 * max(took[0], 0.05)
