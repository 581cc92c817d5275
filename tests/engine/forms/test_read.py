"""Reading .form files: what they hold becomes plain values, what cannot be read is refused at once."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from engine import forms
from engine.errors import BadFile
from engine.forms import QuestionKind
from engine.forms.drawn.model import Choices, Group, Listing, Option, Passage, Question, Separator
from engine.forms.drawn.texts import BlockKind, Feel
from tests.engine.forms.attacks import fault_attacks, form_attacks
from tests.engine.forms.form_samples import ask, drawn, made, rows, sample

ATTACKS = dict(form_attacks())
FAULTY = dict(fault_attacks())
MOST_SECONDS = 5  # tells a hang from a refusal; how fast refusing is, `make bench` measures


def quickest(work: object, times: int = 3) -> float:
    """The least time of a few runs: the machine may be busy with something else."""
    assert callable(work)
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def test_a_form_from_the_editor_is_read() -> None:
    form = sample("triage")

    kinds = [part.kind for part in form.parts if isinstance(part, Question)]
    assert form.key == "triage"
    assert kinds[:5] == [
        QuestionKind.RADIO,
        QuestionKind.LONG_TEXT,
        QuestionKind.DATE,
        QuestionKind.SELECT,
        QuestionKind.TEXT,
    ]
    route = form.parts[1]
    assert isinstance(route, Question)
    assert route.choices == Choices(
        (Option("none", "No further look"), Option("desk", "Diagnose at the desk"), Option("site", "Diagnose on site"))
    )


def test_rules_lose_their_equals_sign_and_numbers_stay_exact() -> None:
    question = made(
        ask(
            "number",
            conditional={"hide": "=a > 1"},
            validate={"min": 0.1, "max": "=b"},
            increment="0.05",
            appearance={"suffixAdorner": "days"},
        )
    ).parts[0]

    assert isinstance(question, Question)
    assert question.hide == Feel("a > 1")
    assert question.limits.least == Decimal("0.1")
    assert question.limits.most == Feel("b")
    assert question.limits.step == Decimal("0.05")
    assert question.suffix == ("days",)


def test_groups_lists_texts_and_lines_keep_their_places_and_spacers_go() -> None:
    parts = sample("everything").parts

    assert [type(part) for part in parts if not isinstance(part, Question)] == [
        Passage,
        Group,
        Group,
        Listing,
        Separator,
        Passage,
    ]


def test_unknown_settings_and_layout_are_tolerated() -> None:
    form = made(ask("textfield", layout={"row": "Row_1", "columns": 8}, somethingNew={"a": [1]}))

    assert list(form.keys) == ["answer"]
    assert forms.faults(form, ()) == []


def test_labels_hold_placeholders_apart_from_their_text() -> None:
    question = made(ask("textfield", label="Cause {{ i }} of {{count(causes)}}")).parts[0]

    assert question.label == ("Cause ", Feel("i"), " of ", Feel("count(causes)"))
    assert question.title == "Cause of"


def test_a_label_that_begins_with_an_equals_sign_is_a_rule() -> None:
    assert made(ask("textfield", label='="What about " + name')).parts[0].label == (Feel('"What about " + name'),)


def test_a_description_and_a_hint_from_the_custom_properties_stand_together() -> None:
    question = made(ask("textfield", description="Short.", properties={"hint": "In one line"})).parts[0]

    assert isinstance(question, Question)
    assert "".join(map(str, question.hint)) == "Short. In one line"


def test_markdown_becomes_blocks() -> None:
    text = "# Title\nA **bold** word\nand {{ name }}.\n\n- one\n- [two](https://example.org/x)\n\n1. first\n2) second"

    passage = made({"type": "text", "text": text}).parts[0]

    assert isinstance(passage, Passage)
    assert [block.kind for block in passage.blocks] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.BULLETS,
        BlockKind.NUMBERS,
    ]
    bold = passage.blocks[1].lines[0][1]
    assert (bold.words, bold.strong) == (("bold",), True)
    assert passage.blocks[1].lines[0][2].words == (" word and ", Feel("name"), ".")
    assert passage.blocks[2].lines[1][0].href == "https://example.org/x"
    assert len(passage.blocks[3].lines) == 2


def test_the_keys_a_form_answers_are_known_with_their_kinds_labels_and_columns() -> None:
    keys = sample("everything").keys

    assert keys["room"].kind is QuestionKind.TEXT
    assert keys["room"].label == "Room"
    assert keys["priority"].kind is QuestionKind.WORKED_OUT
    assert keys["priority"].label == "Priority"
    assert list(keys["causes"].columns) == ["cause", "when", "proof", "hours", "bill", "detail"]
    assert keys["contact"].kind is QuestionKind.GROUP
    assert keys["contact"].columns["tel"].label == "Telephone"
    assert keys["called"].label == "Who was called"


def test_the_names_a_form_reads_are_known() -> None:
    assert forms.reads(sample("triage")) == {"school", "agree_signal", "route"}


def test_the_questions_that_ask_for_files_are_known() -> None:
    assert sample("everything").files == ("photo", "quote")


def test_a_list_says_how_many_rows_it_may_have() -> None:
    usual, fixed, named = (
        made(rows(ask("textfield"), **more)).parts[0]
        for more in (
            {},
            {"allowAddRemove": False, "defaultRepetitions": 3},
            {"defaultRepetitions": 2, "properties": {"min": "0", "max": 5, "item": "root cause"}},
        )
    )

    assert isinstance(usual, Listing)
    assert isinstance(fixed, Listing)
    assert isinstance(named, Listing)
    assert (usual.first, usual.least, usual.most) == (1, 1, 100)
    assert (fixed.first, fixed.least, fixed.most, fixed.fixed) == (3, 3, 3, True)
    assert (named.first, named.least, named.most, named.one) == (2, 0, 5, "root cause")


def test_a_byte_order_mark_does_no_harm() -> None:
    assert forms.read("a", b"\xef\xbb\xbf" + drawn(ask("textfield"))).keys


def test_there_are_enough_attacks() -> None:
    assert len(ATTACKS) >= 20
    assert len(FAULTY) >= 20


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_on_the_reader_is_refused_quickly_with_a_sentence(name: str) -> None:
    def attack() -> None:
        with pytest.raises(BadFile) as refused:
            forms.read("attack", ATTACKS[name])
        assert refused.value.sentence.startswith("This f")

    assert quickest(attack) < MOST_SECONDS


@pytest.mark.parametrize("name", FAULTY)
def test_a_form_that_would_hurt_is_not_published(name: str) -> None:
    def attack() -> None:
        assert forms.faults(forms.read("attack", FAULTY[name]), ())

    assert quickest(attack) < MOST_SECONDS
