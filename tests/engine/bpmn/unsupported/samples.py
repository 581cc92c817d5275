"""For every row of the refusal table, diagrams that meet it: as small as they can be, otherwise sound."""

from __future__ import annotations

from collections.abc import Mapping

from tests.engine.bpmn.sketch import (
    boundary,
    end,
    gateway,
    several,
    sketch,
    start,
    step,
    sub,
    timer,
    user,
    word,
)


def _between(drawn: str, root: str = "") -> bytes:
    """One step `x` between a start and an end."""
    return sketch(drawn, flows="s>x>e", root=root)


def _event(tag: str, kind: str, inner: str = "", **named: str) -> bytes:
    """One event of a kind, wherever its tag may stand."""
    said = f"<bpmn:{kind}EventDefinition>{inner}</bpmn:{kind}EventDefinition>"
    made = step(tag, "x", inner=said, **named)
    if tag == "startEvent":
        return sketch(made, end(), flows="x>e", ends=False)
    if tag == "endEvent":
        return sketch(start(), made, flows="s>x", ends=False)
    if tag == "boundaryEvent":
        return sketch(user("a"), step(tag, "x", inner=said, attachedToRef="a"), flows="s>a>e x>e")
    return _between(made)


def _with(extension: str, tag: str = "userTask", **named: str) -> bytes:
    """A step with something in its extensionElements."""
    inner = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>"
    return _between(step(tag, "x", inner=inner, **named))


_POOL = '<bpmn:collaboration id="c"><bpmn:participant id="p" name="Us" processRef="trial" />{}</bpmn:collaboration>'
_AGAIN = '<camunda:property name="role" value="b" />'

SAMPLES: Mapping[str, tuple[bytes, ...]] = {
    "complex-gateway": (_between(step("complexGateway", "x")),),
    "condition-off-gateway": (
        sketch(user("a"), flows="s>a>e?=ok"),
        sketch(gateway("g"), flows="s>g>e?=ok"),
        sketch(gateway("g", parallel=True), user("a"), flows="s>g>a?=ok g>e a>e"),
    ),
    "default-off-gateway": (
        _between(step("parallelGateway", "x", default="f_x_e")),
    ),
    "ad-hoc": (_between(step("adHocSubProcess", "x")),),
    "handed-elsewhere": (
        _between(step("task", "x", inner="<bpmn:extensionElements><camunda:in /></bpmn:extensionElements>")),
        _between(step("task", "x", inner="<bpmn:extensionElements><camunda:out /></bpmn:extensionElements>")),
    ),
    "compensation": (
        _event("intermediateThrowEvent", "compensate"),
        _event("endEvent", "compensate"),
        _event("boundaryEvent", "compensate"),
    ),
    "compensating-step": (_between(step("userTask", "x", isForCompensation="true")),),
    "link-on-an-edge": (_event("startEvent", "link"), _event("endEvent", "link"), _event("boundaryEvent", "link")),
    "plain-catch": (_between(step("intermediateCatchEvent", "x")),),
    "several-kinds": (
        _between(step("intermediateCatchEvent", "x", inner=timer("1 day") + "<bpmn:messageEventDefinition />")),
        _between(step("intermediateCatchEvent", "x", inner="<bpmn:eventDefinitionRef>t</bpmn:eventDefinitionRef>")),
    ),
    "begins-a-case": (
        _between(step("receiveTask", "x", instantiate="true")),
        _between(step("eventBasedGateway", "x", instantiate="true")),
    ),
    "waits-for-all": (_between(step("eventBasedGateway", "x", eventGatewayType="Parallel")),),
    "begins-by-a-rule": (_event("startEvent", "conditional"),),
    "block-begins-by-an-event": (
        sketch(sub("b", step("startEvent", "x", inner="<bpmn:messageEventDefinition />"), end("e1"), flows="x>e1"),
               flows="s>b>e"),
    ),
    "event-in-wrong-place": (
        _event("startEvent", "error"),
        _event("intermediateCatchEvent", "error"),
        _event("intermediateThrowEvent", "error"),
        _event("endEvent", "timer"),
    ),
    "parallel-multiple": (
        _between(step("intermediateCatchEvent", "x", inner=timer("1 day"), parallelMultiple="true")),
    ),
    "boundary-on-wrong-step": (sketch(word("a", "tell"), boundary("x", "a"), flows="s>a>e x>e"),),
    "several-without-list": (_between(user("x", inner=several(each_of=None))),),
    "list-and-number": (
        _between(user("x", inner=several(inner="<bpmn:loopCardinality>3</bpmn:loopCardinality>"))),
    ),
    "loop-maximum": tuple(
        _between(user("x", inner=f'<bpmn:standardLoopCharacteristics loopMaximum="{most}" />')) for most in ("x", "0")
    ),
    "endless-loop": (_between(user("x", inner="<bpmn:standardLoopCharacteristics />")),),
    "standard-list": tuple(
        _between(user("x", inner=several(inner=f"<bpmn:{tag} />")))
        for tag in ("loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem")
    ),
    "several-events": (_between(user("x", inner=several(behavior="One"))),),
    "quantities": (
        _between(step("userTask", "x", startQuantity="2")),
        _between(step("userTask", "x", completionQuantity="3")),
    ),
    "correlation": (
        sketch(flows="s>e", root='<bpmn:correlationProperty id="x" />'),
        sketch(flows="s>e", root=_POOL.format('<bpmn:correlationKey id="x" />')),
        sketch('<bpmn:correlationSubscription id="x" />', flows="s>e"),
    ),
    "reserved-id": (
        sketch(start("Start"), end("End"), flows="Start>End", ends=False),
        _between(user("x")).replace(b'"x"', b'"Root"'),
    ),
    "other-language": (
        _between(step("scriptTask", "x", inner="<bpmn:script>1</bpmn:script>", scriptFormat="python")),
        sketch(gateway("g", default="f_g_e"), user("a"), flows="s>g>a?=ok g>e a>e").replace(
            b'xsi:type="bpmn:tFormalExpression"', b'xsi:type="bpmn:tFormalExpression" language="groovy"'
        ),
    ),
    "juel": (
        _between(user("x", inner=several(each_of="${people}"))),
        sketch(gateway("g", default="f_g_e"), user("a"), flows="s>g>a?${ok} g>e a>e"),
        _between(word("x", "tell", role="headteacher", text="Dear ${name}")),
        _between(step("intermediateCatchEvent", "x", inner=timer("${late}"))),
        _between(step("scriptTask", "x", inner="<bpmn:script>#{bean.run()}</bpmn:script>")),
        _between(user("x", due="${due}")),
    ),
    "class": (
        _between(step("serviceTask", "x", camunda_class="org.example.Run")),
        _between(step("serviceTask", "x", camunda_delegateExpression="run")),
        _between(step("serviceTask", "x", camunda_expression="run()")),
    ),
    "external": (_between(step("serviceTask", "x", camunda_type="external", camunda_topic="mail")),),
    "listener": (
        _with('<camunda:executionListener class="a.B" event="start" />'),
        _with('<camunda:taskListener class="a.B" event="create" />'),
    ),
    "connector": (_with("<camunda:connector />", "serviceTask"),),
    "field": (_with('<camunda:field name="to" />', "serviceTask"),),
    "input-output": (_with('<camunda:inputOutput><camunda:inputParameter name="a" /></camunda:inputOutput>'),),
    "form-data": (_with('<camunda:formData><camunda:formField id="a" /></camunda:formData>'),),
    "form-key": (_between(step("userTask", "x", camunda_formKey="embedded:app:form.html")),),
    "file-version": (
        _between(step("userTask", "x", camunda_formRefBinding="version", camunda_formRefVersion="2")),
        _between(step("businessRuleTask", "x", camunda_decisionRefBinding="version", camunda_decisionRefVersion="2")),
    ),
    "decision-mapping": (_between(step("businessRuleTask", "x", camunda_mapDecisionResult="singleEntry")),),
    "people-by-name": (_between(step("userTask", "x", camunda_candidateUsers="ann")),),
    "other-dates": (
        _between(step("userTask", "x", camunda_followUpDate="1 day")),
        _between(step("userTask", "x", camunda_priority="50")),
    ),
    "repeated-property": (
        _between(word("x", "tell", role="a").replace("</camunda:properties>", _AGAIN + "</camunda:properties>")),
    ),
    "resource": (_between(step("scriptTask", "x", camunda_resource="run.py")),),
    "other-tag": (
        _between(step("globalChoreographyTask", "x")),
        sketch(flows="s>e", root='<bpmn:nobodyKnows id="x" />'),
        _between(user("x", inner="<bpmn:nobodyKnows />")),
    ),
    "other-extension": (
        _with("<camunda:failedJobRetryTimeCycle>R3/PT1H</camunda:failedJobRetryTimeCycle>"),
    ),
    "other-setting": (
        _between(step("serviceTask", "x", camunda_formRef="a")),
        _between(step("userTask", "x", camunda_taskPriority="5")),
        sketch(flows="s>e").replace(b'id="s"', b'id="s" camunda:initiator="who"'),
    ),
    "other-property": (
        _between(user("x", trust__deadline="soon")),
        _between(user("x", role_to_tell="head")),
        sketch(flows="s>e", trust__promises="15 school days"),
    ),
}  # fmt: skip
