"""Every fault of a form at once, in the words of the person who drew it, saying what to do instead."""

from __future__ import annotations

import re
from collections import ChainMap, Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime

from engine.forms.drawn.model import (
    KEY,
    Component,
    Foreign,
    Form,
    Group,
    Listing,
    MomentKind,
    Passage,
    Question,
    QuestionKind,
    feels,
    walk,
)
from engine.forms.drawn.texts import Feel
from engine.forms.filled.rules import every_rule
from engine.forms.filled.settle import LONGEST_ASKED, flags_of, spelt_rules
from engine.forms.filled.sheet import known_sheet
from engine.forms.limits import limit_faults
from engine.model.wording import quoted
from engine.rules import feel
from engine.rules.misread import misread_rule

Told = tuple[str | None, str | None, str]  # component id, label, sentence
Known = ChainMap[str, None]  # names, those of a group or row before those around it

MOST_RULES = 60
MOST_LETTERS = 12_000  # of all rules of a form; reading them takes a moment each
FACTS = frozenset({"case", "school", "today", "calendar"})
ROW_NAMES = frozenset({"this", "i"})  # a row's answers and its number
# What pages post beside the answers.
PAGE_FIELDS = frozenset({"anyway", "csrf_token", "complete", "kept", "look", "save", "start"})
# Words of the rules themselves, and functions that an answer of the same name would hide.
_RESERVED = re.compile(
    "and|between|else|every|external|false|for|function|if|in|instance|not|null|or|return|satisfies|some|then|true|"
    "abs|after|all|any|append|before|ceiling|coincides|concatenate|contains|context|count|date|decimal|duration|during|"
    "even|exp|finishes|flatten|floor|includes|is|log|matches|max|mean|median|meets|min|mode|modulo|number|odd|overlaps|"
    "product|remove|replace|reverse|sort|split|sqrt|starts|stddev|string|sublist|substring|sum|time|union|"
    "item|item_number|now|partial"
)

# A day to try rules about dates with. Everything else they read counts as unanswered.
_DAY = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
_SAMPLES = {MomentKind.DATE: "2026-01-05", MomentKind.TIME: "09:30:00", MomentKind.BOTH: "2026-01-05T09:30:00"}
_FACTS_TO_TRY = {"today": _DAY.date(), "now": _DAY, "calendar": {"terms": [], "closed": []}}

_INSTEAD = {
    "iframe": "Pages of other websites are not supported. Put a link to it into a text component.",
    "documentPreview": "Previews of documents are not supported: the page lists the evidence. Take this one out.",
    "taglist": "Tag lists are not supported. Use a checkbox group.",
    "table": "Tables are not supported. Use a dynamic list, or a text component to show what is known.",
}
_PUPIL = r"(?:pupil|child|student|learner)"
_NAMES_A_PUPIL = re.compile(
    rf"\b{_PUPIL}(?:s|['\u2019]s|s['\u2019])?(?:['\u2019]s)?\s+(?:full\s+|first\s+|last\s+|sur)?names?\b"
    rf"|\bnames?\s+of\s+(?:the\s+|each\s+|any\s+|all\s+|every\s+|affected\s+)*(?:{_PUPIL}s?|children)\b"
    rf"|\b(?:which|what)\s+{_PUPIL}\b|\bname\s+(?:the|each|every|any)\s+(?:{_PUPIL}s?|children)\b"
    rf"|\bUPN\b|\bunique pupil number\b",
    re.IGNORECASE,
)


def faults(form: Form, known_names: Collection[str]) -> list[Told]:
    """What stops this form from being published: (component id, label, sentence). Empty: nothing.

    known_names: every name the procedure knows besides this form's own answers and the facts that are always there.
    """
    everything: Known = ChainMap(dict.fromkeys(form.keys), dict.fromkeys(known_names), dict.fromkeys(FACTS))
    found = [told for part in walk(form.parts) for told in _tell(part, _of_component(part))]
    rules = {rule.text for _, rule in every_rule(form)}
    if len(rules) > MOST_RULES or sum(map(len, rules)) > MOST_LETTERS:
        sentence = (
            f"This form has more than {MOST_RULES} rules, or rules of more than {MOST_LETTERS:,} letters together."
        )
        return [*found, (None, None, f"{sentence} Split it over several steps.")]
    found += _of_keys(form.parts, frozenset())
    found += _of_places(form.parts, everything, in_list=False)
    found += _circles(form)
    return found or [*_too_much_at_once(form), *_dates_as_texts(form)]


def notes(form: Form) -> list[Told]:
    """What is good to know of this form and stops nothing."""
    return [told for part in walk(form.parts) for told in _tell(part, iter(part.notes))]


def _tell(part: Component, sentences: Iterator[str]) -> Iterator[Told]:
    yield from ((part.id or None, part.title or None, sentence) for sentence in sentences)


def _of_component(part: Component) -> Iterator[str]:
    yield from part.slips
    if isinstance(part, Foreign):
        yield _INSTEAD.get(part.type, f"{quoted(part.type)} is not supported. Use one of the other components.")
    elif isinstance(part, Question):
        yield from _of_question(part)
    elif isinstance(part, Listing) and not part.label:
        yield "This list has no label. Say what it lists, for example “Causes”."
    elif isinstance(part, Passage) and not (part.blocks or part.slips or part.notes):
        yield "This text is empty. Write something or take it out."
    if isinstance(part, Listing) and not part.parts:
        yield "This list asks nothing. Put a question into it or take it out."
    if isinstance(part, Listing) and part.least > part.most:
        yield "This list must have more rows than it may have. Make “min” smaller or “max” larger."
    if _NAMES_A_PUPIL.search(part.title):
        yield "This asks for a pupil by name. No pupil is ever named here. Ask about a group or a year instead."


def _of_question(part: Question) -> Iterator[str]:
    if not part.label and part.kind is not QuestionKind.WORKED_OUT:
        yield "This question has no label. Write what is asked."
    if part.kind is QuestionKind.WORKED_OUT and not part.rule:
        yield "This expression is empty. Write what it should work out, or take it out."
    yield from limit_faults(part)


def _keyed(parts: tuple[Component, ...]) -> Iterator[Question | Group | Listing]:
    """Everything whose key stands in the same record: what is in groups without a path counts here."""
    for part in parts:
        if isinstance(part, Group) and not part.key:
            yield from _keyed(part.parts)
        elif isinstance(part, Question | Group | Listing):
            yield part


def _of_keys(parts: tuple[Component, ...], around: frozenset[str]) -> Iterator[Told]:
    """Keys that are missing, cannot be used or are used twice. `around`: keys outside this list or group."""
    here = list(_keyed(parts))
    count = Counter(part.key for part in here if part.key)
    for part in here:
        yield from _tell(part, _of_key(part, count, around))
        if isinstance(part, Group | Listing):
            yield from _of_keys(part.parts, around | count.keys())


def _of_key(part: Question | Group | Listing, count: Mapping[str, int], around: frozenset[str]) -> Iterator[str]:
    key, called = part.key, "path" if isinstance(part, Group | Listing) else "key"
    if not key:
        yield f"This has no {called}. Give it one: it is the name of the answer, for example “recheck_date”."
    elif len(key) > 60 or not KEY.fullmatch(key):
        yield (
            f"{quoted(key)} cannot be a {called}. Begin with a letter and use letters, digits and single underscores, "
            "60 at most."
        )
    elif key in FACTS | ROW_NAMES | PAGE_FIELDS:
        yield f"{quoted(key)} is a name that Headway itself uses. Choose another {called}."
    elif _RESERVED.fullmatch(key):
        yield f"{quoted(key)} is a word of the rules themselves. Choose another {called}, for example “{key}_given”."
    elif count[key] > 1:
        yield f"{quoted(key)} is the {called} of {count[key]} components. Give each its own."
    elif key in around:
        yield f"{quoted(key)} is also asked outside this list or group. Choose another {called}."


def _of_places(parts: tuple[Component, ...], known: Known, *, in_list: bool) -> Iterator[Told]:
    """Faults that depend on where a component stands, its rules first: they read the names around it."""
    for part in parts:
        yield from _tell(part, _of_rules(part, known))
        if in_list:
            yield from _tell(part, _of_column(part))
        if isinstance(part, Group):
            inside = known.new_child(_keys_of(part)) if part.key else known
            yield from _of_places(part.parts, inside, in_list=in_list)
        elif isinstance(part, Listing):
            yield from _tell(part, _of_shown_columns(part))
            inside = known.new_child(_keys_of(part) | dict.fromkeys(ROW_NAMES))
            yield from _of_places(part.parts, inside, in_list=True)


def _keys_of(part: Group | Listing) -> dict[str, None]:
    return dict.fromkeys(one.key for one in _keyed(part.parts))


def _of_column(part: Component) -> Iterator[str]:
    if isinstance(part, Listing):
        yield "A list inside a list is not supported. Ask for it in a text area, or in a list of its own."
    if isinstance(part, Question) and part.kind is QuestionKind.FILES:
        yield "Files cannot be asked for inside a list. Put this question after the list."


def _of_shown_columns(part: Listing) -> Iterator[str]:
    shown = any(isinstance(one, Question) and (one.readonly or one.disabled) for one in walk(part.parts))
    if shown and not part.fixed:
        yield "A list with read-only questions must not let people add or delete rows. Switch that off."


def _of_rules(part: Component, known: Known) -> Iterator[str]:
    for rule in dict.fromkeys(feels(*part.page_rules, getattr(part, "default", None))):
        yield from _of_rule(rule, known)
    key = part.choices.key if isinstance(part, Question) else None
    if key and key not in known:
        yield f"The answers to choose come from {quoted(key)}, which nothing gives. {_ask_for(key)}"


def _of_rule(rule: Feel, known: Known) -> Iterator[str]:
    if misread := misread_rule(rule.text):
        yield f"The rule {quoted(rule.text)} does not read as it is meant. {misread}"
        return
    if fault := feel.parse_fault(rule.text):
        yield f"The rule {quoted(rule.text)} {fault}."
    for name in feel.unknown_names(rule.text, known):
        yield f"The rule {quoted(rule.text)} reads {quoted(name)}, which nothing gives. {_ask_for(name)}"


def _ask_for(name: str) -> str:
    return f"Check its spelling, or ask for {quoted(name)} on an earlier form."


def _too_much_at_once(form: Form) -> Iterator[Told]:
    """Rules that are too long once all that they build on is written before them."""
    for place, text in spelt_rules(known_sheet(form, {})):
        if len(text) > LONGEST_ASKED:
            yield from _tell(place.part, iter(["This rule builds on too many other rules. Ask for less on one form."]))


def _dates_as_texts(form: Form) -> Iterator[Told]:
    """Rules that take the answer to a date question for a date. It is a text until `date(...)` stands around it."""
    samples = {
        part.key: _SAMPLES[part.moment]
        for part in walk(form.parts)
        if isinstance(part, Question) and part.kind is QuestionKind.DATE
    }
    tried = [(part, rule) for part, rule in every_rule(form) if not samples.keys().isdisjoint(feel.names_in(rule.text))]
    names = dict.fromkeys(name for _, rule in tried for name in feel.names_in(rule.text)) | _FACTS_TO_TRY | samples
    told = feel.evaluate([feel.Ask(rule.text) for _, rule in tried], names)
    for (part, rule), one in zip(tried, told, strict=True):
        if one.fault:
            yield from _tell(part, iter([f"The rule {quoted(rule.text)} would stop: {one.fault}."]))


def _circles(form: Form) -> Iterator[Told]:
    """Questions whose rules lead back to themselves."""
    owners: dict[str, list[tuple[Component, frozenset[str]]]] = {}
    _owned(form.parts, frozenset(), owners)
    reads = {key: frozenset().union(*(names for _, names in found)) for key, found in owners.items()}
    for key, found in owners.items():
        if key in _reached(reads, key):
            part = found[0][0]
            sentence = f"The rules lead in a circle: whether {quoted(key)} shows, or what it is, depends on itself."
            yield part.id or None, part.title or None, f"{sentence} Take one of the rules out."


def _reached(reads: Mapping[str, frozenset[str]], key: str) -> set[str]:
    found: set[str] = set()
    ahead = list(reads[key])
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += reads.get(name, ())
    return found


def _owned(
    parts: tuple[Component, ...],
    around: frozenset[str],
    owners: dict[str, list[tuple[Component, frozenset[str]]]],
) -> None:
    """The names that each answer depends on: those its own rules and the rules of what it stands in read."""
    for part in parts:
        own = [feel.names_in(rule.text) for rule in flags_of(part)]
        names = around.union(*own)
        if isinstance(part, Question | Group | Listing) and part.key:
            owners.setdefault(part.key, []).append((part, names))
        if isinstance(part, Group | Listing):
            _owned(part.parts, names, owners)
