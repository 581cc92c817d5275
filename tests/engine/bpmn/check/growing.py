"""Procedures that grow: the same slip, or the same sound thing, to see what twice as much of it takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape

from engine.bpmn.package import Package
from tests.engine.bpmn.check.sketches import a, form
from tests.engine.bpmn.sketch import boundary, gateway, lanes, properties, sketch, step, sub, user, word

TOLD = {"role": "headteacher", "subject": "About it"}
# What nobody can count on being read in linear time: each makes a package of a size.
Make = Callable[[int], Package]


def packed(*parts: str, flows: str = "s>a>e", forms: Mapping[str, bytes] | None = None, **named: str) -> Package:
    """A sketch with the form that its steps ask."""
    root = named.pop("root", "")
    return Package(
        sketch(*parts, flows=flows, root=root, ends=True, drawn=True, **named), form() if forms is None else forms
    )


def _tells(text: str, **more: str) -> Package:
    return packed(a(), word("w", "tell", **TOLD, text=text, **more), flows="s>a>w>e")


def _one_form(parts: list[dict[str, object]]) -> Package:
    return packed(a(), forms={"f": json.dumps({"type": "default", "components": parts}).encode()})


def holes_never_closed(size: int) -> Package:
    """Texts that look for their end at every beginning."""
    return _tells("{{" * size)


def holes_never_begun(size: int) -> Package:
    return _tells("}}" * size)


def properties_nobody_knows(size: int) -> Package:
    return packed(a(**{f"trust__p{number}": "x" for number in range(size // 25)}))


def properties_twice(size: int) -> Package:
    twice = '<camunda:property name="q" value="1"/>' * (size // 25)
    inner = properties(trust__word="tell").replace("</camunda:properties>", f"{twice}</camunda:properties>")
    return packed(a(), step("serviceTask", "w", inner=inner), flows="s>a>w>e")


def parameters_nobody_knows(size: int) -> Package:
    return _tells("x", **{f"p{number}": "x" for number in range(size // 25)})


def names_nobody_knows(size: int) -> Package:
    """Every unknown name wants to be compared with every known one."""
    unknown = "".join(f"{{{{ unknwn_{number} }}}}" for number in range(size // 800))
    text = word("w", "tell", **TOLD, text=unknown)
    return packed(a(), text, flows="s>a>w>e", trust__names=",".join(f"unknown_{n}x" for n in range(size // 80)))


def lanes_nobody_knows(size: int) -> Package:
    return packed(lanes(**{f"headteach{number}": "a" for number in range(size // 100)}), a())


def pools(size: int) -> Package:
    return packed(a(), root="".join(f'<bpmn:participant id="p{number}"/>' for number in range(size // 50)))


def a_long_id(size: int) -> Package:
    return packed(a("i" * size), flows=f"s>{'i' * size}>e")


def a_long_deadline(size: int) -> Package:
    return packed(a(due="x" * size))


def a_long_role(size: int) -> Package:
    return packed(a(role="headt" * (size // 5)))


def a_long_rule(size: int) -> Package:
    return packed(a(due="=" + "1 +" * (size // 3)))


def a_long_procedure_to_start(size: int) -> Package:
    return packed(a(), word("w", "start_procedure", procedure="p" * size, title="x"), flows="s>a>w>e")


def a_long_prefix(size: int) -> Package:
    return packed(a(), trust__prefix="P" * size)


def a_long_name_twice(size: int) -> Package:
    return packed(a(name="n" * size), a("b", name="n" * size), flows="s>a>b>e")


def arrows_between_few(size: int) -> Package:
    many = min(size // 80, 480)
    flows = " ".join(f"g{n % 20}>g{(n * 7 + n // 20 + 1) % 20}" for n in range(many))
    return packed(*(gateway(f"g{number}") for number in range(20)), flows=f"s>g0 g1>e {flows}")


def timers_on_one_step(size: int) -> Package:
    many = min(size // 200, 190)
    edges = [boundary(f"b{number}", "a", interrupting=bool(number % 2)) for number in range(many)]
    return packed(a(), *edges, flows="s>a>e " + " ".join(f"b{number}>e" for number in range(many)))


def choices_side_by_side(size: int) -> Package:
    many = min(size // 800, 50)
    inner = [gateway(f"x{n}") for n in range(many)] + [a(f"y{n}") for n in range(many)]
    ways = " ".join(f"f>x{n}>j x{n}>y{n}>j" for n in range(many))
    return packed(gateway("f", parallel=True), gateway("j", parallel=True), *inner, flows=f"s>f j>e {ways}")


def blocks_in_blocks(size: int) -> Package:
    deep = min(size // 800, 50)
    block = a()
    flows = "s{0}>a>e{0}"
    for number in range(deep, 0, -1):
        start = step("startEvent", f"s{number}") + step("endEvent", f"e{number}")
        block = sub(f"b{number}", start, block, flows=flows.format(number))
        flows = f"s{{0}}>b{number}>e{{0}}"
    return packed(block, flows="s>b1>e")


def questions(size: int) -> Package:
    asked: list[dict[str, object]] = [
        {"type": "textfield", "id": f"F{n}", "key": f"k{n}", "label": "pupil name of the the " * 20}
        for n in range(min(size // 150, 290))
    ]
    return _one_form(asked)


def marks_of_texts(size: int) -> Package:
    texts: list[dict[str, object]] = [
        {"type": "text", "id": f"T{n}", "text": mark * (min(size, 40_000) // 30 // len(mark))}
        for n, mark in enumerate(["**a ", "[a](", "__a ", "![a ", "{{a", "# x\n", "[]("])
    ]
    return _one_form(texts)


def forms_upon_forms(size: int) -> Package:
    many = min(size // 800, 50)
    made = {}
    for n in range(many):
        groups = [
            {"type": "group", "path": f"p{n}_{g}", "label": "G", "components": [
                {"type": "textfield", "id": f"F{g}", "key": f"k{n}_{g}", "label": "L"}]}
            for g in range(35)
        ]  # fmt: skip
        made[f"f{n}"] = json.dumps({"type": "default", "components": groups}).encode()
    steps = [user(f"t{n}", form=f"f{n}") for n in range(many)]
    return packed(*steps, flows="s>" + ">".join(f"t{n}" for n in range(many)) + ">e", forms=made)


def _rule_of_each(size: int, most: int) -> list[str]:
    return [f"n{number} > {number}" for number in range(min(size // 400, most))]


def rules_of_many_names(size: int) -> Package:
    """Each is tried with every kind of answer."""
    rules = _rule_of_each(size, 190)
    asked = [{"type": "number", "id": f"n{n}", "key": f"n{n}", "label": "N"} for n in range(len(rules))]
    steps = [step("scriptTask", f"x{n}", inner=f"<bpmn:script>{escape(rule)}</bpmn:script>", scriptFormat="feel",
                  camunda_resultVariable=f"r{n}") for n, rule in enumerate(rules)]  # fmt: skip
    made = json.dumps({"type": "default", "components": asked}).encode()
    return packed(a(), *steps, flows="s>a>" + ">".join(f"x{n}" for n in range(len(rules))) + ">e", forms={"f": made})


GROWING: tuple[Make, ...] = (
    holes_never_closed, holes_never_begun, properties_nobody_knows, properties_twice, parameters_nobody_knows,
    names_nobody_knows, lanes_nobody_knows, pools, a_long_id, a_long_deadline, a_long_role, a_long_rule,
    a_long_procedure_to_start, a_long_prefix, a_long_name_twice, arrows_between_few, timers_on_one_step,
    choices_side_by_side, blocks_in_blocks, questions, marks_of_texts, forms_upon_forms,
    rules_of_many_names,
)  # fmt: skip
