"""What to say when an answer is missing or wrong, in GOV.UK's manner: what to do, in the question's own words."""

from __future__ import annotations

import re

from engine.forms.drawn.model import Question, QuestionKind, spoken

PHONE = "Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192"

# Words that keep their capital inside a sentence.
_NAMES = frozenset(
    {
        "I",
        "Ofsted",
        "English",
        "Welsh",
        "British",
        "Christian",
        "Christmas",
        "Easter",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    }
)


def subject(question: Question) -> str:
    """How a sentence about an answer begins: `Reason`, `Your answer to “Who knows?”`."""
    name = _name(question)
    return f"Your answer to “{name}”" if name.endswith("?") else name[:1].upper() + name[1:]


def inside(name: str) -> str:
    """A label inside a sentence: without its capital, unless it is a name or an abbreviation."""
    first = re.match(r"[A-Za-z]*", name)
    word = first[0] if first else ""
    if word in _NAMES or word[1:] != word[1:].lower():
        return name
    return name[:1].lower() + name[1:]


def missing(question: Question) -> str:
    """What to do about a question that must be answered and was not."""
    name = _name(question)
    if question.kind is QuestionKind.TICK:
        return f"Tick the box: “{name}”"
    if question.kind is QuestionKind.TICKS:
        return f"Select one or more answers to “{name}”"
    if question.kind is QuestionKind.FILES:
        return f"Add a file for “{name}”"
    verb = "Select" if question.kind in (QuestionKind.RADIO, QuestionKind.SELECT) else "Enter"
    return f"{verb} an answer to “{name}”" if name.endswith("?") else f"{verb} {inside(name)}"


def _name(question: Question) -> str:
    return question.title.rstrip(":. ") or spoken(question.key)
