"""The XML of a decision table: what is in it, and a refusal for everything Headway does not do."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.errors import BadFile
from engine.model.text import one_line, several_lines
from engine.model.wording import quoted

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
POLICIES = ("UNIQUE", "FIRST", "COLLECT")
AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")
MAX_CELLS = 2_000

_KINDS = {"string", "boolean", "number", "integer", "long", "double", "date", "time", "dateTime", "Any"}
_KINDS |= {"dayTimeDuration", "yearMonthDuration"}
_FEEL = {"", "feel", "https://www.omg.org/spec/dmn/20191111/feel/", "http://www.omg.org/spec/dmn/20180521/feel/"}
# What else may stand beside the decision, and inside it, without changing what it decides.
_BESIDE = {"decision", "description", "extensionElements", "inputData", "knowledgeSource", "textAnnotation"}
_BESIDE |= {"association", "DMNDI"}
_INSIDE = {"decisionTable", "description", "extensionElements", "variable", "informationRequirement", "question"}
_INSIDE |= {"allowedAnswers", "authorityRequirement"}
_CELLS = {"inputEntry", "outputEntry", "annotationEntry", "description", "extensionElements"}

CellText = tuple[str, str]  # id, text


class Reading:
    """A file being read. Every method raises BadFile for what Headway does not do."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._decision = self._only_decision()
        self._table = self._only_table()
        self._refuse_other_languages()
        self.key = self._decision.get("id", "").strip()
        if not self.key:
            raise BadFile("This decision table has no id. Give it one in the modeller and save it again.")
        self.name = one_line(self._decision.get("name", ""))
        self.hit_policy = self._table.get("hitPolicy", "UNIQUE").strip().upper()
        if self.hit_policy not in POLICIES:
            told = self.hit_policy.capitalize()
            raise BadFile(f"This decision table's hit policy is {told}. Headway knows Unique, First and Collect.")
        self.aggregation = self._aggregation()

    def inputs(self) -> Iterator[tuple[str, str, str, str | None]]:
        """id, label, expression, kind of each input. Raises BadFile for one that tests nothing."""
        for column in _all(self._table, "input"):
            expression = column.find(f"{{{DMN}}}inputExpression")
            text = _text(expression)
            if expression is None or not text:
                raise BadFile("An input of this decision table says nothing to test. Write a name from a form into it.")
            yield column.get("id", ""), _label(column) or text, text, _kind(expression)

    def outputs(self) -> Iterator[tuple[str, str, str, str | None]]:
        """id, name, label, kind of each result. Raises BadFile for none, or for one with a default."""
        columns = list(_all(self._table, "output"))
        if not columns:
            raise BadFile("This decision table has no result. Add a column for one in the modeller.")
        for column in columns:
            if column.find(f"{{{DMN}}}defaultOutputEntry") is not None:
                raise BadFile(
                    "This decision table has a default result. Write it as a last rule with “-” in each input."
                )
            name = column.get("name", "").strip()
            yield column.get("id", ""), name, _label(column) or name, _kind(column)

    def rules(self) -> Iterator[tuple[str, list[CellText], list[CellText], str]]:
        """id, tests, results and note of each rule. A cell left empty tests nothing, or gives null.

        Raises BadFile for too many, or for cells that do not fit the columns.
        """
        wide = len(list(_all(self._table, "input"))), len(list(_all(self._table, "output")))
        rules = list(_all(self._table, "rule"))
        if len(rules) * sum(wide) > MAX_CELLS:
            raise BadFile(f"This decision table has more than {MAX_CELLS:,} cells. Make two tables of it.")
        for number, rule in enumerate(rules, 1):
            if any(_local(part) not in _CELLS for part in rule):
                raise BadFile(f"Rule {number} of this decision table holds something that Headway does not know.")
            tests = [(cell.get("id", ""), _text(cell) or "-") for cell in _all(rule, "inputEntry")]
            results = [(cell.get("id", ""), _text(cell) or "null") for cell in _all(rule, "outputEntry")]
            if (len(tests), len(results)) != wide:
                raise BadFile(f"Rule {number} of this decision table has not one cell for each column.")
            yield rule.get("id", ""), tests, results, several_lines(_text_of(rule.find(f"{{{DMN}}}description")))

    def _only_decision(self) -> etree._Element:
        if self._root.tag != f"{{{DMN}}}definitions":
            raise BadFile("This file is not a decision table as the Camunda Modeler saves it (DMN 1.3).")
        decisions = list(_all(self._root, "decision"))
        if len(decisions) != 1:
            told = "no decision" if not decisions else "several decisions"
            raise BadFile(f"This file holds {told}. Headway reads one decision table from each file.")
        strange = next((part for part in self._root if _local(part) not in _BESIDE), None)
        if strange is not None:
            raise BadFile(
                f"This file holds a {quoted(_local(strange))}. Headway reads one decision table and nothing else."
            )
        return decisions[0]

    def _only_table(self) -> etree._Element:
        for part in self._decision:
            if _local(part) not in _INSIDE:
                told = f"This decision is a {quoted(_local(part))}. Headway reads decision tables."
                raise BadFile(f"{told} Draw it as one, or as a script step of the diagram.")
        if self._decision.find(f".//{{{DMN}}}requiredDecision") is not None:
            raise BadFile("This decision builds on another one. Headway reads one decision table from each file.")
        tables = list(_all(self._decision, "decisionTable"))
        if len(tables) != 1:
            raise BadFile("This decision has no table. Headway reads decision tables only.")
        return tables[0]

    def _refuse_other_languages(self) -> None:
        for part in self._root.iter():
            language = part.get("expressionLanguage", "").strip()
            if language.lower() not in _FEEL:
                raise BadFile(f"This decision table is written in {language[:40]}. Headway reads FEEL only.")

    def _aggregation(self) -> str | None:
        found = self._table.get("aggregation", "").strip().upper()
        if not found:
            return None
        if self.hit_policy != "COLLECT" or found not in AGGREGATIONS:
            raise BadFile("This decision table adds its results up in a way that Headway does not know.")
        return found


def _all(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    return parent.iterchildren(f"{{{DMN}}}{tag}")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _text(element: etree._Element | None) -> str:
    """The FEEL of an element."""
    return "" if element is None else _text_of(element.find(f"{{{DMN}}}text"))


def _text_of(element: etree._Element | None) -> str:
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def _label(column: etree._Element) -> str:
    return one_line(column.get("label", ""))


def _kind(element: etree._Element) -> str | None:
    kind = element.get("typeRef", "").strip()
    kind = kind.removeprefix("feel:")
    if kind and kind not in _KINDS:
        raise BadFile(f"This decision table has values of the type {quoted(kind)}, which Headway does not know.")
    return kind or None
