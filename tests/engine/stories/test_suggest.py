"""Stories to begin with come true as they are written, one for each end that is found; and how lines are written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.bpmn.definition import Definition
from engine.bpmn.package import Package
from engine.stories import tell
from engine.stories.guide import EXAMPLE, LINES
from engine.stories.lines import Verb, read
from engine.stories.suggest import suggested
from tests.engine.bpmn.sketch import boundary, catch, end, event, gateway, sketch, start, step, timer, user
from tests.engine.stories.trials import ROLES, WHOLE, asks, form


def made(*parts: str, flows: str, ends: bool = True, **forms: Any) -> tuple[str, list[str]]:
    drawn = Package(sketch(*parts, flows=flows, ends=ends), forms)
    told = suggested(Definition(drawn), ROLES)
    again = replace(drawn, stories=told)
    return told.decode(), [fault.sentence for fault in tell.all_faults(again, ROLES)]


def test_each_way_to_end_gets_a_story_that_comes_true() -> None:
    choice = form(
        asks("reason"), asks("route", "radio", values=[{"value": v, "label": v} for v in ("desk", "site", "none")])
    )
    told, faults = made(
        user("a", "Look: is it so?", form="r"), gateway("g", default="f_g_e"),
        user("b", "Go there", role="cluster_lead"),
        end("gone", "Been there"), end("not", "Nothing to do"), boundary("late", "b", "2 school days"),
        end("never", "Too late"),
        flows='s>a>g>e g>b?route="site" g>not?route="none" b>gone late>never', r=choice,
    )  # fmt: skip

    assert faults == []
    assert told.count("the case ends at") == 4
    assert "# None was found" not in told


def test_forms_of_every_kind_are_answered_and_messages_arrive() -> None:
    whole = WHOLE.replace(b'"valuesKey": "offered"', b'"values": [{"value": "x", "label": "X"}]')
    _, faults = made(user("a", form="w"), catch("c"), flows="s>a>c>e", w=whole)

    assert faults == []


@pytest.mark.parametrize(
    ("begins", "line"),
    [
        (event("startEvent", "b", "message", "report"), 'a message "report" arrives'),
        (event("startEvent", "b", "signal", "storm"), 'the signal "storm" comes'),
        (step("startEvent", "b", inner=timer("every Monday", "timeCycle")), "the clock starts it"),
    ],
)
def test_what_begins_by_itself_gets_stories_too(begins: str, line: str) -> None:
    told, faults = made(begins, end(), user("a", form="r"), flows="b>a>e", ends=False, r=form(asks("reason")))

    assert faults == []
    assert f"- {line}\n" in told


def test_each_of_several_starts_is_chosen_by_its_name() -> None:
    told, faults = made(
        start("s1").replace("Started", "By post"), start("s2").replace("Started", "By hand"), end("e1", "Posted"),
        end("e2", "Handed"), flows="s1>e1 s2>e2", ends=False,
    )  # fmt: skip

    assert faults == []
    assert 'starts at "By hand"' in told


def test_messages_that_are_waited_for_side_by_side_arrive_one_by_one() -> None:
    told, faults = made(
        gateway("f", parallel=True), catch("c1", "one"), catch("c2", "two"), event("intermediateCatchEvent", "c3",
        "signal", "three"), gateway("j", parallel=True), flows="s>f>c1>j f>c2>j f>c3>j>e",
    )  # fmt: skip

    assert faults == []
    assert 'the signal "three" comes' in told


def test_an_end_that_is_not_found_is_remarked_on() -> None:
    told, faults = made(
        user("a", form="r"), gateway("g", default="f_g_e"), end("odd", "Only by chance"),
        flows='s>a>g>e g>odd?reason="sesame"', r=form(asks("reason")),
    )  # fmt: skip

    assert "# None was found that ends at Only by chance: write one." in told
    assert faults == ["No story ends at “Only by chance”. Tell one that does."]


def test_the_page_shows_every_kind_of_line_as_it_is_read() -> None:
    shown = [line for _, found in LINES for line, _ in found]
    stories = read(("another story:\n  - Headteacher starts\n" + "".join(
        f"story {number}:\n  - {line}\n" for number, line in enumerate(shown)
    )).encode())  # fmt: skip

    assert [story.lines[-1].verb if not story.like else Verb.LIKE for story in stories[1:]] == list(
        dict.fromkeys(story.lines[-1].verb if not story.like else Verb.LIKE for story in stories[1:])
    )
    assert {story.lines[-1].verb for story in stories[1:] if not story.like} == set(Verb) - {Verb.LIKE}
    assert len(read(EXAMPLE.encode())[0].lines) == 6
