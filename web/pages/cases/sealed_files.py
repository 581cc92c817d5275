"""Files sent with a start that was refused, carried in the page so that nobody has to choose them again.

Their bytes are kept already; what travels is sealed, and good for its own sender alone.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request

from engine.model.casework import Evidence
from web.parts.sent_answers import NOWHERE
from web.site import sealed
from web.site.page import me

FIELD = "_attached"


def seal(files: list[Evidence]) -> str:
    """As one value of a hidden field that nobody else can have written."""
    return sealed.seal("attached", [_plain(file) for file in files]) if files else ""


def unseal() -> list[Evidence]:
    """What the request at hand carries; nothing when it is altered, a day old or somebody else's."""
    found = [_file(fields) for fields in sealed.unseal("attached", request.form.get(FIELD, "")) or ()]
    return [file for file in found if file.by == me().person.id]


def _plain(file: Evidence) -> dict[str, Any]:
    return {
        **asdict(file),
        "id": str(file.id),
        "by": str(file.by),
        "at": file.at.isoformat(),
        "case_id": "",
        "task_id": "",
    }


def _file(fields: dict[str, Any]) -> Evidence:
    known = {"id": UUID(fields["id"]), "by": UUID(fields["by"]), "at": datetime.fromisoformat(fields["at"])}
    return Evidence(**{**fields, **known, "case_id": NOWHERE, "task_id": None})
