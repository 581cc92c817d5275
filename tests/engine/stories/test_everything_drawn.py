"""One small procedure for each thing people draw: without a fault, and the stories offered come to every end of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.definition import Definition
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from engine.stories import tell
from engine.stories.suggest import suggested
from tests.engine.bpmn.sketch import (
    boundary,
    call,
    catch,
    end,
    event,
    gateway,
    sketch,
    start,
    step,
    sub,
    timer,
    user,
    wait,
    word,
)
from tests.engine.stories.trials import ROLES, asks, form

EDGE, CATCH, THROW = "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"
END, START = "endEvent", "startEvent"
ANSWER = form(asks("ok", "radio", values=[{"value": word, "label": word} for word in ("yes", "no")]))
LINK = '<bpmn:linkEventDefinition name="A" />'
CANCEL = "<bpmn:cancelEventDefinition />"
NO = '=ok = "no"'
UNTIL = f"<bpmn:completionCondition>{escape(NO)}</bpmn:completionCondition>"


@dataclass(frozen=True)
class Row:
    """A diagram; `begins`: it draws its own start, `ends`: its own end."""

    parts: tuple[str, ...]
    flows: str
    begins: bool = False
    ends: bool = False

    @property
    def bpmn(self) -> bytes:
        """The file."""
        more = (*(() if self.begins else (start(),)), *(() if self.ends else (end(),)))
        return sketch(*more, *self.parts, flows=self.flows, ends=False)


def asked(id: str, name: str | None = None, inner: str = "") -> str:
    return user(id, name, form="f", inner=inner)


def edge(id: str, kind: str, on: str, named: str | None = None, goes_on: bool = False) -> str:
    return event(EDGE, id, kind, named, on=on, cancelActivity="false" if goes_on else None)


def by_itself(*parts: str, flows: str) -> str:
    return sub("own", *parts, flows=flows).replace(' id="own"', ' id="own" triggeredByEvent="true"', 1)


def again(rule: str = "", **said: str) -> str:
    inner = f"<bpmn:loopCondition>{escape(rule)}</bpmn:loopCondition>" if rule else ""
    most = "".join(f' {name}="{value}"' for name, value in said.items())
    return f"<bpmn:standardLoopCharacteristics{most}>{inner}</bpmn:standardLoopCharacteristics>"


def times(count: int, more: str = "", in_turn: bool = False) -> str:
    how = ' isSequential="true"' if in_turn else ""
    number = f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
    return f"<bpmn:multiInstanceLoopCharacteristics{how}>{number}{more}</bpmn:multiInstanceLoopCharacteristics>"


def late(then: str, flows: str) -> Row:
    """A block that says it is late and goes on, and what follows on its edge."""
    block = sub(
        "b", start("s1"), asked("a"), event(THROW, "es", "escalation", "late"), asked("c", "Go on"), end("e1"),
        flows="s1>a>es>c>e1",
    )  # fmt: skip
    return Row((block, then, asked("d", "Help"), end("e2", "Helped")), flows)


RACE = (
    step("eventBasedGateway", "g"), catch("m"), wait("t"), event(CATCH, "c", "conditional", NO),
    event(CATCH, "si", "signal", "storm"), step("receiveTask", "r", "Wait", messageRef="m_other"), asked("a"),
    end("e1", "Got it"), end("e2", "Too late"), end("e3", "Changed"), end("e4", "Storm"), end("e5", "Other"),
)  # fmt: skip
SHORT = sub(
    "b", start("s1"), asked("a"), gateway("x", default="f_x_e1"), end("e1"), event(END, "er", "error", "short"),
    flows='s1>a>x>e1 x>er?ok="no"',
)  # fmt: skip
UNDONE = sub(
    "b", start("s1"), asked("a"), gateway("x", default="f_x_e1"), end("e1"), step(END, "ca", inner=CANCEL),
    flows='s1>a>x>e1 x>ca?ok="no"', tag="transaction",
)  # fmt: skip
ANY = step("inclusiveGateway", "i", default="f_i_d")
NOTES = (
    '<bpmn:dataObjectReference id="do" dataObjectRef="dd" name="Plan" /><bpmn:dataObject id="dd" />'
    '<bpmn:dataStoreReference id="ds" name="Register" /><bpmn:textAnnotation id="ta"><bpmn:text>Note</bpmn:text>'
    '</bpmn:textAnnotation><bpmn:association id="as" sourceRef="a" targetRef="ta" />'
)
ROWS = {
    "plain and manual tasks": Row(
        (step("task", "a", camunda_candidateGroups="headteacher"),
         step("manualTask", "b", camunda_candidateGroups="headteacher")), "s>a>b>e"),
    "a receive task": Row((step("receiveTask", "r", "Wait for it", messageRef="m_report"),), "s>r>e"),
    "a called procedure": Row((call("c", "goals", comes_back="v=verdict"), asked("a")), "s>c>a>e"),
    "whichever comes first": Row(RACE, "s>a>g>m>e1 g>t>e2 g>c>e3 g>si>e4 g>r>e5", ends=True),
    "begun by a message": Row((event(START, "b", "message", "report"), asked("a")), "b>a>e", begins=True),
    "begun by a signal": Row((event(START, "b", "signal", "storm"), asked("a")), "b>a>e", begins=True),
    "begun by a date": Row((step(START, "b", inner=timer("2027-01-11", "timeDate")), asked("a")), "b>a>e", begins=True),
    "begun each half-term": Row(
        (step(START, "b", inner=timer("first school day of each half-term", "timeCycle")), asked("a")), "b>a>e",
        begins=True),
    "begun in several ways": Row(
        (start("s1").replace("Started", "By post"), start("s2").replace("Started", "By hand"),
         event(START, "s3", "message", "report"), asked("a")), "s1>a>e s2>a s3>a", begins=True),
    "a message sent": Row((event(THROW, "t", "message", "report"), asked("a")), "s>a>t>e"),
    "a message sent by a send task": Row((step("sendTask", "t", messageRef="m_report"), asked("a")), "s>a>t>e"),
    "a message at the end": Row((asked("a"), event(END, "e", "message", "report")), "s>a>e", ends=True),
    "a message on an edge": Row((asked("a"), edge("m", "message", "a", "report"), end("e2", "Cut")), "s>a>e m>e2"),
    "a message beside a step": Row(
        (asked("a"), edge("m", "message", "a", "report", True), asked("b"), end("e2", "Seen")), "s>a>e m>b>e2"),
    "a cycle on an edge": Row(
        (asked("a"), boundary("t", "a", "every 2 weeks", False, "timeCycle"),
         word("w", "tell", role="headteacher", subject="x", text="y"), end("e2", "Told")), "s>a>e t>w>e2"),
    "signals": Row((event(THROW, "t", "signal", "storm"), event(CATCH, "c", "signal", "calm")), "s>t>c>e"),
    "a signal on an edge and at the end": Row(
        (asked("a"), edge("m", "signal", "a", "storm"), event(END, "e2", "signal", "gone")), "s>a>e m>e2"),
    "an error": Row((SHORT, edge("ed", "error", "b", "short"), end("e2", "Short")), "s>b>e ed>e2"),
    "an escalation beside the block": late(edge("ed", "escalation", "b", "late", True), "s>b>e ed>d>e2"),
    "conditions": Row(
        (asked("a"), asked("b"), event(CATCH, "c", "conditional", NO), edge("ce", "conditional", "b", NO),
         end("e2", "No")), "s>a>b>c>e ce>e2"),
    "a block that begins by itself": Row(
        (asked("a"), by_itself(event(START, "vs", "message", "stop"), asked("v"), end("ve", "Stopped"),
                               flows="vs>v>ve")), "s>a>e"),
    "a block that begins beside the rest": Row(
        (asked("a"), by_itself(event(START, "vs", "message", "note", isInterrupting="false"), asked("v"),
                               end("ve", "Filed"), flows="vs>v>ve")), "s>a>e"),
    "links": Row((asked("a"), asked("b"), step(THROW, "l", inner=LINK), step(CATCH, "k", inner=LINK)), "s>a>l k>b>e"),
    "a milestone": Row((asked("a"), step(THROW, "mi", "Plan agreed")), "s>a>mi>e"),
    "any of several ways": Row(
        (asked("a"), ANY, asked("b"), asked("c"), asked("d"), step("inclusiveGateway", "j")),
        's>a>i i>b?ok="no" i>c?ok="yes" i>d b>j c>j d>j>e'),
    "several ways out of a step": Row((asked("a"), asked("b"), asked("c"), gateway("j", parallel=True)),
                                      "s>a>b>j a>c>j>e"),
    "several ways by conditions": Row((asked("a"), asked("b"), asked("c"), step("inclusiveGateway", "j")),
                                      's>a a>b?ok="no" a>c b>j c>j>e'),
    "again as long as": Row((asked("a", inner=again(NO)),), "s>a>e"),
    "again so many times": Row((asked("a", inner=again(loopMaximum="3")),), "s>a>e"),
    "one after the other": Row((asked("a", inner=times(3, in_turn=True)),), "s>a>e"),
    "a fixed number side by side": Row((asked("a", inner=times(3)),), "s>a>e"),
    "ended early": Row((asked("a", inner=times(3, UNTIL, in_turn=True)),), "s>a>e"),
    "documents and notes": Row((asked("a"), NOTES), "s>a>e"),
    "a transaction": Row((UNDONE, step(EDGE, "ed", inner=CANCEL, attachedToRef="b"), end("e2", "Undone")),
                         "s>b>e ed>e2"),
    "an end that stops everything": Row(
        (asked("a"), gateway("f", parallel=True), asked("b"), end("t", "All over", terminate=True)), "s>f>a>e f>b>t"),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_each_thing_that_is_drawn_is_accepted_and_comes_to_every_end(row: Row) -> None:
    read = read_package(Package(row.bpmn, {"f": ANSWER} if b'"f"' in row.bpmn else {}), ROLES)
    found = package_faults.look(read, ROLES, ["goals"]).faults
    told = suggested(Definition(read.package), ROLES)

    assert [fault.sentence for fault in found] == []
    assert [fault.sentence for fault in tell.all_faults(replace(read.package, stories=told), ROLES)] == []


def test_an_escalation_that_ends_its_block_leaves_one_way_to_end() -> None:
    row = late(edge("ed", "escalation", "b", "late"), "s>b>e ed>d>e2")
    told = suggested(Definition(Package(row.bpmn, {"f": ANSWER})), ROLES).decode()

    assert "the case ends at: e2" in told or 'the case ends at: "Helped"' in told
    assert "# None was found that ends at Finished: write one." in told
