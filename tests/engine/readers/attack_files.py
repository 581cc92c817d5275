"""Files made to hurt whoever reads them, in the shape of a diagram and of a decision table, for tests and benches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True)
class Shape:
    """What makes an attack look like a file of this kind."""

    open: str  # the opening tag of the root
    close: str
    inside: str  # something valid to put inside
    text: tuple[str, str]  # tags around a text
    wrong: str  # the opening tag of the root in a vocabulary of nobody's


BPMN = Shape(
    f'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" {XSI} id="d" targetNamespace="t">',
    "</bpmn:definitions>",
    '<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s" /></bpmn:process>',
    ("<bpmn:documentation>", "</bpmn:documentation>"),
    f'<bpmn:definitions xmlns:bpmn="http://nowhere.example/bpmn" {XSI} id="d">',
)
DMN = Shape(
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">',
    "</definitions>",
    '<decision id="k" name="K"><decisionTable id="t"><output id="o" name="o" /></decisionTable></decision>',
    ("<description>", "</description>"),
    '<definitions xmlns="http://nowhere.example/dmn" id="d" name="d" namespace="t">',
)


def bpmn_attacks() -> Iterator[tuple[str, bytes]]:
    """(what it is, the file), for the reader of diagrams."""
    yield from _attacks(BPMN)


def dmn_attacks() -> Iterator[tuple[str, bytes]]:
    """(what it is, the file), for the reader of decision tables."""
    yield from _attacks(DMN)


def _attacks(shape: Shape) -> Iterator[tuple[str, bytes]]:
    yield from _definitions(shape)
    yield from _sizes(shape)
    yield from _encodings(shape)
    yield from _broken(shape)
    yield from _foreign(shape)


def _file(shape: Shape, inside: str = "", before: str = "", open_with: str | None = None) -> str:
    return DECLARATION + before + (open_with or shape.open) + (inside or shape.inside) + shape.close


def _said(shape: Shape, text: str) -> str:
    return shape.text[0] + text + shape.text[1] + shape.inside


def _definitions(shape: Shape) -> Iterator[tuple[str, bytes]]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    for name, doctype, text in (
        ("a billion laughs", f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]>', "&l11;"),
        ("one huge entity many times", f'<!DOCTYPE d [<!ENTITY a "{"a" * 50_000}">]>', "&a;" * 50_000),
        ("an entity from a file", '<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]>', "&f;"),
        ("an entity from the network", '<!DOCTYPE d [<!ENTITY f SYSTEM "http://127.0.0.1:9/x">]>', "&f;"),
        ("a parameter entity", '<!DOCTYPE d [<!ENTITY % f SYSTEM "file:///etc/passwd"> %f;]>', "x"),
        ("a definition from elsewhere", '<!DOCTYPE d SYSTEM "file:///dev/zero">', "x"),
        ("an empty definition", "<!DOCTYPE d>", "x"),
        ("an entity that holds itself", '<!DOCTYPE d [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"),
        ("default attributes", '<!DOCTYPE d [<!ATTLIST d x CDATA "y">]>', "x"),
    ):
        yield name, _file(shape, _said(shape, text), before=doctype).encode()
    yield "an entity nobody defined", _file(shape, _said(shape, "&nobody;")).encode()


def _sizes(shape: Shape) -> Iterator[tuple[str, bytes]]:
    opened = shape.open.rstrip(">")
    deep = shape.text[0] * 10_000 + shape.text[1] * 10_000
    yield "10 MB of text", _file(shape, _said(shape, "a" * 10_000_000)).encode()
    yield "10 MB of spaces", b" " * 10_000_000
    yield "100,000 elements", _file(shape, f"{shape.text[0]}{shape.text[1]}" * 100_000).encode()
    yield "100,000 short elements", _file(shape, "<a/>" * 100_000).encode()
    yield "6,000 elements", _file(shape, "<a/>" * 6_000).encode()
    yield "10,000 levels", _file(shape, deep).encode()
    yield "7,000 levels never closed", (DECLARATION + shape.open + "<a>" * 7_000).encode()
    yield "100 levels", _file(shape, "<a>" * 100 + "</a>" * 100).encode()
    yield "a huge attribute", _file(shape, open_with=f'{opened} note="{"a" * 1_900_000}">').encode()
    yield "a huge text", _file(shape, _said(shape, "a" * 1_900_000)).encode()
    yield "a huge name", _file(shape, f"<{'a' * 1_500_000}/>").encode()
    yield "a huge remark", _file(shape, f"<!--{'a' * 1_900_000}").encode()
    attributes = " ".join(f'a{n}="{n}"' for n in range(100_000))
    yield "100,000 attributes", _file(shape, f"<a {attributes}/>").encode()
    vocabularies = " ".join(f'xmlns:n{n}="u{n}"' for n in range(50_000))
    yield "50,000 vocabularies", _file(shape, f"<a {vocabularies}/>").encode()
    yield "a quarter of a million character references", _file(shape, _said(shape, "&#65;" * 300_000)).encode()


def _encodings(shape: Shape) -> Iterator[tuple[str, bytes]]:
    whole = _file(shape)
    laughs = _file(shape, _said(shape, "&a;"), before='<!DOCTYPE d [<!ENTITY a "ha">]>')
    yield "a definition in UTF-16", laughs.replace("UTF-8", "UTF-16").encode("utf-16")
    yield "a definition in UTF-16 without a mark", laughs.replace("UTF-8", "UTF-16").encode("utf-16-be")
    yield "a definition in UTF-32", laughs.replace("UTF-8", "UTF-32").encode("utf-32")
    yield "a definition in UTF-7", laughs.replace("UTF-8", "UTF-7").encode("utf-7")
    yield "says UTF-16 and is not", whole.replace("UTF-8", "UTF-16").encode()
    yield "says EBCDIC and is not", whole.replace("UTF-8", "cp037").encode()
    yield "says an encoding nobody has", whole.replace("UTF-8", "x-nobody").encode()
    yield "not text at all", bytes(range(256)) * 100
    yield "broken UTF-8", whole.encode().replace(b'id="', b'id="\xc3\x28\xff', 1)
    yield "overlong UTF-8", whole.encode().replace(b'id="', b'id="\xc0\xbc', 1)
    yield "null characters", whole.replace('id="', 'id="\0', 1).encode()
    yield "control characters", whole.replace('id="', 'id="\x08', 1).encode()
    yield "a null character by reference", _file(shape, _said(shape, "&#0;")).encode()
    yield "half a surrogate by reference", _file(shape, _said(shape, "&#xD800;")).encode()


def _broken(shape: Shape) -> Iterator[tuple[str, bytes]]:
    whole = _file(shape)
    yield "nothing", b""
    yield "only the declaration", DECLARATION.encode()
    yield "cut off", whole[: len(whole) * 2 // 3].encode()
    yield "never closed", whole.replace(shape.close, "").encode()
    yield "two roots", (whole + shape.open + shape.close).encode()
    yield "text after the end", (whole + "hello").encode()
    yield "the same attribute twice", _file(shape, '<a id="1" id="2"/>').encode()
    yield (
        "the same attribute by two names",
        _file(shape, '<a xmlns:x="u" xmlns:y="u" x:id="1" y:id="2"/>').encode(),
    )
    yield "tags that cross", _file(shape, "<a><b></a></b>").encode()
    yield "a vocabulary nobody declared", _file(shape, "<nobody:a/>").encode()
    yield "a JSON file", b'{"components": [], "type": "default"}'
    yield "a web page", b"<!doctype html><html><body><p>Hello</body></html>"
    yield "a ZIP file", b"PK\x03\x04" + bytes(1_000)


def _foreign(shape: Shape) -> Iterator[tuple[str, bytes]]:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    other = DMN if shape is BPMN else BPMN
    yield "another file included", _file(shape, include + shape.inside).encode()
    yield "an instruction for another program", _file(shape, '<?php system("id"); ?>' + shape.inside).encode()
    yield "a style sheet", _file(shape, before='<?xml-stylesheet href="file:///etc/passwd"?>').encode()
    yield "a declaration in the middle", _file(shape, DECLARATION + shape.inside).encode()
    yield (
        "another vocabulary",
        _file(shape, open_with=shape.wrong, inside="<bpmn:a/>" if shape is BPMN else "").encode(),
    )
    yield "a file of the other kind", _file(other).encode()
    yield "a drawing", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
