"""Rows of the refusal table: diamonds, blocks and events."""

from __future__ import annotations

from engine.bpmn.unsupported.matchers import (
    ANY,
    EVENTS,
    Refusal,
    attribute,
    begins_by_a_rule,
    block_begins_by_an_event,
    boundary_on_wrong_step,
    condition_off_gateway,
    event,
    event_in_wrong_place,
    several_kinds,
    there,
)

GATEWAYS = (
    Refusal(
        "complex-gateway", "complexGateway", there,
        "A diamond with a star follows a rule of its own, which Headway does not run.",
        "Use a diamond with an X for a choice and a diamond with a plus for steps side by side.",
    ),
    Refusal(
        "condition-off-gateway", "conditionExpression", condition_off_gateway,
        "This arrow has a condition but does not leave a choice of ways, so the condition would be ignored.",
        "Put a diamond with an X before it, with one way for each condition, or remove the condition.",
    ),
    Refusal(
        "default-off-gateway", "parallelGateway eventBasedGateway", attribute("default"),
        "This has a default way out, which only a choice can have.",
        "Let the arrows leave a diamond with an X and make one the default there.",
    ),
)  # fmt: skip

BLOCKS = (
    Refusal(
        "ad-hoc", "adHocSubProcess", there,
        "A block whose steps may be done in any order is not run by Headway.",
        "Draw a plain sub-process with the steps side by side between two diamonds with a plus.",
    ),
    Refusal(
        "compensation", EVENTS, event("compensate"),
        "An event that undoes finished steps (two arrows pointing back) is not run by Headway.",
        "Draw the steps that put things right as ordinary steps after a diamond with an X.",
    ),
    Refusal(
        "compensating-step", ANY, attribute("isForCompensation", "true"),
        "A step that is only done to undo another one is not run by Headway.",
        "Draw it as an ordinary step after a diamond with an X.",
    ),
)  # fmt: skip

HAPPENINGS = (
    Refusal(
        "link-on-an-edge", "startEvent boundaryEvent endEvent", event("link"),
        "A link can only stand in the middle of the way.",
        "Draw an arrow to that place instead.",
    ),
    Refusal(
        "plain-catch", "intermediateCatchEvent boundaryEvent", event(),
        "This event does not say what it waits for.",
        "Make it a timer, a message, a signal or a condition.",
    ),
    Refusal(
        "several-kinds", EVENTS, several_kinds,
        "This event waits for several things, or is described in another part of the file.",
        "Draw one event for one thing and describe it on the event itself.",
    ),
    Refusal(
        "begins-a-case", "receiveTask eventBasedGateway", attribute("instantiate", "true"),
        "This is drawn as what begins a case, which only a start (a thin circle) does in Headway.",
        "Draw a start before it and clear “Instantiate”.",
    ),
    Refusal(
        "waits-for-all", "eventBasedGateway", attribute("eventGatewayType", "Parallel"),
        "This diamond waits for everything behind it together, which Headway does not run.",
        "Draw a diamond with a plus before the events and another one behind them.",
    ),
    Refusal(
        "begins-by-a-rule", "startEvent", begins_by_a_rule,
        "A procedure cannot begin by a rule: before it begins there are no answers that a rule could look at.",
        "Use a plain start, for a person to begin it, or a start by a clock, a message or a signal.",
    ),
    Refusal(
        "block-begins-by-an-event", "startEvent", block_begins_by_an_event,
        "A sub-process begins when the arrow reaches it, so its start cannot wait for anything.",
        "Use a plain start in it and put the event before the sub-process, or make it a block that begins by itself"
        " (an event sub-process), without arrows.",
    ),
    Refusal(
        "event-in-wrong-place", EVENTS, event_in_wrong_place,
        "An event of this kind means nothing where it stands.",
        "Errors and cancelling are thrown by an end and caught on the edge of a block; only the start of a block that"
        " begins by itself waits for an error or an escalation.",
    ),
    Refusal(
        "parallel-multiple", EVENTS, attribute("parallelMultiple", "true"),
        "This event waits for several things together, which Headway does not run.",
        "Draw one event for each, between two diamonds with a plus.",
    ),
    Refusal(
        "boundary-on-wrong-step", "boundaryEvent", boundary_on_wrong_step,
        "An event can only stand on the edge of a person's task, a receive task, a step that calls another procedure or"
        " a sub-process.",
        "Move it to such a step. Steps that Headway does itself take no time.",
    ),
)  # fmt: skip
