"""A table's file in every version of DMN, and as programs other than the Camunda Modeler save it."""

from __future__ import annotations

import pytest

from engine.errors import BadFile
from engine.rules.tables import decide, read
from tests.engine.rules.test_tables import NAMES, TODAY, TRIAGE


@pytest.mark.parametrize(
    ("vocabulary", "language"),
    [
        ("http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/FEEL/20140401"),
        ("http://www.omg.org/spec/DMN/20151101/dmn11.xsd", "feel"),
        ("http://www.omg.org/spec/DMN/20180521/MODEL/", "http://www.omg.org/spec/DMN/20180521/FEEL/"),
        ("https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20191111/FEEL/"),
        ("https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20211108/FEEL/"),
        ("https://www.omg.org/spec/DMN/20230324/MODEL/", "https://www.omg.org/spec/DMN/20230324/FEEL/"),
    ],
)
def test_a_table_of_every_version_decides_the_same(vocabulary: str, language: str) -> None:
    text = TRIAGE.decode().replace("https://www.omg.org/spec/DMN/20191111/MODEL/", vocabulary)
    assert text.count(vocabulary) == 1
    older = read(text.replace('expressionLanguage="feel"', f'expressionLanguage="{language}"').encode())

    assert older == read(TRIAGE)
    assert decide(older, {**NAMES, **TODAY}) == {"route": "on site", "days": 5}


OTHER_PROGRAM = """<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<d:definitions xmlns:d="http://www.omg.org/spec/DMN/20151101/dmn.xsd" xmlns:tool="http://tool.example/dmn"
 xmlns:f="http://www.omg.org/spec/FEEL/20140401" xmlns:own="http://tool.example/definitions/1" id="d1" name="Table"
 namespace="http://tool.example/definitions/1">
 <d:extensionElements><tool:feed/></d:extensionElements>
 <tool:stencil/>
 <d:itemDefinition name="tRisk"><d:typeRef>f:string</d:typeRef>
  <d:allowedValues><d:text>"High","Low"</d:text></d:allowedValues></d:itemDefinition>
 <d:itemDefinition name="tPast" isCollection="true" typeRef="f:number"/>
 <d:decision id="_3b" name="Approval Status"><d:variable name="Approval Status" typeRef="f:string"/>
  <d:informationRequirement><d:requiredInput href="#_i"/></d:informationRequirement>
  <d:decisionOwner href="#x"/><tool:shape/>
  <d:decisionTable hitPolicy="UNIQUE" outputLabel="Approval Status">
   <d:input id="i1" label="Age"><d:inputExpression typeRef="f:number"><d:text>age</d:text></d:inputExpression></d:input>
   <d:input id="i2"><d:inputExpression typeRef="own:tRisk"><d:text>risk</d:text></d:inputExpression></d:input>
   <d:input id="i3"><d:inputExpression typeRef="own:tPast"><d:text>past</d:text></d:inputExpression></d:input>
   <d:input id="i4"><d:inputExpression typeRef="date and time"><d:text>seen</d:text></d:inputExpression></d:input>
   <d:output id="o1"><d:outputValues><d:text>"Approved","Declined"</d:text></d:outputValues></d:output>
   <d:rule id="r1"><d:inputEntry id="t1"><d:text>&gt;=18</d:text></d:inputEntry>
    <d:inputEntry id="t2"><d:text>"Low"</d:text></d:inputEntry><d:inputEntry id="t3"><d:text>-</d:text></d:inputEntry>
    <d:inputEntry id="t4"><d:text>-</d:text></d:inputEntry>
    <d:outputEntry id="v1"><d:text>"Approved"</d:text></d:outputEntry></d:rule>
  </d:decisionTable></d:decision>
 <d:inputData id="_i" name="Age"><d:variable name="Age" typeRef="f:number"/></d:inputData>
</d:definitions>"""


def test_a_table_as_other_programs_save_it_is_read() -> None:
    found = read(OTHER_PROGRAM.encode())

    assert [column.kind for column in found.inputs] == ["number", "string", None, "dateTime"]
    assert [column.name for column in found.outputs] == ["Approval_Status"]
    assert decide(found, {"age": 19, "risk": "Low", "past": [1], "seen": None}) == {"Approval_Status": "Approved"}


@pytest.mark.parametrize("vocabulary", ["http://www.omg.org/spec/DMN/20130901", "http://example.org/dmn", "urn:x"])
def test_what_is_no_table_of_a_known_version_says_what_to_do(vocabulary: str) -> None:
    with pytest.raises(BadFile, match=r"DMN 1\.1 to 1\.5.*Camunda Modeler"):
        read(TRIAGE.replace(b"https://www.omg.org/spec/DMN/20191111/MODEL/", vocabulary.encode()))
