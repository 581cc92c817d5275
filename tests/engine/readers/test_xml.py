"""Hostile and broken files are refused with a sentence, quickly; what the modellers save is read."""

from __future__ import annotations

import time

import pytest

from engine.bpmn.diagram import dialect
from engine.errors import BadFile
from engine.readers.xml import MAX_ELEMENTS, read_xml
from engine.rules import tables
from tests.engine.readers.attack_files import BPMN, DECLARATION, DMN, bpmn_attacks, dmn_attacks

# Far over what a refusal takes: this finds a reader that goes through all of it, not a busy machine.
SLOW_SECONDS = 1.0
READERS = [
    *(pytest.param(dialect.read, data, id=f"diagram: {name}") for name, data in bpmn_attacks()),
    *(pytest.param(tables.read, data, id=f"table: {name}") for name, data in dmn_attacks()),
]


@pytest.mark.parametrize(("read", "data"), READERS)
def test_an_attack_is_refused_in_a_sentence_and_at_once(read, data) -> None:  # type: ignore[no-untyped-def]
    began = time.perf_counter()

    with pytest.raises(BadFile) as refused:
        read(data)

    sentence = refused.value.sentence
    assert sentence.startswith("This ")
    assert sentence.endswith(".")
    assert len(sentence) < 300
    assert "passwd" not in sentence
    assert time.perf_counter() - began < SLOW_SECONDS


def test_there_are_at_least_twenty_attacks_on_each_reader() -> None:
    assert len({name for name, _ in bpmn_attacks()}) >= 20
    assert len({name for name, _ in dmn_attacks()}) >= 20


@pytest.mark.parametrize("shape", [BPMN, DMN], ids=["diagram", "table"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
def test_a_file_as_the_modeller_saves_it_is_read(shape, mark: bytes) -> None:  # type: ignore[no-untyped-def]
    data = mark + (DECLARATION + "<!-- drawn by hand -->" + shape.open + shape.inside + shape.close).encode()

    root = read_xml(data, "This file")

    assert root.get("id") == "d"
    assert len(root) == 1


def test_a_file_may_have_no_declaration_and_any_letters() -> None:
    root = read_xml("<a name='Déjà — 学校 🏫'><b/></a>".encode(), "This file")

    assert root.get("name") == "Déjà — 学校 🏫"


def test_as_many_elements_as_allowed_are_read() -> None:
    root = read_xml(f"<a>{'<b/>' * (MAX_ELEMENTS - 1)}</a>".encode(), "This file")

    assert len(root) == MAX_ELEMENTS - 1


@pytest.mark.parametrize("address", ["http://A.3.0/Initial Import/Process", "{made up}", "à propos de <"[:-2]])
def test_a_vocabulary_may_go_by_a_name_with_signs_that_no_address_has(address: str) -> None:
    root = read_xml(f'<a xmlns:own="{address}" own:x="1"><b say="two  words" /></a>'.encode(), "This diagram")

    assert [item.get("say") for item in root] == ["two  words"]
    assert list(root.attrib.values()) == ["1"]


def test_the_refusal_of_a_broken_file_names_the_line() -> None:
    with pytest.raises(BadFile, match="at line 3"):
        read_xml(b"<a>\n<b>\n</a>", "This diagram")
