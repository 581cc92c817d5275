"""What an event says: what it is about, which time, message or rule it waits for, and by which name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.diagram.elements import Trigger
from engine.bpmn.diagram.tags import child, children, definitions, local, name_of, text_of, without_equals

_ONCE = ("timeDuration", "timeDate")
_CODES = ("errorCode", "escalationCode")  # what tells two errors, or two escalations, apart; else their name
_REFERENCES = ("messageRef", "signalRef", "errorRef", "escalationRef")
_TRIGGERS = frozenset(trigger.value for trigger in Trigger)


@dataclass(frozen=True)
class Events:
    """What the file declares for its events: the names of messages, signals, errors and escalations, by id."""

    named: Mapping[str, str]

    @classmethod
    def of(cls, root: etree._Element) -> Events:
        """Those of a file."""
        return cls({item.get("id", ""): _called(item) for item in children(root) if local(item) in _DECLARED})

    def name(self, found: etree._Element) -> str | None:
        """The name of what an event, or a step that sends or receives, is about."""
        link = child(found, "linkEventDefinition")
        if link is not None:
            return name_of(link) or None
        for part in (found, *children(found)):
            for reference in _REFERENCES:
                if wanted := part.get(reference):
                    return self.named.get(wanted.rpartition(":")[2]) or None
        return None


_DECLARED = frozenset({"message", "signal", "error", "escalation"})


def _called(item: etree._Element) -> str:
    code = next((value for key in _CODES if (value := item.get(key, "").strip())), "")
    return code or name_of(item)


def trigger_of(found: etree._Element) -> Trigger | None:
    """What an event is about; None for several things, or for what Headway has no word for."""
    kinds = definitions(found)
    if len(kinds) > 1 or not set(kinds) <= _TRIGGERS:
        return None
    return Trigger(kinds[0]) if kinds else Trigger.NONE


def timer_of(found: etree._Element) -> str | None:
    """The moment a timer waits for, as drawn."""
    return _first(child(found, "timerEventDefinition"), _ONCE)


def cycle_of(found: etree._Element) -> str | None:
    """When a timer comes again and again, as drawn."""
    return _first(child(found, "timerEventDefinition"), ("timeCycle",))


def condition_of(found: etree._Element) -> str | None:
    """The rule that an event waits for, as FEEL."""
    waits = child(found, "conditionalEventDefinition")
    return without_equals(_first(waits, ("condition",)))


def _first(part: etree._Element | None, tags: tuple[str, ...]) -> str | None:
    texts = [text_of(child(part, tag)) for tag in tags] if part is not None else []
    return next((text for text in texts if text), None)
