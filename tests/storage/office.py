"""Small real Office files, made on the spot."""

import io
import zipfile
from collections.abc import Mapping

OFFICE = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}
OPEN = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da6364f8ff"
    "1f0003030100b5a7d6f80000000049454e44ae426082"
)
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\0" * 20 + b"\xff\xd9"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def packed(parts: Mapping[str, bytes], stored: str = "") -> bytes:
    """A zip file of these parts; the one named `stored` is not compressed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data, zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED)
    return made.getvalue()


def office(ending: str, extra: Mapping[str, bytes] | None = None, kind: str = "") -> bytes:
    """A Word, Excel or PowerPoint file."""
    part, usual = OFFICE[ending]
    content = kind or f"application/vnd.openxmlformats-officedocument.{usual}.main+xml"
    listed = f'<Types><Override PartName="/{part}" ContentType="{content}"/></Types>'.encode()
    return packed({"[Content_Types].xml": listed, part: b"<x/>", **(extra or {})})


def open_document(ending: str, extra: Mapping[str, bytes] | None = None) -> bytes:
    """An OpenDocument file."""
    kind = f"application/vnd.oasis.opendocument.{OPEN[ending]}".encode()
    return packed({"mimetype": kind, "content.xml": b"<x/>", **(extra or {})}, stored="mimetype")
