"""Other procedures in stories: asked for, waited for, ended with answers."""

from __future__ import annotations

from tests.engine.bpmn.sketch import call, end, event, gateway, several, step, user
from tests.engine.stories.trials import failure, outcome

CALL = call("c", "goals", goes_in="about=case.title", comes_back="verdict=verdict")
PARTS = (CALL, gateway("x", default="f_x_e"), user("a"), step("endEvent", "e2", "Good"))
BEGINS = "one:\n  - headteacher starts\n  - the procedure goals starts\n"


def test_a_procedure_that_is_called_ends_with_answers_and_the_case_goes_on() -> None:
    for name in ("goals", "“goals”"):
        told = (
            BEGINS
            + f"  - the procedure {name} ends: {{verdict: good}}\n  - headteacher does a\n  - the case ends at: e2"
        )
        assert outcome(told, *PARTS, flows='s>c>x>e x>a?verdict="good" a>e2').ended_at == "e2"


def test_a_procedure_that_is_not_spoken_of_is_as_one_that_the_trust_does_not_run() -> None:
    told = "one:\n  - headteacher starts\n  - the case ends at: e"

    assert outcome(told, *PARTS, flows='s>c>x>e x>a?verdict="good" a>e2').ended_at == "e"


def test_a_procedure_that_nobody_waits_for_cannot_end() -> None:
    told = BEGINS + "  - the procedure gaols ends: {}"

    assert "waits for no procedure “gaols”. It waits for “goals”" in failure(
        told, *PARTS, flows="s>c>x>e x>a?true a>e2"
    )


def test_of_a_call_for_several_each_ends_by_itself() -> None:
    each = call("c", "goals", comes_back="verdict=verdict", inner=several("[1, 2]", "n"), trust__collect="all")
    told = "one:\n  - headteacher starts\n  - the procedure goals ends: {verdict: good}\n"
    told += '  - the procedure goals ends: {verdict: bad}\n  - the answer all has: "2"\n  - headteacher does a'

    assert outcome(told, each, user("a"), flows="s>c>a>e").ended_at == "e"


def test_a_called_procedure_may_end_with_an_error_that_its_step_catches() -> None:
    parts = (
        call("ask", "goals"),
        event("boundaryEvent", "gone", "error", on="ask"), end("none", "Not to be had"),
    )  # fmt: skip
    told = "one:\n  - headteacher starts\n  - the procedure goals ends with the error gone\n  - it passes: gone\n"
    came = outcome(told + "  - the case ends at: none", *parts, flows="s>ask>e gone>none")

    assert came.ended_at == "none"
