"""How Headway puts several things into one sentence, and what a file says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

MOST_QUOTED = 60  # characters of a drawn text that a sentence repeats
MOST_LISTED = 8  # things that a sentence about a file names one by one


def in_a_row(texts: Iterable[str], last: str = "and", most: int | None = None) -> str:
    """“a, b and c”; with `most`, of more than one above it the first so many and how many others. Empty for none."""
    said = list(texts)
    if most is not None and len(said) > most + 1:
        return f"{', '.join(said[:most])} {last} {len(said) - most} others"
    return f"{', '.join(said[:-1])} {last} {said[-1]}" if len(said) > 1 else "".join(said)


def short(text: object, most: int = MOST_QUOTED) -> str:
    """A text as a sentence may hold it: on one line, and cut where it would fill the page."""
    flat = " ".join(str(text)[: 4 * most].split())
    whole = len(flat) <= most and len(str(text)) <= 4 * most
    return flat if whole else f"{flat[: most - 1]}…"


def day_of_month(day: date) -> str:
    """“3 December”. Not by strftime, where each system writes a day without its nought in another way."""
    return f"{day.day} {day:%B}"


def quoted(text: object, most: int = MOST_QUOTED) -> str:
    """The same between quotation marks. Whatever a file says is quoted in a sentence by this and by nothing else."""
    return f"“{short(text, most)}”"
