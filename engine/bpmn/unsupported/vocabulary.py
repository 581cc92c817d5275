"""Which names of BPMN and of the Camunda vocabulary mean something in a diagram, and where."""

from __future__ import annotations

from collections.abc import Mapping


def _all(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PEOPLE = "userTask task manualTask"  # what a person does
# Settings (`camunda:` attributes) that are acted on, and on what they may stand.
USED: Mapping[str, frozenset[str]] = {
    "formRef": _all(f"{_PEOPLE} startEvent"),
    "formRefBinding": _all(f"{_PEOPLE} startEvent"),
    "dueDate": _all(_PEOPLE),
    "candidateGroups": _all(_PEOPLE),
    "assignee": _all(_PEOPLE),
    "calledElement": _all("callActivity"),
    "calledElementBinding": _all("callActivity"),
    "resultVariable": _all("scriptTask businessRuleTask serviceTask sendTask"),
    "decisionRef": _all("businessRuleTask"),
    "decisionRefBinding": _all("businessRuleTask"),
    "collection": _all("multiInstanceLoopCharacteristics"),
    "elementVariable": _all("multiInstanceLoopCharacteristics"),
}
# What the modeller writes by itself, or what tells another engine how to keep its work: it changes nothing here.
HARMLESS = _all(
    "asyncBefore asyncAfter exclusive historyTimeToLive versionTag isStartableInTasklist"
    " modelerTemplate modelerTemplateVersion modelerTemplateIcon"
)
# Properties of Headway's own, and on what they may stand.
TRUST: Mapping[str, frozenset[str]] = {
    "startEvent": _all("trust:for trust:about"),
    "process": _all("trust:promise trust:prefix trust:starters trust:names"),
    "userTask": _all("trust:collect"),
    "task": _all("trust:collect"),
    "manualTask": _all("trust:collect"),
    "subProcess": _all("trust:collect"),
    "callActivity": _all("trust:collect trust:result"),
    "scriptTask": _all("trust:collect"),
    "businessRuleTask": _all("trust:collect"),
    "transaction": _all("trust:collect"),
    "serviceTask": _all("trust:word trust:result trust:collect"),
    "sendTask": _all("trust:word trust:result trust:collect trust:about trust:brings"),
    "intermediateThrowEvent": _all("trust:about trust:brings"),
    "endEvent": _all("trust:about trust:brings"),
    "intermediateCatchEvent": _all("trust:about"),
    "boundaryEvent": _all("trust:about"),
    "receiveTask": _all("trust:collect trust:about"),
}
# Everything of BPMN's own that may stand in a file: what is read, and notes for readers.
KNOWN = _all(
    "definitions process collaboration participant laneSet lane childLaneSet flowNodeRef documentation"
    " extensionElements incoming outgoing startEvent endEvent intermediateCatchEvent boundaryEvent"
    " timerEventDefinition timeDuration timeDate messageEventDefinition terminateEventDefinition"
    " userTask task manualTask serviceTask scriptTask script businessRuleTask sendTask receiveTask"
    " subProcess exclusiveGateway inclusiveGateway parallelGateway eventBasedGateway"
    " timeCycle callActivity"
    " standardLoopCharacteristics loopCondition loopCardinality completionCondition"
    " transaction intermediateThrowEvent signal signalEventDefinition error errorEventDefinition"
    " escalation escalationEventDefinition conditionalEventDefinition condition cancelEventDefinition"
    " multiInstanceLoopCharacteristics sequenceFlow conditionExpression message itemDefinition"
    " linkEventDefinition source target"
    " textAnnotation text association group category categoryValue"
)
# Kept for readers wherever it stands: documents, what goes into steps and out of them, messages between pools.
DATA = _all("dataObject dataObjectReference dataStoreReference dataStore")
MOVES = _all("dataInputAssociation dataOutputAssociation ioSpecification property")
KEPT = DATA | MOVES
KEPT |= _all(
    "dataInput dataOutput inputSet outputSet sourceRef targetRef assignment from to transformation dataState"
    " messageFlow dataInputRefs optionalInputRefs whileExecutingInputRefs outputSetRefs"
    " dataOutputRefs optionalOutputRefs whileExecutingOutputRefs inputSetRefs"
)
# Who does a step and how it is watched, as other programs have it: kept wherever it stands.
WATCHED = _all(
    "performer humanPerformer potentialOwner resourceRole resourceRef resourceParameterBinding"
    " resourceAssignmentExpression formalExpression auditing monitoring rendering ioBinding supports"
    " supportedInterfaceRef"
)
# What a file may say beside its processes, and never as a step of one.
BESIDE = _all(
    "conversation subConversation callConversation conversationLink conversationNode participantAssociation"
    " messageFlowAssociation participantMultiplicity participantRef messageFlowRef partnerEntity partnerRole"
    " interfaceRef endPointRef import extension relationship resource resourceParameter interface operation"
    " inMessageRef outMessageRef errorRef endPoint globalTask globalUserTask globalManualTask globalScriptTask"
    " globalBusinessRuleTask choreography"
    " choreographyTask globalChoreographyTask globalConversation"
)
# What belongs to the step, event or arrow around it: a designer cannot click it.
PARTS = _all(
    "extensionElements multiInstanceLoopCharacteristics standardLoopCharacteristics conditionExpression script"
    " ioSpecification dataInputAssociation dataOutputAssociation property documentation laneSet text"
    " timeDuration timeDate timeCycle condition loopCardinality completionCondition loopCondition"
)
# What the refusal table names with a sentence of its own, so that its last rows need not.
NAMED_TAGS = _all(
    "complexGateway adHocSubProcess"
    " loopDataInputRef loopDataOutputRef inputDataItem outputDataItem complexBehaviorDefinition"
    " correlationKey correlationProperty correlationSubscription eventDefinitionRef"
    " compensateEventDefinition"
)
NAMED_SETTINGS = _all(
    "class delegateExpression expression topic type formKey formRefVersion decisionRefVersion mapDecisionResult"
    " candidateUsers candidateStarterGroups candidateStarterUsers followUpDate priority resource"
)
NAMED_EXTENSIONS = _all("properties executionListener taskListener connector field inputOutput formData in out")
