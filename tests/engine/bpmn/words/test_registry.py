"""The words a diagram may say: what each takes, what it refuses, and whether the case waits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.bpmn import words
from engine.bpmn.words import registry
from engine.bpmn.words.fields import always, never
from engine.casework import words as deeds
from engine.casework.words.carry_out import ANSWERS, TELLS
from engine.errors import WordRefused
from engine.rules import texts

GOOD: dict[str, dict[str, Any]] = {
    "tell": {"role": "headteacher", "subject": "A look at attendance", "text": "Please read it."},
    "raise_action": {"title": "Mend the fence", "role": "site_manager", "due": "10 school days"},
    "record": {"kind": "diagnosis", "title": "Diagnosis", "fields": {"route": "desk"}},
    "start_procedure": {"procedure": "goals", "title": "Set goals", "fallback_role": "headteacher"},
    "find_people": {"role": "headteacher"},
}


@pytest.mark.parametrize("word", registry.WORDS)
def test_every_word_loads_what_it_needs_and_fills_in_the_rest(word: str) -> None:
    loaded = registry.load(word, GOOD[word])

    assert GOOD[word].items() <= loaded.items()
    assert set(loaded) == {field.data_key or name for name, field in registry.WORDS[word].schema().fields.items()}


@pytest.mark.parametrize("word", registry.WORDS)
def test_every_word_says_what_is_missing(word: str) -> None:
    for name in GOOD[word]:
        less = {key: value for key, value in GOOD[word].items() if key != name}
        if name in ("due", "fields", "fallback_role"):
            assert registry.load(word, less)
            continue
        with pytest.raises(WordRefused) as refused:
            registry.load(word, less)
        assert refused.value.sentence.startswith(registry.WORDS[word].label)
        assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize("word", registry.WORDS)
def test_every_word_refuses_a_name_it_does_not_know(word: str) -> None:
    with pytest.raises(WordRefused, match="“colour” is not something to fill in"):
        registry.load(word, {**GOOD[word], "colour": "red"})
    assert any("“colour”" in found for found in registry.faults(word, {**_drawn(word), "colour": "=red"}))


@pytest.mark.parametrize("word", registry.WORDS)
def test_every_parameter_has_a_label_and_a_hint_in_words(word: str) -> None:
    for field in registry.WORDS[word].schema().fields.values():
        assert field.metadata["label"]
        assert field.metadata["hint"].endswith(".")


@pytest.mark.parametrize("word", registry.WORDS)
def test_a_word_as_drawn_with_rules_passes(word: str) -> None:
    assert registry.faults(word, _drawn(word)) == []


@pytest.mark.parametrize(
    ("word", "change", "said"),
    [
        ("tell", {"role": ""}, "Nobody would be told"),
        ("tell", {"subject": " "}, "“Subject” is missing"),
        ("tell", {"subject": 7}, "“Subject” does not fit"),
        ("tell", {"person": "Ann"}, "one person found earlier"),
        ("raise_action", {"due": "soon"}, "“soon” is not a time we can read"),
        ("record", {"fields": "route; reason"}, "“Answers to keep” does not fit"),
        ("start_procedure", {"wait": "perhaps"}, "“Wait until it ends” does not fit"),
        ("find_people", {"scope": "county"}, "school, cluster or trust"),
        ("find_people", {"at_least": 0}, "whole number from 1 to 50"),
        ("find_people", {"at_least": "few"}, "“How many at least” does not fit"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(word: str, change: dict[str, Any], said: str) -> None:
    with pytest.raises(WordRefused, match=said):
        registry.load(word, {**GOOD[word], **change})


def test_an_unknown_word_is_refused_with_those_there_are() -> None:
    with pytest.raises(WordRefused, match="tell, raise_action"):
        registry.load("explode", {})
    assert ["“explode” is not something" in found for found in registry.faults("explode", {"x": "=y"})] == [True]


def test_numbers_and_yes_or_no_may_be_written_as_text() -> None:
    loaded = registry.load("find_people", {"role": "x", "at_least": "3", "not_from_school": "Yes", "scope": "cluster"})

    assert (loaded["at_least"], loaded["not_from_school"], loaded["scope"]) == (3, True, "cluster")
    assert registry.load("find_people", {"role": "x", "not_from_school": True})["not_from_school"] is True


def test_a_person_may_be_told_in_place_of_a_role() -> None:
    person = "7c9e6679-7425-40de-944b-e07fc1f90ae7"

    assert registry.load("tell", {"person": person, "subject": "a", "text": "b"})["person"] == person
    assert registry.faults("tell", {"person": "=expert.person", "subject": "a", "text": "b"}) == []


def test_what_publishing_must_know_cannot_be_a_rule() -> None:
    assert registry.faults("tell", {"role": "=who", "person": "=x", "subject": "a", "text": "b"}) == [
        "“Role to tell” cannot be a rule. Write it out."
    ]
    drawn = {**_drawn("start_procedure"), "wait": "=maybe", "procedure": "{{ which }}"}
    assert len(registry.faults("start_procedure", drawn)) == 2


def test_a_case_waits_for_an_asking_word_only() -> None:
    assert registry.asks("find_people", {})
    assert registry.asks("start_procedure", {"wait": " Yes"})
    assert not registry.asks("start_procedure", {"wait": "no"})
    assert not registry.asks("start_procedure", {})
    assert not registry.asks("tell", {"wait": "yes"})
    assert not registry.asks("explode", {})


def test_names_with_commas_stand_for_those_answers() -> None:
    assert registry.spelt_out("record", {"fields": "route, reason", "kind": "x"}) == {
        "fields": "={route: route, reason: reason}",
        "kind": "x",
    }
    assert registry.spelt_out("record", {"fields": '={route: "desk"}'}) == {"fields": '={route: "desk"}'}
    assert registry.spelt_out("tell", {"fields": "a, b"}) == {"fields": "a, b"}
    assert registry.spelt_out(None, {}) == {}


def test_the_feel_in_a_text_is_found() -> None:
    assert texts.holes("Dear {{ name }}, see {{a + 1}}.") == ["name", "a + 1"]
    assert texts.is_rule("=x")
    assert texts.is_rule("Dear {{ name }}")
    assert not texts.is_rule("a = b")


def _drawn(word: str) -> dict[str, str]:
    """The word as a designer would draw it, with a rule wherever one may be."""
    drawn = {name: value if isinstance(value, str) else "=given" for name, value in GOOD[word].items()}
    return {**drawn, "title": "About {{ school.name }}"} if "title" in drawn else drawn


def test_each_word_is_declared_and_carried_out_in_files_of_its_own_name() -> None:
    declared = {path.stem for path in Path(words.__path__[0]).glob("*.py")} - {"__init__", "fields", "registry"}
    carried_out = {path.stem for path in Path(deeds.__path__[0]).glob("*.py")} - {"__init__", "carry_out", "roles"}

    assert declared == carried_out == set(registry.WORDS)
    assert set(TELLS) == {key for key, word in registry.WORDS.items() if word.asks is not always}
    assert set(ANSWERS) == {key for key, word in registry.WORDS.items() if word.asks is not never}
