"""How much one procedure may hold in all its files together, so that looking it over takes a moment and no more."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import names_in_list
from engine.forms.drawn.model import walk
from engine.forms.filled.rules import every_rule
from engine.model.fault import Fault
from engine.rules.literals import is_plain

MOST_RULES = 800  # each once, texts and numbers by themselves not counted; Headway's own procedures have about 150
MOST_LETTERS = 40_000  # of these rules
MOST_DRAWN = 30_000  # letters of all rules on the diagram
MOST_CELLS = 4_000
MOST_PARTS = 4_000  # of all forms
MOST_NAMES = 2_000


def too_much(view: View, drawn: Sequence[str]) -> Fault | None:
    """A fault when there is more than can be looked over. `drawn`: the rules on the diagram."""
    if sum(map(len, drawn)) > MOST_DRAWN:
        sentence = f"All rules together have more than {MOST_DRAWN:,} letters. Put some into a table."
        return view.fault(None, sentence)
    tables, sheets = view.decisions.values(), view.forms.values()
    cells = [cell.text for table in tables for rule in table.rules for cell in (*rule.tests, *rule.results)]
    if len(cells) > MOST_CELLS:
        return _told(view, "tables", f"{len(cells):,} cells", f"{MOST_CELLS:,}")
    parts = sum(1 for form in sheets for _ in walk(form.parts))
    if parts > MOST_PARTS:
        return _told(view, "forms", f"{parts:,} parts", f"{MOST_PARTS:,}")
    asked = sum(len(form.keys) for form in sheets) + len(names_in_list(view.diagram.properties.get("trust:names")))
    if asked > MOST_NAMES:
        return _told(view, "answers", f"{asked:,} names", f"{MOST_NAMES:,}")
    columns = [column.expression for table in tables for column in table.inputs]
    in_forms = [rule.text for form in sheets for _, rule in every_rule(form)]
    rules = {text for text in (*drawn, *columns, *cells, *in_forms) if not is_plain(text)}
    letters = sum(map(len, rules))
    if len(rules) > MOST_RULES or letters > MOST_LETTERS:
        most = f"{MOST_RULES} rules and {MOST_LETTERS:,} letters"
        return _told(view, "rules", f"{len(rules):,} different rules with {letters:,} letters", most)
    return None


def _told(view: View, what: str, many: str, most: str) -> Fault:
    sentence = f"All {what} of this procedure together have {many}; Headway reads at most {most}."
    return view.fault(None, f"{sentence} Leave some out, or split it into several procedures that start each other.")
