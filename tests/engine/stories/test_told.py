"""Stories told on a clock of their own: who does what with which answers, and what the procedure says and asks."""

from __future__ import annotations

import pytest

from engine.bpmn.definition import Definition
from engine.bpmn.package import Package
from engine.stories import tell
from tests.engine.bpmn.sketch import catch, gateway, script, several, sketch, sub, user, word
from tests.engine.stories.trials import REASON, ROLES, WHOLE, failure, outcome


def test_a_step_is_done_by_its_role_and_the_case_ends() -> None:
    told = outcome("one:\n  - Headteacher starts\n  - headteacher does A\n  - the case ends at: Finished", user("a"))

    assert told.ended_at == "e"
    assert {"a", "e"} <= told.passed


def test_another_role_cannot_do_it() -> None:
    said = failure("one:\n  - headteacher starts\n  - cluster_lead does a", user("a"))

    assert said == "Line 3, “cluster_lead does a”: “A” waits for Headteacher."


def test_a_step_that_does_not_wait_is_told_with_what_does() -> None:
    said = failure("one:\n  - headteacher starts\n  - headteacher does b", user("a"), user("b"), flows="s>a>b>e")

    assert said == ("Line 3, “headteacher does b”: the case does not wait for that. It waits for Headteacher to “A”.")


def test_nothing_happens_before_somebody_starts_it() -> None:
    assert "Nobody has started it yet" in failure("one:\n  - headteacher does a", user("a"))


def test_it_is_started_once() -> None:
    assert "started already" in failure("one:\n  - headteacher starts\n  - headteacher starts", user("a"))


def test_whoever_may_not_start_it_does_not() -> None:
    data = sketch(user("a"), flows="s>a>e", trust__starters="cluster_lead")
    (story,) = tell.read(b"one:\n  - headteacher starts")

    with pytest.raises(tell.StoryFailed, match="Headteacher may not start this procedure; “Cluster lead” may"):
        tell.tell(story, Definition(Package(data)), ROLES)


def test_what_comes_after_the_end_fails() -> None:
    told = "one:\n  - headteacher starts\n  - headteacher does a\n  - headteacher does a"

    assert "It has ended at “Finished”" in failure(told, user("a"))


def test_an_end_that_was_not_reached_is_told_with_where_the_case_stands() -> None:
    assert "it has not. It waits for Headteacher to “A”" in failure(
        "one:\n  - headteacher starts\n  - the case ends at: e", user("a")
    )


def test_a_story_may_say_what_does_not_wait() -> None:
    steps = (user("a"), user("b"))
    rest = "\n  - the case does not wait for headteacher to "

    assert outcome("one:\n  - headteacher starts" + rest + "b", *steps, flows="s>a>b>e")
    assert "it does. It waits for" in failure("one:\n  - headteacher starts" + rest + "a", *steps, flows="s>a>b>e")


def test_answers_go_through_the_form_people_see() -> None:
    line = (
        "{reason: Fire drill, count: 3, seen_on: 2026-10-30, sure: yes, who: Zoe, kinds: data,"
        " causes: [{cause: Smoke}, {cause: Heat}], paper: drill.pdf}"
    )
    told = f"""
one:
  - f finds: [Yan, Zoe]
  - headteacher starts
  - headteacher does a: {line}
  - the answer count is: 3
  - the answer seen_on is: 2026-10-30
  - the answer sure is: "True"
  - the answer who is: Zoe
  - the answer kinds is: [data]
  - the answer level is: low
  - the answer causes is: [{{cause: Smoke}}, {{cause: Heat}}]
  - the answer causes has: 2
  - the case ends at: e
"""
    find = word("f", "find_people", role="headteacher", trust__result="offered")

    assert outcome(told, find, user("a", form="whole"), flows="s>f>a>e", whole=WHOLE).ended_at == "e"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{}", "the form does not take these answers (reason: "),
        ("{reason: x, colour: red}", "nothing asks for “colour” there; it asks for “reason”, “count”"),
        ("{seen_on: soon}", "“seen_on” cannot be answered with “soon”"),
        ("{causes: smoke}", "“causes” must hold a list of rows"),
        ("{causes: [smoke]}", "“causes” must hold a list of rows"),
        ("{causes: [{smell: x}]}", "nothing asks for “smell” there; it asks for “cause”"),
        ("{level: high}", "level: "),
        ("{who: Nobody}", "who: "),
    ],
)
def test_answers_the_form_cannot_take_fail_with_its_own_sentences(line: str, sentence: str) -> None:
    told = f"one:\n  - headteacher starts\n  - headteacher does a: {line}"
    find = word("f", "find_people", role="headteacher", trust__result="offered")

    assert sentence in failure(told, find, user("a", form="whole"), flows="s>f>a>e", whole=WHOLE)


def test_what_stands_on_the_page_already_is_sent_along() -> None:
    told = """
one:
  - headteacher starts
  - headteacher does a: {reason: Smoke}
  - headteacher does b
  - the answer reason is: Smoke
"""

    assert outcome(told, user("a", form="r"), user("b", form="r"), flows="s>a>b>e", r=REASON).ended_at == "e"


def test_an_answer_that_differs_is_told() -> None:
    told = "one:\n  - headteacher starts\n  - headteacher does a: {reason: Smoke}\n  - the answer reason is: Fire"

    assert "it is 'Smoke', not 'Fire'" in failure(told, user("a", form="r"), r=REASON)


def test_names_handed_on_at_the_start_are_known() -> None:
    flows = 's>x>e x>a?=urgent="yes" a>e'
    data = sketch(user("a"), gateway("x", default="f_x_e"), flows=flows, trust__names="urgent")
    (story,) = tell.read(
        b"one:\n  - it begins knowing: {urgent: yes}\n  - headteacher starts\n  - the case waits for headteacher to a"
    )

    assert tell.tell(story, Definition(Package(data)), ROLES).ended_at is None


def test_a_message_arrives_with_its_answers() -> None:
    told = "one:\n  - headteacher starts\n  - a message report arrives: {grade: good}\n  - the answer grade is: good"

    assert outcome(told, catch("m", "report"), flows="s>m>e").ended_at == "e"


def test_a_message_nobody_waits_for_is_told() -> None:
    told = "one:\n  - headteacher starts\n  - a message report arrives"

    assert "does not wait for that message" in failure(told, user("a"), catch("m", "report"), flows="s>a>m>e")
    assert "It knows “report”" in failure(told.replace("report", "gossip"), catch("m", "report"), flows="s>m>e")


MANY = (
    script("p", '=["Ann", "Bob"]', "people"),
    sub("each", user("view", form="r"), flows="s2>view>e2", inner=several(), trust__collect="views").replace(
        "<bpmn:userTask", '<bpmn:startEvent id="s2" name="Go" /><bpmn:endEvent id="e2" name="In" /><bpmn:userTask', 1
    ),
)


def test_a_step_for_several_is_done_for_one_after_another_in_any_order() -> None:
    told = """
one:
  - headteacher starts
  - headteacher does view for 2: {reason: Later}
  - the case does not wait for headteacher to view for 2
  - the case waits for headteacher to view for 1
  - the answer views is:
  - headteacher does view for 1: {reason: Sooner}
  - the answer views has: 2
  - it passes: e2
  - the case ends at: e
"""

    assert outcome(told, *MANY, flows="s>p>each>e", r=REASON).ended_at == "e"


def test_which_of_several_must_be_said() -> None:
    told = "one:\n  - headteacher starts\n  - headteacher does view: {reason: x}"

    assert "2 people have that step to do. Say which, such as “headteacher does view for 1”" in failure(
        told, *MANY, flows="s>p>each>e", r=REASON
    )


SPEAKS = (
    word("t", "tell", "sendTask", role="headteacher", subject="A drill", text="On Friday"),
    word("r", "raise_action", role="Cluster lead", title="Count heads", due="2 school days"),
    word("k", "record", kind="drill", title="The drill", fields="={minutes: 9}"),
    word("p", "start_procedure", procedure="review", title="Review", wait="no", fallback_role="headteacher"),
)
SPOKEN = "one:\n  - headteacher starts\n  - "


@pytest.mark.parametrize(
    "line",
    [
        "the case tells headteacher: friday",
        "the case tells Headteacher",
        "an action for cluster_lead is raised: 2 school days",
        "an action for cluster_lead is raised",
        "a record drill is kept: {minutes: 9}",
        "the procedure review starts",
        "tell is said",
    ],
)
def test_what_a_procedure_says_is_seen_once(line: str) -> None:
    name = "t>r>k>p"

    assert outcome(SPOKEN + line, *SPEAKS, flows=f"s>{name}>e")
    assert f"“{line.partition(':')[0]}”" in failure(f"{SPOKEN}{line}\n  - {line}", *SPEAKS, flows=f"s>{name}>e")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("the case tells cluster_lead", "it told nobody so. What no line has spoken of yet: “headteacher | A drill”"),
        ("the case tells headteacher: monday", "it told nobody so"),
        ("an action for headteacher is raised", "no such action was raised"),
        ("a record fire is kept", "no such record was kept. What no line has spoken of yet: “drill | The drill”"),
        ("a record drill is kept: {minutes: 8}", "its “minutes” is '9', not '8'"),
        ("the procedure audit starts", "it does not. What no line has spoken of yet: “review”"),
        ("find_people is said", "it was not"),
        ("it passes: s", None),
        ("it does not pass: s", "it has come through “s”"),
    ],
)
def test_what_a_procedure_does_not_say_is_told(line: str, sentence: str | None) -> None:
    told, flows = SPOKEN + line, "s>t>r>k>p>e"
    if sentence is None:
        assert outcome(told, *SPEAKS, flows=flows)
    else:
        assert sentence in failure(told, *SPEAKS, flows=flows)


ASKS = (
    word(
        "p",
        "start_procedure",
        procedure="review",
        title="Review",
        wait="yes",
        trust__result="came",
        fallback_role="headteacher",
    ),
    user("a"),
)


def test_a_procedure_that_is_not_in_use_is_answered_at_once() -> None:
    told = "one:\n  - headteacher starts\n  - the case waits for headteacher to a"

    assert outcome(told, *ASKS, flows="s>p>a>e")


def test_a_procedure_that_is_waited_for_is_answered_when_the_story_says_so() -> None:
    told = """
one:
  - headteacher starts
  - the case does not wait for headteacher to a
  - after 5 school days
  - p is answered: {end: Agreed}
  - the answer came is: {end: Agreed}
  - the case waits for headteacher to a
"""

    assert outcome(told, *ASKS, flows="s>p>a>e")


def test_what_was_not_asked_cannot_be_answered() -> None:
    told = "one:\n  - headteacher starts\n  - p is answered: yes"

    assert "“P” has not asked for anything" in failure(told, *ASKS, flows="s>a>p>e")
