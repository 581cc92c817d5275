"""What a step says about being done several times, and what a step that calls a procedure hands to it."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.bpmn.diagram.elements import Handed, Repeat, Several
from engine.bpmn.diagram.tags import BPMN, CAMUNDA, camunda, child, text_of, without_equals


def several_of(found: etree._Element, known: Mapping[str, str]) -> Several | None:
    """For whom, or how many times, a step is done; None when it is done once."""
    loop = child(found, "multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    return Several(
        each_of=without_equals(camunda(loop, "collection")) or _rule(loop, "loopCardinality") or "",
        item=camunda(loop, "elementVariable"),
        collect=known.get("trust:collect") or None,
        in_turn=loop.get("isSequential") == "true",
        until=_rule(loop, "completionCondition"),
    )


def repeat_of(found: etree._Element) -> Repeat | None:
    """As long as what a step is done again; None when it is done once."""
    loop = child(found, "standardLoopCharacteristics")
    if loop is None:
        return None
    most = loop.get("loopMaximum", "").strip()
    return Repeat(
        _rule(loop, "loopCondition"), loop.get("testBefore") == "true", int(most) if most.isdecimal() else None
    )


def _rule(loop: etree._Element, tag: str) -> str | None:
    return without_equals(text_of(child(loop, tag)))


def handed(found: etree._Element, tag: str) -> tuple[Handed, ...]:
    """What a step hands to the procedure it calls (`in`), or takes from it (`out`)."""
    pairs = [
        (item.get("target", "").strip(), item.get("source") or without_equals(item.get("sourceExpression")) or "")
        for item in _mappings(found, tag)
    ]
    return tuple(Handed(name, rule.strip()) for name, rule in pairs if name and rule.strip())


def hands_all(found: etree._Element) -> bool:
    """Whether a step hands every answer to the procedure it calls."""
    return any(item.get("variables") == "all" for item in _mappings(found, "in"))


def _mappings(found: etree._Element, tag: str) -> list[etree._Element]:
    return list(found.iterfind(f"{{{BPMN}}}extensionElements/{{{CAMUNDA}}}{tag}"))
