"""One case from rest to rest: steps, choices, branches, blocks, ends and what the runner refuses."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.diagram import dialect
from engine.bpmn.runtime import runner, state
from engine.bpmn.runtime.library_errors import guarded
from engine.bpmn.runtime.state import FORMAT
from engine.bpmn.runtime.workflow import OnlyFeel
from engine.errors import CaseMovedOn, CaseStuck, ExpressionStopped
from engine.model.casework import Answers
from engine.rules import feel
from engine.rules.feel import Ask, Told
from tests.engine.bpmn.random_models.handmade import Handmade
from tests.engine.bpmn.sketch import end, gateway, script, several, sketch, start, sub, user, wait, word
from tests.engine.bpmn.trial import trial

FORK = gateway("f", parallel=True)
JOIN = gateway("j", parallel=True)


def test_a_case_rests_at_each_person_and_ends_with_no_state() -> None:
    case = trial(user("a"), user("b"), flows="s>a>b>e").start()
    first = case.token("a")
    assert (case.tasks, set(case.rest.begun), case.rest.ended_at) == (["a"], {first}, None)

    case.does("a", x=1)
    assert (case.tasks, set(case.rest.gone), case.rest.passed) == (["b"], {first}, ("a", "f_a_b"))

    case.does("b")
    assert (case.rest.ended_at, case.rest.state, case.rest.begun) == ("e", b"", frozenset())
    assert case.values == {"x": 1}


def test_what_is_given_is_never_changed() -> None:
    case = trial(user("a"), user("b"), flows="s>a>b>e").start()
    answers, new = Answers({"x": {"y": [1]}}), {"x": {"y": [2]}}
    before = deepcopy((answers, new))

    again = [runner.complete(case.definition, case.rest.state, answers, case.token("a"), new, {}) for _ in range(2)]

    assert (answers, new) == before
    assert again[0] == again[1]


def test_a_token_is_never_used_twice() -> None:
    case = trial(user("a"), gateway("x", default="f_x_a"), flows="s>a>x>a x>e?=done", names="done").start()
    seen = []

    for done in (False, False, False, True):
        seen.append(case.token("a"))
        case.does("a", done=done)

    assert len(set(seen)) == 4


def test_a_task_done_already_is_told_apart() -> None:
    case = trial(user("a"), user("b"), flows="s>a>b>e").start()
    token = case.token("a")
    case.does("a")

    with pytest.raises(CaseMovedOn):
        case.completes(token)


# Choices


def choice(**answers: Any) -> list[str]:
    """The way a gateway takes."""
    parts = (gateway("x", default="f_x_c"), user("a"), user("b"), user("c"))
    flows = "s>x>a?=n_>_10 x>b?=n_>_5 x>c a>e b>e c>e".replace("_>_", ".gt.")
    drawn = sketch(*parts, flows=flows, trust__names="n").replace(b".gt.", b" &gt; ")
    rest = runner.start(Handmade(dialect.read(drawn)), Answers(answers), {})
    return [each.step for each in rest.waiting]


@pytest.mark.parametrize(("n", "way"), [(11, "a"), (6, "b"), (1, "c")])
def test_the_first_condition_that_is_true_wins_and_else_the_default(n: int, way: str) -> None:
    assert choice(n=n) == [way]


def test_an_unanswered_name_stops_the_case_and_says_where() -> None:
    with pytest.raises(ExpressionStopped, match="At “X”, the condition of the arrow “n > 10” is neither true nor"):
        choice()


def test_a_name_nobody_declared_stops_the_case_and_says_which() -> None:
    case = trial(gateway("x", default="f_x_e"), user("a"), flows="s>x>a?=nobody_said x>e a>e", names="n")

    with pytest.raises(ExpressionStopped, match=r"At “X”.*nobody said"):
        case.start()


def test_a_condition_after_the_one_that_is_true_is_not_asked_for_its_truth() -> None:
    case = trial(
        gateway("x", default="f_x_e"), user("a"), user("b"), flows="s>x>a?=n_=_null x>b?=n x>e a>e b>e", names="n"
    )

    assert case.start().tasks == ["a"]


def test_all_conditions_of_a_gateway_take_one_call_with_only_the_names_they_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[tuple[int, set[str]]] = []
    evaluate = feel.evaluate

    def counted(asks: Sequence[Ask], names: Any, scopes: Any = None) -> list[Told]:
        calls.append((len(asks), set(names)))
        return evaluate(asks, names, scopes)

    monkeypatch.setattr(feel, "evaluate", counted)

    choice(n=1, report="A long report nobody asks for.")

    assert calls == [(2, {"n"})]


def test_a_gateway_without_a_fitting_arrow_or_a_default_says_so() -> None:
    case = trial(gateway("x"), user("a"), user("b"), flows="s>x>a?=n x>b?=n a>e b>e", names="n")

    with pytest.raises(ExpressionStopped, match="No arrow leaving “X” fits"):
        case.start(n=False)


# Branches


def test_branches_meet_only_when_all_are_in_in_every_round_of_a_loop() -> None:
    case = trial(
        FORK,
        JOIN,
        gateway("m"),
        gateway("x", default="f_x_e"),
        user("a"),
        user("b"),
        flows="s>m>f>a>j>x>e f>b>j x>m?=again",
        names="again",
    ).start()

    for first, second in (("a", "b"), ("b", "a"), ("b", "a")):
        case.does(first, again=True)
        assert case.tasks == [second]

        case.does(second)
        assert case.tasks == ["a", "b"]

    assert case.does("a", "b", again=False).rest.ended_at == "e"


def test_twelve_parallel_blocks_in_a_row_are_no_larger_than_one() -> None:
    gates = [gateway(f"{kind}{n}", parallel=True) for n in range(12) for kind in "fj"]
    people = [user(f"{kind}{n}") for n in range(12) for kind in "ab"]
    blocks = " ".join(f"f{n}>a{n}>j{n} f{n}>b{n}>j{n}" for n in range(12))
    row = "s>f0 " + " ".join(f"j{n}>f{n + 1}" for n in range(11)) + " j11>e"
    case = trial(*gates, *people, flows=f"{row} {blocks}").start()

    for n in range(12):
        assert len(case.rest.state) < 80
        case.does(f"b{n}", f"a{n}")

    assert case.rest.ended_at == "e"


def test_the_case_ends_when_its_last_branch_does() -> None:
    case = trial(FORK, user("a"), user("b"), end("e1"), end("e2"), flows="s>f>a>e1 f>b>e2", ends=True).start()

    assert case.does("b").rest.ended_at is None
    assert case.does("a").rest.ended_at == "e1"


def test_a_branch_that_can_never_come_stops_the_case() -> None:
    parts = (FORK, JOIN, gateway("x", default="f_x_j"), user("a"), user("b"), end("out"))
    case = trial(*parts, flows="s>f>a>j>e f>b>x>j x>out?=leave", names="leave").start()
    case.does("a")

    with pytest.raises(CaseStuck, match="for ever"):
        case.does("b", leave=True)


# Blocks


def test_blocks_stand_in_blocks_and_in_loops() -> None:
    inner = sub("inner", start("s3"), user("b"), end("e3"), flows="s3>b>e3")
    outer = sub("outer", start("s2"), user("a"), inner, end("e2"), flows="s2>a>inner>e2")
    case = trial(outer, gateway("m"), gateway("x", default="f_x_e"), flows="s>m>outer>x>e x>m?=again", names="again")
    case.start()

    for again in (True, True, False):
        case.does("a", "b", again=again)

    assert case.rest.ended_at == "e"
    assert case.rest.passed == (
        "b",
        "f_b_e3",
        "e3",
        "inner",
        "f_inner_e2",
        "e2",
        "outer",
        "f_outer_x",
        "x",
        "f_x_e",
        "e",
    )


def test_a_terminating_end_stops_the_whole_case() -> None:
    case = trial(FORK, user("a"), user("b"), end("stop", terminate=True), flows="s>f>a>stop f>b>e").start()
    beside = case.token("b")

    case.does("a")

    assert (case.rest.ended_at, case.rest.state) == ("stop", b"")
    assert beside in case.rest.gone


def test_a_terminating_end_in_a_block_stops_that_block() -> None:
    block = sub(
        "block", start("s2"), FORK, user("a"), user("b"), end("t", terminate=True), end("e2"), flows="s2>f>a>t f>b>e2"
    )
    case = trial(block, user("after"), flows="s>block>after>e").start()

    assert case.does("a").tasks == ["after"]


# Odd and hostile drawings


def test_steps_may_be_called_start_and_end() -> None:
    case = trial(user("Start"), user("End"), user("Root"), flows="s>Start>End>Root>e").start()

    assert case.does("Start", "End", "Root").rest.ended_at == "e"


def test_a_long_chain_runs() -> None:
    steps = [f"a{n}" for n in range(600)]
    case = trial(*[script(step, "1") for step in steps[:-1]], user(steps[-1]), flows=f"s>{'>'.join(steps)}>e").start()

    assert case.tasks == ["a599"]


def test_going_round_without_asking_anybody_stops_and_says_where() -> None:
    case = trial(gateway("m"), script("count", "1"), flows="s>m>count>m")

    with pytest.raises(CaseStuck, match="round and round at “M”"):
        case.start()


def test_python_in_a_diagram_is_never_run(tmp_path: Path) -> None:
    planted = f"__import__('os').system('touch {tmp_path}/ran')"
    hostile = [
        trial(gateway("x", default="f_x_e"), user("a"), flows=f"s>x>a?={planted} x>e a>e"),
        trial(script("a", planted), flows="s>a>e"),
        trial(user("a", inner=several(planted)), flows="s>a>e"),
        trial(word("a", "tell", role="headteacher", subject="{{" + planted + "}}", text="x"), flows="s>a>e"),
        trial(wait("a", "=" + planted), flows="s>a>e"),
    ]
    for case in hostile:
        with pytest.raises(ExpressionStopped):
            case.start()

    assert list(tmp_path.iterdir()) == []


def test_the_librarys_script_engine_is_replaced_on_every_load() -> None:
    case = trial(user("a"), flows="s>a>e", names="n").start(n=2)
    run = state.load(runner.plan_of(case.definition), case.rest.state, case.rest.answers, {})
    task = run.tasks[case.token("a")]

    assert type(run.script_engine) is OnlyFeel
    assert run.script_engine.evaluate(task, "n + 1") == 3
    with pytest.raises(CaseStuck):
        run.script_engine.execute(task, "n = 1")
    with pytest.raises(CaseStuck):
        run.script_engine.call_service(task)


# State


def test_the_same_steps_leave_the_same_bytes() -> None:
    def told() -> list[bytes]:
        case = trial(FORK, JOIN, user("a"), user("b"), flows="s>f>a>j>e f>b>j").start()
        return [case.rest.state, case.does("b").rest.state]

    assert told() == told()


def test_state_from_a_newer_headway_is_refused_with_a_sentence() -> None:
    case = trial(user("a"), flows="s>a>e").start()
    newer = bytes([FORMAT + 1]) + case.rest.state[1:]

    with pytest.raises(CaseStuck, match="newer Headway"):
        runner.complete(case.definition, newer, Answers(), case.token("a"), {}, {})


def test_a_state_that_cannot_be_read_is_refused_with_a_sentence() -> None:
    case = trial(user("a"), flows="s>a>e").start()
    kept = case.rest.state
    other = trial(user("b"), flows="s>b>e").start().rest.state
    made = [bytes([FORMAT]) + zlib.compress(rows) for rows in (b"[1,[]]", b"{}", b"[1,[[1,0]]]", b'[1,[[2,7,"a",8]]]')]

    for broken in (kept[:-5], kept[:1], other, kept[:1] + kept[:0:-1], *made):
        with pytest.raises(CaseStuck, match="cannot be read") as raised:
            runner.complete(case.definition, broken, Answers(), case.token("a"), {}, {})
        assert raised.value.__cause__ is not None


def test_whatever_the_library_raises_becomes_a_plain_refusal() -> None:
    with pytest.raises(CaseStuck, match="could not be carried out") as raised:
        guarded(lambda: int("x"))

    assert isinstance(raised.value.__cause__, ValueError)


@pytest.mark.parametrize("rounds", [600, pytest.param(5_000, marks=pytest.mark.slow)])
def test_thousands_of_rounds_leave_no_trace(rounds: int) -> None:
    case = trial(user("a"), gateway("x", default="f_x_a"), flows="s>a>x>a x>e?=done", names="done,text").start()
    sizes = set()

    for n in range(rounds):
        case.does("a", done=False, text=f"{n:05d}" * 1_000)
        sizes.add(len(case.rest.state))

    assert max(sizes) < 64
    assert case.does("a", done=True).rest.ended_at == "e"
