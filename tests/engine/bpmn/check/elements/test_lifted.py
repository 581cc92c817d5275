"""What is good to know, and what is drawn wrongly, of the steps and diamonds that other programs draw."""

from __future__ import annotations

from engine.bpmn.check import package_faults
from engine.bpmn.check.package_faults import Findings
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from tests.engine.bpmn.check.sketches import ROLES, a, form
from tests.engine.bpmn.sketch import catch, end, gateway, lanes, several, sketch, start, step, wait


def look(*parts: str, flows: str) -> Findings:
    """What the check says of a sketch."""
    text = sketch(*parts, flows=flows)
    return package_faults.look(read_package(Package(text, form() if b'formRef="f"' in text else {})), ROLES)


def test_plain_and_manual_tasks_are_their_lanes_and_one_note_says_so() -> None:
    found = look(lanes(Headteacher="a b"), step("task", "a"), step("manualTask", "b"), flows="s>a>b>e")

    assert found.faults == ()
    assert [note.element for note in found.notes] == [None]
    assert "“A” and “B” are plain tasks: the role of the lane is asked" in found.notes[0].sentence


def test_a_plain_task_in_no_lane_is_nobodys() -> None:
    found = look(step("task", "a"), flows="s>a>e")

    assert [(fault.element, fault.sentence.partition(".")[0]) for fault in found.faults] == [
        ("a", "Nobody is to do this")
    ]


def test_a_plain_task_may_have_a_form_and_a_deadline_that_can_be_read() -> None:
    drawn = step("task", "a", camunda_formRef="f", camunda_dueDate="some day", camunda_candidateGroups="headteacher")

    found = look(drawn, flows="s>a>e")

    assert [fault.sentence.partition(".")[0] for fault in found.faults] == ["The deadline does not read"]


def told(*parts: str, flows: str, names: str = "one,two") -> dict[str, str]:
    """Faults by element, each cut after its first sentence."""
    text = sketch(*parts, flows=flows, trust__names=names)
    found = package_faults.faults(Package(text, form() if b'formRef="f"' in text else {}), ROLES)
    return {fault.element or "": fault.sentence.partition(".")[0] for fault in found}


def circle(id: str, default: str | None = None) -> str:
    """A diamond with a circle."""
    return step("inclusiveGateway", id, default=default)


def test_any_number_of_ways_that_meet_in_a_circle_are_sound() -> None:
    drawn = (circle("x", "f_x_c"), *(a(id, name=id) for id in "abc"), a("after", name="After"), circle("j"))

    assert told(*drawn, flows="s>x>a?=one_=_1>j>after>e x>b?=two_=_2>j x>c>j") == {}


def test_a_plus_behind_ways_of_which_any_number_is_taken_can_wait_for_ever() -> None:
    drawn = (circle("x", "f_x_c"), *(a(id, name=id) for id in "abc"), gateway("j", parallel=True))

    assert told(*drawn, flows="s>x>a?=one_=_1>j>e x>b?=two_=_2>j x>c>j").keys() == {"j"}


def test_ways_of_which_several_may_be_taken_are_not_to_run_into_one_step() -> None:
    drawn = (circle("x", "f_x_c"), *(a(id, name=id) for id in "abc"), a("after", name="After"))

    found = told(*drawn, flows="s>x>a?=one_=_1>after>e x>b?=two_=_2>after x>c>after")

    assert found == {
        "after": "This would be done twice: ways that part at “X” are followed at the same time and both come here"
    }


def test_ways_of_which_only_one_ever_holds_may_meet_in_a_step() -> None:
    drawn = (
        step(
            "userTask",
            "x",
            "X",
            default="f_x_c",
            camunda_formRef="f",
            camunda_dueDate="1 school day",
            camunda_candidateGroups="headteacher",
        ),
        *(a(id, name=id) for id in "abc"),
        a("after", name="After"),
    )

    assert told(*drawn, flows='s>x>a?=one_=_"p">after>e x>b?=one_=_"q">after x>c>after') == {}


def test_a_step_with_several_ways_and_no_condition_goes_them_all() -> None:
    drawn = (a("x", name="X"), a("a"), a("b", name="B"), a("c", name="C"))

    assert told(*drawn, gateway("j", parallel=True), flows="s>x>a>j>c>e x>b>j") == {}
    assert told(*drawn, flows="s>x>a>c>e x>b>c").keys() == {"c"}


def test_ways_out_that_leave_a_case_standing_are_told_on_what_they_leave() -> None:
    drawn = (a("a"), a("b", name="B"), end("e2", "Other"))

    assert told(circle("x"), *drawn, flows="s>x>a>e x>b>e2") == {
        "x": "None of the arrows that leave this diamond with a circle has a condition"
    }
    for split in (circle("x"), a("x", name="X")):
        assert told(split, *drawn, flows="s>x>a?=one_=_1>e x>b?=two_=_2>e2") == {
            "x": "Every arrow that leaves this has a condition, so a case for which none holds would stop here"
        }


def test_a_default_among_arrows_without_conditions_is_told() -> None:
    x = step(
        "userTask",
        "x",
        default="f_x_a",
        camunda_formRef="f",
        camunda_dueDate="1 school day",
        camunda_candidateGroups="headteacher",
    )

    found = told(x, a("a"), a("b", name="B"), end("e2", "Other"), flows="s>x>a>e x>b>e2")

    assert found == {"x": "This has a default way out, but no other arrow that leaves it has a condition"}


def test_a_join_that_nothing_leads_to_and_a_condition_on_an_only_arrow_are_told() -> None:
    assert told(a("a"), circle("j"), flows="s>a>e j>e")["j"] == "No arrow leads here from the start"
    assert told(a("a"), flows="s>a>e?=one_=_1").keys() == {"f_a_e"}


def race(*others: str, flows: str) -> dict[str, str]:
    """Faults around a diamond that waits for whichever comes first."""
    return told(step("eventBasedGateway", "x"), *others, flows=flows, names="ok")


def test_a_race_of_events_and_receive_tasks_is_sound() -> None:
    heard = step("receiveTask", "r", messageRef="m_other")

    assert race(catch("c"), wait("w"), heard, a("a"), flows="s>x>c>a>e x>w>e x>r>e") == {}


def test_a_race_that_is_drawn_wrongly_is_told_where_it_is_wrong() -> None:
    assert race(catch("c"), flows="s>x>c>e") == {"x": "Only one arrow leaves this diamond, so nothing can come first"}
    assert race(flows="s>e s>x").keys() == {"x"}
    assert race(catch("c"), a("a"), flows="s>x>c>e x>a>e").keys() == {"f_x_a"}
    assert race(catch("c"), wait("w"), flows="s>x>c?=ok>e x>w>e").keys() == {"f_x_c"}
    assert race(catch("c"), catch("d"), flows="s>x>c>e x>d>e") == {"d": "Two ways out of one diamond wait for “report”"}


def test_a_receive_task_that_waits_for_nothing_by_name_is_told() -> None:
    assert told(step("receiveTask", "r"), flows="s>r>e") == {"r": "This waits for a message without a name"}


def test_one_message_may_be_waited_for_twice_at_the_same_time() -> None:
    drawn = (gateway("f", parallel=True), catch("c"), catch("d"), gateway("j", parallel=True))

    assert told(*drawn, flows="s>f>c>j>e f>d>j") == {}


def link(id: str, name: str | None, out: bool) -> str:
    """One end of a link."""
    called = f'name="{name}"' if name else ""
    tag = "intermediateThrowEvent" if out else "intermediateCatchEvent"
    return step(tag, id, inner=f'<bpmn:linkEventDefinition id="{id}_link" {called} />')


def test_links_of_one_name_are_sound_however_many_lead_to_one_end() -> None:
    drawn = (
        gateway("x", default="f_x_o"),
        a("a"),
        link("o", "On", True),
        link("p", "On", True),
        link("i", "On", False),
    )

    assert told(*drawn, a("b", name="B"), flows="s>x>o x>a?=one_=_1>p i>b>e") == {}


def test_links_that_are_drawn_wrongly_are_told_on_the_link_or_its_arrow() -> None:
    out, on = link("o", "On", True), link("i", "On", False)

    assert told(out, a("a"), gateway("f", parallel=True), flows="s>f>o f>a>e") == {
        "o": "No link called “On” is gone on from here"
    }
    assert told(on, a("a"), flows="s>a>e i>e") == {"i": "No link called “On” leads here"}
    assert told(out, on, link("k", "On", False), flows="s>o i>e k>e") == {
        "k": "Two links called “On” are gone on from in one place"
    }
    assert told(out, on, a("a"), flows="s>o>a>e i>e").keys() >= {"f_o_a"}
    assert told(out, on, a("a"), flows="s>a>o a>i i>e").keys() >= {"f_a_i"}
    nameless = told(link("o", None, True), a("a"), gateway("f", parallel=True), flows="s>f>a>e f>o")
    assert nameless == {"o": "This link has no name"}


def test_a_milestone_needs_a_name() -> None:
    nameless = step("intermediateThrowEvent", "m").replace(' name="M"', "")

    assert told(step("intermediateThrowEvent", "m", "Agreed"), flows="s>m>e") == {}
    assert told(nameless, flows="s>m>e") == {"m": "This circle says nothing"}


def loop(inner: str, **named: str) -> str:
    """Several that is told how often, or until when."""
    return several(None, None, inner, **named)


def test_a_number_of_times_and_an_early_end_are_sound() -> None:
    three = "<bpmn:loopCardinality>3</bpmn:loopCardinality>"
    early = "<bpmn:completionCondition>=items_done = 2 or one = 1</bpmn:completionCondition>"

    assert told(a("a", inner=loop(three + early, isSequential="true")), flows="s>a>e") == {}


def test_how_often_and_until_when_are_tried_before_anybody_starts() -> None:
    none = "<bpmn:loopCardinality>0</bpmn:loopCardinality>"
    name = "<bpmn:loopCardinality>3</bpmn:loopCardinality><bpmn:completionCondition>=nobody</bpmn:completionCondition>"
    text = '<bpmn:loopCardinality>3</bpmn:loopCardinality><bpmn:completionCondition>="x"</bpmn:completionCondition>'

    assert "no whole number from 1 to 1,000" in told(a("a", inner=loop(none)), flows="s>a>e")["a"]
    assert (
        "names “nobody”, which nothing in this procedure answers" in told(a("a", inner=loop(name)), flows="s>a>e")["a"]
    )
    assert "gives a text and not yes or no" in told(a("a", inner=loop(text)), flows="s>a>e")["a"]


def test_a_step_that_repeats_itself_is_sound_with_a_rule_or_a_number() -> None:
    for inner, most in (("<bpmn:loopCondition>=one = 1</bpmn:loopCondition>", ""), ("", ' loopMaximum="3"')):
        made = f"<bpmn:standardLoopCharacteristics{most}>{inner}</bpmn:standardLoopCharacteristics>"

        assert told(a("a", inner=made), flows="s>a>e") == {}


def test_a_procedure_may_begin_in_several_ways_that_have_names_of_their_own() -> None:
    drawn = (start("p").replace('"Started"', '"A parent asks"'), start("q").replace('"Started"', '"A teacher asks"'))
    ways = "p>a>e q>b>e"

    assert told_of(*drawn, end(), a("a"), a("b", name="B"), flows=ways) == {}
    same = told_of(start("p"), start("q"), end(), a("a"), a("b", name="B"), flows=ways)
    assert same == {"q": "Two starts are called “Started”"}
    nameless = told_of(drawn[0], start("q").replace(' name="Started"', ""), end(), a("a"), a("b", name="B"), flows=ways)
    assert nameless == {"q": "This start has no name"}


def told_of(*parts: str, flows: str) -> dict[str, str]:
    """The same with starts and ends of its own."""
    text = sketch(*parts, flows=flows, ends=False)
    found = package_faults.faults(Package(text, form()), ROLES)
    return {fault.element or "": fault.sentence.partition(".")[0] for fault in found}
