"""Small diagrams for tests, written as the desktop modeller writes them but with only what the test is about.

    sketch(user("a", lane="headteacher"), flows="s>a>e")

`flows` draws arrows: "a>b>c" one after another, "x>b?=ok" with a condition; several chains are separated by spaces or
lines. Start `s` and end `e` are there unless the test draws its own.
"""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:modeler="http://camunda.org/schema/modeler/1.0"'
    ' id="definitions" targetNamespace="http://bpmn.io/schema/bpmn"'
    ' modeler:executionPlatform="Camunda Platform" modeler:executionPlatformVersion="7.24.0">'
)


def properties(**named: str) -> str:
    """extensionElements with camunda:properties; a double underscore stands for the colon of `trust:`."""
    if not named:
        return ""
    found = "".join(
        f'<camunda:property name="{name.replace("__", ":")}" value="{escape(value)}" />'
        for name, value in named.items()
    )
    return f"<bpmn:extensionElements><camunda:properties>{found}</camunda:properties></bpmn:extensionElements>"


def attributes(**named: str | None) -> str:
    """XML attributes; `camunda_x` stands for `camunda:x`, None is left out."""
    return "".join(
        f' {name.replace("camunda_", "camunda:")}="{escape(value)}"'
        for name, value in named.items()
        if value is not None
    )


def step(tag: str, id: str, name: str | None = None, inner: str = "", **named: str | None) -> str:
    """Any element of BPMN."""
    return f'<bpmn:{tag} id="{id}"{attributes(name=name or id.capitalize(), **named)}>{inner}</bpmn:{tag}>'


def user(
    id: str,
    name: str | None = None,
    due: str | None = "3 school days",
    form: str | None = None,
    inner: str = "",
    role: str | None = "headteacher",
    assignee: str | None = None,
    **named: str,
) -> str:
    """A task for a person; further names are camunda:properties (`trust__collect=...`)."""
    return step(
        "userTask",
        id,
        name,
        properties(**named) + inner,
        camunda_dueDate=due,
        camunda_formRef=form,
        camunda_candidateGroups=role,
        camunda_assignee=assignee,
    )


def word(id: str, word: str, tag: str = "serviceTask", **named: str) -> str:
    """A service or send task that says a word."""
    return step(tag, id, inner=properties(trust__word=word, **named))


def call(
    id: str, called: str | None = "other", goes_in: str = "", comes_back: str = "", inner: str = "", **named: str
) -> str:
    """A step that calls another procedure. goes_in, comes_back: "target=source" with spaces between; *: everything."""
    handed = "".join(
        _handed(tag, each) for tag, all_ in (("in", goes_in), ("out", comes_back)) for each in all_.split()
    )
    said = "".join(
        f'<camunda:property name="{name.replace("__", ":")}" value="{escape(text)}" />' for name, text in named.items()
    )
    held = f"<camunda:properties>{said}</camunda:properties>{handed}"
    extensions = f"<bpmn:extensionElements>{held}</bpmn:extensionElements>"
    return step("callActivity", id, inner=extensions + inner, calledElement=called)


def _handed(tag: str, text: str) -> str:
    target, _, source = text.partition("=")
    if text == "*":
        return f'<camunda:{tag} variables="all" />'
    kind = "source" if source.isidentifier() else "sourceExpression"
    return f'<camunda:{tag} target="{target}" {kind}="{escape(source)}" />'


def script(id: str, text: str, result: str | None = "answer", language: str | None = "feel") -> str:
    """A script task in FEEL."""
    return step(
        "scriptTask",
        id,
        inner=f"<bpmn:script>{escape(text)}</bpmn:script>",
        scriptFormat=language,
        camunda_resultVariable=result,
    )


def several(each_of: str | None = "=people", item: str | None = "person", inner: str = "", **named: str) -> str:
    """Multi-instance, to put inside a step."""
    made = attributes(camunda_collection=each_of, camunda_elementVariable=item, **named)
    return f"<bpmn:multiInstanceLoopCharacteristics{made}>{inner}</bpmn:multiInstanceLoopCharacteristics>"


def timer(text: str, kind: str = "timeDuration") -> str:
    """A timer's definition."""
    return (
        f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:{kind}>'
        "</bpmn:timerEventDefinition>"
    )


def boundary(
    id: str, on: str, text: str = "5 school days", interrupting: bool = True, kind: str = "timeDuration"
) -> str:
    """A timer on the edge of a step."""
    return step(
        "boundaryEvent", id, inner=timer(text, kind), attachedToRef=on, cancelActivity=None if interrupting else "false"
    )


def wait(id: str, text: str = "2 school days", kind: str = "timeDuration") -> str:
    """A timer the case waits at."""
    return step("intermediateCatchEvent", id, inner=timer(text, kind))


def catch(id: str, message: str | None = "report") -> str:
    """A message the case waits for; its name is the message's id with "m_" in front."""
    ref = attributes(messageRef=f"m_{message}" if message else None)
    return step("intermediateCatchEvent", id, inner=f"<bpmn:messageEventDefinition{ref} />")


def about(kind: str, named: str | None = None) -> str:
    """What an event is about: a message, signal, error or escalation by its name, or a condition by its rule."""
    if kind == "conditional":
        rule = f'<bpmn:condition xsi:type="bpmn:tFormalExpression">{escape(named or "")}</bpmn:condition>'
        condition = rule if named else ""
        return f"<bpmn:conditionalEventDefinition>{condition}</bpmn:conditionalEventDefinition>"
    ref = attributes(**{f"{kind}Ref": f"{kind[0]}_{named}" if named else None})
    return f"<bpmn:{kind}EventDefinition{ref} />"


def event(tag: str, id: str, kind: str, named: str | None = None, **said: str | None) -> str:
    """An event about something; `on`: the step whose edge it is on; a double underscore makes a property."""
    own = {name: value for name, value in said.items() if "__" in name and value is not None}
    plain = {name.replace("on", "attachedToRef") if name == "on" else name: said[name] for name in said.keys() - own}
    return step(tag, id, inner=properties(**own) + about(kind, named), **plain)


def gateway(id: str, default: str | None = None, parallel: bool = False) -> str:
    """A diamond."""
    return step("parallelGateway" if parallel else "exclusiveGateway", id, default=default)


def start(id: str = "s", **named: str) -> str:
    """A plain start."""
    return step("startEvent", id, "Started", **named)


def end(id: str = "e", name: str = "Finished", terminate: bool = False) -> str:
    """An end, plain or stopping everything."""
    return step("endEvent", id, name, "<bpmn:terminateEventDefinition />" if terminate else "")


def arrows(text: str) -> str:
    """Sequence flows: "a>b>c x>y?=condition"; ids are f_a_b."""
    made = []
    for chain in re.split(r"\s+", text.strip()):
        stops = chain.split(">")
        made += [_arrow(one, other) for one, other in pairwise(stops) if one]
    return "".join(made)


def _arrow(source: str, target: str) -> str:
    source = source.partition("?")[0]
    target, asked, condition = target.partition("?")
    said = condition.replace("_", " ") if asked else ""
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(said)}</bpmn:conditionExpression>'
        if asked
        else ""
    )
    flow = f'id="f_{source}_{target}" sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow {flow}>{inner}</bpmn:sequenceFlow>"


def sub(id: str, *parts: str, flows: str, inner: str = "", tag: str = "subProcess", **named: str) -> str:
    """A block of steps."""
    return step(tag, id, inner=properties(**named) + inner + "".join(parts) + arrows(flows))


def lanes(**of: str) -> str:
    """A lane set: lane name -> ids with spaces between them."""
    made = ""
    for number, (name, ids) in enumerate(of.items()):
        refs = "".join(f"<bpmn:flowNodeRef>{id}</bpmn:flowNodeRef>" for id in ids.split())
        made += f'<bpmn:lane id="lane_{number}" name="{name.replace("_", " ")}">{refs}</bpmn:lane>'
    return f'<bpmn:laneSet id="lanes">{made}</bpmn:laneSet>'


def sketch(
    *parts: str,
    flows: str = "",
    key: str = "trial",
    ends: bool = True,
    root: str = "",
    drawn: bool = True,
    **named: str,
) -> bytes:
    """A whole file. `ends`: add start `s` and end `e`; `root`: text beside the process; the rest: its properties."""
    body = properties(**named) + (start() + end() if ends else "") + "".join(parts) + arrows(flows)
    declared = sorted(set(re.findall(r'(message|signal|error|escalation)Ref="(\w_(\w+))"', body)))
    messages = "".join(f'<bpmn:{kind} id="{id}" name="{name}" />' for kind, id, name in declared)
    process = f'<bpmn:process id="{key}" name="A trial" isExecutable="true">{body}</bpmn:process>'
    whole = root + messages + process
    return (HEAD + whole + (layout(whole, key) if drawn else "") + "</bpmn:definitions>").encode()


def layout(whole: str, key: str) -> str:
    """A drawing in which every element stands in one row."""
    made = ""
    found = re.findall(r'<bpmn:(\w+) id="([^"]+)"', whole)
    for place, (tag, id) in enumerate(found):
        if tag == "sequenceFlow":
            way = '<di:waypoint x="0" y="0" /><di:waypoint x="10" y="0" />'
            made += f'<bpmndi:BPMNEdge id="di_{id}" bpmnElement="{id}">{way}</bpmndi:BPMNEdge>'
        elif tag not in ("process", "message", "laneSet", "collaboration", "category", "signal", "error", "escalation"):
            box = f'<dc:Bounds x="{place * 120}" y="40" width="100" height="80" />'
            made += f'<bpmndi:BPMNShape id="di_{id}" bpmnElement="{id}">{box}</bpmndi:BPMNShape>'
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="{key}">{made}</bpmndi:BPMNPlane>'
    return f'<bpmndi:BPMNDiagram id="drawing">{plane}</bpmndi:BPMNDiagram>'
