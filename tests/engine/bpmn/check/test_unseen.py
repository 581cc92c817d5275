"""Nothing that is answered side by side is shown to anybody before all of it is in."""

import pytest

from tests.engine.bpmn.check.sketches import faults, form, sentences
from tests.engine.bpmn.sketch import end, script, several, start, sub, user, word

ASKED = form("view")
BEFORE = {
    "a message": word("say", "tell", role="headteacher", subject="One is in", text="It says {{ view }}."),
    "a message about what was worked out": word("say", "tell", role="headteacher", subject="=outcome", text="Read it."),
    "an action": word("say", "raise_action", role="headteacher", title="=view"),
    "a record": word("say", "record", kind="view", title="A view", fields="view"),
    "another case": word(
        "say", "start_procedure", procedure="goals", title="A view", answers="view", fallback_role="headteacher"
    ),
}
SAFE = word(
    "say", "tell", role="headteacher", subject="{{ person.label }} has answered", text="Item {{ item_number }}."
)


def told(say: str, gathered: bool = True) -> str:
    """What the check says of a word beside the answers of a block for several."""
    named = {"trust__collect": "views"} if gathered else {}
    each = sub(
        "each", start("b"), user("ask", form="f"), script("reckon", "view", result="outcome"), say, end("f"),
        flows="b>ask>reckon>say>f", inner=several("[1, 2]", "person"), **named,
    )  # fmt: skip
    keep = word("keep", "record", kind="views", title="All views", fields="views") if gathered else ""
    flows = "s>each>keep>e" if gathered else "s>each>e"
    return sentences(faults(each, keep, flows=flows, forms=ASKED, procedures=["goals"]), "say")


@pytest.mark.parametrize("say", BEFORE.values(), ids=BEFORE)
def test_an_answer_that_is_gathered_is_not_said_before_all_are_in(say: str) -> None:
    assert "nobody sees what others answer until all are in" in told(say)
    assert told(say, gathered=False) == ""


def test_whom_it_is_about_may_be_said() -> None:
    assert told(SAFE) == ""
