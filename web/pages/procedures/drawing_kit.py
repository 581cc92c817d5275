"""What a designer begins with: a small procedure to draw on from, and the blocks of the words for the modeller."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

from engine.model.people import Role
from web.pages.procedures.blocks import blocks

FOLDER = Path(__file__).parent / "starter"
BLOCKS = ".camunda/element-templates/headway.json"  # beside a diagram the modeller finds blocks there by itself
FIRST = "headteacher"


def starter_files(roles: Mapping[str, Role]) -> dict[str, bytes]:
    """The files of a small procedure without a fault, its one lane a role of the trust."""
    role = role_to_begin_with(roles)
    put = {"HEADTEACHER_LABEL": in_attribute(role.label), "HEADTEACHER_KEY": role.key}
    return {path.name: _with(path.read_text("utf-8"), put).encode() for path in sorted(FOLDER.iterdir())}


def role_to_begin_with(roles: Mapping[str, Role]) -> Role:
    """The role of the trust that small procedures are drawn for."""
    return roles.get(FIRST) or next(iter(roles.values()), Role(FIRST, "Headteacher"))


def in_attribute(text: str) -> str:
    """A text as it stands between the double quotation marks of XML."""
    return quoteattr(text, {"'": "&apos;"})[1:-1]


def _with(text: str, put: Mapping[str, str]) -> str:
    for mark, value in put.items():
        text = text.replace(mark, value)
    return text


def kit(roles: Mapping[str, Role]) -> bytes:
    """A folder to open in the modeller, as a zip: the small procedure, and the blocks where the modeller looks."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in {**starter_files(roles), BLOCKS: blocks(roles)}.items():
            packed.writestr(zipfile.ZipInfo(f"my-procedure/{name}"), data)
    return made.getvalue()
