"""The one reader of XML: diagrams and decision tables come from anybody's desktop, so everything clever is refused.

Checks run cheapest first, on the bytes and then on the text, so that a hostile file is refused before a parser sees it.
"""

from __future__ import annotations

import re

from lxml import etree

from engine.errors import BadFile

MAX_BYTES = 2_000_000
MAX_ELEMENTS = 5_000  # a diagram of 300 steps with its drawing has about 2,500
MAX_DEPTH = 64
MAX_TEXT = 200_000  # characters of one attribute or one text: an icon of a block fits
MAX_NAMESPACES = 200  # declarations; parsers take quadratic time over thousands
MAX_EQUALS = 1_000  # between one "<" and the next, so also attributes of one element: 100,000 took the parser minutes

XINCLUDE = "http://www.w3.org/2001/XInclude"
AGAIN = "Save it again from the modeller and upload that file."

_DECLARATION = re.compile(r"\A<\?xml\s[^?]{0,200}\?>")
_ENCODING = re.compile(r"""\bencoding\s*=\s*["']([^"']*)["']""")


def read_xml(data: bytes, what: str) -> etree._Element:
    """The root of a document. `what` begins the sentence of the refusal ("This diagram"). Raises BadFile."""
    text = _text(data, what)
    _refuse_tricks(text, what)
    root = _parse(text, what)
    _refuse_excess(root, what)
    return root


def _text(data: bytes, what: str) -> str:
    """The file as text. Only UTF-8 is read, so that no byte means one thing here and another to the parser."""
    if len(data) > MAX_BYTES:
        raise BadFile(f"{what} is larger than {MAX_BYTES // 1_000_000} MB. Upload the file the modeller saved.")
    if not data.strip():
        raise BadFile(f"{what} is empty. {AGAIN}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"{what} is not saved as UTF-8 text. {AGAIN}") from error
    if "\0" in text:
        raise BadFile(f"{what} is not saved as UTF-8 text. {AGAIN}")
    return text


def _refuse_tricks(text: str, what: str) -> None:
    if text.count("<") > 3 * MAX_ELEMENTS:  # an opening, a closing and a remark for each
        raise BadFile(f"{what} has too many parts: Headway reads at most {MAX_ELEMENTS:,}. {AGAIN}")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadFile(f"{what} holds a document type definition, which Headway does not read. {AGAIN}")
    if text.count("xmlns") > MAX_NAMESPACES:
        raise BadFile(f"{what} declares too many vocabularies. {AGAIN}")
    if any(part.count("=") > MAX_EQUALS for part in text.split("<")):
        raise BadFile(f"{what} has a part with too many details. {AGAIN}")
    declaration = _DECLARATION.match(text)
    if "<?" in text[declaration.end() if declaration else 0 :]:
        raise BadFile(f"{what} holds instructions for another program, which Headway does not read. {AGAIN}")
    declared = _ENCODING.search(declaration.group()) if declaration else None
    if declared and declared.group(1).lower() not in {"utf-8", "utf8", "us-ascii", "ascii"}:
        raise BadFile(f"{what} says it is not saved as UTF-8 text. {AGAIN}")


def _parse(text: str, what: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        where = f" at line {error.lineno}" if error.lineno else ""
        raise BadFile(f"{what} is not whole: it cannot be read{where}. {AGAIN}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadFile(f"{what} holds a document type definition, which Headway does not read. {AGAIN}")
    return root


def _refuse_excess(root: etree._Element, what: str) -> None:
    """Refuse what is well-formed and still no drawing: too many parts, too deep, too long, or fetching other files."""
    depth = 0
    count = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if depth > MAX_DEPTH:
            raise BadFile(f"{what} is nested too deeply: Headway reads at most {MAX_DEPTH} levels. {AGAIN}")
        if count > MAX_ELEMENTS:
            raise BadFile(f"{what} has too many parts: Headway reads at most {MAX_ELEMENTS:,}. {AGAIN}")
        _refuse_element(element, what)


def _refuse_element(element: etree._Element, what: str) -> None:
    if not isinstance(element.tag, str):
        raise BadFile(f"{what} holds something other than text and elements. {AGAIN}")
    if element.tag.startswith(f"{{{XINCLUDE}}}"):
        raise BadFile(f"{what} asks for another file to be put into it, which Headway does not do. {AGAIN}")
    texts = (element.text, element.tail, *element.values())
    if any(text and len(text) > MAX_TEXT for text in texts):
        raise BadFile(f"{what} holds a text longer than {MAX_TEXT:,} characters. {AGAIN}")
