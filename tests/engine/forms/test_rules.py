"""Rules of a form: what they may build on, that they are asked in one call, and that a broken one stops the form."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from engine import forms
from engine.errors import ExpressionStopped
from engine.rules import feel
from engine.rules.feel import Ask, Told
from tests.engine.forms.form_samples import DEFECT_NAMES, REQUIRED, TRIAGE_NAMES, answer, ask, made, post, rows, sample

Calls = list[int]
TRIAGE = post(
    route="site",
    reason="A good enough reason",
    urgency="usual",
    focus_question="Why?",
    days="2.5",
    areas=["", "attendance"],
    staff_may_read=["", "true"],
    contact_email="a@example.org",
    contact_phone="01632 960 001",
    call_time="9:30am",
)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """How many expressions went in each call."""
    counted: Calls = []
    evaluate = feel.evaluate

    def counting(
        asks: Sequence[Ask], names: Mapping[str, Any], scopes: Sequence[Mapping[str, Any]] | None = None
    ) -> list[Told]:
        counted.append(len(asks))
        return evaluate(asks, names, scopes)

    monkeypatch.setattr(feel, "evaluate", counting)
    return counted


def hidden_unless(rule: str) -> dict[str, Any]:
    return {"conditional": {"hide": f"=not({rule})"}}


def test_checking_and_showing_a_form_ask_once(calls: Calls) -> None:
    form = sample("triage")

    answer(form, TRIAGE, TRIAGE_NAMES)
    forms.view(form, TRIAGE_NAMES)
    forms.view(form, TRIAGE_NAMES, TRIAGE)

    assert calls == [3, 5, 5]  # the page has two placeholders more


def test_a_form_without_rules_asks_nothing(calls: Calls) -> None:
    answer(made(ask("textfield")), post(answer="x"))

    assert calls == []


def test_a_form_that_reads_a_list_with_rules_in_it_asks_twice(calls: Calls) -> None:
    forms.view(sample("everything"), DEFECT_NAMES)

    assert len(calls) == 2


def test_only_the_names_that_rules_read_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[set[str]] = []
    evaluate = feel.evaluate

    def listening(asks: Sequence[Ask], names: Mapping[str, Any], *more: Any) -> list[Told]:
        sent.append(set(names))
        return evaluate(asks, names, *more)

    monkeypatch.setattr(feel, "evaluate", listening)
    answer(sample("triage"), TRIAGE, {**TRIAGE_NAMES, "a_long_story": "x" * 100_000})

    assert sent == [{"route", "school", "agree_signal"}]


def test_a_rule_reads_a_hidden_answer_as_unanswered() -> None:
    form = made(
        ask("textfield", key="a"),
        ask("textfield", key="b", conditional={"hide": '=a != "yes"'}),
        ask("textfield", key="c", conditional={"hide": '=b != "yes"'}),
    )

    assert list(answer(form, post(a="yes", b="yes", c="x"))) == ["a", "b", "c"]
    assert list(answer(form, post(a="no", b="yes", c="x"))) == ["a"]


def test_a_rule_reads_what_an_expression_works_out_also_when_that_reads_another() -> None:
    form = made(
        ask("textfield", key="who", **hidden_unless('priority = "P1"'), validate=REQUIRED),
        ask("expression", key="priority", expression='=if score > 5 then "P1" else "P2"'),
        ask("expression", key="score", expression="=rooms * 2"),
        ask("number", key="rooms"),
    )

    assert answer(form, post(rooms="3", who="Site team")) == {
        "who": "Site team",
        "priority": "P1",
        "score": 6,
        "rooms": 3,
    }
    assert answer(form, post(rooms="1", who="x")) == {"priority": "P2", "score": 2, "rooms": 1}


def test_a_long_chain_is_still_one_call(calls: Calls) -> None:
    chain = [ask("expression", key=f"e{n}", expression=f"=e{n - 1} + 1") for n in range(1, 12)]

    found = answer(made(ask("number", key="e0"), *chain), post(e0="1"))

    assert found["e11"] == 12
    assert len(calls) == 1


def test_a_rule_reads_a_default_as_the_answer_while_it_stands() -> None:
    form = made(
        ask("select", key="a", defaultValue="=usual", valuesKey="all"),
        ask("textfield", key="b", **hidden_unless('a = "x"')),
    )
    names = {"usual": "x", "all": ["x", "y"]}

    assert [part.name for part in forms.view(form, names).parts if isinstance(part, forms.FieldView)] == ["a", "b"]
    assert len(forms.view(form, names, post(a="y")).parts) == 1


def test_rules_in_rows_read_their_own_row_the_form_and_the_case() -> None:
    form = made(
        ask("checkbox", key="strict"),
        rows(
            ask("textfield", key="cause"),
            ask("textfield", key="why", conditional={"hide": "=cause != word or not(strict) or i > 2"}),
        ),
    )
    posted = post(strict="true") | {
        name: [text]
        for number, cause in enumerate(["age", "use", "age"])
        for name, text in {
            f"causes[{number}]": "row",
            f"causes[{number}].cause": cause,
            f"causes[{number}].why": "because",
        }.items()
    }

    found = answer(form, posted, {"word": "age"})["causes"]

    assert [row.get("why", "hidden") for row in found] == ["because", "hidden", "hidden"]


def test_the_form_reads_what_rows_work_out_and_nothing_hidden_in_them() -> None:
    form = made(
        rows(
            ask("number", key="hours"),
            ask("number", key="extra", conditional={"hide": "=hours > 5"}),
            ask("expression", key="cost", expression="=hours * 20 + (if extra = null then 0 else extra)"),
        ),
        ask("expression", key="total", expression="=sum(causes.cost)"),
    )
    posted = post(**{"causes[0].hours": "2", "causes[0].extra": "1", "causes[1].hours": "10", "causes[1].extra": "999"})

    assert answer(form, posted)["total"] == 41 + 200


def test_a_question_that_may_become_read_only_keeps_what_it_was() -> None:
    form = made(
        ask("checkbox", key="agreed"),
        ask("number", key="amount", readonly="=agreed"),
        ask("expression", key="twice", expression="=amount * 2"),
    )

    open_ = answer(form, post(amount="9"), {"amount": 4})
    closed = answer(form, post(agreed="true", amount="9"), {"amount": 4})

    assert (open_["amount"], open_["twice"]) == (9, 18)
    assert (closed["amount"], closed["twice"]) == (4, 8)


def test_a_rule_about_what_is_not_answered_yet_hides_nothing() -> None:
    form = made(ask("number", key="a"), ask("textfield", key="b", conditional={"hide": "=a > 3"}))

    assert list(answer(form, {})) == ["a", "b"]


@pytest.mark.parametrize(
    ("component", "part"),
    [
        (ask("textfield", conditional={"hide": "=nobody = 1"}), "is not a name this procedure knows"),
        (ask("textfield", conditional={"hide": '="yes"'}), "must give true or false"),
        (ask("textfield", conditional={"hide": "=word > 3"}), "a text with a number"),
        (ask("textfield", label="{{ nobody }}"), "could not be worked out"),
        (ask("number", validate={"max": '="many"'}), "must be a number"),
        (ask("textfield", conditional={"hide": "=count(for x in 1..9999999 return x) > 1"}), "stopped"),
    ],
)
def test_a_rule_that_cannot_be_worked_out_stops_the_form_with_a_sentence(component: dict[str, Any], part: str) -> None:
    form = made(component)
    attempts: list[Callable[[], object]] = [
        lambda: answer(form, {}, {"word": "text"}),
        lambda: forms.view(form, {"word": "text"}),
    ]

    for attempt in attempts:
        with pytest.raises(ExpressionStopped, match=part):
            attempt()


def test_an_answer_that_cannot_be_worked_out_stops_the_check() -> None:
    with pytest.raises(ExpressionStopped, match="could not be worked out"):
        answer(made(ask("expression", expression="=nobody")), {})


def test_nothing_typed_is_ever_read_as_a_rule() -> None:
    form = made(ask("textfield"), {"type": "text", "id": "T", "text": "You said {{ answer }}."})

    shown = forms.view(form, {}, post(answer="{{ 1 + 1 }} = 2 [x](https://example.org) **b**"))

    passage = shown.parts[1]
    assert isinstance(passage, forms.PassageView)
    spans = passage.blocks[0].lines[0]
    assert [(span.text, span.strong, span.href) for span in spans] == [
        ("You said {{ 1 + 1 }} = 2 [x](https://example.org) **b**.", False, None)
    ]


def test_checking_twelve_questions_with_three_rules_again_and_again_does_not_hang() -> None:
    form = sample("triage")
    answer(form, TRIAGE, TRIAGE_NAMES)

    def quickest() -> float:
        began = time.perf_counter()
        answer(form, TRIAGE, TRIAGE_NAMES)
        return time.perf_counter() - began

    assert min(quickest() for _ in range(20)) < 0.5  # a hang, not a speed
