"""The rules of the house that no linter keeps, held over every tracked file; and proof that each rule bites."""

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

from tests import house

ROOT = Path(__file__).parent.parent
MAY_CATCH_EVERYTHING = {"engine/bpmn/runtime/library_errors.py", "web/serving/ticks.py"}
TRANSACTION = "storage/database.py"
MOST_ENTRIES = 14
TEMPLATES = (".html", ".j2", ".jinja")


@cache
def tracked() -> tuple[str, ...]:
    """Every file git knows and that is there, as a path from the root."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(name for name in listed.split("\0") if name and (ROOT / name).is_file())


def python(*rooms: str) -> list[str]:
    """The Python files in these rooms, or all."""
    return [name for name in tracked() if name.endswith(".py") and (not rooms or name.startswith(rooms))]


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def offences(names: Iterable[str], find: Callable[[str], list[str]]) -> list[str]:
    return [f"{name}:{offence}" for name in names for offence in find(read(name))]


def test_git_knows_the_files_these_rules_are_held_over() -> None:
    assert "tests/test_house.py" in tracked()


def test_only_the_transaction_commits() -> None:
    elsewhere = [name for name in python("engine/", "storage/", "web/") if name != TRANSACTION]

    assert offences(elsewhere, house.commits) == []
    assert len(offences({TRANSACTION}.intersection(tracked()), house.commits)) <= 1


def test_nothing_catches_everything_but_the_parser_the_runner_and_the_clock() -> None:
    assert offences(set(python()) - MAY_CATCH_EVERYTHING, house.blanket_catches) == []


def test_the_engine_and_storage_read_no_clock() -> None:
    assert offences(python("engine/", "storage/"), house.clocks) == []


def test_no_test_mocks() -> None:
    assert offences(python(), house.mocks) == []


def test_every_test_runs() -> None:
    assert offences(python("tests/"), house.unrun_tests) == []


def test_no_function_is_longer_than_a_screen() -> None:
    assert offences(python(), house.long_functions) == []


def test_no_file_is_longer_than_a_sitting() -> None:
    assert offences(python(), house.long_file) == []


def test_a_folder_holds_about_a_dozen() -> None:
    assert house.crowded(tracked(), MOST_ENTRIES) == []


def test_every_import_stands_at_the_top() -> None:
    assert offences(python(), house.hidden_imports) == []


def test_no_two_files_need_each_other() -> None:
    modules = {name.removesuffix(".py").replace("/", ".").removesuffix(".__init__"): name for name in python()}
    needs = {module: house.imported(read(name), modules.keys()) - {module} for module, name in modules.items()}

    assert house.circles(needs) == []


def test_one_name_is_one_thing() -> None:
    named = [(one, name) for name in python("engine/", "storage/", "web/") for one in house.classes(read(name))]
    counted = Counter(one for one, _ in named)

    assert [f"{name}: {one}" for one, name in named if counted[one] > 1 and not one.startswith("_")] == []


def test_nothing_is_used_that_windows_lacks() -> None:
    assert offences(python("engine/", "storage/", "web/"), house.not_on_windows) == []


def test_whatever_refuses_says_so() -> None:
    refusals = house.classes(read("engine/errors.py"))

    found = offences(python("engine/", "storage/", "web/"), lambda text: house.unsaid_refusals(text, refusals))

    assert found == []
    assert "NotAllowed" in refusals


def test_every_method_of_the_ports_says_what_it_does() -> None:
    assert offences({"engine/ports.py"}.intersection(tracked()), house.undescribed) == []


def test_every_module_says_what_it_is_for() -> None:
    assert offences(python(), house.missing_docstring) == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    texts = [name for name in tracked() if b"\0" not in (ROOT / name).read_bytes()]

    assert offences(texts, house.foreign_paths) == []


def test_lock_files_pin_hashes_and_record_no_addresses() -> None:
    packages = json.loads(read("package-lock.json"))["packages"]
    pins = [line for name in ("requirements.txt", "requirements-dev.txt") for line in read(name).splitlines() if line]

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and not package.get("integrity")] == []
    assert [pin for pin in pins if "==" not in pin and not pin.strip().startswith("--hash=sha256:")] == []


def test_templates_hold_no_script_style_or_handler() -> None:
    assert offences(templates(), house.inline_code) == []


def test_templates_speak_the_fields_words() -> None:
    assert offences(templates(), lambda source: house.hidden_words(house.seen_in_template(source))) == []


def test_procedures_speak_the_fields_words() -> None:
    shipped = [name for name in tracked() if name.startswith("processes/")]

    assert [f"{name}: {said}" for name in shipped for said in house.hidden_words(seen(name))] == []


def test_refusals_speak_the_fields_words() -> None:
    refusals = {"engine/errors.py"}.intersection(tracked())

    assert offences(refusals, lambda source: house.hidden_words(house.seen_in_refusals(source))) == []


def templates() -> list[str]:
    return [name for name in tracked() if name.startswith("web/templates/") and name.endswith(TEMPLATES)]


def seen(name: str) -> list[str]:
    """What people see of a shipped file."""
    match Path(name).suffix:
        case ".bpmn" | ".dmn":
            return house.seen_in_xml((ROOT / name).read_bytes())
        case ".form" | ".json":
            return house.seen_in_json(read(name))
        case ".yaml":
            return read(name).splitlines()
        case _:
            return []


def refusing(text: str) -> list[str]:
    return house.unsaid_refusals(text, {"NotAllowed"})


@pytest.mark.parametrize(
    ("find", "bad"),
    [
        (house.commits, "session.commit()"),
        (house.blanket_catches, "try:\n    go()\nexcept:\n    pass"),
        (house.blanket_catches, "try:\n    go()\nexcept (KeyError, Exception):\n    pass"),
        (house.clocks, "from datetime import datetime\nnow = datetime.now()"),
        (house.clocks, "import datetime\ntoday = datetime.date.today()"),
        (house.clocks, "import time\nstarted = time.time()"),
        (house.clocks, "from time import time"),
        (house.mocks, "from unittest import mock"),
        (house.mocks, "from unittest.mock import patch"),
        (house.mocks, "import unittest.mock"),
        (house.unrun_tests, "@pytest.mark.skipif(True)\ndef test(): ..."),
        (house.unrun_tests, "pytest.skip('another day')"),
        (house.long_functions, "def long():\n" + "    go()\n" * 60),
        (house.long_file, "go()\n" * 401),
        (house.not_on_windows, "import fcntl"),
        (house.not_on_windows, "from resource import getrusage"),
        (house.not_on_windows, "import os\nos.fork()"),
        (house.not_on_windows, "import signal\nsignal.signal(signal.SIGHUP, go)"),
        (house.not_on_windows, 'f"{day:%-d %B}"'),
        (house.not_on_windows, "path.read_text()"),
        (house.not_on_windows, "path.write_text('x')"),
        (house.not_on_windows, "open(path)"),
        (refusing, "def go():\n    raise NotAllowed"),
        (refusing, "class Door:\n    def go(self):\n        if 1:\n            raise errors.NotAllowed('No.')"),
        (house.undescribed, "class Port:\n    def go(self): ..."),
        (house.missing_docstring, "import os"),
        (house.hidden_imports, "def late():\n    import os"),
        (house.hidden_imports, "class Late:\n    def now(self):\n        from os import path"),
        (house.hidden_imports, "if TYPE_CHECKING:\n    from os import path"),
        (house.foreign_paths, "cd /" + "work/main"),
        (house.foreign_paths, "see ../" + "shared/DESIGN.md"),
        (house.foreign_paths, "https://registry." + "npmjs.org/sass"),
        (house.inline_code, "<script>go()</script>"),
        (house.inline_code, '<p style="color: red">'),
        (house.inline_code, '<a href="/" onclick="go()">'),
    ],
)
def test_each_rule_bites(find: Callable[[str], list[str]], bad: str) -> None:
    assert len(find(bad)) == 1


@pytest.mark.parametrize(
    ("find", "good"),
    [
        (house.clocks, "def wake(now: datetime) -> None:\n    earlier = now.date()"),
        (house.blanket_catches, "try:\n    go()\nexcept KeyError:\n    pass"),
        (house.long_functions, "def long():\n" + "    go()\n" * 59),
        (house.inline_code, '<script type="module" src="/static/govuk.js"></script>'),
        (house.inline_code, '<div data-on="yes">'),
        (refusing, 'def go():\n    """Raises NotAllowed."""\n    raise NotAllowed'),
        (refusing, "def _go():\n    raise NotAllowed\ndef there():\n    raise ValueError"),
        (house.not_on_windows, 'import os\nif hasattr(os, "fork"):\n    os.fork()'),
        (house.not_on_windows, 'path.read_text("utf-8")\nopen(path, "rb")\nopen(path, encoding="utf-8")\ntyped.text()'),
    ],
)
def test_no_rule_bites_the_innocent(find: Callable[[str], list[str]], good: str) -> None:
    assert find(good) == []


@pytest.mark.parametrize(
    "said",
    [
        house.seen_in_template("<h1>Your workflow</h1>"),
        house.seen_in_template('<img alt="A gateway" src="x.svg">'),
        house.seen_in_template('{{ govukButton({"text": "Start an instance"}) }}'),
        house.seen_in_xml(b'<bpmn name="Token of thanks"/>'),
        house.seen_in_xml(b'<d xmlns="urn:d"><documentation>Move the token</documentation></d>'),
        house.seen_in_json('{"components": [{"label": "Which instances?"}]}'),
        house.seen_in_refusals('class Stuck(Exception):\n    """The workflow is stuck."""'),
    ],
)
def test_words_of_the_machinery_are_heard_wherever_people_see_them(said: list[str]) -> None:
    assert len(house.hidden_words(said)) == 1


def test_words_of_the_machinery_may_name_what_nobody_sees() -> None:
    page = '<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">{# the token #}'

    assert house.hidden_words(house.seen_in_template(page)) == []
    assert house.hidden_words(house.seen_in_xml(b'<exclusiveGateway id="gateway" name="Serious?"/>')) == []


def test_whatever_needs_itself_by_way_of_others_is_a_circle() -> None:
    assert house.circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": set()}) == ["a", "b", "c"]
    assert house.circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_a_folder_is_crowded_by_what_lies_in_it_and_not_by_what_lies_below() -> None:
    assert house.crowded(["a/1.py", "a/2.py", "a/__init__.py", "a/b/1.py", "a/b/2.py"], 2) == ["a: 3 entries"]


def test_an_import_of_a_module_or_of_something_in_it_needs_that_module() -> None:
    modules = {"engine.policy", "engine.bpmn.package", "engine.bpmn"}
    text = (
        "from engine import policy\nfrom engine.bpmn.package import Package\nfrom engine.bpmn import package\nimport os"
    )

    assert house.imported(text, modules) == {"engine.policy", "engine.bpmn.package"}
