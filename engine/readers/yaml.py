"""The one reader of YAML: texts, lists and names with values, each with its line. Nothing clever is read.

Every value stays the text that was written: `yes` is "yes" and `3` is "3", so a story says what a person would type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from engine.errors import BadFile
from engine.model.wording import quoted

MAX_BYTES = 200_000
MAX_PARTS = 8_000
MAX_DEPTH = 8
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class YamlText:
    """A text, empty when nothing was written."""

    line: int
    text: str


@dataclass(frozen=True)
class Items:
    """A list."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Pairs:
    """Names with values, in the order written, no name twice."""

    line: int
    pairs: tuple[tuple[YamlText, Node], ...]


Node = YamlText | Items | Pairs


def read_yaml(data: bytes, what: str) -> Node:
    """What a file says. `what` begins the sentence of a refusal ("This file of stories"). Raises BadFile."""
    events = iter(list(_events(_text(data, what), what)))  # all of it, so that what follows the first text is seen too
    first = next(events, None)
    return _node(first, events) if first is not None else YamlText(1, "")


def plain(node: Node) -> Any:
    """A node as texts, lists and dicts."""
    if isinstance(node, YamlText):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {name.text: plain(value) for name, value in node.pairs}


def _text(data: bytes, what: str) -> str:
    if len(data) > MAX_BYTES:
        raise BadFile(f"{what} is larger than {MAX_BYTES // 1000} KB. Split it up.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"{what} is not saved as UTF-8 text. Save it as UTF-8 and upload it again.") from error


def _events(text: str, what: str) -> Iterator[yaml.Event]:
    """What stands in the one document of a file, piece by piece, refusing what is not plain."""
    depth = documents = 0
    try:
        for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
            documents += isinstance(event, yaml.DocumentStartEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            _refuse(event, what, count, depth, documents)
            if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadFile(f"{_at(what, mark)} cannot be read there. Check its indents, colons and quotes.") from error
    except yaml.YAMLError as error:
        raise BadFile(f"{what} cannot be read: it holds signs that no text editor writes.") from error


def _at(what: str, mark: Any) -> str:
    return f"{what}, line {mark.line + 1}," if mark is not None else what


def _refuse(event: yaml.Event, what: str, count: int, depth: int, documents: int) -> None:
    if count > MAX_PARTS:
        raise BadFile(f"{what} has too many parts. Split it up.")
    if depth > MAX_DEPTH or documents > 1:
        raise BadFile(f"{_at(what, event.start_mark)} goes too deep or begins a second document. Write it flatter.")
    if isinstance(event, yaml.NodeEvent) and (event.anchor or getattr(event, "tag", None)):
        raise BadFile(f"{_at(what, event.start_mark)} uses &, * or !. Write the text out, in quotes if it begins so.")


def _node(event: yaml.Event, events: Iterator[yaml.Event]) -> Node:
    line = event.start_mark.line + 1 if event.start_mark else 1
    if isinstance(event, yaml.SequenceStartEvent):
        return Items(line, tuple(_node(item, events) for item in _until_end(events)))
    if isinstance(event, yaml.MappingStartEvent):
        return Pairs(line, tuple(_pairs(events)))
    return YamlText(line, str(getattr(event, "value", "")))


def _until_end(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        yield event


def _pairs(events: Iterator[yaml.Event]) -> Iterator[tuple[YamlText, Node]]:
    seen: set[str] = set()
    for event in _until_end(events):
        name = _node(event, events)
        if not isinstance(name, YamlText) or name.text in seen:
            raise BadFile(
                f"Line {name.line}: a name stands here twice, or is no plain text. Give each a name of its own."
            )
        seen.add(name.text)
        yield name, _node(next(events), events)


def texts_of(node: Node) -> Mapping[str, str]:
    """Names with texts. Raises BadFile with the line where there is something else."""
    if not isinstance(node, Pairs):
        raise BadFile(f"Line {node.line}: write names with values here, such as “label: Headteacher”.")
    for name, value in node.pairs:
        if not isinstance(value, YamlText):
            raise BadFile(f"Line {value.line}: {quoted(name.text)} must be one text.")
    return {name.text: plain(value) for name, value in node.pairs}
