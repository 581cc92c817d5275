"""Decision tables: read as the modeller saves them, every fault told at once, decided in one call."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadFile, ExpressionStopped
from engine.rules import feel
from engine.rules.table_faults import faults
from engine.rules.tables import Decision, decide, read

TRIAGE = (Path(__file__).parent / "samples" / "triage.dmn").read_bytes()
KNOWN = {"kind", "measured", "expected", "visited_on", "phase", "today"}
NAMES = {"kind": "concern", "measured": 40, "expected": 47, "visited_on": "2026-10-01", "phase": "primary"}
TODAY = {"today": date(2026, 11, 23)}


def table(
    *rules: str, policy: str = "UNIQUE", inputs: str = "a:number", outputs: str = "found", extra: str = ""
) -> Decision:
    """A table. inputs: "expression:type ..."; rules: cells separated by "|", tests first."""
    columns = "".join(
        f'<input id="i{n}" label="In {n}"><inputExpression typeRef="{column.partition(":")[2]}">'
        f"<text>{column.partition(':')[0]}</text></inputExpression></input>"
        for n, column in enumerate(inputs.split())
    )
    columns += "".join(f'<output id="o{n}" name="{name}" />' for n, name in enumerate(outputs.split()))
    width = len(inputs.split())
    for number, rule in enumerate(rules, 1):
        cells = [escape(cell.strip()) for cell in rule.split("|")]
        entries = "".join(f'<inputEntry id="t{number}"><text>{cell}</text></inputEntry>' for cell in cells[:width])
        entries += "".join(f'<outputEntry id="r{number}"><text>{cell}</text></outputEntry>' for cell in cells[width:])
        columns += f'<rule id="rule{number}">{entries}</rule>'
    inner = f'<decisionTable hitPolicy="{policy}" {extra}>{columns}</decisionTable>'
    return read(wrapped(f'<decision id="k" name="K">{inner}</decision>'))


def wrapped(inner: str, attributes: str = "") -> bytes:
    namespace = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    return f'<definitions xmlns="{namespace}" id="d" name="d" namespace="n" {attributes}>{inner}</definitions>'.encode()


def test_a_table_of_the_modeller_is_read() -> None:
    decision = read(TRIAGE)

    assert (decision.key, decision.name, decision.hit_policy) == ("triage", "How to look", "FIRST")
    assert [column.label for column in decision.inputs] == ["Kind of signal", "Gap to similar schools", "Last visited"]
    assert [column.expression for column in decision.inputs] == ["kind", "measured - expected", "visited_on"]
    assert [column.name for column in decision.outputs] == ["route", "days"]
    assert [rule.id for rule in decision.rules] == ["Rule_urgent", "Rule_visit", "Rule_rest"]
    assert decision.rules[0].note == "Far behind and nobody has been there this year"
    assert [cell.text for cell in decision.rules[1].tests] == ['"concern"', "[-10..-5]", "-"]
    assert decision.rules[2].results[1].text == "null"
    assert faults(decision, KNOWN) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, {"route": "on site", "days": 5}),
        ({"phase": "secondary"}, {"route": "on site", "days": 10}),
        ({"measured": 30, "visited_on": "2025-01-10"}, {"route": "urgent", "days": 0}),
        ({"measured": 30}, None),
        ({"kind": "strength"}, {"route": "share", "days": None}),
        ({"kind": "strength", "measured": None, "visited_on": None}, {"route": "share", "days": None}),
    ],
)
def test_a_table_decides(changed: dict[str, Any], found: dict[str, Any] | None) -> None:
    assert decide(read(TRIAGE), {**NAMES, **TODAY, **changed}) == found


def test_a_date_typed_input_may_be_a_date_or_a_text_from_a_form() -> None:
    decision = table('< date("2026-12-01") | "early"', '>= date("2026-12-01") | "late"', inputs="a:date")

    assert decide(decision, {"a": "2026-11-30"}) == {"found": "early"}
    assert decide(decision, {"a": date(2026, 12, 1)}) == {"found": "late"}
    assert decide(decision, {"a": None}) is None


def test_a_whole_table_is_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    decision = read(TRIAGE)
    names = {**NAMES, **TODAY, "huge": "never sent"}
    decide(decision, names)
    calls: list[bytes] = []
    call = feel._keeper.call

    def counted(text: bytes, about: Hashable = None) -> str:
        calls.append(text)
        return call(text, about)

    monkeypatch.setattr(feel._keeper, "call", counted)

    decide(decision, names)

    assert len(calls) == 1
    assert b"never sent" not in calls[0]


def test_only_one_rule_of_a_unique_table_may_apply() -> None:
    decision = table("> 1 | 1", "> 2 | 2", "> 9 | 3")

    assert decide(decision, {"a": 2}) == {"found": 1}
    assert decide(decision, {"a": 0}) is None
    with pytest.raises(ExpressionStopped, match="“K” allows one rule at a time, but rules 1 and 2 all apply"):
        decide(decision, {"a": 3})


def test_the_first_rule_of_a_first_table_wins() -> None:
    decision = table("> 1 | 1", "> 2 | 2", policy="FIRST")

    assert decide(decision, {"a": 3}) == {"found": 1}


def test_a_collect_table_gives_every_rule_that_applies_in_order() -> None:
    decision = table('> 1 | 1 | "x"', '> 2 | 2 | "y"', '> 9 | 3 | "z"', policy="COLLECT", outputs="found why")

    assert decide(decision, {"a": 3}) == [{"found": 1, "why": "x"}, {"found": 2, "why": "y"}]
    assert decide(decision, {"a": 0}) == []


@pytest.mark.parametrize(
    ("aggregation", "many", "none"), [("SUM", 30, None), ("MIN", 10, None), ("MAX", 20, None), ("COUNT", 2, 0)]
)
def test_a_collect_table_may_add_its_results_up(aggregation: str, many: int, none: int | None) -> None:
    decision = table("> 1 | 10", "> 2 | 20", policy="COLLECT", extra=f'aggregation="{aggregation}"')

    assert decide(decision, {"a": 3}) == {"found": many}
    assert decide(decision, {"a": 0}) == {"found": none}


def test_results_are_added_up_as_on_paper() -> None:
    decision = table("- | 0.1", "- | 0.2", "- | 19.99", policy="COLLECT", extra='aggregation="SUM"')

    assert decide(decision, {"a": 1}) == {"found": 20.29}


@pytest.mark.parametrize(
    ("kind", "cell", "short", "long"),
    [
        ("dayTimeDuration", '< duration("P7D")', "P6D", "P8D"),
        ("dayTimeDuration", '[duration("PT1H")..duration("PT36H")]', "P1D", "P2D"),
        ("yearMonthDuration", '<= duration("P1Y")', "P12M", "P13M"),
    ],
)
def test_a_length_of_time_is_compared_as_one_also_when_it_was_kept_as_a_text(
    kind: str, cell: str, short: str, long: str
) -> None:
    decision = table(f"{cell} | 1", inputs=f"a:{kind}")

    assert decide(decision, {"a": short}) == {"found": 1}
    assert decide(decision, {"a": long}) is None
    assert decide(decision, {"a": None}) is None
    assert decide(table(f"{cell} | 1", inputs=f"duration(a):{kind}"), {"a": short}) == {"found": 1}


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "COLLECT"])
def test_a_table_with_every_input_left_empty_applies_only_what_asks_for_nothing(policy: str) -> None:
    decision = table(
        '? < 3 | "x" | 1',
        'not(5) | not("x") | 2',
        '- | != "x" | 3',
        "count(?) > 0 | - | 4",
        "null | null | 5",
        "- | ? = b | 6",
        policy=policy,
        inputs="a:number b:string",
    )

    decided = decide(decision, {"a": None, "b": None})

    assert decided == ([{"found": 5}] if policy == "COLLECT" else {"found": 5})


def test_adding_up_what_is_no_number_stops() -> None:
    with pytest.raises(ExpressionStopped, match="one of them is not a number"):
        decide(table('> 1 | "x"', policy="COLLECT", extra='aggregation="SUM"'), {"a": 3})


@pytest.mark.parametrize(
    ("decision", "names", "sentence"),
    [
        (table("> nobody | 1"), {"a": 1}, "in rule 1 at “In 0”: nobody is not a name this procedure knows"),
        (table("> 1 | nobody"), {"a": 3}, "in rule 1 at “found”: nobody is not a name this procedure knows"),
        (table("> 1 | 1", inputs="nobody:number"), {"a": 3}, "at “In 0”: nobody is not a name"),
        (table("> 1 | 1"), {"a": "3"}, "expects a number for “In 0” and was given something else"),
        (table('"x" | 1', inputs="a:string"), {"a": 3}, "expects a text for “In 0”"),
        (table("true | 1", inputs="a:boolean"), {"a": "true"}, "expects yes or no for “In 0”"),
        (table("> 1 | 1"), {"a": True}, "expects a number"),
        (table("> 1 | 1", inputs="a:Any"), {"a": "3"}, "it compares a text with a number"),
        (table("> 1 | 1"), {}, "a is not a name this procedure knows"),
        (table("count(for i in 1..100000000 return i) > 0 | 1"), {"a": 3}, "took too long"),
    ],
)
def test_a_table_that_cannot_be_worked_out_stops_and_says_where(
    decision: Decision, names: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ExpressionStopped, match=sentence):
        decide(decision, names)


def test_a_result_that_fails_in_a_rule_that_does_not_apply_stops_nothing() -> None:
    decision = table("> 1 | 1", '<= 1 | "x" + 1')

    assert decide(decision, {"a": 3}) == {"found": 1}


def test_an_input_that_is_not_answered_matches_only_what_asks_for_nothing() -> None:
    decision = table('> 1 | "more"', '<= 1 | "less"', 'null | "none"')

    assert decide(decision, {"a": None}) == {"found": "none"}


def test_a_list_may_be_tested_whatever_type_the_column_says() -> None:
    decision = table('list contains(?, "data") | 1', inputs="a:string")

    assert decide(decision, {"a": ["data", "talk"]}) == {"found": 1}
    assert decide(decision, {"a": ["talk"]}) is None


def test_every_fault_of_a_table_is_told_at_once() -> None:
    decision = table("> | 1", "> nobody | somebody +", "5 | other", inputs="a:number", outputs="found")

    found = faults(decision, {"a"})

    assert [(element, label) for element, label, _ in found] == [
        ("t1", "Rule 1, In 0"),
        ("t2", "Rule 2, In 0"),
        ("r2", "Rule 2, found"),
        ("r3", "Rule 3, found"),
    ]
    assert "could not be read" in found[0][2]
    assert "“nobody” is not a name this procedure knows" in found[1][2]
    assert all(sentence.endswith(".") for _, _, sentence in found)


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        (table(), "has no rules"),
        (table("1 | 1", outputs="not&#32;good"), "a name of letters"),
        (table("1 | 1 | 2", outputs="same same"), "Two results are called “same”"),
        (table("1|1|2", outputs="x y", policy="COLLECT", extra='aggregation="SUM"'), "can have only one"),
    ],
)
def test_a_table_that_cannot_work_is_a_fault(decision: Decision, sentence: str) -> None:
    assert any(sentence in said for _, _, said in faults(decision, {"a"}))


OUTPUT = '<output id="o" name="o" />'
GOOD = f"<decisionTable>{OUTPUT}</decisionTable>"


def one(inside: str = GOOD, id: str = 'id="a"') -> str:
    return f"<decision {id}>{inside}</decision>"


def made(attributes: str = "", columns: str = OUTPUT) -> str:
    return one(f"<decisionTable {attributes}>{columns}</decisionTable>")


@pytest.mark.parametrize(
    ("inner", "sentence"),
    [
        ("", "holds no decision"),
        (one() + one(), "several decisions"),
        (one("<literalExpression><text>1</text></literalExpression>"), "literalExpression"),
        (one("<invocation />"), "invocation"),
        (one("<context />"), "context"),
        (one(""), "has no table"),
        (one(id=""), "has no id"),
        (one(GOOD + GOOD), "has no table"),
        (f'<businessKnowledgeModel id="b" />{one()}', "businessKnowledgeModel"),
        (
            one(f'<informationRequirement><requiredDecision href="#b" /></informationRequirement>{GOOD}'),
            "builds on another",
        ),
        *((made(f'hitPolicy="{policy}"'), "hit policy") for policy in ("ANY", "PRIORITY", "RULE ORDER", "OUTPUT", "")),
        (made('aggregation="SUM"'), "adds its results up"),
        (made('hitPolicy="COLLECT" aggregation="PRODUCT"'), "adds its results up"),
        (made(columns=""), "has no result"),
        (made(columns=f'<input id="i" />{OUTPUT}'), "nothing to test"),
        (made(columns=f'{OUTPUT}<rule id="r" />'), "Rule 1 .* not one cell"),
        (made(columns=f'{OUTPUT}<rule id="r"><script /></rule>'), "Rule 1 .* something that Headway does not know"),
        (made(columns='<output id="o" name="o"><defaultOutputEntry /></output>'), "a default result"),
        (made(columns='<output id="o" name="o" typeRef="tColour" />'), "the type “tColour”"),
    ],
)
def test_what_headway_does_not_do_is_refused_by_name(inner: str, sentence: str) -> None:
    with pytest.raises(BadFile, match=sentence):
        read(wrapped(inner))


@pytest.mark.parametrize("language", ["javascript", "groovy", "juel", "python", "http://www.w3.org/1999/XPath"])
@pytest.mark.parametrize("place", ["definitions", "input", "cell", "result"])
def test_a_cell_in_another_language_is_refused(language: str, place: str) -> None:
    said = f'expressionLanguage="{language}"'
    at = {name: said if name == place else "" for name in ("definitions", "input", "cell", "result")}
    inner = (
        f'<decision id="k"><decisionTable><input id="i"><inputExpression {at["input"]}><text>a</text></inputExpression>'
        f'</input><output id="o" name="o" /><rule id="r"><inputEntry {at["cell"]}><text>1</text></inputEntry>'
        f"<outputEntry {at['result']}><text>1</text></outputEntry></rule></decisionTable></decision>"
    )

    with pytest.raises(BadFile, match="FEEL only"):
        read(wrapped(inner, at["definitions"]))


@pytest.mark.parametrize("language", ["feel", "FEEL", "https://www.omg.org/spec/DMN/20191111/FEEL/"])
def test_a_table_may_say_that_it_is_in_feel(language: str) -> None:
    data = TRIAGE.replace(b'expressionLanguage="feel"', f'expressionLanguage="{language}"'.encode())

    assert decide(read(data), {**NAMES, **TODAY}) == {"route": "on site", "days": 5}


def test_a_table_too_large_to_be_one_is_refused() -> None:
    with pytest.raises(BadFile, match="more than 2,000 cells"):
        table(*["1 |" * 20 + "1"] * 110, inputs="a " * 20)


@pytest.mark.slow
def test_a_table_of_many_cells_is_worked_out_also_the_first_time() -> None:
    decision = table(*[f'{number} | "{number}" + "x"' for number in range(600)])

    assert decide(decision, {"a": 599}) == {"found": "599x"}


def test_python_in_a_cell_is_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    code = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    decision = table(f"{code} | {code}", f"- | {code}", inputs="a:Any")

    assert len(faults(decision, {"a"})) >= 2
    with pytest.raises(ExpressionStopped):
        decide(decision, {"a": 1})
    assert not mark.exists()


def test_the_table_reads_only_the_names_it_says() -> None:
    assert read(TRIAGE).names == KNOWN


def test_a_refusal_names_the_table_by_its_key_when_it_has_no_name() -> None:
    decision = read(wrapped(one(id='id="key_only"')))

    assert decision.title == "The decision table “key_only”"
    assert decide(decision, {}) is None


def test_what_nobody_can_see_is_read_out_of_a_tables_words_and_left_in_its_cells() -> None:
    unseen = "\u200b\u202e"
    drawn = TRIAGE.decode().replace('label="', f'label="{unseen}').replace('name="How', f'name="{unseen}How')
    drawn = drawn.replace("<text>", f"<text>{unseen}", 1)
    found, was = read(drawn.encode()), read(TRIAGE)

    assert [column.label for column in found.inputs] == [column.label for column in was.inputs]
    assert found.name == was.name
    assert unseen in found.inputs[0].expression
