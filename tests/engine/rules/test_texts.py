"""Texts with rules in them, and answers the way people read them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.rules.texts import Text, in_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        (3.0, "3"),
        (2.5, "2.5"),
        (1234.66, "1234.66"),
        (0.0000001, "0.0000001"),
        (1e22, "10000000000000000000000"),
        ("Ash Primary", "Ash Primary"),
        ("12", "12"),
        ("2026", "2026"),
        ("2026-11-03", "3 November 2026"),
        ("2026-13-03", "2026-13-03"),
        ("2026-11-03T09:30", "3 November 2026 at 09:30"),
        ("2026-07-03T09:30:00Z", "3 July 2026 at 10:30"),
        ("2026-07-03T09:30:00@Europe/London", "3 July 2026 at 09:30"),
        ("09:30:00", "09:30"),
        (["Ann", {"name": "Bob", "person": "p2"}], "Ann, Bob"),
        ({"value": "x", "label": "An option"}, "An option"),
        ({"mark": 4, "seen": True}, "4, yes"),
    ],
)
def test_answers_are_told_in_words(value: Any, words: str) -> None:
    assert in_words(value) == words


@pytest.mark.parametrize(
    ("drawn", "rules", "values", "filled"),
    [
        ("Plain words", [], [], "Plain words"),
        ("=n + 1", ["n + 1"], [3], 3),
        ("{{ a }} and {{b}}", ["a", "b"], ["x", None], "x and "),
        ("Due {{ on }}.", ["on"], ["2026-11-03"], "Due 3 November 2026."),
        ("{{ a }}", ["a"], ["{{ b }}"], "{{ b }}"),
    ],
)
def test_a_text_is_filled_with_what_its_rules_gave(
    drawn: str, rules: list[str], values: list[Any], filled: Any
) -> None:
    assert Text(drawn).rules == rules
    assert Text(drawn).filled(values) == filled
