"""Reading a diagram: everything it says comes out, and nothing in it is judged."""

from __future__ import annotations

import pytest

from engine.bpmn.diagram import dialect
from engine.bpmn.diagram.elements import Kind, Several, Trigger
from engine.errors import BadFile
from tests.engine.bpmn.sketch import (
    boundary,
    catch,
    end,
    gateway,
    lanes,
    properties,
    script,
    several,
    sketch,
    start,
    step,
    sub,
    user,
    wait,
    word,
)

UNSEEN = "\u200b\u202e"


def test_what_nobody_can_see_is_read_out_of_words_and_left_in_rules() -> None:
    inner = f"<bpmn:documentation>Read{UNSEEN} it.</bpmn:documentation>"
    drawn = dialect.read(
        sketch(
            user("check", f"Ch{UNSEEN}eck", inner=inner, assignee=f'="a{UNSEEN}"'),
            word("say", "tell", subject=f"T{UNSEEN}old {{{{ a{UNSEEN} }}}} and{UNSEEN} so on", text=f'="b{UNSEEN}"'),
            step("exclusiveGateway", "way", f"Which{UNSEEN}?", default="f_way_e"),
            flows="s>check>say>way>e",
        )
    )

    assert drawn.elements["check"].name == "Check"
    assert drawn.elements["check"].guidance == "Read it."
    assert drawn.elements["check"].assignee == f'"a{UNSEEN}"'
    assert drawn.elements["say"].parameters["subject"] == f"Told {{{{ a{UNSEEN} }}}} and so on"
    assert drawn.elements["say"].parameters["text"] == f'="b{UNSEEN}"'
    assert drawn.elements["way"].name == "Which?"


def test_a_task_says_who_what_and_by_when() -> None:
    inner = "".join(f"<bpmn:documentation>{text}</bpmn:documentation>" for text in ("Read it first.", "Then ask."))
    drawn = user(
        "check",
        "Check the\n diagnosis",
        due='=if urgent then "same day" else "3 school days"',
        inner=inner,
        form="dia-check",
        role="headteacher",
        assignee="=expert.person",
        trust__extra="x",
    )

    found = dialect.read(sketch(drawn, flows="s>check>e")).elements["check"]

    assert found.kind is Kind.USER
    assert found.name == "Check the diagnosis"
    assert found.role == "headteacher"
    assert found.assignee == "expert.person"
    assert found.form == "dia-check"
    assert found.due == '=if urgent then "same day" else "3 school days"'
    assert found.guidance == "Read it first.\n\nThen ask."
    assert found.properties == {"trust:extra": "x"}
    assert found.parameters == {}


def test_the_process_says_its_promise_prefix_starters_and_form() -> None:
    said = properties(
        trust__promise="15 school days", trust__starters="headteacher, director_of_education", trust__names="signal"
    )
    text = sketch(said, start(camunda_formRef="dia-signal"), end(), flows="s>e", ends=False, key="diagnosis")

    found = dialect.read(text)

    assert (found.key, found.title, found.prefix) == ("diagnosis", "A trial", "DIA")
    assert found.promise == "15 school days"
    assert found.starters == ("headteacher", "director_of_education")
    assert found.start_form == "dia-signal"
    assert found.properties["trust:names"] == "signal"
    assert dialect.read(sketch(flows="s>e", trust__prefix="OPS")).prefix == "OPS"


def test_the_inner_lane_wins_and_a_block_shares_its_lane() -> None:
    inner = '<bpmn:childLaneSet id="c"><bpmn:lane id="l2" name="Headteacher"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
    inner += "<bpmn:flowNodeRef>block</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet>"
    outer = '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="School"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
    outer += f"<bpmn:flowNodeRef>block</bpmn:flowNodeRef>{inner}</bpmn:lane></bpmn:laneSet>"
    block = sub("block", start("s1"), user("b", role=None), end("e1"), flows="s1>b>e1")

    found = dialect.read(
        sketch(outer, user("a", role=None), user("c", role="site_manager"), block, flows="s>a>block>c>e")
    )

    assert found.lanes == ("Headteacher",)
    assert found.elements["a"].role == found.elements["a"].lane == "Headteacher"
    assert found.elements["b"].role == "Headteacher"
    assert found.elements["c"].role == "site_manager"


def test_what_a_block_holds_knows_it() -> None:
    deep = sub("deep", start("s2"), end("e2"), flows="s2>e2")
    block = sub(
        "block",
        start("s1"),
        deep,
        end("e1"),
        flows="s1>deep>e1",
        trust__collect="views",
        inner=several("=people", "person"),
    )

    found = dialect.read(sketch(block, flows="s>block>e"))

    assert {item.id: item.inside for item in found.elements.values()} == {
        "s": None, "e": None, "block": None, "s1": "block", "deep": "block", "e1": "block", "s2": "deep", "e2": "deep",
    }  # fmt: skip
    assert {flow.id: flow.inside for flow in found.flows} == {
        "f_s_block": None, "f_block_e": None, "f_s1_deep": "block", "f_deep_e1": "block", "f_s2_e2": "deep",
    }  # fmt: skip
    assert found.elements["block"].several == Several("people", "person", "views")


def test_events_say_what_they_wait_for() -> None:
    found = dialect.read(sketch(
        user("a"), boundary("late", "a", "=due"), boundary("nudge", "a", "PT4H", interrupting=False), wait("pause"),
        catch("heard"), end("stop", terminate=True), flows="s>a>pause>heard>e late>stop nudge>e",
    )).elements  # fmt: skip

    assert (found["late"].kind, found["late"].timer, found["late"].interrupting) == (Kind.BOUNDARY, "=due", True)
    assert (found["nudge"].attached_to, found["nudge"].timer, found["nudge"].interrupting) == ("a", "PT4H", False)
    assert (found["pause"].kind, found["pause"].timer) == (Kind.CATCH, "2 school days")
    assert (found["heard"].trigger, found["heard"].named) == (Trigger.MESSAGE, "report")
    assert found["stop"].is_event(Kind.END, Trigger.TERMINATE)


def test_words_scripts_and_tables_keep_what_they_were_given() -> None:
    rule = step("businessRuleTask", "rule", camunda_decisionRef="triage", camunda_resultVariable="advice")

    found = dialect.read(sketch(
        word("tell", "tell", role="headteacher", text="=note", trust__result="sent"),
        word("keep", "record", fields="route, reason"),
        script("sum", "= 1 + 1", "two"), rule, flows="s>tell>keep>sum>rule>e",
    )).elements  # fmt: skip

    assert (found["tell"].word, found["tell"].result) == ("tell", "sent")
    assert found["tell"].parameters == {"role": "headteacher", "text": "=note"}
    assert found["keep"].parameters == {"fields": "={route: route, reason: reason}"}
    assert (found["sum"].script, found["sum"].result) == ("1 + 1", "two")
    assert (found["rule"].decision, found["rule"].result) == ("triage", "advice")


def test_arrows_keep_their_conditions_and_the_gateway_its_default() -> None:
    found = dialect.read(sketch(gateway("x", default="f_x_e"), user("a"), flows="s>x>a?=urgent x>e a>e"))

    assert [(flow.source, flow.target, flow.condition) for flow in found.outgoing["x"]] == [
        ("x", "a", "urgent"),
        ("x", "e", None),
    ]
    assert found.elements["x"].default_flow == "f_x_e"


def test_what_is_not_run_is_kept_by_name() -> None:
    undoing = step("boundaryEvent", "undoes", inner="<bpmn:compensateEventDefinition />", attachedToRef="a")
    any_order = sub("aside", start("s1"), end("e1"), flows="s1>e1", tag="adHocSubProcess")

    found = dialect.read(sketch(user("a"), step("complexGateway", "o"), undoing, any_order, flows="s>a>o>e"))

    assert [(item.id, item.tag, item.attached_to) for item in found.unread] == [
        ("o", "complexGateway", None), ("undoes", "boundaryEvent", "a"), ("aside", "adHocSubProcess", None),
    ]  # fmt: skip
    assert "s1" not in found.elements


def test_the_process_that_may_be_run_is_read_and_a_pool_may_name_it() -> None:
    pool = (
        '<bpmn:collaboration id="c"><bpmn:participant id="p" name="The pool" processRef="trial" /></bpmn:collaboration>'
    )
    other = '<bpmn:process id="other" isExecutable="false" />'
    text = sketch(lanes(headteacher="a"), user("a", role=None), flows="s>a>e", root=pool + other)

    found = dialect.read(text.replace(b' name="A trial"', b""))

    assert (found.key, found.title) == ("trial", "The pool")
    assert found.elements["a"].role == "headteacher"


@pytest.mark.parametrize(
    "text",
    [b"", b"not a diagram", b"<html/>", sketch(flows="s>e").replace(b"bpmn:process", b"bpmn:choreography")],
)
def test_a_file_without_a_process_is_refused_with_a_sentence(text: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        dialect.read(text)

    assert refused.value.sentence.endswith(".")
