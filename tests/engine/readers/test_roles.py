"""Reading roles.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import BadFile
from engine.model.people import Role
from engine.readers.roles import read_roles

SHIPPED = Path(__file__).parents[3] / "processes" / "roles.yaml"


def test_a_role_is_read_with_all_it_says() -> None:
    head = b"head:\n  label: Headteacher\n  falls_to: lead\n  line: lead\n  leader: yes\n"
    text = head + b"lead:\n  label: Lead\n  days: working\n  manager: yes\n  designer: true\n"

    assert read_roles(text) == {
        "head": Role("head", "Headteacher", "lead", "lead", "school", leader=True),
        "lead": Role("lead", "Lead", None, None, "working", manager=True, designer=True),
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- head", "must hold role keys"),
        ("Head: {label: Head}", "Line 1, role “Head”: a key is written in small letters"),
        ("head: Headteacher", "Line 1: write names with values here"),
        ("head: {label: [Head]}", "Line 1: “label” must be one text"),
        ("head: {days: school}", "role “head”: the label is missing"),
        ("head: {label: Head, colour: red}", "“colour” is not known here"),
        ("head: {label: Head, days: lunar}", "days are school or working"),
        ("head: {label: Head, leader: perhaps}", "leader is yes or no"),
        ("head: {label: Head, manager: 1}", "manager is yes or no"),
        ("head: {label: Head, designer: some}", "designer is yes or no"),
        ("head: {label: Head, line: nobody}", "The role “head” names “nobody”"),
        ("head: {label: Head, falls_to: nobody}", "The role “head” names “nobody”"),
        ("head: {label: Head}\nother: {label: head}", "have the same label"),
        ("head: {label: Head}\nhead: {label: Other}", "Line 2: a name stands here twice"),
    ],
)
def test_a_file_that_says_something_else_is_refused_with_where(text: str, sentence: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_roles(text.encode())

    assert sentence in refused.value.sentence


def test_a_new_trust_begins_with_these_rights() -> None:
    """The catalogue of roles (section 0): who leads, who manages cases, who designs."""
    roles = read_roles(SHIPPED.read_bytes()).values()

    assert {role.key for role in roles if role.manager} == {
        "chief_executive", "director_of_education", "director_of_qa", "cluster_lead",
    }  # fmt: skip
    assert {role.key for role in roles if role.designer} == {
        "procedure_designer", "director_of_education", "director_of_qa",
    }  # fmt: skip
    assert {role.key for role in roles if role.leader} >= {"headteacher", "deputy_head", "hub_director"}
    assert all(role.leader for role in roles if role.manager)


def test_every_shipped_role_but_governors_and_the_chief_executive_has_somebody_to_fall_to() -> None:
    roles = read_roles(SHIPPED.read_bytes())

    assert [key for key, role in roles.items() if role.falls_to is None] == ["chief_executive"]


def test_nobody_is_chased_for_a_governor() -> None:
    """Governors are volunteers who meet termly: their steps are never late (corrections, Workload)."""
    roles = read_roles(SHIPPED.read_bytes())

    assert roles["link_governor"].line is None
    assert roles["lgb_chair"].line is None
