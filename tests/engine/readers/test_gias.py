"""Reading the national schools extract."""

import csv
import io
from datetime import date

import pytest

from engine.errors import BadFile
from engine.model.people import SchoolStatus
from engine.readers import gias

FILLED = {
    "URN": "900001",
    "LA (code)": "383",
    "LA (name)": "Harbourshire",
    "EstablishmentNumber": "4001",
    "EstablishmentName": "Saltmarsh Primary School",
    "TypeOfEstablishment (name)": "Academy converter",
    "EstablishmentStatus (name)": "Open",
    "OpenDate": "01-09-2015",
    "CloseDate": "",
    "PhaseOfEducation (name)": "Primary",
    "StatutoryLowAge": "3",
    "StatutoryHighAge": "11",
    "SchoolCapacity": "210",
    "NumberOfPupils": "198",
    "TrustSchoolFlag (name)": "Supported by a multi-academy trust",
    "Trusts (code)": "99001",
    "Trusts (name)": "HARBOUR VALE LEARNING TRUST",
    "UKPRN": "10099001",
    "Postcode": "HV1 1AA",
}


def extract(*rows: dict[str, str], columns: list[str] | None = None, encoding: str = "cp1252") -> bytes:
    """A file as the department publishes it, from what differs in each row."""
    names = columns or list(FILLED)
    out = io.StringIO()
    writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**FILLED, **row} for row in rows)
    return out.getvalue().encode(encoding)


def test_a_row_becomes_a_school() -> None:
    (row,) = gias.read(extract({}), "99001").rows

    assert (row.urn, row.name, row.phase) == ("900001", "Saltmarsh Primary School", "primary")
    assert (row.laestab, row.ukprn, row.pupils, row.capacity) == ("3834001", "10099001", 198, 210)
    assert (row.opened_on, row.closed_on, row.status) == (date(2015, 9, 1), None, SchoolStatus.OPEN)


def test_names_keep_their_accents_in_the_encoding_of_the_department() -> None:
    (row,) = gias.read(extract({"EstablishmentName": "St Thérèse\u2019s School"}), "99001").rows

    assert row.name == "St Thérèse\u2019s School"


def test_a_file_saved_again_as_utf_8_is_read_too() -> None:
    (row,) = gias.read(extract({"EstablishmentName": "St Thérèse\u2019s School"}, encoding="utf-8-sig"), "99001").rows

    assert row.name == "St Thérèse\u2019s School"


def test_columns_are_found_by_name_in_any_order_with_some_added_and_some_gone() -> None:
    columns = [*reversed(FILLED), "A column of next year"]
    columns.remove("SchoolCapacity")

    (row,) = gias.read(extract({}, columns=columns), "99001").rows

    assert (row.name, row.capacity) == ("Saltmarsh Primary School", None)


def test_a_missing_column_is_named() -> None:
    columns = [name for name in FILLED if name != "PhaseOfEducation (name)"]

    with pytest.raises(BadFile, match="PhaseOfEducation"):
        gias.read(extract({}, columns=columns), "99001")


def test_a_foundation_trust_is_not_mistaken_for_an_academy_trust() -> None:
    data = extract({"TrustSchoolFlag (name)": "Supported by a trust"})

    with pytest.raises(BadFile, match="foundation trust"):
        gias.read(data, "99001")


@pytest.mark.parametrize(
    ("kind", "phase", "expected"),
    [
        ("Academy special converter", "Not applicable", "special"),
        ("Academy alternative provision sponsor led", "Not applicable", "alternative provision"),
        ("Free schools alternative provision", "Not applicable", "alternative provision"),
        ("Free schools 16 to 19", "16 plus", "16 plus"),
        ("Academy converter", "Middle deemed secondary", "secondary"),
        ("Academy converter", "All-through", "all-through"),
    ],
)
def test_special_and_alternative_provision_are_told_by_their_type(kind: str, phase: str, expected: str) -> None:
    data = extract({"TypeOfEstablishment (name)": kind, "PhaseOfEducation (name)": phase})

    assert gias.read(data, "99001").rows[0].phase == expected


def test_other_trusts_rows_may_be_as_odd_as_they_like() -> None:
    data = extract({}, {"URN": "900002", "Trusts (code)": "12345", "NumberOfPupils": "many", "OpenDate": "?"})

    assert len(gias.read(data, "99001").rows) == 1


def test_a_last_row_that_was_cut_off_is_refused() -> None:
    data = extract({}, {"URN": "900002"})

    with pytest.raises(BadFile, match=r"cut off|breaks off"):
        gias.read(data[: len(data) - 30], "99001")


def test_a_row_cut_off_inside_quotes_is_refused() -> None:
    data = extract({}, {"URN": "900002", "EstablishmentName": "Quay, The"})
    cut = data.index(b'"Quay') + 3

    with pytest.raises(BadFile, match=r"cut off|breaks off"):
        gias.read(data[:cut], "99001")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\xff\xfeU\x00R\x00N\x00", "encoding"),
        (extract({}) + b" " * 5000 + b"\x00", "not text"),
        (extract({"URN": "abc"}), "no school number"),
        (extract({"EstablishmentName": ""}), "no school name"),
        (extract({"OpenDate": "31-02-2015"}), "not a date"),
        (extract({"NumberOfPupils": "1e9"}), "not a number"),
        (extract({"EstablishmentStatus (name)": "Floating"}), "status"),
        (extract({}, {}), "twice"),
        (extract({"Trusts (code)": "1"}), "No school"),
        (b"PK\x03\x04" + b"x" * 50, "lacks the column"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(BadFile, match=sentence):
        gias.read(data, "99001")


def test_a_school_without_a_pupil_number_is_kept_and_told() -> None:
    found = gias.read(extract({"NumberOfPupils": ""}), "99001")

    assert found.rows[0].pupils is None
    assert found.doubts == ("Saltmarsh Primary School has no number of pupils in this file.",)
