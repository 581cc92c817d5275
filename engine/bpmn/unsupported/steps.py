"""Rows of the refusal table: steps, pools, code, and whatever no other row names."""

from __future__ import annotations

from engine.bpmn.unsupported.matchers import (
    ANY,
    FOREIGN,
    LOOP,
    WORKED_OUT,
    Refusal,
    attribute,
    endless_loop,
    extension,
    handed_elsewhere,
    inside,
    juel,
    list_and_number,
    no_number,
    other_extension,
    other_language,
    other_quantity,
    repeated_property,
    reserved_id,
    setting,
    several_without_list,
    there,
    unknown_tag,
    unused_property,
    unused_setting,
)

TASKS = (
    Refusal(
        "several-without-list", LOOP, several_without_list,
        "This is to be done for several, but it does not say for which.",
        "Fill in “Collection” with the list and “Element variable” with a name for each item, or “Loop cardinality”"
        " with a number.",
    ),
    Refusal(
        "list-and-number", LOOP, list_and_number,
        "This says both for which list and how many times it is done.",
        "Keep the collection, or the loop cardinality.",
    ),
    Refusal(
        "loop-maximum", "standardLoopCharacteristics", no_number("loopMaximum"),
        "“{found}” is not how many times this can be done at most.",
        "Write a whole number of 1 or more, or leave it empty.",
    ),
    Refusal(
        "endless-loop", "standardLoopCharacteristics", endless_loop,
        "This is to be done again and again, but it says neither as long as what nor how often.",
        "Fill in the loop condition (it is done again as long as that is true) or the loop maximum.",
    ),
    Refusal(
        "standard-list", LOOP, inside("loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem"),
        "The list of this step is given in a way that Headway does not read.",
        "Fill in “Collection” and “Element variable” in the modeller's panel for Camunda 7.",
    ),
    Refusal(
        "several-events", LOOP, attribute("behavior", "One", "None", "Complex"),
        "A step for several that throws events on the way is not run by Headway.",
        "Remove that setting.",
    ),
    Refusal(
        "quantities", ANY, other_quantity,
        "A step that begins or goes on several times at once is not run by Headway.",
        "Bring ways together, and let them part, in a diamond with a plus.",
    ),
)  # fmt: skip

DATA_AND_POOLS = (
    Refusal(
        "correlation", "correlationKey correlationProperty correlationSubscription", there,
        "Matching messages by keys is not run by Headway: a message is given to a case by people or by its reference.",
        "Remove it.",
    ),
    Refusal(
        "reserved-id", ANY, reserved_id,
        "The id “{found}” means something else while a case runs.",
        "Give it another id, such as “{found}_1”, in the modeller's panel.",
    ),
)  # fmt: skip

CODE = (
    Refusal(
        "other-language", " ".join(sorted({"scriptTask", *WORKED_OUT} - {"script"})), other_language,
        "This is written in “{found}”. Headway only works out FEEL and never runs program code.",
        "Write it as FEEL and choose FEEL as the language.",
    ),
    Refusal(
        "juel", f"{ANY} {FOREIGN}", juel,
        "“{found}” is written for another engine.",
        "Write FEEL: a leading “=” for a rule, or {{ name }} inside a text.",
    ),
    Refusal(
        "class", ANY, setting("class", "delegateExpression", "expression"),
        "This names program code to run. Headway never runs program code from a diagram.",
        "Choose one of the blocks, such as “Tell somebody” or “Keep a record”.",
    ),
    Refusal(
        "external", ANY, setting("topic", "type"),
        "This hands the step to a program outside.",
        "Choose one of the blocks, or make it a user task for whoever looks after that program.",
    ),
    Refusal(
        "listener", "executionListener taskListener", extension("executionListener", "taskListener"),
        "A listener runs program code beside a step. Headway never runs program code from a diagram.",
        "Remove it. Draw what should happen as a step with one of the blocks.",
    ),
    Refusal(
        "connector", "connector", extension("connector"),
        "A connector calls another program.",
        "Choose one of the blocks instead.",
    ),
    Refusal(
        "field", "field", extension("field"),
        "A field hands a value to program code. Headway never runs program code from a diagram.",
        "Remove it. The block's own boxes are filled in under “Properties”.",
    ),
    Refusal(
        "input-output", "inputOutput", extension("inputOutput"),
        "Inputs and outputs of a step are not used: every step can read every answer.",
        "Remove them. Fill in a block's boxes under “Properties”.",
    ),
    Refusal(
        "handed-elsewhere", "in out", handed_elsewhere,
        "Only a step that calls another procedure hands answers to it and takes some back.",
        "Remove it: every step can read every answer of its own procedure.",
    ),
    Refusal(
        "form-data", "formData", extension("formData"),
        "The questions of this step are written into the diagram.",
        "Draw a form in the form editor, save it as a file and choose it as “Camunda Form”.",
    ),
    Refusal(
        "form-key", ANY, setting("formKey"),
        "This step names its form in a way that Headway does not read.",
        "Choose “Camunda Form” as the type of form and fill in the form's id.",
    ),
    Refusal(
        "file-version", ANY, setting("formRefVersion", "decisionRefVersion"),
        "A form or decision table is published together with its diagram, so no version of it can be chosen.",
        "Choose “latest” as the binding.",
    ),
    Refusal(
        "decision-mapping", "businessRuleTask", setting("mapDecisionResult"),
        "How to turn the table's result into a value cannot be chosen.",
        "Clear “Map decision result”. The result is kept under its name as the table gives it.",
    ),
    Refusal(
        "people-by-name", ANY, setting("candidateUsers", "candidateStarterUsers", "candidateStarterGroups"),
        "People are not named on a diagram in this way.",
        "Use a lane or “Candidate groups” with a role. Who may start a procedure is its property “trust:starters”.",
    ),
    Refusal(
        "other-dates", "userTask task manualTask", setting("followUpDate", "priority"),
        "Headway orders tasks by their deadline, so a follow-up date or priority would be ignored.",
        "Clear it and say when the task is due.",
    ),
    Refusal(
        "repeated-property", "property", repeated_property,
        "The property “{found}” is filled in twice.",
        "Keep one of them.",
    ),
    Refusal(
        "resource", ANY, setting("resource"),
        "This names a file with program code. Headway never runs program code from a diagram.",
        "Write the rule into the diagram as FEEL.",
    ),
)  # fmt: skip

# Told only of what no row above names, so that nothing drawn is ever left out silently.
REST = (
    Refusal(
        "other-tag", ANY, unknown_tag,
        "“{found}” is something that Headway does not run.",
        "Remove it. If the procedure needs it, describe it in a text annotation and ask for it to be added.",
    ),
    Refusal(
        "other-extension", FOREIGN, other_extension,
        "“{found}” is a setting for another engine, which Headway would ignore.",
        "Remove it in the modeller's panel.",
    ),
    Refusal(
        "other-setting", ANY, unused_setting,
        "The setting “{found}” means nothing here, so Headway would ignore it.",
        "Clear it in the modeller's panel.",
    ),
    Refusal(
        "other-property", "property", unused_property,
        "The property “{found}” means nothing here, so Headway would ignore it.",
        "Remove it, or see whether its name is misspelt.",
    ),
)  # fmt: skip
