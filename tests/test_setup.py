"""What `make setup` leaves behind is whole, and it says clearly what a machine lacks."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest
from py_mini_racer import MiniRacer

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "web" / "static"


def test_the_browser_and_the_server_evaluate_feel_with_the_same_bytes() -> None:
    assert (STATIC / "feelin.js").read_bytes() == (ROOT / "engine" / "rules" / "feelin.bundle.js").read_bytes()


def test_feel_runs_in_a_bare_v8() -> None:
    v8 = MiniRacer()
    v8.eval((STATIC / "feelin.js").read_text(encoding="utf-8"))

    kinds = v8.eval("['evaluate', 'unaryTest', 'parseExpression', 'parseUnaryTests'].map(n => typeof feel[n]).join()")
    three_days_on = v8.eval("String(feel.evaluate('date(start) + duration(\"P3D\")', {start: '2026-10-30'}).value)")

    assert kinds == "function,function,function,function"
    assert three_days_on == "2026-11-02"


def test_the_manifest_holds_the_hash_of_every_asset() -> None:
    manifest = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    assets = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.name != "manifest.json"}

    assert {"feelin.js", "govuk.js", "headway.css", "licences.txt"} <= manifest.keys()
    assert manifest == {name: hashlib.sha256(data).hexdigest()[:16] for name, data in assets.items()}


def test_the_styles_load_nothing_from_elsewhere_and_wear_no_crown() -> None:
    styles = (STATIC / "headway.css").read_text(encoding="utf-8").lower()

    addresses = [part.split(")")[0].strip("\"'") for part in styles.split("url(")[1:]]
    assert [address for address in addresses if not address.startswith("data:")] == []
    assert [word for word in ("@import", "@font-face", "gds transport", "crown", "crest") if word in styles] == []


def test_the_licences_of_all_that_reaches_a_reader_are_shipped() -> None:
    licences = (STATIC / "licences.txt").read_text(encoding="utf-8")

    assert [name for name in ("bpmn-js 18", "feelin 8", "govuk-frontend 6") if f"\n{name}" not in licences] == []
    assert "watermark must stay fully visible" in licences


@pytest.mark.parametrize(
    ("needed", "installed", "told"),
    [
        ("python", {"python3": "3.10.13"}, "Headway needs Python 3.11 or newer; found Python 3.10.13."),
        ("python", {}, "Headway needs Python 3.11 or newer; found no python3."),
        ("node", {"node": "v18.19.1"}, "Headway needs Node.js 20 or newer; found v18.19.1."),
        ("node", {"node": "v20.19.0"}, "Headway needs npm"),
        ("node", {}, "Headway needs Node.js 20 or newer; found no node."),
    ],
)
def test_a_machine_that_lacks_something_is_told_what(
    needed: str, installed: dict[str, str], told: str, tmp_path: Path
) -> None:
    for program, version in installed.items():
        _pretend(tmp_path / program, version)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON"} | {"PATH": str(tmp_path)}

    said = subprocess.run(
        ["/bin/bash", str(ROOT / ".ci" / "require"), needed], env=environment, capture_output=True, text=True
    )

    assert said.returncode == 1
    assert said.stderr.startswith(told)


def _pretend(program: Path, version: str) -> None:
    """A program that tells its version and is of no other use."""
    said = f"Python {version}" if program.name.startswith("python") else version
    program.write_text(f'#!/bin/bash\n[ "$1" = --version ] && echo "{said}"\n')
    program.chmod(0o755)
