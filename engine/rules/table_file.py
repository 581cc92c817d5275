"""The XML of a decision table: what is in it, and a refusal for everything Headway does not do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from lxml import etree

from engine.errors import BadFile
from engine.model.text import one_line, several_lines
from engine.model.wording import quoted, short

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"  # 1.3; the others are read as this one
_VERSION = re.compile(
    r"https?://www\.omg\.org/spec/DMN/(20151101|20180521|20191111|20211108|20230324|20240513)(/dmn(11)?\.xsd|/MODEL)?/?"
)
POLICIES = ("UNIQUE", "FIRST", "COLLECT")
AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")
MAX_CELLS = 2_000

_KINDS = {"string", "boolean", "number", "integer", "long", "double", "date", "time", "dateTime", "Any"}
_KINDS |= {"dayTimeDuration", "yearMonthDuration"}
# The same kinds as other versions and programs write them; None: whatever it is.
_ALSO: dict[str, str | None] = {
    "date and time": "dateTime",
    "date time": "dateTime",
    "days and time duration": "dayTimeDuration",
    "years and months duration": "yearMonthDuration",
    "int": "integer",
    "float": "double",
    "decimal": "number",
    **dict.fromkeys(("any", "list", "context", "<Undefined>")),
}
_FEEL = re.compile(r"(feel|https?://www\.omg\.org/spec/(feel/\d{8}|dmn/\d{8}/feel)/?)?")
# What else may stand beside the decision, and inside it, without changing what it decides.
_BESIDE = {"decision", "description", "extensionElements", "inputData", "knowledgeSource", "textAnnotation"}
_BESIDE |= {"association", "DMNDI", "itemDefinition", "performanceIndicator", "organizationUnit", "elementCollection"}
_BESIDE |= {"group", "decisionService"}
_INSIDE = {"decisionTable", "description", "extensionElements", "variable", "informationRequirement", "question"}
_INSIDE |= {"allowedAnswers", "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator"}
_INSIDE |= {"decisionMaker", "decisionOwner", "usingProcess", "usingTask"}
_CELLS = {"inputEntry", "outputEntry", "annotationEntry", "description", "extensionElements"}

CellText = tuple[str, str]  # id, text


class Reading:
    """A file being read. Every method raises BadFile for what Headway does not do."""

    def __init__(self, root: etree._Element) -> None:
        self._root = _as_one_version(root)
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
            raise BadFile(
                f"This decision table's hit policy is {quoted(told)}. Headway knows Unique, First and Collect: choose"
                " one of these in the modeller."
            )
        self.aggregation = self._aggregation()

    def inputs(self) -> Iterator[tuple[str, str, str, str | None]]:
        """id, label, expression, kind of each input. Raises BadFile for one that tests nothing."""
        for column in _all(self._table, "input"):
            expression = column.find(f"{{{DMN}}}inputExpression")
            text = _text(expression)
            if expression is None or not text:
                raise BadFile("An input of this decision table says nothing to test. Write a name from a form into it.")
            yield column.get("id", ""), _label(column) or text, text, self._kind(expression)

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
            name = column.get("name", "").strip() or (self._result() if len(columns) == 1 else "")
            yield column.get("id", ""), name, _label(column) or name, self._kind(column)

    def _result(self) -> str:
        """What a table calls its one result that has no name of its own: the decision's."""
        variable = self._decision.find(f"{{{DMN}}}variable")
        named = "" if variable is None else variable.get("name", "")
        return re.sub(r"\W+", "_", one_line(named)).strip("_")

    def rules(self) -> Iterator[tuple[str, list[CellText], list[CellText], str]]:
        """id, tests, results and note of each rule. A cell left empty tests nothing, or gives null.

        Raises BadFile for too many, or for cells that do not fit the columns.
        """
        wide = len(list(_all(self._table, "input"))), len(list(_all(self._table, "output")))
        rules = list(_all(self._table, "rule"))
        if len(rules) * sum(wide) > MAX_CELLS:
            raise BadFile(f"This decision table has more than {MAX_CELLS:,} cells. Make two tables of it.")
        for number, rule in enumerate(rules, 1):
            if any(_local(part) not in _CELLS for part in _own(rule)):
                raise BadFile(
                    f"Rule {number} of this decision table holds something that Headway does not know. Delete the rule"
                    " and write it again."
                )
            tests = [(cell.get("id", ""), _text(cell) or "-") for cell in _all(rule, "inputEntry")]
            results = [(cell.get("id", ""), _text(cell) or "null") for cell in _all(rule, "outputEntry")]
            if (len(tests), len(results)) != wide:
                raise BadFile(
                    f"Rule {number} of this decision table has not one cell for each column. Delete the rule and write"
                    " it again."
                )
            yield rule.get("id", ""), tests, results, several_lines(_text_of(rule.find(f"{{{DMN}}}description")))

    def _only_decision(self) -> etree._Element:
        if self._root.tag != f"{{{DMN}}}definitions":
            raise BadFile(
                "This file is not a decision table that Headway reads (DMN 1.1 to 1.5). Open it in the Camunda Modeler"
                " and save it there, or draw the table anew in it."
            )
        decisions = list(_all(self._root, "decision"))
        if len(decisions) != 1:
            told = "no decision" if not decisions else "several decisions"
            raise BadFile(
                f"This file holds {told}. Headway reads one decision table from each file: save each table as a file of"
                " its own."
            )
        strange = next((part for part in _own(self._root) if _local(part) not in _BESIDE), None)
        if strange is not None:
            raise BadFile(
                f"This file holds a {quoted(_local(strange))}. Headway reads one decision table and nothing else: take"
                " it out in the modeller."
            )
        return decisions[0]

    def _only_table(self) -> etree._Element:
        for part in _own(self._decision):
            if _local(part) not in _INSIDE:
                told = f"This decision is a {quoted(_local(part))}. Headway reads decision tables."
                raise BadFile(f"{told} Draw it as one, or as a script step of the diagram.")
        if self._decision.find(f".//{{{DMN}}}requiredDecision") is not None:
            raise BadFile(
                "This decision builds on another one. Headway reads one decision table from each file: save the other"
                " as a file of its own, give it a step before this one on the diagram, and test its result by name."
            )
        tables = list(_all(self._decision, "decisionTable"))
        if len(tables) != 1:
            raise BadFile("This decision has no table. Headway reads decision tables only: draw it as one.")
        return tables[0]

    def _refuse_other_languages(self) -> None:
        for part in self._root.iter():
            language = part.get("expressionLanguage", "").strip()
            if not _FEEL.fullmatch(language.lower()):
                raise BadFile(
                    f"This decision table is written in {short(language, 40)}. Headway reads FEEL only: choose FEEL as"
                    " its language and write its cells in it."
                )

    def _aggregation(self) -> str | None:
        found = self._table.get("aggregation", "").strip().upper()
        if not found:
            return None
        if self.hit_policy != "COLLECT" or found not in AGGREGATIONS:
            raise BadFile(
                "This decision table adds its results up in a way that Headway does not know. Choose Collect with Sum,"
                " Min, Max or Count, or no aggregation."
            )
        return found

    def _kind(self, element: etree._Element) -> str | None:
        """The kind of a column's values; that of a type the file defines itself is the one it is made of."""
        kind = _unprefixed(element.get("typeRef", ""))
        if kind in self._types and kind not in _KINDS:
            kind = self._types[kind]
        kind = _ALSO.get(kind, kind) or ""
        if kind and kind not in _KINDS:
            raise BadFile(
                f"This decision table has values of the type {quoted(kind)}, which Headway does not know. Choose"
                " string, boolean, number or a kind of date as the column's type."
            )
        return kind or None

    @cached_property
    def _types(self) -> dict[str, str]:
        """Types that the file defines: name -> what each is made of; a list is whatever it is."""
        found: dict[str, str] = {}
        for item in _all(self._root, "itemDefinition"):
            made_of = item.get("typeRef", "") or _text_of(item.find(f"{{{DMN}}}typeRef"))
            if item.find(f"{{{DMN}}}itemComponent") is None:
                listed = item.get("isCollection", "false").strip() == "true"
                found[item.get("name", "").strip()] = "any" if listed else _unprefixed(made_of)
        return found


def _as_one_version(root: etree._Element) -> etree._Element:
    """A document of another version under the names of the one that is read."""
    own = str(root.tag)[1:].partition("}")[0]
    if own != DMN and _VERSION.fullmatch(own):
        for element in root.iter(f"{{{own}}}*"):
            element.tag = f"{{{DMN}}}{_local(element)}"
    return root


def _own(parent: etree._Element) -> Iterator[etree._Element]:
    """What stands right inside, without what other programs keep there."""
    return parent.iterchildren(f"{{{DMN}}}*")


def _all(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    return parent.iterchildren(f"{{{DMN}}}{tag}")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _text(element: etree._Element | None) -> str:
    """The FEEL of an element."""
    return "" if element is None else _text_of(element.find(f"{{{DMN}}}text"))


def _text_of(element: etree._Element | None) -> str:
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def _unprefixed(type: str) -> str:
    """“feel:string” as “string”."""
    return type.strip().rpartition(":")[2]


def _label(column: etree._Element) -> str:
    return one_line(column.get("label", ""))
