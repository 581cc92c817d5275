"""A story names steps, ends, messages, arrows and roles by id or by name, between any marks or none."""

from __future__ import annotations

from time import process_time

import pytest

from engine.bpmn.definition import Definition
from engine.bpmn.package import Package
from engine.readers.yaml import MAX_BYTES
from engine.stories import tell
from engine.stories.cast import Cast
from engine.stories.lines import read
from engine.stories.quoting import hide, written_for_yaml
from tests.engine.bpmn.sketch import catch, end, gateway, sketch, start, user
from tests.engine.stories.trials import REASON, ROLES, failure, outcome, package

PARTS = (
    user("Activity_0talk01", "Talk it over", form="r"),
    user("Activity_0say", "Decide: yes or no, to the head\u2019s view", role="cluster_lead"),
    catch("Event_0wait"),
    gateway("g", default="f_g_Event_2strong"),
    end("Event_2strong", "Goal “agreed”"),
    end("Event_3weak", "Given\nup"),
)
FLOWS = "s>Activity_0talk01>Activity_0say>Event_0wait>g>Event_2strong g>Event_3weak?1=2"


def told(*lines: str) -> str:
    return "one:\n" + "".join(f"  - {line}\n" for line in lines)


@pytest.mark.parametrize(
    "does",
    [
        "headteacher does Activity_0talk01: {reason: x}",
        "headteacher does Talk it over: {reason: x}",
        "Headteacher does talk IT over: {reason: x}",
        'headteacher does "Talk it over": {reason: x}',
        "headteacher does “Talk it over”: {reason: x}",
        "headteacher does 'Talk it over': {reason: x}",
        "headteacher does \u2018Talk it over\u2019: {reason: x}",
        "headteacher does „Talk it over“: {reason: x}",
        "headteacher does «Talk it over»: {reason: x}",
        '"Headteacher" does "Talk it over": {reason: x}',
        "'Head teacher' does Talk it over: {reason: x}",
        '"headteacher does Talk it over": {reason: x}',
        'headteacher does "Activity_0talk01": {reason: x}',
    ],
)
def test_a_step_goes_by_its_id_or_its_name_between_any_marks_or_none(does: str) -> None:
    story = told("headteacher starts", does, "the case waits for Cluster lead to Activity_0say")

    assert "Activity_0talk01" in outcome(story, *PARTS, flows=FLOWS, r=REASON).passed


@pytest.mark.parametrize(
    "does",
    [
        'cluster_lead does "Decide: yes or no, to the head\'s view"',
        'cluster_lead does "Decide: yes or no, to the head\u2019s view": {}',
        '"Cluster lead" does "Decide: yes or no, to the head\u2019s view"',
        "cluster_lead does Activity_0say",
    ],
)
def test_a_name_between_marks_may_say_anything(does: str) -> None:
    story = told("headteacher starts", "headteacher does Talk it over: {reason: x}", does)

    assert "Activity_0say" in outcome(story, *PARTS, flows=FLOWS, r=REASON).passed


@pytest.mark.parametrize("report", ["report", '"report"', "“REPORT”", "Event_0wait"])
@pytest.mark.parametrize(
    "last",
    ["Event_2strong", "Goal agreed", "Goal “agreed”", '"Goal agreed"', "“Goal agreed”", "\u2018goal agreed\u2019"],
)
def test_messages_and_ends_go_by_them_too(report: str, last: str) -> None:
    story = told(
        "headteacher starts", "headteacher does Talk it over: {reason: x}", "cluster_lead does Activity_0say",
        f"a message {report} arrives", f"the case ends at: {last}",
    )  # fmt: skip

    assert outcome(story, *PARTS, flows=FLOWS, r=REASON).ended_at == "Event_2strong"


def test_an_arrow_is_named_by_its_id() -> None:
    story = told("headteacher starts", "it passes: f_s_Activity_0talk01", "it does not pass: f_g_Event_3weak")

    assert "f_s_Activity_0talk01" in outcome(story, *PARTS, flows=FLOWS, r=REASON).passed


def test_sentences_list_names_and_ids_only_where_several_have_one_name() -> None:
    twice = (user("a", "Look"), user("b", "Look", role="cluster_lead"), user("c", "Write"))

    unknown = failure(told("headteacher starts", "headteacher does Sing"), *twice, flows="s>a>b>c>e")
    both = failure(told("headteacher starts", "headteacher does Look"), *twice, flows="s>a>b>c>e")

    assert "There are “Look (a)”, “Look (b)”, “Write”." in unknown
    assert "“Look” is the name of 2 steps. Use one of their ids: “a”, “b”." in both


def test_where_a_case_stands_is_told_by_names() -> None:
    before = failure(told("headteacher starts", "the case ends at: Event_2strong"), *PARTS, flows=FLOWS, r=REASON)

    assert "It waits for Headteacher to “Talk it over”" in before


def test_a_story_is_read_out_by_names() -> None:
    lines = ("headteacher does Activity_0talk01: {reason: x}", "the case waits for cluster_lead to Activity_0say",
             "it passes: Event_0wait", "the case ends at: Event_2strong")  # fmt: skip
    read_package = package(*PARTS, flows=FLOWS, told=told("headteacher starts", *lines), r=REASON)
    (story,), cast = read(read_package.stories), Cast(Definition(read_package), ROLES)

    assert [tell.in_names(line, cast) for line in story.lines] == [
        "Headteacher starts",
        "Headteacher does Talk it over",
        "the case waits for Cluster lead to Decide: yes or no, to the head\u2019s view",
        "it passes: Event_0wait",
        "the case ends at: Goal “agreed”",
    ]
    assert tell.ends_at(story, cast) == "Goal “agreed”"


@pytest.mark.parametrize("part", ["\n", " ", "- ", '- "', '- a "b: ', ": ", '"', '- a "', "- 'x", "- a \u201cb\u201d "])
def test_reading_names_between_marks_takes_no_longer_for_what_is_long(part: str) -> None:
    began = process_time()
    written_for_yaml(part * (MAX_BYTES // len(part)))
    hide(part.replace("\n", " ") * (500 // len(part)))

    assert process_time() - began < 0.5


WAYS = (
    start("p", camunda_formRef="reason").replace("Started", "A parent asks"),
    start("q").replace("Started", "A teacher asks"),
    end(),
    user("a", "Listen"),
    user("b", "Look"),
)


@pytest.mark.parametrize("at", ["at q", "at A teacher asks", "at “A teacher asks”", "the case at q"])
def test_a_story_says_by_which_of_several_starts_it_begins(at: str) -> None:
    told = f"a story:\n  - headteacher starts {at}\n  - the case waits for headteacher to b\n"
    drawn = Package(sketch(*WAYS, flows="p>a>e q>b>e", ends=False), {"reason": REASON}, {}, told.encode())

    tell.tell(tell.read(drawn.stories)[-1], Definition(drawn), ROLES)


def test_a_start_that_is_not_there_is_told_with_those_there_are() -> None:
    told = b"a story:\n  - headteacher starts at x\n"
    drawn = Package(sketch(*WAYS, flows="p>a>e q>b>e", ends=False), {"reason": REASON}, {}, told)

    with pytest.raises(tell.StoryFailed, match="is not a start of this procedure"):
        tell.tell(tell.read(drawn.stories)[-1], Definition(drawn), ROLES)
