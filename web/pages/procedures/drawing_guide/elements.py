"""What stands on the page “How to draw”: its parts in order, and of each element how the modeller's menu calls it.

An element's name and what it does stand in its sample, `samples/<part>/<key>.bpmn`.
"""

from __future__ import annotations

from dataclasses import dataclass

INNER_START = "The block has a start and an end of its own"
NAME_OF_MESSAGE = "Its name. Give what sends it and what waits for it the same one"
ABOUT = "To match by an answer instead of by the school, name the answer in the property “trust:about” on both sides"


@dataclass(frozen=True)
class DrawnElement:
    """One element: the modeller's names for it, and what to fill in."""

    key: str
    menu: tuple[str, ...]
    fill: tuple[str, ...] = ()


@dataclass(frozen=True)
class DrawnPart:
    """Elements that belong together."""

    key: str  # the folder of their samples
    name: str
    about: str
    elements: tuple[DrawnElement, ...]


_NAME = "Its name, which people read on their list"
_LANE = "Draw it in the lane of the role that does it"

STEPS = DrawnPart(
    "steps",
    "Steps",
    "A box is something that is done: by the people of its lane, or by Headway itself.",
    (
        DrawnElement(
            "user_task",
            ("User task",),
            (_NAME, "“Forms”: the type “Camunda Forms” and the form's id", "“Due date”, such as 3 school days", _LANE),
        ),
        DrawnElement("task", ("Task",), (_NAME, _LANE)),
        DrawnElement("manual_task", ("Manual task",), (_NAME, _LANE)),
        DrawnElement("receive_task", ("Receive task",), ("Its name", f"“Message”: a new one. {NAME_OF_MESSAGE}")),
        DrawnElement(
            "send_task",
            ("Send task",),
            ("“Select template”: the block “Tell somebody”", "Whom, the subject and the text"),
        ),
        DrawnElement(
            "service_task",
            ("Service task",),
            ("“Select template”: one of the blocks, such as “Raise an action”", "The boxes of the block"),
        ),
        DrawnElement(
            "script_task",
            ("Script task",),
            (
                "“Format”: feel",
                "“Script”: the rule, which begins with =",
                "“Result variable”: the name to keep it under",
            ),
        ),
        DrawnElement(
            "rule_task",
            ("Business rule task",),
            (
                "“Decision reference”: the id of the table",
                "“Result variable”: the name to keep it under",
                "Upload the table (.dmn) with the diagram",
            ),
        ),
        DrawnElement(
            "call_activity",
            ("Call activity",),
            (
                "“Called element”: the key of the other procedure, as in the address of its page",
                "“In mappings” and “Out mappings”: which answers go in and which come back",
                "The properties fallback_role, due and title: who is asked while the trust does not use that procedure",
            ),
        ),
    ),
)

STARTS = DrawnPart(
    "starts",
    "How it begins",
    "A thin circle begins a case.",
    (
        DrawnElement("start", ("Start event",), ("Its name", "A form, if something is asked at the start")),
        DrawnElement("message_start", ("Message start event",), (f"“Message”: a new one. {NAME_OF_MESSAGE}",)),
        DrawnElement(
            "timer_start",
            ("Timer start event",),
            (
                "“Timer”: the type “Cycle” and, in words, when: every Monday, every 2 weeks,"
                " first school day of each half-term",
                "The property “trust:for”: each school. Without it, once for the whole trust",
            ),
        ),
        DrawnElement(
            "signal_start", ("Signal start event",), ("“Signal”: a new one. Its name, the same as where it is sent",)
        ),
        DrawnElement("several_starts", ("Start event",), ("A name for each", "A form for each, if something is asked")),
    ),
)

WAITS = DrawnPart(
    "waits",
    "Waiting on the way",
    "A circle with a double line is on the way. An open sign in it waits for something.",
    (
        DrawnElement(
            "wait_timer",
            ("Timer intermediate catch event",),
            ("“Timer”: the type “Duration” and, in words, how long: 2 school days, 4 hours",),
        ),
        DrawnElement(
            "message_catch", ("Message intermediate catch event",), (f"“Message”: a new one. {NAME_OF_MESSAGE}", ABOUT)
        ),
        DrawnElement(
            "signal_catch",
            ("Signal intermediate catch event",),
            ("“Signal”: a new one. Its name, the same as where it is sent",),
        ),
        DrawnElement(
            "condition_catch",
            ("Conditional intermediate catch event",),
            ('“Condition”: the type “Expression” and the rule, such as =urgent = "yes"',),
        ),
        DrawnElement(
            "event_gateway",
            ("Event-based gateway",),
            ("Behind it only circles that wait, and receive tasks, each with a way of its own",),
        ),
        DrawnElement("milestone", ("Intermediate throw event",), ("Its name, which the case's story tells",)),
    ),
)

SENDS = DrawnPart(
    "sends",
    "Sending",
    "A filled sign sends.",
    (
        DrawnElement(
            "message_throw", ("Message intermediate throw event",), (f"“Message”: a new one. {NAME_OF_MESSAGE}", ABOUT)
        ),
        DrawnElement("message_end", ("Message end event",), (f"“Message”: a new one. {NAME_OF_MESSAGE}",)),
        DrawnElement(
            "signal_throw",
            ("Signal intermediate throw event",),
            ("“Signal”: a new one. Its name, the same as where it is waited for",),
        ),
        DrawnElement(
            "signal_end", ("Signal end event",), ("“Signal”: a new one. Its name, the same as where it is waited for",)
        ),
    ),
)

_EDGE = "Draw the circle on the edge of the task or block that it is about"

EDGES = DrawnPart(
    "edges",
    "On the edge of a step",
    "A circle on the edge of a step happens while the step is open. With a full line it takes the step back; with a"
    " dashed line, “(non-interrupting)” in the menu, the step stays.",
    (
        DrawnElement(
            "edge_timer", ("Timer boundary event",), (_EDGE, "“Timer”: the type “Duration” and how long, in words")
        ),
        DrawnElement(
            "edge_timer_stays",
            ("Timer boundary event (non-interrupting)",),
            (_EDGE, "“Timer”: the type “Duration” and how long, or “Cycle” to have it again and again"),
        ),
        DrawnElement("edge_message", ("Message boundary event",), (_EDGE, f"“Message”: a new one. {NAME_OF_MESSAGE}")),
        DrawnElement(
            "edge_signal", ("Signal boundary event",), (_EDGE, "“Signal”: a new one. Its name, as where it is sent")
        ),
        DrawnElement(
            "edge_condition",
            ("Conditional boundary event",),
            (_EDGE, "“Condition”: the type “Expression” and the rule"),
        ),
        DrawnElement(
            "edge_error",
            ("Error boundary event",),
            ("Draw the circle on the edge of a block or call", "“Error”: the one that an end inside the block raises"),
        ),
        DrawnElement(
            "edge_escalation",
            ("Escalation boundary event (non-interrupting)", "Escalation boundary event"),
            (
                "Draw the circle on the edge of a block or call",
                "“Escalation”: the one that is raised inside the block",
                "Inside, “Escalation intermediate throw event” or “Escalation end event”",
            ),
        ),
    ),
)

ENDS = DrawnPart(
    "ends",
    "How it ends",
    "A thick circle ends a way.",
    (
        DrawnElement("end", ("End event",), ("Its name: how the case has ended. One end for each outcome",)),
        DrawnElement("terminate", ("Terminate end event",), ("Its name: how the case has ended",)),
        DrawnElement("error_end", ("Error end event",), ("“Error”: a new one, with its name and code",)),
        DrawnElement("escalation_end", ("Escalation end event",), ("“Escalation”: a new one, with its name and code",)),
    ),
)

WAYS = DrawnPart(
    "ways",
    "Choosing the way",
    "A diamond parts ways or brings them together.",
    (
        DrawnElement(
            "exclusive",
            ("Exclusive gateway",),
            (
                "Its name: the question",
                "On each arrow “Condition”: the type “Expression” and the rule",
                "On one arrow “Default flow”: taken when no rule is true",
            ),
        ),
        DrawnElement(
            "parallel", ("Parallel gateway",), ("Nothing. Two of them: one where ways part, one where they meet",)
        ),
        DrawnElement(
            "inclusive",
            ("Inclusive gateway",),
            (
                "On each arrow “Condition”, and on one “Default flow”",
                "Two of them: one where ways part, one where they meet",
            ),
        ),
        DrawnElement(
            "several_out",
            ("Conditional flow", "Default flow"),
            (
                "On an arrow “Condition”: the type “Expression” and the rule",
                "Where every arrow has a rule, make one the “Default flow”",
            ),
        ),
        DrawnElement(
            "link",
            ("Link intermediate throw event", "Link intermediate catch event"),
            ("“Link”: the same name in both", "Both stand in the same block"),
        ),
    ),
)

_LIST = "“Collection”: = and the list; “Element variable”: a name for one of it"

REPEATS = DrawnPart(
    "repeats",
    "Several times",
    "Small strokes at the foot of a step say that it is done several times.",
    (
        DrawnElement(
            "loop",
            ("Loop",),
            (
                "The loop condition: it is done again as long as that is true. The modeller may have no box for it:"
                " copy the step of the sample, and change the rule in a text editor",
                "The loop maximum: how often at most",
            ),
        ),
        DrawnElement("one_by_one", ("Sequential multi-instance",), (_LIST,)),
        DrawnElement("side_by_side", ("Parallel multi-instance",), (_LIST,)),
        DrawnElement(
            "fixed_number",
            ("Sequential multi-instance", "Parallel multi-instance"),
            ("“Loop cardinality”: the number",),
        ),
        DrawnElement(
            "ended_early",
            ("Sequential multi-instance", "Parallel multi-instance"),
            (_LIST, "“Completion condition”: the rule. It may read the answers of the one just done"),
        ),
    ),
)

BLOCKS = DrawnPart(
    "blocks",
    "Blocks",
    "A large box holds steps of its own.",
    (
        DrawnElement("block", ("Sub-process (expanded)",), ("Its name", INNER_START)),
        DrawnElement(
            "begins_and_stops",
            ("Event sub-process",),
            (
                "Its name. No arrow leads to it or from it",
                "Its start: what it begins with, such as “Message start event”",
            ),
        ),
        DrawnElement(
            "begins_beside",
            ("Event sub-process",),
            (
                "Its name. No arrow leads to it or from it",
                "Its start with a dashed line, such as “Message start event (non-interrupting)”",
            ),
        ),
        DrawnElement(
            "transaction",
            ("Transaction",),
            (f"Its name. {INNER_START}", "Inside “Cancel end event”, and on the edge “Cancel boundary event”"),
        ),
    ),
)

NOTES = DrawnPart(
    "notes",
    "Only notes",
    "Draw them for whoever reads the diagram. Headway keeps them and does nothing with them.",
    (
        DrawnElement("note", ("Text annotation", "Group"), ("The text",)),
        DrawnElement("document", ("Data object reference", "Data store reference"), ("The name",)),
        DrawnElement("other_pool", ("Empty pool/participant",), ("The name of the pool, and of each dashed arrow",)),
    ),
)

PARTS = (STEPS, STARTS, WAITS, SENDS, EDGES, ENDS, WAYS, REPEATS, BLOCKS, NOTES)
