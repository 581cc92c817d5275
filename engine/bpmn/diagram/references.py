"""References as other programs write them: with the prefix of a vocabulary before the id ("tns:Task_1")."""

from __future__ import annotations

from lxml import etree

# Attributes that may name something with a prefix. BPMN's others hold an id as it stands.
_NAMING = frozenset(
    {
        "bpmnElement",
        "processRef",
        "messageRef",
        "signalRef",
        "errorRef",
        "escalationRef",
        "calledElement",
        "sourceRef",
        "targetRef",
        "attachedToRef",
        "default",
        "dataObjectRef",
        "dataStoreRef",
        "categoryValueRef",
        "sourceElement",
        "targetElement",
    }
)


def without_prefixes(root: etree._Element) -> None:
    """Take the prefix off every reference that names nothing with it and something without."""
    prefixed = [
        (item, name) for item in root.iter() for name, value in item.items() if ":" in value and name in _NAMING
    ]
    ids = {item.get("id") for item in root.iter()} if prefixed else set()
    for item, name in prefixed:
        found = item.get(name, "")
        if found not in ids and (plain := found.rpartition(":")[2]) in ids:
            item.set(name, plain)
