"""Every decision table is tried before publishing: its cells, its rules together, its results."""

from __future__ import annotations

from html import escape

import pytest

from tests.engine.bpmn.sketch import sketch, step, user
from tests.engine.bpmn.trying.asked import Question, choice, day, faults, form, number, text, tick

COST, KIND = ("Cost", "n", "number"), ("Kind", "kind", "string")


def table(column: tuple[str, str, str], rules: list[tuple[str, str]], policy: str = "FIRST", more: str = "") -> bytes:
    """A table of one input and one result, a rule a line."""
    label, name, kind = column
    head = (
        f'<input id="i" label="{label}"><inputExpression id="e" typeRef="{kind}"><text>{name}</text>'
        f'</inputExpression></input><output id="o" name="who" typeRef="{"number" if more else "string"}" />'
    )
    lines = "".join(
        f'<rule id="r{at}"><inputEntry id="c{at}"><text>{escape(test)}</text></inputEntry>'
        f'<outputEntry id="q{at}"><text>{escape(result)}</text></outputEntry></rule>'
        for at, (test, result) in enumerate(rules)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        f'<decision id="t" name="T"><decisionTable id="dt" hitPolicy="{policy}"{more}>{head}{lines}</decisionTable>'
        "</decision></definitions>"
    ).encode()


def told(decision: bytes, *questions: Question) -> list[tuple[str | None, str]]:
    """What is said of a table behind a form that asks these."""
    drawn = sketch(user("a", form="f"), step("businessRuleTask", "r", camunda_decisionRef="t"), flows="s>a>r>e")
    return [(fault.element, fault.sentence) for fault in faults(drawn, form(*questions), {"t": decision})]


WRONG: tuple[tuple[str, tuple[str, str, str], Question, str], ...] = (
    ("> 5,000", COST, number(), "Write 5000."),
    ("1,000", COST, number(), "Write 1000."),
    ("5,250", COST, number(), "5250 for the one number, or “5, 250”"),
    ("500-5000", COST, number(), "Write [500..5000]"),
    ("[5-10]", COST, number(), "Write [5..10]"),
    (">5 and <10", COST, number(), "(5..10)"),
    ("== 5", COST, number(), "Write 5."),
    ("<> 5", COST, number(), "Write not(5)."),
    ('"5"', COST, number(), "Write 5 without quotation marks"),
    ("> 10", COST, number(max=10), "never applies"),
    ("? + 1", ("Cost", "n", "Any"), text("n"), "would stop the case"),
    ('"urgent" or "normal"', KIND, choice(), 'commas between them: "urgent", "normal"'),
    ('"urgnet"', KIND, choice(), "Did you mean “urgent”?"),
    ('"urgent", "nomral"', KIND, choice(), "Did you mean “normal”?"),
    ("5", KIND, choice(), "Put it in quotation marks"),
    ('"yes"', ("Ok", "ok", "boolean"), tick(), "Write true without quotation marks"),
    ('"2026-01-01"', ("Day", "d", "date"), day(), 'Write date("2026-01-01")'),
)
RIGHT: tuple[tuple[str, tuple[str, str, str], Question], ...] = (
    ("> 5", COST, number()),
    ("[5..10]", COST, number()),
    ("5, 250", COST, number()),
    ("not(5)", COST, number()),
    ("> 1000000000", COST, number()),
    ('"urgent", "normal"', KIND, choice(required=False)),
    ('not("urgent")', KIND, choice()),
    ("null", KIND, choice(required=False)),
    ('"anything"', ("Text", "t", "string"), text()),
    ("true", ("Ok", "ok", "boolean"), tick()),
    ('> date("2026-01-01")', ("Day", "d", "date"), day()),
    ("< today", ("Day", "d", "date"), day()),
)


@pytest.mark.parametrize(("cell", "column", "question", "said"), WRONG, ids=[cell for cell, *_ in WRONG])
def test_a_cell_that_cannot_work_is_told_once(
    cell: str, column: tuple[str, str, str], question: Question, said: str
) -> None:
    found = told(table(column, [(cell, '"x"'), ("-", '"y"')]), question)

    assert [element for element, _ in found] == ["c0"]
    assert said in found[0][1]


@pytest.mark.parametrize(("cell", "column", "question"), RIGHT, ids=[cell for cell, *_ in RIGHT])
def test_a_cell_that_works_passes(cell: str, column: tuple[str, str, str], question: Question) -> None:
    assert told(table(column, [(cell, '"x"')]), question) == []


def test_a_column_of_another_type_is_told_with_the_type_to_choose() -> None:
    assert told(table(("Cost", "n", "string"), [("-", '"x"')]), number()) == [
        ("i", "This column tests texts, and “n” is a number. Choose “number” as the column's type.")
    ]


def test_rules_that_both_apply_where_one_may_are_told_with_an_answer() -> None:
    rules = [("> 5", '"x"'), ("> 3", '"y"')]

    assert "Rules 1 and 2 both apply when “Cost” is “12”" in told(table(COST, rules, "UNIQUE"), number())[0][1]
    assert told(table(COST, [("> 5", '"x"'), ("<= 5", '"y"')], "UNIQUE"), number()) == []


def test_a_rule_that_another_always_comes_before_is_told() -> None:
    rules = [("> 3", '"x"'), ("> 5", '"y"'), ("-", '"z"')]

    assert [(element, said[:24]) for element, said in told(table(COST, rules), number())] == [
        ("r1", "This rule never applies:")
    ]
    assert told(table(COST, [rules[1], rules[0], rules[2]]), number()) == []


def test_results_that_are_added_up_must_be_numbers() -> None:
    added = ' aggregation="SUM"'

    assert "must be a number" in told(table(KIND, [('"urgent"', '"5"')], "COLLECT", added), choice())[0][1]
    assert told(table(KIND, [('"urgent"', "5")], "COLLECT", added), choice()) == []
