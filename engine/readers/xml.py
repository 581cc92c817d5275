"""The one reader of XML: diagrams and decision tables come from anybody's desktop, so everything clever is refused.

Checks run cheapest first, on the bytes and then on the text, so that a hostile file is refused before a parser sees it.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from lxml import etree

from engine.errors import BadFile
from engine.model.wording import quoted
from engine.readers.encoding import text_of

MAX_BYTES = 2_000_000
MAX_ELEMENTS = 5_000  # a diagram of 300 steps with its drawing has about 2,500
MAX_DEPTH = 64
MAX_TEXT = 200_000  # characters of one attribute or one text: an icon of a block fits
MAX_NAMESPACES = 200  # different ones, however often each is declared; parsers take quadratic time over thousands
MAX_EQUALS = 1_000  # between one "<" and the next, so also attributes of one element: 100,000 took the parser minutes

XINCLUDE = "http://www.w3.org/2001/XInclude"
AGAIN = "Save it again from the modeller and upload that file."

_DECLARATION = re.compile(r"\A\s*<\?xml\s[^?<>]{0,300}\?>")
_VOCABULARY = re.compile(r"""xmlns(:[^\s=<>"']*)?\s*=\s*("[^"<]*"|'[^'<]*')""")
_INSTRUCTION = re.compile(r"<\?([^\s?>]{0,80})([^?]{0,400})")
_PROGRAMS = re.compile(r"php\d?|asp|aspx|jsp|perl|python|ruby|js|javascript|vb|vbscript|hh", re.IGNORECASE)
_IN_ADDRESSES = ":/?#[]@!$&()*+,;=%~"  # signs that stay as they are
_NAME = re.compile(r"[A-Za-z_][\w.:-]*")


def read_xml(data: bytes, what: str) -> etree._Element:
    """The root of a document. `what` begins the sentence of the refusal ("This diagram"). Raises BadFile."""
    if len(data) > MAX_BYTES:
        raise BadFile(f"{what} is larger than {MAX_BYTES // 1_000_000} MB. Upload the file the modeller saved.")
    if not data.strip():
        raise BadFile(f"{what} is empty. {AGAIN}")
    text = _without_declaration(text_of(data, what))
    _refuse_tricks(text, what)
    root = _root(text, what)
    _refuse_excess(root, what)
    return root


def _without_declaration(text: str) -> str:
    """Without its first line "<?xml ...?>", whose words about letters are read already. Lines keep their count."""
    declaration = _DECLARATION.match(text)
    return "\n" * declaration.group().count("\n") + text[declaration.end() :] if declaration else text


def _refuse_tricks(text: str, what: str) -> None:
    if text.count("<") > 3 * MAX_ELEMENTS:  # an opening, a closing and a remark for each
        raise BadFile(f"{what} has too many parts: Headway reads at most {MAX_ELEMENTS:,}. {AGAIN}")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadFile(f"{what} holds a document type definition, which Headway does not read. {AGAIN}")
    if any(part.count("=") > MAX_EQUALS for part in text.split("<")):
        raise BadFile(f"{what} has a part with too many details. {AGAIN}")
    if len(set(_VOCABULARY.findall(text))) > MAX_NAMESPACES:
        raise BadFile(f"{what} declares too many vocabularies. {AGAIN}")
    _refuse_instructions(text, what)


def _refuse_instructions(text: str, what: str) -> None:
    """How a file would like to be shown or checked is passed over; code to run and files to fetch are refused."""
    for found in _INSTRUCTION.finditer(text):
        target = found[1]
        if target.lower() == "xml":
            raise BadFile(f"{what} has a line “<?xml” that is not whole, or not at the beginning. {AGAIN}")
        if not _NAME.fullmatch(target) or _PROGRAMS.fullmatch(target) or "file:" in found[2].lower():
            raise BadFile(
                f"{what} holds an instruction for another program ({quoted(f'<?{target}')}), which Headway does not"
                " follow. Take that line out, or open the file in the Camunda Modeler and save it there."
            )


def _root(text: str, what: str) -> etree._Element:
    try:
        root = _parsed(text)
    except etree.XMLSyntaxError as error:
        where = f" at line {error.lineno}" if error.lineno else ""
        raise BadFile(f"{what} is not whole: it cannot be read{where}. {AGAIN}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadFile(f"{what} holds a document type definition, which Headway does not read. {AGAIN}")
    return root


def _parsed(text: str) -> etree._Element:
    """A whole document is read too when a vocabulary goes by a name with signs that no address may have."""
    try:
        return _parse(text)
    except etree.XMLSyntaxError as error:
        if not str(error).startswith("xmlns") or "is not a valid URI" not in str(error):
            raise
    return _parse(_VOCABULARY.sub(_as_address, text))


def _as_address(declared: re.Match[str]) -> str:
    name, address = declared[1] or "", declared[2]
    return f"xmlns{name}={address[0]}{quote(address[1:-1], safe=_IN_ADDRESSES)}{address[-1]}"


def _parse(text: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(text.encode(), parser)


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
