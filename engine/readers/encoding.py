"""The letters of an XML file: which encoding it is saved in, and the file as text.

Decided here alone, from the mark at its beginning, else from what it declares, else from how it begins. The parser is
given text, so that no byte means one thing here and another there.
"""

from __future__ import annotations

import codecs
import re

from engine.errors import BadFile
from engine.model.wording import quoted

MODELER = "Open it in the Camunda Modeler, save it there and upload that file."
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, which begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BLANKS = b" \t\r\n"
_ONLY_WIDE = frozenset({"utf-16", "utf-16le", "utf-16be", "utf-32", "ucs-2", "ucs-4", "iso-10646-ucs-2", "unicode"})
_DECLARED = re.compile(rb"""\A\s{0,2000}<\?xml\s[^?<>]{0,200}?\bencoding\s*=\s*["']([^"'?<>]{0,40})["']""")
_WESTERN = "windows-1252"  # what is declared as ISO-8859-1 means this, as in every browser
_WESTERN_LETTERS = bytes(range(256)).decode(_WESTERN, "replace")  # five bytes mean nothing there


def _codecs() -> dict[str, str]:
    """Names that files declare, and the codec for each: only such as write the letters of XML as ASCII does."""
    found = dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8")
    found |= dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "ansi"), _WESTERN)
    for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16):
        found |= dict.fromkeys((f"iso-8859-{number}", f"iso8859-{number}"), f"iso8859-{number}")
    for number in range(1250, 1259):
        found |= dict.fromkeys((f"windows-{number}", f"cp{number}", f"cp-{number}", f"x-cp{number}"), f"cp{number}")
    for number in (437, 850, 852, 858, 866):
        found |= dict.fromkeys((f"cp{number}", f"ibm{number}"), f"cp{number}")
    found |= dict.fromkeys(("macintosh", "macroman", "x-mac-roman"), "mac-roman")
    found |= dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "cp936"), "gb18030")
    found |= dict.fromkeys(("shift-jis", "sjis", "windows-31j", "cp932"), "cp932")
    found |= dict.fromkeys(("euc-kr", "ks-c-5601-1987", "windows-949", "cp949"), "cp949")
    found |= dict.fromkeys(("big5", "big5-hkscs", "cp950"), "big5hkscs")
    return {**found, "koi8-r": "koi8-r", "koi8-u": "koi8-u", "euc-jp": "euc-jp", "tis-620": "tis-620"}


_CODECS = _codecs()


def text_of(data: bytes, what: str) -> str:
    """The file as text, without a mark. `what` begins the sentence of the refusal. Raises BadFile."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], codec, codec.upper()[:6], what)
    if wide := _wide(data):
        return _decoded(data, wide, "UTF-16", what)
    found = _DECLARED.match(data)
    if found is None:
        return _undeclared(data, what)
    declared = found[1].decode("ascii", "replace").strip()
    codec = _CODECS.get(declared.lower().replace("_", "-"), "")
    if not codec:
        wrong = "is not" if declared.lower() in _ONLY_WIDE else "Headway does not read that"
        raise BadFile(f"{what} says that it is saved as {quoted(declared, 40)}, and {wrong}. {MODELER}")
    return _decoded(data, codec, declared.upper(), what)


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: whatever blanks come first, every other byte of the beginning is nought."""
    begins = data[:4000].replace(b"\0", b"").lstrip(_BLANKS)
    if not begins.startswith(b"<") or data[:2].count(0) != 1:
        return None
    return "utf-16-be" if data[0] == 0 else "utf-16-le"


def _undeclared(data: bytes, what: str) -> str:
    """UTF-8, as XML has it; else what most programs write that do not say so."""
    try:
        return _without_nought(data.decode("utf-8"), what)
    except UnicodeDecodeError:
        return _decoded(data, _WESTERN, _WESTERN, what)


def _decoded(data: bytes, codec: str, called: str, what: str) -> str:
    if codec == "utf-32":
        raise BadFile(f"{what} is saved as UTF-32 text, which Headway does not read. {MODELER}")
    if codec == _WESTERN:
        return _without_nought(codecs.charmap_decode(data, "strict", _WESTERN_LETTERS)[0], what)
    try:
        return _without_nought(data.decode(codec), what)
    except UnicodeDecodeError as error:
        raise BadFile(f"{what} says that it is saved as {quoted(called, 40)} text, and is not. {MODELER}") from error


def _without_nought(text: str, what: str) -> str:
    if "\0" in text:
        raise BadFile(f"{what} is not a text file, as diagrams and tables are. {MODELER}")
    return text
