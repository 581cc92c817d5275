"""Evidence: which files are kept, under which names, and that they come back as they were."""

import hashlib
import io
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from engine.errors import BadFile, NotFound, TooLarge
from storage.files.files import LONGEST_NAME, Files, KeptFile, clean_name
from storage.files.types import media_type
from tests.storage import office

GOOD = {
    "report.pdf": (office.PDF, "application/pdf"),
    "photo.png": (office.PNG, "image/png"),
    "photo.jpg": (office.JPEG, "image/jpeg"),
    "photo.JPEG": (office.JPEG, "image/jpeg"),
    "photo.heic": (office.HEIC, "image/heic"),
    "notes.txt": ("Zoë says\r\nsecond line\t✓".encode(), "text/plain"),
    "figures.csv": (b"\xef\xbb\xbfurn,pupils\n123456,210\n", "text/csv"),
    **{
        f"file.{ending}": (office.office(ending), f"application/vnd.openxmlformats-officedocument.{kind}")
        for ending, (_, kind) in office.OFFICE.items()
    },
    **{
        f"file.{ending}": (office.open_document(ending), f"application/vnd.oasis.opendocument.{kind}")
        for ending, kind in office.OPEN.items()
    },
}
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
ZIP = office.packed({"a.txt": b"a"})
BAD = {
    "empty.pdf": b"",
    "page.html": b"<script>alert(1)</script>",
    "picture.svg": b"<svg onload='alert(1)'/>",
    "program.exe": b"MZ\x90\x00",
    "archive.zip": ZIP,
    "no ending": office.PDF,
    "page.pdf": b"<html>not a pdf",
    "cut.pdf": office.PDF[:20],
    "picture.png": office.JPEG,
    "picture.jpg": office.PNG,
    "picture.heic": office.PNG,
    "program.txt": b"MZ\x90\x00\x03",
    "nul.txt": b"one\0two",
    "escape.csv": b"a,b\x1b[2J",
    "latin.csv": "Zoë".encode("cp1252"),
    "old.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "text.docx": b"just text",
    "zip.docx": ZIP,
    "sheet.docx": office.office("xlsx"),
    "text.ods": office.open_document("odt"),
    "macro.docx": office.office("docx", {"word/vbaProject.bin": b"x"}),
    "hidden.docx": office.office("docx", kind=MACRO),
    "macro.xlsx": office.office("xlsx", {"xl/macrosheets/sheet1.xml": b"<x/>"}),
    "macro.odt": office.open_document("odt", {"Basic/Standard/Module1.xml": b"<x/>"}),
    "bomb.docx": office.office("docx", {"word/media/image.bmp": b"\0" * (30 * 2**20)}),
    "many.docx": office.office("docx", {f"word/{n}.xml": b"" for n in range(6000)}),
    "cut.docx": office.office("docx")[:-30],
    "liar.docx": office.office("docx").replace(b"PK\x05\x06", b"PK\x05\x07"),
}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_a_type_we_keep_comes_back_as_it_was(files: Files, name: str) -> None:
    data, kind = GOOD[name]

    kept = files.keep(io.BytesIO(data), name)

    assert kept == KeptFile(hashlib.sha256(data).hexdigest(), len(data), kind, name)
    assert files.read(kept.sha256) == data


@pytest.mark.parametrize("name", BAD)
def test_any_other_file_is_refused_in_a_plain_sentence_and_quickly(files: Files, name: str) -> None:
    began = time.perf_counter()

    with pytest.raises(BadFile) as refused:
        files.keep(BAD[name], name)

    assert refused.value.sentence.endswith(".")
    assert "Error" not in refused.value.sentence
    assert time.perf_counter() - began < 1
    assert list(files.all()) == []


def test_a_file_that_is_too_large_is_refused_without_reading_it_all(files: Files) -> None:
    endless = io.BytesIO(office.PDF + b" " * 3_000_000)

    with pytest.raises(TooLarge, match="larger than 1 MB"):
        files.keep(endless, "report.pdf", most_bytes=2**20)

    assert endless.tell() == 2**20 + 1


def test_damaged_office_files_are_refused_and_nothing_else_is_raised() -> None:
    chance = random.Random(7)
    for ending, make in (("docx", office.office), ("odt", office.open_document)):
        whole = make(ending)
        for _ in range(600):
            damaged = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
                with suppress(BadFile):  # anything else that is raised fails the test
                    media_type(bytes(damaged), f"file.{ending}")


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("Report.pdf", "Report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Amina\\Report.pdf", "Report.pdf"),
        ("/absolute/Report.pdf", "Report.pdf"),
        ("nul\0byte\r\n.pdf", "nulbyte.pdf"),
        ("rtl\u202efdp.exe", "rtlfdp.exe"),
        ("zero\u200bwidth.pdf", "zerowidth.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1"),
        ("console.pdf", "console.pdf"),
        ('a<b>:"c|d?*.pdf', "a-b---c-d--.pdf"),
        (" . spaced . ", "spaced"),
        ("..", "file"),
        ("", "file"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("x" * 300 + ".docx", "x" * (LONGEST_NAME - 5) + ".docx"),
        ("x" * 300, "x" * LONGEST_NAME),
    ],
)
def test_names_are_cleaned(given: str, cleaned: str) -> None:
    assert clean_name(given) == cleaned


def test_the_same_bytes_are_kept_once_whatever_their_name(files: Files) -> None:
    first, second = files.keep(office.PDF, "one.pdf"), files.keep(office.PDF, "two.pdf")

    assert first.sha256 == second.sha256
    assert list(files.all()) == [first.sha256]
    assert files.path(first.sha256).relative_to(files.folder).parts[:2] == (first.sha256[:2], first.sha256[2:4])


def test_people_who_attach_the_same_file_at_once_do_not_disturb_each_other(files: Files) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = set(pool.map(lambda _: files.keep(office.PDF, "one.pdf"), range(40)))

    assert len(kept) == 1
    assert [path.name for path in files.folder.rglob("*") if path.is_file()] == [kept.pop().sha256]


def test_only_a_sum_leads_to_a_file(files: Files) -> None:
    for name in ("../../etc/passwd", "", "ab" * 31, "AB" * 32, "ab" * 32 + "\n"):
        with pytest.raises(NotFound):
            files.read(name)
    with pytest.raises(NotFound):
        files.read("ab" * 32)


def test_a_file_that_the_disk_changed_is_not_handed_out_and_is_mended_by_keeping_it_again(files: Files) -> None:
    kept = files.keep(office.PDF, "one.pdf")
    files.path(kept.sha256).write_bytes(office.PDF[:-1] + b"!")

    with pytest.raises(BadFile, match="damaged"):
        files.read(kept.sha256)
    files.keep(office.PDF, "one.pdf")
    assert files.read(kept.sha256) == office.PDF


def test_a_file_that_cannot_be_written_whole_leaves_nothing(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.keep(office.PDF, "one.pdf")

    assert [path for path in files.folder.rglob("*") if path.is_file()] == []
