"""Roles as people write them: the same however they are written, and the nearest where none is meant for sure."""

import pytest

from engine.model.people import Role
from engine.model.role_names import MOST_NEAR, key_of, near, split_names

ROLES = {
    role.key: role
    for role in (
        Role("headteacher", "Headteacher", also=("Principal",)),
        Role("deputy_head", "Deputy headteacher", also=("SLT", "Senior leadership team")),
        Role("subject_lead", "Subject or phase lead", also=("Head of Department",)),
        Role("dsl", "Designated safeguarding lead"),
        Role("business_manager", "School business manager"),
        Role("chief_executive", "Chief executive"),
        Role("governor", "Link governor"),
        Role("chair", "Chair of the governing body"),
        Role("estates", "Estates & premises"),
    )
}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("headteacher", "headteacher"),
        ("HEADTEACHER", "headteacher"),
        ("Head teacher", "headteacher"),
        ("Head-Teachers", "headteacher"),
        ("The  principal", None),
        ("principals", "headteacher"),
        ("slt", "deputy_head"),
        ("S.L.T.", "deputy_head"),
        ("Senior Leadership Teams", "deputy_head"),
        ("Heads of department", "subject_lead"),
        ("Estates and premises", "estates"),
        ("estate and premise", "estates"),
        ("Chief_executive", "chief_executive"),
        ("governors", "governor"),
        ("Busines manager", None),
        ("wizard", None),
        ("!!!", None),
        ("", None),
        ("headteacher" * 40, None),
    ],
)
def test_a_role_is_the_same_however_it_is_written(written: str, key: str | None) -> None:
    assert key_of(written, ROLES) == key


def test_a_name_that_fits_two_roles_is_neither_unless_it_is_written_exactly() -> None:
    roles = {"one": Role("one", "Governor"), "two": Role("two", "Governors")}

    assert [key_of(name, roles) for name in ("Governor", "governors", "GOVERNOR", "Gover nors")] == [
        "one", "two", "one", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("Headteecher", "Headteacher"),
        ("Head", "Headteacher"),
        ("SBM", "School business manager"),
        ("CEO", "Chief executive"),
        ("Chair of governors", "Chair of the governing body"),
        ("Business Manager (school)", "School business manager"),
        ("Safeguarding", "Designated safeguarding lead"),
        ("Estates team", "Estates & premises"),
    ],
)
def test_the_likeliest_role_is_offered_first(written: str, first: str) -> None:
    assert near(written, ROLES)[:1] == [first]


def test_never_more_than_a_few_are_offered_and_none_that_is_not_like_it() -> None:
    many = {f"lead_{number}": Role(f"lead_{number}", f"Lead {number}") for number in range(40)}

    assert len(near("Lead", many)) == MOST_NEAR
    assert near("Wizard of the north", ROLES) == []


def test_names_are_typed_one_on_a_line_or_with_commas() -> None:
    assert split_names(" SLT ,Senior  leadership\u200b team\r\n\n;Heads\n") == (
        "SLT",
        "Senior leadership team",
        "Heads",
    )
