"""Program code planted in every place where a procedure can carry text, to prove that none of it is ever evaluated.

Each code would make a file if Python, a Java expression, JavaScript or a template engine took it for its own. Whoever
runs a planted procedure gives the path and looks afterwards that nothing is there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from engine.bpmn.package import Package
from tests.engine.bpmn.sketch import (
    boundary,
    catch,
    end,
    gateway,
    lanes,
    properties,
    script,
    several,
    sketch,
    start,
    step,
    user,
    wait,
    word,
)

CODES = {
    "python expression": '__import__("pathlib").Path("PATH").touch()',
    "python statements": 'import os; os.system("touch PATH")',
    "python f-string": "f\"{open('PATH', 'w').write('x')}\"",
    "java expression": '${"".getClass().forName("java.lang.Runtime").getRuntime().exec("touch PATH")}',
    "javascript": '(() => globalThis.process.mainModule.require("fs").writeFileSync("PATH", "x"))()',
    "template": '{{ cycler.__init__.__globals__.os.system("touch PATH") }}',
}


@dataclass(frozen=True)
class Planted:
    """One procedure with one code in one place. It starts, offers the task `ask`, comes to the place and ends."""

    place: str
    code: str  # which of CODES
    package: Package
    worked_out: bool  # the place is worked out, so that checking must tell a fault; else it is text for readers


def planted(path: str) -> Iterator[Planted]:
    """Every code in every place. path: the file that the code would make."""
    for name, code in CODES.items():
        text = code.replace("PATH", path)
        for place, make in WORKED_OUT.items():
            yield Planted(place, name, make(text), True)
        for place, make in READ.items():
            yield Planted(place, name, make(text), False)
        if "{{" not in text and "${" not in text:
            yield Planted("plain parameter", name, _procedure(_tell(subject=text, text=text)), False)
        if "{{" not in text:
            yield Planted("label of a question", name, _procedure(flows="s>ask>e", asked=form(label=text)), False)


def form(label: str = "A question", **more: object) -> bytes:
    """A form with one question `answer`."""
    must = {"validate": {"required": True}}
    question = {"type": "textfield", "id": "Field_1", "key": "answer", "label": label, **must, **more}
    made = {"type": "default", "id": "f", "schemaVersion": 18, "components": [question]}
    return json.dumps(made).encode()


def table(asked: str = "answer", cell: str = '"a"', given: str = '"b"', name: str = "advice", note: str = "") -> bytes:
    """A decision table of one rule."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://camunda.org/schema">
  <decision id="t" name="A table">
    <decisionTable id="dt" hitPolicy="FIRST">
      <input id="i1" label="Asked">
        <inputExpression id="ie1" typeRef="string"><text>{escape(asked)}</text></inputExpression></input>
      <output id="o1" label="Given" name="{escape(name)}" typeRef="string" />
      <rule id="r1"><description>{escape(note)}</description>
        <inputEntry id="u1"><text>{escape(cell)}</text></inputEntry>
        <outputEntry id="v1"><text>{escape(given)}</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>""".encode()


def _ask(**more: Any) -> str:
    return user("ask", **{"form": "f", **more})


def _procedure(*parts: str, flows: str = "s>ask>x>e", ask: str = "", asked: bytes = b"", **more: Any) -> Package:
    """Start, a task, what is planted, an end."""
    text = sketch(ask or _ask(), *parts, flows=flows, **more)
    return Package(text, {"f": asked or form()})


def _decides(**more: Any) -> Package:
    rule = step("businessRuleTask", "x", camunda_decisionRef="t", camunda_resultVariable="advised")
    return Package(sketch(_ask(), rule, flows="s>ask>x>e"), {"f": form()}, {"t": table(**more)})


def _condition(text: str) -> Package:
    drawn = _procedure(gateway("x", default="f_x_e"), end("e2", "Other"), flows="s>ask>x>e x>e2?=PLANTED")
    return Package(drawn.bpmn.replace(b"=PLANTED", b"=" + escape(text).encode()), drawn.forms)


def _tell(**more: str) -> str:
    return word("x", "tell", role="headteacher", **{"subject": "Look", "text": "Please read it.", **more})


def _many(each_of: str | None = '=["a", "b"]', item: str | None = "item", **more: Any) -> Package:
    return _procedure(user("x", form="f", inner=several(each_of, item), **more))


def _inner(tag: str, text: str) -> str:
    return f"<bpmn:{tag}>{escape(text)}</bpmn:{tag}>"


Make = Callable[[str], Package]

WORKED_OUT: dict[str, Make] = {
    "condition of a way": _condition,
    "script": lambda text: _procedure(script("x", text)),
    "script in another language": lambda text: _procedure(script("x", text, language="python")),
    "name of a result": lambda text: _procedure(script("x", "1", result=text)),
    "deadline": lambda text: _procedure(user("x", form="f", due=text)),
    "deadline by rule": lambda text: _procedure(user("x", form="f", due=f"={text}")),
    "deadline with a hole": lambda text: _procedure(user("x", form="f", due=f"{{{{ {text} }}}} school days")),
    "who does it": lambda text: _procedure(user("x", form="f", assignee=f"={text}")),
    "role": lambda text: _procedure(user("x", form="f", role=text)),
    "form": lambda text: _procedure(user("x", form=text)),
    "lane": lambda text: Package(
        sketch(lanes(PLANTED="ask"), _ask(role=None), flows="s>ask>e").replace(b"PLANTED", escape(text).encode()),
        {"f": form()},
    ),
    "list of a step for several": lambda text: _many(each_of=f"={text}"),
    "list of a step for several, bare": lambda text: _many(each_of=text),
    "item of a step for several": lambda text: _many(item=text),
    "name of what is gathered": lambda text: _many(trust__collect=text),
    "how many are enough": lambda text: _procedure(
        user("x", form="f", inner=several('=["a"]', inner=_inner("completionCondition", text)))
    ),
    "how often": lambda text: _procedure(
        user("x", form="f", inner=several(None, None, _inner("loopCardinality", text)))
    ),
    "timer": lambda text: _procedure(wait("x", text)),
    "timer by rule": lambda text: _procedure(wait("x", f"={text}")),
    "timer on an edge": lambda text: _procedure(boundary("x", "ask", f"={text}"), flows="s>ask>e x>e"),
    "parameter by rule": lambda text: _procedure(_tell(subject=f"={text}")),
    "parameter with a hole": lambda text: _procedure(_tell(text=f"Dear {{{{ {text} }}}}")),
    "parameter that is no text": lambda text: _procedure(
        word("x", "find_people", role="headteacher", at_least=text, trust__result="found")
    ),
    "word": lambda text: _procedure(word("x", text)),
    "names handed on": lambda text: _procedure(word("x", "record", kind="a", title="b", fields=text)),
    "property": lambda text: _procedure(user("x", form="f", inner="").replace(
        "</bpmn:userTask>", properties(trust__setup=text) + "</bpmn:userTask>")),
    "listener": lambda text: _procedure(step("serviceTask", "x", inner=(
        "<bpmn:extensionElements><camunda:executionListener event=\"start\">"
        f"<camunda:script scriptFormat=\"python\">{escape(text)}</camunda:script>"
        "</camunda:executionListener></bpmn:extensionElements>"))),
    "class of a step": lambda text: _procedure(step("serviceTask", "x", camunda_class=text)),
    "expression of a step": lambda text: _procedure(step("serviceTask", "x", camunda_expression=text)),
    "promise": lambda text: _procedure(flows="s>ask>e", trust__promise=text),
    "prefix": lambda text: _procedure(flows="s>ask>e", trust__prefix=text),
    "starters": lambda text: _procedure(flows="s>ask>e", trust__starters=text),
    "names given at the start": lambda text: _procedure(flows="s>ask>e", trust__names=text),
    "decision table asked for": lambda text: _procedure(step("businessRuleTask", "x", camunda_decisionRef=text)),
    "question of a table": lambda text: _decides(asked=text),
    "cell of a table": lambda text: _decides(cell=text),
    "result of a table": lambda text: _decides(given=text),
    "name of a table's result": lambda text: _decides(name=text),
    "condition of a question": lambda text: _procedure(
        flows="s>ask>e", asked=form(conditional={"hide": f"={text}"})),
    "hint of a question": lambda text: _procedure(flows="s>ask>e", asked=form(description=f"={text}")),
}  # fmt: skip

# Text for readers: shown as it is, wherever it is shown.
READ: dict[str, Make] = {
    "guidance": lambda text: _procedure(user("x", form="f", inner=_inner("documentation", text))),
    "name of a step": lambda text: _procedure(user("x", text, form="f")),
    "name of a way": lambda text: Package(
        sketch(_ask(), flows="s>ask>e").replace(b'id="f_ask_e"', f'id="f_ask_e" name="{escape(text)}"'.encode()),
        {"f": form()},
    ),
    "name of an end": lambda text: Package(sketch(start(), end("e", text), _ask(), flows="s>ask>e", ends=False),
                                           {"f": form()}),
    "name of a message": lambda text: Package(
        sketch(_ask(), catch("x", "report"), flows="s>ask>x>e").replace(
            b'name="report"', f'name="{escape(text)}"'.encode()),
        {"f": form()},
    ),
    "note": lambda text: _procedure(
        f'<bpmn:textAnnotation id="n">{_inner("text", text)}</bpmn:textAnnotation>', flows="s>ask>e"),
    "note in a table": lambda text: _decides(note=text),
    "constant text of a table": lambda text: _decides(given=json.dumps(text)),
}  # fmt: skip
