"""Hostile .form files: those that cannot be read at all, and those that can be read but never published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Attacks = Iterator[tuple[str, bytes]]


def form_attacks() -> Attacks:
    """(what it is, the file) for the reader of forms, which refuses each."""
    yield from _bytes()
    yield from _json()
    yield from _shapes()


def fault_attacks() -> Attacks:
    """(what it is, the file) for the check that publishing makes, which finds fault with each."""
    yield from _wrong_values()
    yield from _meanings()
    yield from _patterns()
    yield from _rules()


def _form(*components: Any, **more: Any) -> bytes:
    return json.dumps({"type": "default", "components": components, **more}).encode()


def _text(**more: Any) -> dict[str, Any]:
    return {"type": "textfield", "id": "F", "key": "answer", "label": "Answer", **more}


def _bytes() -> Attacks:
    yield "nothing", b""
    yield "blanks", b" \n" * 1000
    yield "not JSON", b"<?xml version='1.0'?><definitions/>"
    yield "UTF-16", _form(_text()).decode().encode("utf-16")
    yield "Latin-1", '{"components": [{"type": "text", "text": "£"}]}'.encode("latin-1")
    yield "null bytes", b'{"components": [\x00]}'
    yield "cut off", _form(_text())[:-20]
    yield "10 MB", _form(_text(label="a" * 10_000_000))
    yield "10 MB of blanks", b" " * 10_000_000 + _form(_text())


def _json() -> Attacks:
    yield "arrays inside arrays", b"[" * 200_000
    yield "objects inside objects", b'{"components":' * 18_000
    yield "not a number", b'{"components": [{"type": "number", "defaultValue": NaN}]}'
    yield "infinity", b'{"components": [{"type": "number", "defaultValue": -Infinity}]}'
    yield "a number of 5,000 digits", b'{"components": [], "schemaVersion": ' + b"9" * 5000 + b"}"
    yield "a number of a billion zeros", b'{"components": [{"type": "number", "increment": 1e999999999}]}'
    yield "a number that is nearly nothing", b'{"components": [{"type": "number", "increment": 1e-999999999}]}'
    yield "keys twice", b'{"components": [{"type": "text", "type": "html"}]}'
    yield "components twice", b'{"components": [], "components": [{"type": "text"}]}'
    yield "a text", b'"components"'
    yield "true", b"true"


def _shapes() -> Attacks:
    yield "no components", b'{"type": "default"}'
    yield "components are an object", b'{"components": {"type": "text"}}'
    yield "components are numbers", _form(1, 2.5, True, None)
    yield "types are lists", _form({"type": ["textfield"]})
    yield "a group without a list", _form({"type": "group", "components": "all"})
    yield "another kind of file", _form(_text(), type="bpmn")
    yield "a million components", b'{"components": [' + b'{"type":"text"},' * 1_000_000 + b'{"type":"text"}]}'
    yield "as many components as fit", b'{"components": [' + b'{"type":"text"},' * 16_000 + b'{"type":"text"}]}'
    inner: Any = _text()
    for number in range(60):
        inner = {"type": "group", "id": f"G{number}", "components": [inner]}
    yield "groups inside groups", _form(inner)
    yield "components too many by one", _form(*(_text() for _ in range(301)))
    yield "a component too deep to count", b'{"components": [' + b'{"type":"group","components":[' * 8000


def _wrong_values() -> Attacks:
    yield "an escaped null byte", _form(_text(label="A\x00nswer"))
    yield "half a surrogate pair", b'{"components": [{"type": "textfield", "key": "a", "label": "\\ud800"}]}'
    odd: list[Any] = [1, [], {}, True, 2.5, ["a"], {"a": "b"}]
    names = ["key", "label", "description", "validate", "conditional", "properties", "values", "readonly"]
    yield "wrong values everywhere", _form(*({"type": "radio", name: one} for name in names for one in odd))
    limits = ["required", "min", "max", "minLength", "maxLength", "pattern", "validationType"]
    yield "wrong limits everywhere", _form(*(_text(validate={name: one}) for name in limits for one in odd))
    yield "50,000 answers to choose", _form(_text(type="select", values=[{"value": "a"}] * 13_000))


def _meanings() -> Attacks:
    yield "a script", _form({"type": "html", "content": "<script>alert(1)</script>"})
    yield "a frame", _form({"type": "iframe", "url": "javascript:alert(1)"})
    yield "an unheard-of component", _form({"type": "x" * 10_000, "key": "a"})
    yield "a link that runs", _form({"type": "text", "text": "[press](javascript:alert(1))"})
    yield "a link that leaves", _form({"type": "text", "text": "[press](https://a.example@b.example/{{case.ref}})"})
    yield "a picture that reports", _form({"type": "text", "text": "![x](https://a.example/p.gif)"})
    yield "brackets without end", _form({"type": "text", "text": "{{" * 4000})
    yield "links without end", _form({"type": "text", "text": "[a](" * 2400 + "{{"})
    yield "a key for prototypes", _form(_text(key="__proto__"))
    yield "a key with a path", _form(_text(key="case.title"))
    yield "a key of a fact", _form(_text(key="today"))
    yield "a key of 10,000 letters", _form(_text(key="a_" * 5000))
    yield "300 questions with one key", _form(*(_text() for _ in range(300)))
    row = {"type": "dynamiclist", "id": "L", "path": "rows", "label": "Rows"}
    yield "a list inside a list", _form({**row, "components": [{**row, "path": "more", "components": [_text()]}]})
    yield "a list of a million rows", _form({**row, "defaultRepetitions": 1_000_000, "components": [_text()]})
    yield "a pupil's name", _form(_text(label="Pupil's full name"))


def _patterns() -> Attacks:
    bombs = {
        "repeats of repeats": r"^(a+)+$",
        "alternatives that overlap": r"^(a|a)*$",
        "repeats in a row": r"a*a*a*a*a*a*b",
        "repeats by count": r"^((a{1,99}){1,99}){1,99}$",
        "optional letters": "a?" * 60 + "a" * 60,
        "a million times": "a{1,4294967295}",
        "brackets": "(" * 400,
        "a look ahead": r"^(?=(a+))\1$",
        "a long one": "[a-z]" * 5000,
        "a broken one": "[z-a]",
    }
    for name, text in bombs.items():
        yield f"a pattern: {name}", _form(_text(validate={"pattern": text}))


def _rules() -> Attacks:
    rules = {
        "JavaScript": "globalThis.process.exit(1)",
        "Python": '__import__("os").system("id")',
        "brackets": "(" * 450 + "1" + ")" * 450,
        "lists inside lists": "[" * 900,
        "a sum of nobody": "x" + "+x" * 150,
        "a text without end": '"' + "a" * 900,
        "an unknown name": "nobody_gives_this > 1",
        "too long": "x" * 5000,
    }
    for name, text in rules.items():
        yield f"a rule: {name}", _form(_text(conditional={"hide": f"={text}"}))
    yield "300 rules", _form(*(_text(key=f"a{n}", conditional={"hide": f"=a0 = {n}"}) for n in range(300)))
    circle = [_text(key=f"a{n}", conditional={"hide": f"=a{(n + 1) % 5} = 1"}) for n in range(5)]
    yield "rules in a circle", _form(*circle)
    yield "a rule about itself", _form(_text(conditional={"hide": '=answer = "x"'}))
