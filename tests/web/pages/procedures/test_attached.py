"""Texts and pictures that a designer chooses beside a procedure stay with it and its download; nothing reads them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from storage.database import transaction
from tests.web.house import House
from tests.web.pages.procedures.test_pages import DIAGRAM, KEY, press_publish, shipped, upload
from web.context.library import files_of

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)
BESIDE = {"plan.png": PICTURE, "How we drew it.txt": "Café".encode("cp1252"), "old.PDF": b"%PDF-1.4"}


def test_texts_and_pictures_stay_with_the_procedure_and_its_download(trust: House, tmp_path: Path) -> None:
    dana = trust.visitor("dana")
    looked = upload(dana, shipped() | BESIDE)
    press_publish(dana, looked)

    picture = dana.open(f"/procedures/{KEY}/1/files/attached/plan.png").response
    packed = dana.open(f"/procedures/{KEY}/1/files.zip").response

    assert "Also kept" in looked.main
    assert "How we drew it.txt, old.pdf, plan.png" in looked.main
    assert (picture.data, picture.mimetype) == (PICTURE, "application/octet-stream")
    assert picture.headers["Content-Disposition"] == "attachment; filename=plan.png"
    with zipfile.ZipFile(io.BytesIO(packed.data)) as found:
        assert {name for name in found.namelist() if "attached/" in name} == {
            f"{KEY}/attached/How we drew it.txt",
            f"{KEY}/attached/old.pdf",
            f"{KEY}/attached/plan.png",
        }
        found.extractall(tmp_path)
    assert files_of([tmp_path / DIAGRAM])["plan.png"] == PICTURE


def test_what_is_kept_beside_goes_along_until_others_are_chosen(trust: House) -> None:
    dana = trust.visitor("dana")
    press_publish(dana, upload(dana, shipped() | BESIDE))

    same = upload(dana, shipped())
    other = upload(dana, {"new.md": b"# New"}, key=KEY)
    press_publish(dana, other)

    assert "is exactly this already" in same.main
    assert "The file new.md: new" in other.main
    assert "The file plan.png: taken out" in other.main
    assert "attached/new.md" in dana.open(f"/procedures/{KEY}/2").main
    assert "attached/plan.png" not in dana.open(f"/procedures/{KEY}/2").main


def test_a_case_runs_without_what_is_kept_beside(trust: House) -> None:
    dana = trust.visitor("dana")
    press_publish(dana, upload(dana, shipped() | BESIDE))

    with transaction(trust.database) as store:
        version = store.live_version(KEY)
        assert version is not None
        run, whole = store.definition(version.id).package, store.package(version.id)

    assert (run.attached, sorted(whole.attached)) == ({}, ["How we drew it.txt", "old.pdf", "plan.png"])
    assert whole.digest == version.digest
