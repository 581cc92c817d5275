"""Read a form-js file into plain values. What it says wrongly is noted on its component for form_check to tell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.errors import BadFile
from engine.forms.drawn.box import AGAIN, Box, hint_of, plain_number
from engine.forms.drawn.model import (
    MOST_ROWS,
    AnswerLimits,
    Choices,
    Component,
    Foreign,
    Form,
    Group,
    Listing,
    MomentKind,
    Option,
    Passage,
    Question,
    QuestionKind,
    Separator,
    Unshown,
)
from engine.model.text import clean, one_line
from engine.model.wording import quoted

MAX_BYTES = 256 * 1024
MAX_PARTS = 300
_EMBEDDED = re.compile(rb'"data:image/[A-Za-z0-9.+-]{1,40}(?:;[a-z0-9=-]{1,20}){0,3},[A-Za-z0-9+/=%\\_.~-]*"')
MAX_DEPTH = 6


def read(key: str, data: bytes) -> Form:
    """The form in a .form file. Raises BadFile when it cannot be read at all, never for a fault of meaning."""
    drawn = _json(data)
    if not isinstance(drawn, dict) or not isinstance(drawn.get("components"), list):
        raise BadFile(f"This file holds no form. {AGAIN}")
    if drawn.get("type", "default") != "default":
        raise BadFile(f"This file holds something else than a form. {AGAIN}")
    counted = iter(range(MAX_PARTS))
    return Form(key, tuple(_parts(drawn["components"], 1, counted)))


def _json(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        data = _EMBEDDED.sub(b'"data:"', data)  # pictures are not shown, and do not count
    if len(data) > MAX_BYTES:
        raise BadFile(f"This form is larger than {MAX_BYTES // 1024} KB. {AGAIN}")
    try:
        text = data.decode("utf-8-sig")
        return json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_int, parse_float=_float
        )
    except UnicodeDecodeError as error:
        raise BadFile(f"This form is not saved as UTF-8 text. {AGAIN}") from error
    except RecursionError as error:
        raise BadFile(f"This form has too many parts inside one another. {AGAIN}") from error
    except ValueError as error:
        raise BadFile(f"This form is not a JSON file. {AGAIN}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadFile(f"This form says the same thing twice in one place. {AGAIN}")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _int(text: str) -> int:
    if len(text) > 16:
        raise ValueError("too long")
    return int(text)


def _float(text: str) -> Decimal:
    number = Decimal(text)
    if not -12 <= number.adjusted() <= 15 or len(text) > 32:
        raise ValueError("too long")
    return number


def _parts(raw: list[Any], depth: int, counted: Iterator[int]) -> Iterator[Component]:
    if depth > MAX_DEPTH:
        raise BadFile(f"This form has more than {MAX_DEPTH} groups inside one another. {AGAIN}")
    for part in raw:
        if not isinstance(part, dict) or not isinstance(part.get("type"), str):
            raise BadFile(f"This form holds a part that is no component. {AGAIN}")
        if next(counted, None) is None:
            raise BadFile(f"This form has more than {MAX_PARTS} parts. Split it over several steps.")
        if part["type"] != "spacer":
            yield _component(Box(part), depth, counted)


def _component(box: Box, depth: int, counted: Iterator[int]) -> Component:
    made = _READERS.get(box.raw["type"])
    if made:
        return made(box)
    if box.raw["type"] in (QuestionKind.GROUP, QuestionKind.LIST):
        inside = tuple(_parts(box.parts(), depth + 1, counted))
        return _group(box, inside) if box.raw["type"] == QuestionKind.GROUP else _listing(box, inside)
    return Foreign(type=box.raw["type"][:60], **box.shared())


def _text_question(box: Box) -> Question:
    kept = box.inside("validate")
    kind = kept.text("validationType")
    limits = AnswerLimits(
        shortest=kept.number("minLength"),
        longest=kept.number("maxLength"),
        pattern=kept.text("pattern") or None if kind in ("", "custom") else None,
        pattern_message=kept.text("patternErrorMessage") or None,
        looks_like=kind if kind in ("email", "phone") else None,
    )
    return Question(limits=limits, **box.asked())


def _number_question(box: Box) -> Question:
    kept = box.inside("validate")
    limits = AnswerLimits(
        least=kept.number("min"),
        most=kept.number("max"),
        decimals=box.whole("decimalDigits", 12, 12) if box.raw.get("decimalDigits") is not None else None,
        step=box.figure("increment"),
    )
    return Question(limits=limits, **box.asked())


def _date_question(box: Box) -> Question:
    subtype = box.text("subtype") or MomentKind.DATE
    if subtype not in tuple(MomentKind):
        box.slip("subtype", "date, time or datetime")
        subtype = MomentKind.DATE
    limits = AnswerLimits(from_today=box.flag("disallowPassedDates") is True)
    return Question(moment=MomentKind(subtype), limits=limits, **box.asked())


def _choice_question(box: Box) -> Question:
    choices = Choices(tuple(_options(box)), box.text("valuesKey").strip() or None, box.feel("valuesExpression"))
    return Question(choices=choices, **box.asked())


def _options(box: Box) -> Iterator[Option]:
    found = box.raw.get("values") or []
    if not isinstance(found, list) or not all(isinstance(option, dict) for option in found):
        box.slip("values", "a list of answers")
        return
    for option in found[:MAX_PARTS]:
        value = option.get("value")
        if not isinstance(value, str | bool | int | Decimal):
            box.slip("value", "a text, a number, yes or no for every answer to choose")
            continue
        label = Box(option, box.slips).text("label", 1000).strip()
        value = clean(value) if isinstance(value, str) else value
        yield Option(plain_number(value), label or str(value))


def _file_question(box: Box) -> Question:
    return Question(accept=box.text("accept", 500).strip(), multiple=box.flag("multiple") is True, **box.asked())


def _worked_out(box: Box) -> Question:
    return Question(rule=box.feel("expression"), **box.asked())


def _passage(box: Box) -> Passage:
    return Passage(blocks=box.blocks("text"), **box.shared())


def _html(box: Box) -> Component:
    """Read as the text it says; worked out by a rule, it is kept and not shown."""
    if box.text("content").lstrip().startswith("="):
        return _unshown(box, "This HTML is worked out by a rule, which Headway does not show. Use a text component.")
    blocks = box.html("content")
    box.notes.append(
        "This HTML is shown as plain text with its headings, lists and links. Pictures in it are left out."
    )
    return Passage(blocks=blocks, **box.shared())


def _image(box: Box) -> Component:
    told = one_line(box.text("alt"))
    called = f"The picture {quoted(told)} is" if told else "This picture is"
    return _unshown(box, f"{called} kept in the file and not shown. Say what it shows in a text component.")


def _button(box: Box) -> Component:
    return _unshown(box, "This button is kept in the file and not shown: every task page has its own.")


def _unshown(box: Box, note: str) -> Unshown:
    """Nothing else that it says changes anything, so nothing of it is a fault."""
    called = box.raw.get("label")
    label = (one_line(called),) if isinstance(called, str) else ()
    return Unshown(id=str(box.raw.get("id", ""))[:200], label=label, notes=(note,))


def _group(box: Box, inside: tuple[Component, ...]) -> Group:
    return Group(key=box.text("path", 200).strip(), parts=inside, **box.shared())


def _listing(box: Box, inside: tuple[Component, ...]) -> Listing:
    more = box.inside("properties")
    first = box.whole("defaultRepetitions", MOST_ROWS, 1)
    fixed = box.raw.get("allowAddRemove") is False
    return Listing(
        key=box.text("path", 200).strip(),
        parts=inside,
        one=more.text("item", 100).strip(),
        hint=hint_of(box),
        first=first,
        least=first if fixed else more.whole("min", MOST_ROWS, first),
        most=first if fixed else more.whole("max", MOST_ROWS, MOST_ROWS),
        fixed=fixed,
        **box.shared(),
    )


_READERS: Mapping[str, Callable[[Box], Component]] = {
    QuestionKind.TEXT: _text_question,
    QuestionKind.LONG_TEXT: _text_question,
    QuestionKind.NUMBER: _number_question,
    QuestionKind.DATE: _date_question,
    QuestionKind.TICK: lambda box: Question(**box.asked()),
    QuestionKind.TICKS: _choice_question,
    QuestionKind.RADIO: _choice_question,
    QuestionKind.SELECT: _choice_question,
    QuestionKind.FILES: _file_question,
    QuestionKind.WORKED_OUT: _worked_out,
    "text": _passage,
    "html": _html,
    "image": _image,
    "button": _button,
    "separator": lambda box: Separator(**box.shared()),
}
