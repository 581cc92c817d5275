"""Decision tables that grow, each in a sound procedure of one step that looks something up."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from engine.bpmn.package import Package
from tests.engine.bpmn.check.sketches import a, form
from tests.engine.bpmn.sketch import sketch, step

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def _table(inputs: list[str], outputs: int, rules: list[list[str]], attributes: str = "") -> bytes:
    columns = "".join(
        f'<input id="i{n}" label="I{n}"><inputExpression id="x{n}"><text>{escape(each)}</text></inputExpression>'
        "</input>"
        for n, each in enumerate(inputs)
    )
    columns += "".join(f'<output id="o{n}" label="O{n}" name="o{n}"/>' for n in range(outputs))
    lines = "".join(_rule(number, cells, len(inputs)) for number, cells in enumerate(rules))
    return (
        f'<definitions xmlns="{DMN}" id="d" name="D" namespace="n"><decision id="t" name="T">'
        f'<decisionTable id="dt" hitPolicy="FIRST" {attributes}>{columns}{lines}</decisionTable>'
        "</decision></definitions>"
    ).encode()


def _rule(number: int, cells: list[str], tests: int) -> str:
    tags = ["inputEntry"] * tests + ["outputEntry"] * (len(cells) - tests)
    told = "".join(
        f'<{tag} id="c{number}_{n}"><text>{escape(cell)}</text></{tag}>'
        for n, (tag, cell) in enumerate(zip(tags, cells, strict=True))
    )
    return f'<rule id="r{number}">{told}</rule>'


def _packed(table: bytes) -> Package:
    looks_up = step("businessRuleTask", "t", camunda_decisionRef="t")
    drawn = sketch(a(), looks_up, flows="s>a>t>e", ends=True, drawn=True, trust__names="n")
    return Package(drawn, form(), {"t": table})


def rows_of_numbers(size: int) -> Package:
    return _packed(_table(["n"], 1, [[f"< {row}", str(row)] for row in range(size // 130)]))


def rows_of_rules(size: int) -> Package:
    """Each cell a rule of its own."""
    return _packed(_table(["n"], 1, [[f"? > {row} + 1", f'"{row}" + "x"'] for row in range(size // 150)]))


def columns_of_one_row(size: int) -> Package:
    many = size // 180
    return _packed(_table([f"n + {n}" for n in range(many)], 1, [["-"] * many + ["1"]]))


def results_of_one_row(size: int) -> Package:
    many = size // 120
    return _packed(_table(["n"], many, [["-"] + ["1"] * many]))


def names_nobody_knows_in_cells(size: int) -> Package:
    return _packed(_table(["n"], 1, [[f"unknown_{row}", "1"] for row in range(size // 130)]))


def a_long_cell(size: int) -> Package:
    return _packed(_table(["n"], 1, [["1 + " * (size // 4) + "1", "1"]]))


def a_cell_of_many_values(size: int) -> Package:
    return _packed(_table(["n"], 1, [[", ".join(f'"v{n}"' for n in range(size // 9)), "1"]]))


def a_cell_of_brackets(size: int) -> Package:
    return _packed(_table(["n"], 1, [["(" * size, "1"]]))


def a_cell_of_quotes(size: int) -> Package:
    return _packed(_table(["n"], 1, [['"\\' * (size // 2), "1"]]))


def an_attribute_of_great_length(size: int) -> Package:
    return _packed(_table(["n"], 1, [["-", "1"]], f'label="{"x" * size}"'))


def decisions_of_one_file(size: int) -> Package:
    return _packed(f'<definitions xmlns="{DMN}">{"<decision/>" * (size // 11)}</definitions>'.encode())


def comments_and_blanks(size: int) -> Package:
    blanks = b"<!-- -->  \n" * (size // 11)
    return _packed(_table(["n"], 1, [["-", "1"]]).replace(b"<rule ", blanks + b"<rule "))


GROWING_TABLES: tuple[Callable[[int], Package], ...] = (
    rows_of_numbers, rows_of_rules, columns_of_one_row, results_of_one_row, names_nobody_knows_in_cells, a_long_cell,
    a_cell_of_many_values, a_cell_of_brackets, a_cell_of_quotes, an_attribute_of_great_length, decisions_of_one_file,
    comments_and_blanks,
)  # fmt: skip
