"""Who is named in a diagram: a name that is nearly a role is offered the role, and each mistake is told once."""

from __future__ import annotations

from dataclasses import replace

from engine.bpmn.check import package_faults
from engine.bpmn.package import Package
from engine.model.fault import Fault
from engine.model.people import Role
from tests.engine.bpmn.check.sketches import ROLES, a, form, good
from tests.engine.bpmn.sketch import lanes, sketch, word

MANY = {f"role_{number}": Role(f"role_{number}", f"Officer for area {number}") for number in range(36)}


def told(drawn: bytes, roles: dict[str, Role]) -> list[Fault]:
    return package_faults.faults(Package(drawn, form()), roles)


def test_a_lane_of_many_steps_is_one_fault_that_offers_the_nearest_roles_only() -> None:
    drawn = sketch(
        lanes(Headteechers="a b c", Area_officer="d"), *(a(id, name=f"Do {id}", role=None) for id in "abcd"),
        flows="s>a>b>c>d>e",
    )  # fmt: skip

    found = told(drawn, ROLES | MANY)

    assert [fault.element for fault in found] == ["lane_0", "lane_1"]
    assert "Did you mean “Headteacher”?" in found[0].sentence
    assert found[1].sentence.count("“Officer for area") == 5
    assert "administrator" in found[1].sentence


def test_a_lane_that_is_like_no_role_lists_none_of_many() -> None:
    drawn = sketch(lanes(Zebras="a"), a(role=None), flows="s>a>e")

    (found,) = told(drawn, ROLES | MANY)

    assert "Officer" not in found.sentence
    assert "An administrator can add it" in found.sentence


def test_one_name_given_to_several_steps_is_one_fault_that_names_them() -> None:
    drawn = sketch(
        a(name="Read", role="SLT"), a("b", name="Write", role="SLT"),
        word("w", "tell", role="slt", subject="x", text="y"),
        flows="s>a>b>w>e",
    )  # fmt: skip

    found = [fault for fault in told(drawn, ROLES) if "SLT" in fault.sentence or "slt" in fault.sentence]

    assert [fault.element for fault in found] == ["a"]
    assert "at “Write” too" in found[0].sentence


def test_a_role_may_go_by_its_other_names_and_two_lanes_may_be_one_role() -> None:
    known = dict(ROLES)
    known["headteacher"] = replace(ROLES["headteacher"], also=("SLT", "Head of Department"))
    drawn = sketch(
        lanes(SLT="a", Heads_of_department="b", Headteacher="c"),
        a(name="Read", role=None), a("b", name="Check", role=None), a("c", name="check", role=None),
        word("w", "tell", role="S.L.T.", subject="x", text="y"),
        flows="s>a>b>c>w>e",
    )  # fmt: skip

    found = told(drawn, known)

    assert [(fault.element, fault.sentence[:27]) for fault in found] == [("c", "Two steps of one role are c")]


def test_a_rule_in_place_of_a_role_is_one_fault() -> None:
    found = good(word("w", "tell", role='=if 1 = 1 then "a" else "b"', subject="x", text="y"), flows="s>a>w>e")

    assert [fault.sentence for fault in found] == ["“Role to tell” cannot be a rule. Write it out."]
