"""Files that pretend to be the national schools extract and must be refused quickly, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from tests.engine.readers.test_gias import FILLED, extract

MEGABYTE = 1024 * 1024


def gias_attacks() -> Iterator[tuple[str, bytes]]:
    """(what it tries, the bytes)."""
    good = extract({})
    header, row = good.split(b"\r\n")[:2]
    yield "empty", b""
    yield "one newline", b"\n"
    yield "a zip file", b"PK\x03\x04" + bytes(range(256)) * 40
    yield "a spreadsheet of old", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096
    yield "a PDF", b"%PDF-1.7\n" + b"1 0 obj\n" * 500
    yield "an HTML page", b"<!doctype html><html><body>Service unavailable</body></html>"
    yield "JSON", b'{"URN": 900001}'
    yield "UTF-16", good.decode("cp1252").encode("utf-16")
    yield "null bytes inside", header + b"\r\n" + b"9\x0000001" + row
    yield "null bytes far in", good + b" " * 8192 + b"\0"
    yield "no line of columns", row + b"\r\n" + row
    yield "half the columns", b",".join(header.split(b",")[:6]) + b"\r\n" + row
    yield "one column twice", header + b",URN\r\n" + row + b",1"
    yield "a row too short", header + b"\r\n900001,383"
    yield "a row too long", header + b"\r\n" + row + b",more,more"
    yield "an open quote to the end", header + b'\r\n"' + row * 2000
    yield "a quote in the middle of a field", header + b'\r\n9"00"001' + row
    yield "a field of a megabyte", header + b"\r\n" + b"9" * MEGABYTE + row
    yield "a number with a million digits", extract({"NumberOfPupils": "9" * MEGABYTE})
    yield "a number in exponents", extract({"NumberOfPupils": "1e999999"})
    yield "a date that does not exist", extract({"OpenDate": "31-02-2020"})
    yield "a date of a megabyte", extract({"OpenDate": "1" * 100_000})
    yield "a school number of words", extract({"URN": "=HYPERLINK(1)"})
    yield "a name of spaces", extract({"EstablishmentName": "   "})
    yield "a hundred thousand columns", b",".join([b"x"] * 100_000) + b"\r\n" + row
    yield "bytes of no encoding", header + b"\r\n" + row.replace(b"Saltmarsh", b"S\x81\x8d\x8f")
    yield "the same school twice", extract({}, {})
    others = ({"Trusts (code)": "1", "URN": f"{n}"} for n in range(900_000, 900_200))
    yield "another trust's schools only", extract(*others)
    yield "a status nobody knows", extract({"EstablishmentStatus (name)": FILLED["EstablishmentName"]})
