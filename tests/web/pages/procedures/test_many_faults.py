"""The page of an upload with many faults: the same ones together, each numbered on the drawing, the rest counted."""

from __future__ import annotations

import re

from tests.engine.bpmn.sketch import sketch, user
from tests.web.house import House
from tests.web.pages.procedures.test_pages import upload


def test_the_same_faults_are_told_together_and_numbered_on_every_element(trust: House) -> None:
    drawn = [user(f"a{number}", f"Step {number}", role=None, due="3 school days") for number in range(12)]
    page = upload(
        trust.visitor("dana"), {"t.bpmn": sketch(*drawn, flows=">".join(("s", *(f"a{n}" for n in range(12)), "e")))}
    )
    numbers = re.findall(r"! ([\d, ]+)<", page.html)

    assert page.main.count("Nobody is to do this") == 1
    assert "12 places: “Step 0”, “Step 1”" in page.main
    assert "and 4 others (the diagram)" in page.main
    assert sum("," in each or each.strip().isdigit() for each in numbers) >= 12


def test_of_more_than_forty_the_rest_is_counted(trust: House) -> None:
    drawn = [user(f"a{number}", f"Step {number}", due=f"soon {number}") for number in range(50)]
    page = upload(
        trust.visitor("dana"), {"t.bpmn": sketch(*drawn, flows=">".join(("s", *(f"a{n}" for n in range(50)), "e")))}
    )

    assert "has more than 40 faults" in page.main
    assert "more faults. Mend these first" in page.main
    assert page.html.count('class="hw-fault"') == 40
