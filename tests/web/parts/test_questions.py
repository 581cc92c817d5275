"""Questions as HTML: valid, labelled, described, escaped, and posting under the names that are checked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from justhtml import JustHTML

from engine import forms
from engine.forms import Attached, Form
from tests.engine.forms.form_samples import (
    CAUSES,
    COLOURS,
    DEFECT_NAMES,
    REQUIRED,
    TODAY,
    TRIAGE_NAMES,
    ask,
    made,
    post,
    row,
    rows,
    sample,
    wrong,
)
from web.parts import questions as pages
from web.parts.sent_answers import OWN

PAGE = (
    '<!DOCTYPE html><html lang="en-GB"><head><title>A task</title></head><body>{}<h1>A task</h1>'
    '<form method="post">{}</form></body></html>'
)
INSIDE = {"form", "body", "html"}
EVERYTHING_WRONG = post(
    urgent="true",
    rooms="many",
    cost="a lot",
    **{"since-day": "31", "contact.rings": "true", "causes[0]": "row", "causes[1]": "row", "causes[1].when-day": "x"},
)


class Page:
    """A form rendered and read back by an HTML parser that forgives nothing."""

    def __init__(self, form: Form, names: Any = None, typed: Any = None, errors: Any = None, files: Any = None) -> None:
        view = forms.view(form, {"today": TODAY} if names is None else names, typed, errors, files)
        self.html = PAGE.format(pages.error_summary(view), pages.render(view))
        self.tree = JustHTML(self.html, strict=True, sanitize=False)

    def all(self, selector: str) -> list[Any]:
        return list(self.tree.query(selector))

    def one(self, selector: str) -> Any:
        (found,) = self.all(selector)
        return found

    def text(self, selector: str) -> str:
        return " ".join(self.one(selector).to_text().split())

    def attributes(self, name: str) -> list[str]:
        return [node.attrs[name] for node in self.all(f"[{name}]")]

    def hints_of(self, selector: str) -> str:
        """What is read out after the label: the texts that aria-describedby names."""
        return " ".join(
            self.text(f"#{described}") for described in self.one(selector).attrs["aria-describedby"].split()
        )


def page_of(component: dict[str, Any], typed: Any = None, error: str | None = None, **more: Any) -> Page:
    return Page(made(component), more.pop("names", None), typed, {"answer": [error]} if error else None, **more)


def everything() -> list[Page]:
    form, triage = sample("everything"), sample("triage")
    errors = {path: [text] for path, text in wrong(form, EVERYTHING_WRONG, DEFECT_NAMES).items()}
    file = Attached("e1", "a photo.jpg", "240 KB", "/evidence/e1")
    return [
        Page(triage, TRIAGE_NAMES),
        Page(triage, TRIAGE_NAMES, {}, {path: [text] for path, text in wrong(triage, {}, TRIAGE_NAMES).items()}),
        Page(form, DEFECT_NAMES),
        Page(form, DEFECT_NAMES, EVERYTHING_WRONG, errors, {"photo": [file]}),
    ]


@pytest.mark.slow
def test_every_page_of_a_form_is_valid_html() -> None:
    for page in everything():
        assert page.tree.errors == []


def test_ids_are_unique_and_everything_that_names_one_finds_it() -> None:
    for page in everything():
        ids = page.attributes("id")
        named = [
            *page.attributes("for"),
            *(part for text in page.attributes("aria-describedby") for part in text.split()),
        ]
        named += [href.removeprefix("#") for href in page.attributes("href") if href.startswith("#")]
        assert len(ids) == len(set(ids))
        assert set(named) <= set(ids)


def test_nothing_is_styled_or_scripted_inline() -> None:
    for page in everything():
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", page.html)


def test_every_box_has_a_label_and_every_set_of_boxes_a_legend() -> None:
    for page in everything():
        labelled = set(page.attributes("for"))
        boxes = [*page.all("input"), *page.all("select"), *page.all("textarea")]
        assert {box.attrs["id"] for box in boxes if box.attrs.get("type") != "hidden"} <= labelled
        assert len(page.all("fieldset")) == len(page.all("fieldset > legend"))


def test_every_name_on_the_page_is_one_that_is_checked() -> None:
    form = sample("everything")
    page = Page(form, DEFECT_NAMES, EVERYTHING_WRONG)
    names = [name for name in page.attributes("name") if not name.startswith((pages.DETACH, "add:", "remove:"))]

    wrong(form, {name: [""] for name in names}, DEFECT_NAMES)  # an unknown name would raise UnknownAnswers

    assert len(set(names)) > 25


@pytest.mark.parametrize("name", sorted(OWN))
def test_no_question_can_take_the_name_of_a_field_of_the_pages_own(name: str) -> None:
    assert forms.faults(made(ask("textfield", key=name)), ())


def test_an_error_is_shown_and_read_out_with_its_question_and_leads_there_from_the_summary() -> None:
    page = page_of(ask("textfield", description="In one line", validate=REQUIRED), {}, "Enter answer")

    assert page.text(".govuk-error-summary__list a") == "Enter answer"
    assert page.one(".govuk-error-summary__list a").attrs["href"] == "#q-answer"
    assert page.hints_of("#q-answer") == "In one line Error: Enter answer"
    assert "govuk-form-group--error" in page.html


def test_without_errors_there_is_no_summary() -> None:
    assert "govuk-error-summary" not in page_of(ask("textfield")).html


def test_an_error_of_the_form_as_a_whole_stands_in_the_summary() -> None:
    page = Page(made(ask("textfield")), errors={"": ["Too long"]})

    assert page.text(".govuk-error-summary__list li") == "Too long"
    assert page.all(".govuk-error-summary__list a") == []


@pytest.mark.parametrize(
    "kind", ["textfield", "textarea", "number", "datetime", "checkbox", "checklist", "radio", "select", "filepicker"]
)
def test_each_kind_shows_its_label_hint_and_error(kind: str) -> None:
    component = ask(kind, label="What <b>now</b>?", description="Say & show", values=COLOURS)

    page = page_of(component, {}, "Mend “it”")

    text = " ".join(page.one("form").to_text().split())
    assert "What <b>now</b>?" in text
    assert "Say & show" in text
    assert "Error: Mend “it”" in text
    assert page.one(".govuk-error-summary__list a").attrs["href"].removeprefix("#") in page.attributes("id")


def test_what_was_typed_is_escaped_and_kept_to_the_letter() -> None:
    typed = 'a "quoted" <script>\n  & indented\n\nlast'
    long = page_of(ask("textarea", validate={"maxLength": 500}), post(answer=typed)).one("textarea")
    in_a_row = Page(made(rows(ask("textarea", key="a"))), typed=post(**{"causes[0].a": typed})).one("textarea")
    short = page_of(ask("textfield"), post(answer=typed)).one("#q-answer")

    assert "".join(child.data for child in long.children) == typed
    assert "".join(child.data for child in in_a_row.children) == typed
    assert short.attrs["value"] == typed


def test_what_may_be_left_out_says_so() -> None:
    assert page_of(ask("textfield")).text("label") == "Answer (optional)"
    assert page_of(ask("textfield", validate=REQUIRED)).text("label") == "Answer"
    assert page_of(ask("radio", values=COLOURS)).text("legend") == "Answer (optional)"
    assert page_of(ask("checkbox")).text("label") == "Answer"


@pytest.mark.parametrize(
    ("limits", "type_"), [({}, "text"), ({"validationType": "email"}, "email"), ({"validationType": "phone"}, "tel")]
)
def test_a_text_box_brings_up_the_right_keyboard(limits: dict[str, Any], type_: str) -> None:
    assert page_of(ask("textfield", validate=limits)).one("#q-answer").attrs["type"] == type_


def test_a_number_is_a_text_box_with_digits_to_hand_and_its_unit() -> None:
    page = page_of(ask("number", decimalDigits=0, appearance={"suffixAdorner": "days"}), post(answer="3"))
    box = page.one("#q-answer")

    assert (box.attrs["type"], box.attrs["inputmode"], box.attrs["value"]) == ("text", "numeric", "3")
    assert page.text(".govuk-input__suffix") == "days"
    assert page_of(ask("number")).one("#q-answer").attrs["inputmode"] == "decimal"


def test_a_long_text_with_a_limit_counts_its_characters() -> None:
    page = page_of(ask("textarea", validate={"maxLength": 500}))

    assert page.one(".govuk-character-count").attrs["data-maxlength"] == "500"
    assert page.hints_of("#q-answer") == "You can enter up to 500 characters"
    assert "govuk-character-count" not in page_of(ask("textarea")).html


def test_a_date_has_three_boxes_and_an_example() -> None:
    page = page_of(ask("datetime", subtype="date"), post(**{"answer-day": "3", "answer-month": "Dec"}))
    boxes = page.all("input")

    assert [(box.attrs["name"], box.attrs.get("value")) for box in boxes] == [
        ("answer-day", "3"),
        ("answer-month", "Dec"),
        ("answer-year", ""),
    ]
    assert page.text(".govuk-hint") == "For example, 27 3 2027"


def test_only_the_boxes_of_a_date_to_mend_are_marked() -> None:
    page = page_of(
        ask("datetime", subtype="date"), post(**{"answer-day": "3"}), "Answer must include a month and a year"
    )

    marked = [box.attrs["name"] for box in page.all(".govuk-input--error")]
    assert marked == ["answer-month", "answer-year"]
    assert page.one(".govuk-error-summary__list a").attrs["href"] == "#q-answer-month"


def test_a_time_and_a_date_with_a_time() -> None:
    assert page_of(ask("datetime", subtype="time")).hints_of("#q-answer") == "For example, 9:30am or 14:30"

    boxes = page_of(ask("datetime", subtype="datetime")).all("input")

    assert [box.attrs["name"] for box in boxes] == ["answer-day", "answer-month", "answer-year", "answer-time"]
    assert boxes[3].attrs["inputmode"] == "text"


def test_ticks_always_post_something() -> None:
    one, many = page_of(ask("checkbox"), post(answer="true")), page_of(ask("checklist", values=COLOURS))

    assert [(box.attrs["type"], box.attrs["value"], "checked" in box.attrs) for box in one.all("input")] == [
        ("hidden", "", False),
        ("checkbox", "true", True),
    ]
    assert [box.attrs["value"] for box in many.all("input[name='answer']")] == ["", "red", "blue", "7"]


def test_radios_and_selects_mark_what_was_chosen() -> None:
    radio = page_of(ask("radio", values=COLOURS), post(answer="7"))
    select = page_of(ask("select", values=COLOURS), post(answer="blue"))

    assert [box.attrs["value"] for box in radio.all("input") if "checked" in box.attrs] == ["7"]
    assert [(one.attrs["value"], "selected" in one.attrs) for one in select.all("option")] == [
        ("", False),
        ("red", False),
        ("blue", True),
        ("7", False),
    ]


def test_nothing_is_chosen_when_nothing_was() -> None:
    odd = [{"label": "Nought", "value": "0"}, {"label": "No", "value": "false"}]

    assert "checked" not in page_of(ask("radio", values=odd)).html
    assert "selected" not in page_of(ask("select", values=odd)).html


def test_two_short_answers_stand_side_by_side() -> None:
    assert "govuk-radios--inline" in page_of(ask("radio", values=COLOURS[:2])).html
    assert "govuk-radios--inline" not in page_of(ask("radio", values=COLOURS)).html


def test_files_are_asked_for_and_those_attached_can_be_seen_and_removed() -> None:
    file = Attached("e1", "plan <1>.pdf", "240 KB", "/evidence/e1")

    page = page_of(ask("filepicker", accept=".pdf,.jpg", multiple=True), files={"answer": [file]})

    box = page.one("#q-answer")
    assert (box.attrs["type"], box.attrs["accept"], "multiple" in box.attrs) == ("file", ".pdf,.jpg", True)
    assert page.text(".hw-files a") == "plan <1>.pdf"
    assert page.one(".hw-files button").attrs["name"] == "detach:e1"
    assert page.text(".hw-files button") == "Remove plan <1>.pdf from Answer"


def test_what_is_only_shown_has_no_box() -> None:
    page = page_of(ask("textarea", readonly=True), names={"answer": "one <two>\nthree"})

    assert page.all("textarea") == []
    assert page.text("#q-answer dd") == "one <two> three"
    assert len(page.all("#q-answer dd br")) == 1


def test_passages_keep_their_marks_and_escape_everything_else() -> None:
    text = "# Title\n\n**Bold** & <i>odd</i> {{ word }}\n\n- [a link](https://example.org/?a=1&b=2)\n\n1. one"
    page = Page(made({"type": "text", "text": text}), {"word": "<script>"})

    assert page.text("h2") == "Title"
    assert page.text("strong") == "Bold"
    assert page.text("p") == "Bold & <i>odd</i> <script>"
    assert page.one("ul a").attrs["href"] == "https://example.org/?a=1&b=2"
    assert page.text("ol li") == "one"


def test_a_group_is_a_fieldset_and_one_without_a_label_leaves_no_trace() -> None:
    inside = [ask("textfield")]
    named = Page(made({"type": "group", "label": "Contact", "components": inside}))
    plain = Page(made({"type": "group", "components": inside}))

    assert named.text("fieldset > legend") == "Contact"
    assert plain.all("fieldset") == []
    assert len(plain.all("#q-answer")) == 1


def test_rows_are_fieldsets_with_buttons_that_say_what_they_do() -> None:
    page = Page(made(CAUSES), typed=row(0, cause="a") | row(1, cause="b"))

    legends = [" ".join(legend.to_text().split()) for legend in page.all(".hw-row > legend")]
    buttons = [(button.attrs["name"], " ".join(button.to_text().split())) for button in page.all("button")]
    assert legends == ["Cause 1 of 2", "Cause 2 of 2"]
    assert buttons == [
        ("remove:causes:0", "Remove Cause 1 of 2"),
        ("remove:causes:1", "Remove Cause 2 of 2"),
        ("add:causes", "Add another cause"),
    ]
    assert [box.attrs["name"] for box in page.all(".hw-row > input[type='hidden']")] == ["causes[0]", "causes[1]"]


def test_an_empty_list_offers_a_first_row() -> None:
    page = Page(made(rows(ask("textfield"), defaultRepetitions=0)))

    assert page.text("button") == "Add a cause"


def test_an_error_of_a_list_leads_to_the_list() -> None:
    page = Page(made(CAUSES), typed=row(0), errors={"causes": ["Add at least 1"]})

    assert page.one(".govuk-error-summary__list a").attrs["href"] == "#q-causes"
    assert page.one("#q-causes").attrs["tabindex"] == "-1"
    assert page.hints_of("#q-causes") == "Error: Add at least 1"


@pytest.mark.parametrize(
    "kind", ["textfield", "textarea", "number", "datetime", "checkbox", "checklist", "radio", "select"]
)
@pytest.mark.parametrize("limits", [{}, {"maxLength": 100}])
def test_a_question_that_rules_read_is_marked(kind: str, limits: dict[str, Any]) -> None:
    question = ask(kind, values=COLOURS, validate=limits)
    read = Page(made(question, {"type": "text", "text": "{{ answer }}"}))

    assert len(read.all("[data-rules]")) == 1
    assert page_of(question).all("[data-rules]") == []
