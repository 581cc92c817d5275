"""What whoever uploads is told of clocks and of other procedures: how something drawn is understood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from engine.bpmn.check.clock.starts import TRUST
from engine.bpmn.check.subject import View
from engine.bpmn.diagram.critical_path import outcomes
from engine.bpmn.diagram.elements import FOR, SCHOOLS, Element, Kind
from engine.model.calendar import elapsed
from engine.model.fault import Note
from engine.model.wording import quoted

LEAST_TOLD = timedelta(minutes=59)  # whoever writes minutes means minutes


def notes(view: View) -> Iterator[Note]:
    """Every such note."""
    yield from _for_whom(view)
    yield from _first_moments(view)
    yield from _elapsed(view)


def _for_whom(view: View) -> Iterator[Note]:
    for start in view.diagram.clock_starts:
        if not start.moment:
            continue  # that it does not say when is a fault
        other = TRUST if start.for_each_school else SCHOOLS
        whom = "in each school that is open" if start.for_each_school else "for the whole trust"
        yield view.note(
            start.id,
            f"Headway starts this by itself, once {whom} each time: {start.moment}. To start it once for {other}, give"
            f" the start the property {FOR} with “{other}”.",
        )


def _first_moments(view: View) -> Iterator[Note]:
    """Where what comes round is waited for, it can only come once."""
    for element in view.diagram.elements.values():
        once = element.kind is Kind.CATCH or (element.kind is Kind.BOUNDARY and element.interrupting)
        if once and element.comes_round:
            yield view.note(
                element.id,
                f"This waits for the first time that {quoted(element.cycle)} comes round. To have something done each"
                " time, put the timer on the edge of a step and let it not interrupt (a dashed circle).",
            )


def _elapsed(view: View) -> Iterator[Note]:
    """Hours and days that run on through nights and weekends, beside those of schools: one note for each wording."""
    found: dict[str, list[str]] = {}
    for element in view.diagram.elements.values():
        for words in _times(element):
            if (elapsed(words) or LEAST_TOLD) > LEAST_TOLD:
                found.setdefault(" ".join(words.split()), []).append(element.id)
    for words, ids in found.items():
        after = elapsed(words)
        if after is not None:
            one = ids[0] if len(set(ids)) == 1 else None
            where = "" if one else f" It stands at {view.titles(dict.fromkeys(ids))}."
            yield view.note(one, f"{_meaning(words, after)}{where}")


def _times(element: Element) -> Iterator[str]:
    """Every deadline and timer that an element gives, those of its rules as far as they stand in them."""
    for text in filter(None, (element.due, element.timer, element.parameters.get("due"))):
        yield from outcomes(text) if text.startswith("=") else (text,)


def _meaning(words: str, after: timedelta) -> str:
    begun = datetime(2026, 11, 6, 16, tzinfo=UTC)  # any Friday
    try:
        end = begun + after
    except OverflowError:
        return f"{quoted(words)} is longer than any calendar."
    ends = f"{end:%A} {end:%H:%M}" + (f", {after.days} days later" if after.days > 6 else "")
    days = 5 * (after.days // 7) + min(after.days % 7, 5)
    instead = f"{days} school days" if days > 1 else "1 school day"
    same_day = " or “same day”" if after < timedelta(hours=12) else ""
    return (
        f"{quoted(words)} counts every hour, nights and weekends too: from Friday 16:00 it ends on {ends}."
        f" Write “{instead}”{same_day} to count school days only."
    )
