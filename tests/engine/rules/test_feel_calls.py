"""FEEL asked: cells of tables, what an expression reads, and many asks in one call into one isolate."""

from __future__ import annotations

import os
import threading
from collections.abc import Hashable
from datetime import date

import orjson
import pytest

from engine.rules import feel, isolate
from engine.rules.feel import Ask, Of, Told, evaluate, names_in, parse_fault, unknown_names
from engine.rules.isolate import Isolate, IsolateKeeper
from engine.rules.told_before import LONGEST, MOST, ToldBefore
from tests.engine.rules.asked import NAMES, value

# ---- cells of tables -------------------------------------------------------------------------------------------------

CELLS = (
    *("-", "5", "> 5", "<= 5", "[1..5]", "(5..9]", "not(5)", "5, 7", "not(5, 7)", "score", "< score", "-5", "= 5"),
    *("!= 5", "null", "true", "false", "not(true)", "open", '"a"', '"a", "b"', 'not("a", "b")', "nums", "not(nums)"),
    *("? > 1 and ? < 6", "? in (5, 7)", "list contains(?, 2)", "{a: 1}"),
    *("date(visit)", "<= today", "[today..date(visit)]"),
)
ON = (5, 7, 6.5, -5, "a", "c", True, False, [1, 2], {"a": 1}, date(2026, 11, 23), date(2026, 12, 1))


@pytest.fixture(scope="module")
def plain_feelin() -> Isolate:
    """feelin alone, given the same names, for holding cells against its own unaryTest."""
    scripts = [(feel._ROOM / name).read_text(encoding="utf-8") for name in feel.SCRIPTS]
    entry = """(json) => {
      const { text, names, mark } = JSON.parse(json);
      const { value, warnings } = feel.unaryTest(text, headwayValues.received(names, mark));
      return JSON.stringify([value, warnings.length]);
    }"""
    return Isolate(scripts, entry)


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_passes_exactly_what_feelin_alone_lets_pass(cell: str, plain_feelin: Isolate) -> None:
    names = {key: NAMES[key] for key in ("score", "visit", "open", "today")} | {"nums": [5, 7]}
    for on in ON:
        ours = evaluate([Ask(cell, on)], names)[0]
        text = feel._dump({"text": cell, "names": {**names, "?": on}, "mark": feel._MARK})
        theirs, warnings = orjson.loads(plain_feelin.call(text))
        if ours.fault is None:
            assert ours.value is theirs, (cell, on)
        else:  # stricter where values of different kinds are compared, which pass in no case
            assert warnings or ours.fault.startswith("it compares"), (cell, on, ours.fault)


# feelin alone lets an unanswered question pass here and there: its null equals the null that comes of it.
NULL_CELLS = ("-", "null", "= null", "? = null", "5, null", "is(?, null)")


@pytest.mark.parametrize("cell", [*CELLS, *NULL_CELLS])
def test_an_unanswered_question_passes_only_a_cell_that_asks_for_nothing(cell: str) -> None:
    names = {key: NAMES[key] for key in ("score", "visit", "open", "today")} | {"nums": [5, 7]}
    assert evaluate([Ask(cell, None)], names) == [Told(cell in NULL_CELLS)]


def test_a_cell_may_test_what_an_earlier_ask_gave() -> None:
    asks = [Ask("date(visit)"), Ask("> today", Of(0)), Ask("score > nobody"), Ask("> 5", Of(2))]

    found = evaluate(asks, NAMES)

    assert [each.value for each in found] == ["2026-12-01", True, None, None]
    assert found[2].fault == found[3].fault == "nobody is not a name this procedure knows"


# ---- what an expression reads ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("score > limit and today() < due", {"score", "limit", "today", "due"}),
        ("causes[sources > limit]", {"causes", "sources", "limit"}),
        ("for each in causes return each.sources + more", {"causes", "more"}),
        ("for a in rows, b in a.parts return a.x + b.y + partial[1]", {"rows"}),
        ("some q in causes satisfies q.z > limit", {"causes", "limit"}),
        ("{a: 1, b: a + c}", {"c"}),
        ('{"a b": 1, d: q}.d', {"q"}),
        ("function(p, q: number) p + q + r", {"r"}),
        ("school days between(a, b)", {"a", "b", "calendar"}),
        ("now", {"now"}),
        ("count(list1) + sum(list2)", {"list1", "list2"}),
        ("x instance of number", {"x"}),
        ("person.name.first", {"person"}),
        ("f(named: v)", {"f", "v"}),
        ("two words", {"two words"}),
        ("1 + 1", set()),
        ("score > ) 1", set()),
    ],
)
def test_the_names_an_expression_reads(expression: str, expected: set[str]) -> None:
    assert names_in(expression) == expected


def test_the_names_a_cell_reads() -> None:
    assert names_in("> limit, not_this", unary=True) == {"limit", "not_this"}
    assert names_in("-", unary=True) == frozenset()
    assert names_in("? > 1 and other", unary=True) == {"other"}


def test_an_unknown_name_is_told_unless_it_may_be_an_entry_of_what_is_filtered() -> None:
    assert unknown_names("score > limt and today", {"score", "limit", "today"}) == ["limt"]
    assert unknown_names("causes[sources > 2]", {"causes"}) == []
    assert unknown_names("< limt", {"limit"}, unary=True) == ["limt"]


def test_an_expression_works_with_only_the_names_it_reads() -> None:
    for expression in (
        'count(causes[sources > score]) > 0 and school.phase = "primary"',
        "school days between(today, visit)",
    ):
        trimmed = {name: NAMES[name] for name in names_in(expression) if name in NAMES}

        assert evaluate([Ask(expression)], trimmed) == evaluate([Ask(expression)], NAMES)


def test_a_text_that_is_no_feel_says_where() -> None:
    assert parse_fault("score > 5") is None
    assert parse_fault('if score > 5 them "x"') == 'could not be read: something is wrong at “them "x"”'
    assert parse_fault("[1..", unary=True) == "could not be read: its end is missing"
    assert parse_fault("> 5", unary=True) is None
    assert parse_fault('"' + "a" * 5_000 + '"') == "is longer than 4,000 characters"


# ---- one call, one isolate -------------------------------------------------------------------------------------------


def test_all_asks_are_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    asks = [Ask(f"score > {n}") for n in range(20)]
    evaluate(asks, NAMES)
    calls: list[bytes] = []
    call = feel._keeper.call

    def counted(text: bytes, about: Hashable = None) -> str:
        calls.append(text)
        return call(text, about)

    monkeypatch.setattr(feel._keeper, "call", counted)

    evaluate(asks, NAMES)

    assert len(calls) == 1


@pytest.mark.slow
def test_much_to_read_the_first_time_is_read_in_several_calls() -> None:
    asks = [Ask(f"score * {n} + sum(for each in causes return each.sources * {n})") for n in range(250)]

    found = evaluate(asks, NAMES)

    assert [each.value for each in found] == [7 * n + 5 * n for n in range(250)]


def test_what_was_kept_is_the_same_at_every_run() -> None:
    for score in (1, 9, None, 5):
        found = evaluate([Ask("score > 4"), Ask("nobody"), Ask('"a" + score')], {"score": score})
        assert found[0] == Told(None if score is None else score > 4)
        assert found[1].fault == "nobody is not a name this procedure knows"
        assert (found[2].fault is None) == (score is None)


def test_many_threads_each_get_their_own_answers() -> None:
    wrong = []

    def ask(start: int) -> None:
        for n in range(start, start + 60):
            found = evaluate([Ask("a * 2"), Ask("a + 1")], {"a": n})
            if found != [Told(n * 2), Told(n + 1)]:
                wrong.append(found)

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(0, 600, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_a_process_born_of_this_one_makes_an_isolate_of_its_own() -> None:
    assert value("1 + 1") == 2
    child = os.fork()
    if child == 0:
        os._exit(0 if evaluate([Ask("2 + 2")], {})[0].value == 4 else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert value("3 + 3") == 6


# ---- what was told before -------------------------------------------------------------------------------------------


class Calls:
    """How many calls reach V8."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        call = Isolate.call

        def counted(asked: Isolate, text: bytes) -> str:
            self.count += 1
            return call(asked, text)

        monkeypatch.setattr(Isolate, "call", counted)
        monkeypatch.setattr(isolate, "SLOW_SECONDS", 60.0)  # on a busy machine too
        monkeypatch.setattr(feel, "_keeper", IsolateKeeper(feel._make))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(monkeypatch)


def test_the_same_rules_with_the_same_names_are_worked_out_once(calls: Calls) -> None:
    for _ in range(3):
        assert feel.evaluate([Ask("a + 1"), Ask("b")], {"a": 1, "b": [2]}) == [Told(2), Told([2])]

    assert calls.count == 1


def test_another_name_rule_cell_or_kind_of_value_is_worked_out_anew(calls: Calls) -> None:
    assert feel.evaluate([Ask("a")], {"a": 1}) == [Told(1)]
    assert feel.evaluate([Ask("a")], {"a": "1"}) == [Told("1")]
    assert feel.evaluate([Ask("a")], {"a": 2}) == [Told(2)]
    assert feel.evaluate([Ask("a = 1")], {"a": 1}) == [Told(True)]
    assert feel.evaluate([Ask("1", unary_on=1)], {"a": 1}) == [Told(True)]
    assert feel.evaluate([Ask("1", unary_on=2)], {"a": 1}) == [Told(False)]
    assert calls.count == 6


def test_whoever_changes_what_they_were_given_changes_it_for_nobody_else(calls: Calls) -> None:
    for _ in range(2):
        (told,) = feel.evaluate([Ask("a")], {"a": [1]})
        told.value.append(2)

    assert feel.evaluate([Ask("a")], {"a": [1]}) == [Told([1])]
    assert calls.count == 1


def test_only_so_much_is_kept_and_nothing_long() -> None:
    kept = ToldBefore()
    for number in range(MOST + 1):
        kept.keep(b"%d" % number, "answer")
    kept.keep(b"x" * (LONGEST + 1), "answer")
    kept.keep(b"long", "x" * (LONGEST + 1))

    assert kept.find(b"0") is None
    assert kept.find(b"1") == kept.find(b"%d" % MOST) == "answer"
    assert kept.find(b"x" * (LONGEST + 1)) is None
    assert kept.find(b"long") is None
