"""Every attack on the schools import is refused in a sentence."""

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
