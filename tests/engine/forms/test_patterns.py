"""Patterns: those that cannot hold a worker are used as written, all others are refused."""

from __future__ import annotations

import time

import pytest

from engine.forms.drawn.pattern import LENGTHS, BadPattern, pattern


@pytest.mark.parametrize(
    ("text", "fits", "does_not"),
    [
        (r"^\d{6}$", "900001", "٩٠٠٠٠١"),
        (r"^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$", "KT1 2AB", "nowhere"),
        (r"^\w+@\w+\.\w+$", "a@b.uk", "a@b"),
        (r"^(GBP|EUR) \d+$", "EUR 5", "USD 5"),
        (r"^(\d{3})( \d{3})*$", "123 456 789", "123 45"),
        (r"[^a-z]", "a1", "abc"),
        (r"\bdone\b", "it is done", "undone"),
        (r"^a\/b\-c$", "a/b-c", "abc"),
        (r"^\u00a3\d+?$", "£5", "5"),
        ("a|b", "xbx", "c"),
    ],
)
def test_a_useful_pattern_is_used_as_written(text: str, fits: str, does_not: str) -> None:
    found = pattern(text)

    assert found.fits(fits)
    assert not found.fits(does_not)


@pytest.mark.parametrize(
    "text",
    [
        r"^(a+)+$",
        r"(a|a)*b",
        r"([a-z]+[0-9]*)+!",
        r"a*a*a*a*a*b",
        r".*.*.*x",
        r"([a-z]{1,64}){1,64}",
        r"^(a?){30}a{30}$",
        r"(((((a*)*)*)*)*)*",
        r"a{1,4294967295}",
        "a?" * 60 + "a" * 60,
    ],
)
def test_a_pattern_that_could_take_too_long_is_refused(text: str) -> None:
    with pytest.raises(BadPattern):
        pattern(text)


@pytest.mark.parametrize(
    "text",
    ["(?=a)", "(?<=a)b", r"(a)\1", "(?P<n>a)", "(?i)a", r"\p{L}", "[]", "[^]", "[[a]]", "[a--b]", "(", ")", "a)", "(a",
     "[a", "*a", "a**", "a{3,1}", "\\", "[z-a]", "(" * 30 + ")" * 30, "a" * 501],
)  # fmt: skip
def test_what_browsers_and_python_do_not_write_alike_is_refused(text: str) -> None:
    with pytest.raises(BadPattern):
        pattern(text)


@pytest.mark.parametrize("text", [r"^\w+@\w+\.\w+$", r".+x.+", r"(\d+-)?\d+!", r"^.*.*a{900}$", r"[^@\s]+@[^@\s]+"])
@pytest.mark.parametrize("letters", ["a", "1", "a@", "x", "1-", "@@."])
def test_what_is_allowed_is_quick_on_the_longest_text_it_is_used_on(text: str, letters: str) -> None:
    found = pattern(text)
    typed = (letters * found.longest)[: found.longest]

    began = time.perf_counter()
    found.fits(typed)

    assert found.longest in LENGTHS
    assert time.perf_counter() - began < 5  # a hang, not a speed


def test_a_pattern_for_short_texts_may_be_more_daring() -> None:
    daring = r"^[a-z]*[0-9]*[a-z]*[0-9]*$"

    assert pattern(daring, 20).fits("abc123")
    with pytest.raises(BadPattern):
        pattern(daring, 2000)
