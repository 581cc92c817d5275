"""Files saved in the encodings that modellers use are read as they were written; the others are refused by name."""

from __future__ import annotations

import codecs
import time
from contextlib import suppress

import pytest

from engine.bpmn.diagram import dialect
from engine.errors import BadFile
from engine.readers.xml import read_xml
from engine.rules import tables
from tests.engine.bpmn.check.sketches import table
from tests.engine.bpmn.sketch import sketch, user

DRAWN = '<a name="Prüfung “für” café"><b/></a>'
WESTERN = '<a name="Prüfung für café £5"><b/></a>'
A_SECOND = 1.0


def declared(encoding: str, text: str = DRAWN) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{text}'


def name(data: bytes) -> str:
    return str(read_xml(data, "This diagram").get("name"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (declared("ISO-8859-1", WESTERN).encode("latin-1"), "Prüfung für café £5"),
        (declared("iso-8859-1").encode("cp1252"), "Prüfung “für” café"),
        (declared("windows-1252").encode("cp1252"), "Prüfung “für” café"),
        (declared("Cp1252").encode("cp1252"), "Prüfung “für” café"),
        (declared("ISO-8859-15", '<a name="5 € für café"/>').encode("iso8859-15"), "5 € für café"),
        (declared("windows-1250", '<a name="škola"/>').encode("cp1250"), "škola"),
        (declared("windows-1251", '<a name="школа"/>').encode("cp1251"), "школа"),
        (declared("GBK", '<a name="学校"/>').encode("gbk"), "学校"),
        (declared("Shift_JIS", '<a name="学校ソ"/>').encode("cp932"), "学校ソ"),
        (declared("US-ASCII", '<a name="caf&#233;"/>').encode(), "café"),
        (declared("UTF-16").encode("utf-16"), "Prüfung “für” café"),
        (codecs.BOM_UTF16_LE + declared("UTF-16").encode("utf-16-le"), "Prüfung “für” café"),
        (codecs.BOM_UTF16_BE + declared("UTF-16").encode("utf-16-be"), "Prüfung “für” café"),
        (declared("UTF-16").encode("utf-16-le"), "Prüfung “für” café"),
        (declared("utf-16").encode("utf-16-be"), "Prüfung “für” café"),
        (DRAWN.encode("utf-16"), "Prüfung “für” café"),
        (DRAWN.encode("utf-16-le"), "Prüfung “für” café"),
        ("\n  \n".encode("utf-16-be") + declared("UTF-16").encode("utf-16-be"), "Prüfung “für” café"),
        (DRAWN.encode("cp1252"), "Prüfung “für” café"),
        (b'<?xml version="1.0"?>' + DRAWN.encode("cp1252"), "Prüfung “für” café"),
        (codecs.BOM_UTF8 + declared("ISO-8859-1").encode(), "Prüfung “für” café"),
        (codecs.BOM_UTF8 + b"\r\n\r\n" + declared("UTF-8").encode(), "Prüfung “für” café"),
        (b"\n\t \n" + declared("UTF-8").encode(), "Prüfung “für” café"),
        (b'<?xml version="1.1" encoding="UTF-8" standalone="yes"?>' + DRAWN.encode(), "Prüfung “für” café"),
        (b"<?xml version='1.0' encoding='UTF-8'?><?xml-stylesheet type='text/xsl' href='x.xsl'?>" + DRAWN.encode(),
         "Prüfung “für” café"),
        (b"<?xml-model href='http://a.example/b.rng'?><?mso-application x?>" + DRAWN.encode(), "Prüfung “für” café"),
    ],
)  # fmt: skip
def test_a_file_is_read_with_the_letters_it_was_written_with(data: bytes, said: str) -> None:
    assert name(data) == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (declared("UTF-16").encode(), "“UTF-16”, and is not"),
        (declared("UTF-8").encode("cp1252"), "“UTF-8” text, and is not"),
        (declared("cp037").encode(), "“cp037”, and Headway does not read that"),
        (declared("utf-7").encode("utf-7"), "“utf-7”"),
        (declared("rot13").encode(), "“rot13”"),
        (declared("zlib_codec").encode(), "“zlib_codec”"),
        (declared("UTF-32").encode("utf-32"), "UTF-32"),
        (codecs.BOM_UTF16_LE + b"<\0a\0/\0>", "“UTF-16” text, and is not"),
        (declared("ISO-8859-1").encode("utf-16-le").replace(b"f\0", b"\0\0", 1), "not a text file"),
        (b'<a/><?xml version="1.0"?>', "“<?xml”"),
        (b"<?php echo 1 ?><a/>", "“<?php”"),
        (b"<a><?= x ?></a>", "“<?=”"),
        (b"<?xml-stylesheet href='file:///etc/passwd'?><a/>", "“<?xml-stylesheet”"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_it_is(data: bytes, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_xml(data, "This diagram")

    assert said in refused.value.sentence
    assert refused.value.sentence.endswith(".")
    assert len(refused.value.sentence) < 300


def test_a_diagram_and_a_table_in_other_encodings_say_what_they_say() -> None:
    drawn = sketch(user("a", name="Prüfen"), flows="s>a>e").decode()
    made = table()["t"].decode().replace("A table", "Prüfung")

    for encoding in ("ISO-8859-1", "windows-1252", "UTF-16"):
        diagram = dialect.read(drawn.replace("UTF-8", encoding).encode(encoding))
        decision = tables.read(made.replace("UTF-8", encoding).encode(encoding))

        assert diagram.elements["a"].name == "Prüfen"
        assert decision.name == "Prüfung"


def test_a_fault_names_the_line_it_stands_in_whatever_comes_first() -> None:
    with pytest.raises(BadFile, match="at line 5"):
        read_xml(b'\n\n<?xml version="1.0"?>\n<a>\n<b></a>', "This diagram")


def test_one_vocabulary_declared_on_every_element_counts_once() -> None:
    each = '<a:x xmlns:a="http://a.example" xmlns="http://b.example" xmlns:c = \'http://c.example\'/>'
    root = read_xml(f"<r>{each * 1_500}</r>".encode(), "This diagram")

    assert len(root) == 1_500
    different = "".join(f"<x xmlns:a='u{n}'/>" for n in range(300))
    with pytest.raises(BadFile, match="too many vocabularies"):
        read_xml(f"<r>{different}</r>".encode(), "This diagram")


def _hostile() -> list[tuple[str, str]]:
    nested = "".join(f'<a xmlns:n{n % 190}="u{n % 190}">' for n in range(200)) + "</a>" * 200
    every = " ".join(f'xmlns:n{n}="u{n}"' for n in range(190))
    return [
        ("the same vocabularies on every element", f"<r>{f'<n7:a {every}/>' * 480}</r>"),
        ("vocabularies nested", nested * 300),
        ("names of vocabularies that end nowhere", "<r " + "xmlns:a " * 200_000),
        ("names of vocabularies with blanks", "<r " + ("xmlns" + " " * 50) * 30_000),
        ("quotes that never close", "<r " + "xmlns='" * 1 + 'xmlns="' * 250_000),
        ("instructions", "<?a b?>" * 250_000 + "<r/>"),
        ("instructions never closed", "<?a" * 600_000),
        ("blanks", "\n" * 1_900_000 + "<r/>"),
        ("a declaration that never ends", "<?xml " + "x" * 1_900_000),
        ("declarations", '<?xml version="1.0"?>' * 90_000),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("text", [pytest.param(text, id=called) for called, text in _hostile()])
def test_hostile_files_are_answered_at_once_in_every_encoding(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    began = time.process_time()
    with suppress(BadFile):
        read_xml(data[:1_990_000], "This diagram")

    assert time.process_time() - began < A_SECOND


@pytest.mark.parametrize("part", [b"\0", b"<", b"\xff\xfe", b"<\0", b"&#x", b"\n", b"<?xml ", b"xmlns:a='b' ", b"\x81"])
def test_ten_megabytes_of_anything_are_refused_at_once(part: bytes) -> None:
    data = (part * (10_000_000 // len(part) + 1))[:10_000_000]
    began = time.process_time()

    with pytest.raises(BadFile):
        read_xml(data, "This diagram")
    with pytest.raises(BadFile):
        read_xml(data[:2_000_000], "This diagram")

    assert time.process_time() - began < A_SECOND
