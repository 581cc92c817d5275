"""A procedure in plain words: the ordered list of its steps, and what comes next after one."""

from __future__ import annotations

from typing import Any

from engine.bpmn.definition import Definition
from engine.bpmn.diagram import dialect
from engine.bpmn.outline.phrases import in_words
from engine.bpmn.outline.steps import Next, OutlineStep, comes_next, comes_next_of, outline
from engine.bpmn.package import Package
from engine.model.people import Role
from tests.engine.bpmn.sketch import (
    boundary,
    catch,
    end,
    gateway,
    properties,
    script,
    several,
    sketch,
    start,
    step,
    sub,
    timer,
    user,
    wait,
    word,
)

ROLES = {"headteacher": Role("headteacher", "Head of school"), "qa": Role("qa", "Director of QA")}


def told(*parts: str, flows: str, **more: Any) -> list[OutlineStep]:
    """The list of a sketch."""
    return outline(dialect.read(sketch(*parts, flows=flows, **more)), ROLES)


def after(id: str, *parts: str, flows: str) -> list[Next]:
    """What comes after a step of a sketch."""
    return comes_next(dialect.read(sketch(*parts, flows=flows)), id, ROLES)


def named(text: str, flow: str, name: str) -> str:
    """The same arrows with a name on one."""
    return text.replace(f'id="{flow}"', f'id="{flow}" name="{name}"')


def test_every_step_says_who_does_what_by_when_and_where_it_goes() -> None:
    found = told(user("a", "Give an account"), script("b", "1"), flows="s>a>b>e", trust__starters="qa, Headteacher")

    assert [(line.number, line.depth, line.title, line.who, line.by_when) for line in found] == [
        (1, 0, "Started", "Director of QA or Head of school", ""),
        (2, 0, "Give an account", "Head of school", "3 school days"),
        (3, 0, "B", "Headway", ""),
    ]
    assert [line.sentence for line in found] == [
        "Director of QA or Head of school may start this. Then go to step 2.",
        "Head of school: Give an account. Due: 3 school days. Then go to step 3.",
        "Headway: B. The case ends: “Finished”.",
    ]


def test_a_choice_is_told_with_the_names_of_its_ways_and_the_default_last() -> None:
    text = sketch(
        user("a"), step("exclusiveGateway", "x", "Accurate?", default="f_x_b"), user("b"), user("c"),
        flows="s>a>x>b>e x>c?=no c>e x>e?=stop",
    ).decode()  # fmt: skip
    text = named(named(text, "f_x_c", "No"), "f_x_b", "Yes")

    found = outline(dialect.read(text.encode()), ROLES)

    assert found[1].sentence == (
        "Head of school: A. Due: 3 school days. Accurate? If “No”, go to step 4; if stop, the case ends: “Finished”;"
        " otherwise (“Yes”), go to step 3."
    )


def test_a_choice_on_the_way_of_a_choice_stands_in_brackets() -> None:
    drawn = user("a") + gateway("x", default="f_x_e") + gateway("y", default="f_y_b") + user("b") + user("c")

    found = told(drawn, flows="s>a>x>e x>y?=p y>b y>c?=q b>e c>e")

    assert "If p, (if q, go to step 4; otherwise, go to step 3); otherwise, the case ends" in found[1].sentence


def test_steps_side_by_side_part_and_come_together() -> None:
    drawn = gateway("f", parallel=True) + user("a") + user("b") + gateway("j", parallel=True) + user("c")

    found = told(drawn, flows="s>f>a>j f>b>j j>c>e")

    assert [line.title for line in found] == ["Started", "A", "B", "C"]
    assert found[0].sentence.endswith("Then go to steps 2 and 3, side by side.")
    assert found[1].sentence.endswith("Then once the steps beside it are done too: go to step 4.")


def test_a_block_is_one_step_and_what_it_holds_stands_in_it() -> None:
    block = sub(
        "each", start("s1"), user("view"), end("e1", "In"), flows="s1>view>e1", inner=several("=x", "the_expert")
    )

    found = told(block, user("z"), flows="s>each>z>e")

    assert [(line.number, line.depth, line.element) for line in found] == [
        (1, 0, "s"), (2, 0, "each"), (3, 1, "view"), (4, 0, "z"),
    ]  # fmt: skip
    assert found[1].sentence == "Each. Once for each the expert, side by side. Inside: go to step 3. Then go to step 4."
    assert found[2].sentence == "Head of school: View. Due: 3 school days. This part ends: “In”."


def test_timers_waits_and_words_are_told() -> None:
    found = told(
        user("a"), boundary("late", "a", "5 school days"), boundary("nudge", "a", "1 school day", interrupting=False),
        user("b"), user("c"), wait("w", "2 weeks"), catch("m", "report"),
        word("go", "start_procedure", wait="yes", procedure="goals"), end("e2", "Stopped", terminate=True),
        flows="s>a>w>m>go>e late>b>e2 nudge>c>e",
    )  # fmt: skip
    said = {line.element: line.sentence for line in found}

    assert said["a"] == (
        "Head of school: A. Due: 3 school days. Then go to step 3."
        " After 5 school days: if it is not done by then, go to step 6."
        " After 1 school day: it stays open, and meanwhile go to step 7."
    )
    assert said["w"] == "The case waits: W (2 weeks). Then go to step 4."
    assert said["m"] == "The case waits for “report”. Then go to step 5."
    assert said["go"].startswith("Headway: Go. The case waits for it to end.")
    assert said["b"].endswith("The case ends at once, whatever else is open: “Stopped”.")


def test_what_comes_round_is_told() -> None:
    again = boundary("again", "a", "every Monday", interrupting=False, kind="timeCycle")
    found = told(user("a"), again, user("b"), wait("w", "1 September each year", "timeCycle"), end("e2"),
                 flows="s>a>w>e again>b>e2")  # fmt: skip
    said = {line.element: line.sentence for line in found}

    assert said["a"].endswith("When it comes round (every Monday): it stays open, and meanwhile go to step 4.")
    assert said["w"].startswith("The case waits: W (1 September each year).")


def test_a_start_by_the_clock_is_told_with_whom_it_is_for() -> None:
    said = properties(trust__for="each school") + timer("every Monday", "timeCycle")
    (first, *_) = told(step("startEvent", "s", "Each week", inner=said), user("a"), end(), flows="s>a>e", ends=False)

    assert first.who == "Headway"
    assert first.by_when == "every Monday"
    assert first.sentence == "Headway starts this by itself, once in each school: every Monday. Then go to step 2."


def test_a_step_done_for_several_says_so() -> None:
    found = told(user("a", inner=several("=x", "reviewer")), flows="s>a>e")

    assert "Head of school: A. Once for each reviewer, side by side. Due: 3 school days." in found[1].sentence


def test_a_way_back_names_the_earlier_step() -> None:
    drawn = user("a") + gateway("x", default="f_x_e") + script("b", "1")

    assert told(drawn, flows="s>a>b>x>e x>a?=again")[2].sentence == (
        "Headway: B. If again, go to step 2; otherwise, the case ends: “Finished”."
    )


def test_times_by_rule_are_told_by_what_they_can_be() -> None:
    assert (
        in_words('=if urgent then "same day" else "3 school days"')
        == "same day or 3 school days, as the answers decide"
    )
    assert in_words("=due") == "as the answers decide"
    assert in_words("{{ n }} school days") == "as the answers decide"
    assert in_words("2 weeks") == "2 weeks"
    assert in_words(None) == ""


def test_what_comes_next_passes_over_what_nobody_does() -> None:
    drawn = user("a") + script("b", "1") + gateway("m") + user("c", "Look", role="qa", due="2 working days")

    assert after("a", drawn, flows="s>a>b>m>c>e") == [
        Next("c", "Look", "Director of QA", "2 working days", "", False, "Director of QA: Look (due: 2 working days).")
    ]


def test_what_comes_next_says_under_which_answers() -> None:
    text = sketch(
        user("a"), step("exclusiveGateway", "x", "Accurate?", default="f_x_b"), user("b"),
        gateway("y", default="f_y_e"), wait("w", "1 school day"), flows="s>a>x>b>e x>y?=no y>e y>w?=late w>e",
    ).decode()  # fmt: skip
    text = named(named(text, "f_x_y", "No"), "f_x_b", "Yes")

    found = comes_next(dialect.read(text.encode()), "a", ROLES)

    assert [(item.element, item.when, item.ends) for item in found] == [
        ("b", "Accurate? “Yes”", False),
        ("w", "Accurate? “No”; if late", False),
        ("e", "Accurate? “No”; otherwise", True),
    ]  # fmt: skip
    assert found[2].sentence == "Accurate? “No”; otherwise: the case ends: “Finished”."
    assert found[1].sentence == "Accurate? “No”; if late: the case waits: W (1 school day)."


def test_several_ways_to_the_same_step_are_told_together() -> None:
    drawn = user("a") + gateway("x", default="f_x_y") + gateway("y", default="f_y_e") + user("b") + script("z", "1")

    found = after("a", drawn, flows="s>a>x>b?=p x>y y>b?=q y>z?=r z>e y>e b>e")

    assert [(item.element, item.when) for item in found] == [
        ("b", "if p or otherwise; if q"), ("e", "otherwise; otherwise or if r"),
    ]  # fmt: skip


def test_many_ways_to_the_same_step_are_left_to_the_answers() -> None:
    drawn = user("a") + gateway("x", default="f_x_z1") + "".join(script(f"z{n}", "1") for n in range(5)) + user("b")
    flows = (
        "s>a>x>z1 b>e " + " ".join(f"z{n}>b" for n in range(5)) + " " + " ".join(f"x>z{n}?=q{n}" for n in (0, 2, 3, 4))
    )

    assert [item.when for item in after("a", drawn, flows=flows)] == ["as the answers decide"]


def test_what_comes_next_goes_into_blocks_and_out_of_them() -> None:
    block = sub("each", start("s1"), user("view"), end("e1"), flows="s1>view>e1", inner=several("=x", "expert"))
    drawn = user("a") + block + user("z")

    assert [(item.element, item.when) for item in after("a", drawn, flows="s>a>each>z>e")] == [
        ("view", "for each expert")
    ]
    assert [(item.element, item.when) for item in after("view", drawn, flows="s>a>each>z>e")] == [
        ("z", "once all are in")
    ]


def test_what_comes_next_waits_for_the_others() -> None:
    drawn = gateway("f", parallel=True) + user("a") + user("b") + gateway("j", parallel=True) + user("c")

    found = after("a", drawn, flows="s>f>a>j f>b>j j>c>e")

    assert [(item.element, item.when) for item in found] == [("c", "once the steps beside it are done too")]


def test_what_comes_next_names_procedures_and_messages_waited_for() -> None:
    drawn = user("a") + word("go", "start_procedure", wait="yes", procedure="x") + user("b") + catch("m", "report")

    assert after("a", drawn, flows="s>a>go>b>m>e")[0].sentence == "The case waits for another procedure: Go."
    assert after("b", drawn, flows="s>a>go>b>m>e")[0].sentence == "The case waits for “report”."


def test_a_step_that_is_not_there_leads_nowhere() -> None:
    assert after("gone", user("a"), flows="s>a>e") == []


def test_a_version_in_use_tells_what_comes_next_once_and_anew_when_a_role_is_called_something_else() -> None:
    definition = Definition(Package(sketch(user("a"), user("b"), flows="s>a>b>e")))

    first = comes_next_of(definition, "a", ROLES)
    assert list(first) == comes_next(definition.diagram, "a", ROLES)
    assert comes_next_of(definition, "a", dict(ROLES)) is first
    assert [step.title for step in comes_next_of(definition, "b", ROLES)] == ["Finished"]
    renamed = {**ROLES, "headteacher": Role("headteacher", "Principal")}
    assert [step.who for step in comes_next_of(definition, "a", renamed)] == ["Principal"]
    assert [step.who for step in first] == ["Head of school"]


def test_ways_of_which_any_number_is_taken_are_told_as_such() -> None:
    circles = step("inclusiveGateway", "x", "Which?", default="f_x_c") + step("inclusiveGateway", "j")
    lines = told(circles, *(user(id) for id in "abcz"), flows="s>x>a?=p>j>z>e x>b?=q>j x>c>j")
    found = {line.element: line.sentence for line in lines}

    assert "Which? For each that holds: if p, go to step 2; if q, go to step 3; otherwise, go to step 4." in found["s"]
    assert found["a"].endswith("Then once the steps beside it are done too: go to step 5.")


def test_several_ways_out_of_a_step_are_told_with_those_that_are_always_gone_first() -> None:
    plain = told(*(user(id) for id in "abc"), flows="s>a>b>e a>c>e")
    drawn = [user(id) for id in "abcd"]
    asked = told(*drawn, flows="s>a>b>e a>c?=p>e a>d?=q>e")
    following = after("a", *drawn, flows="s>a>b>e a>c?=p>e a>d?=q>e")

    assert plain[1].sentence.endswith("Then go to steps 3 and 4, side by side.")
    assert asked[1].sentence.endswith(
        "Then go to step 3; also, for each that holds: if p, go to step 4; if q, go to step 5."
    )
    assert [(one.element, one.when) for one in following] == [("b", ""), ("c", "if p"), ("d", "if q")]


def test_whichever_comes_first_is_told_as_such() -> None:
    drawn = (step("eventBasedGateway", "x"), catch("c"), wait("w"), step("receiveTask", "r", messageRef="m_other"))
    lines = told(user("a"), *drawn, flows="s>a>x>c>e x>w>e x>r>e")

    assert lines[1].sentence.endswith("Then whichever comes first: go to step 3, 4 or 5.")
    assert [line.sentence.partition(".")[0] for line in lines[2:]] == [
        "The case waits for “report”", "The case waits: W (2 school days)", "The case waits for “other”",
    ]  # fmt: skip
    assert {one.when for one in after("a", user("a"), *drawn, flows="s>a>x>c>e x>w>e x>r>e")} == {"if it comes first"}
