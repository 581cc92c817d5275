"""A schools extract between being looked at and being carried out: the trust's own rows travel in the page, sealed.

Of the national file with its 50,000 rows only those of one trust are kept, so nothing is left lying on the server,
any process can go on with it, and nobody can have altered it. It is as public as the file itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import marshmallow
from marshmallow import fields

from engine.model.people import SchoolStatus
from engine.readers.gias import Establishment, Extract
from web.site import sealed

FIELD = "extract"


@dataclass(frozen=True)
class Looked:
    """What was read, of which day, and whether schools that are closed already come too."""

    extract: Extract
    as_at: date
    with_closed: bool


class RowSchema(marshmallow.Schema):
    """One school of the extract, as text and numbers."""

    urn = fields.String()
    name = fields.String()
    phase = fields.String()
    type = fields.String()
    status = fields.Enum(SchoolStatus, by_value=True)
    trust_name = fields.String()
    laestab = fields.String(allow_none=True)
    ukprn = fields.String(allow_none=True)
    local_authority = fields.String(allow_none=True)
    opened_on = fields.Date(allow_none=True)
    closed_on = fields.Date(allow_none=True)
    low_age = fields.Integer(allow_none=True)
    high_age = fields.Integer(allow_none=True)
    pupils = fields.Integer(allow_none=True)
    capacity = fields.Integer(allow_none=True)
    postcode = fields.String(allow_none=True)


ROWS = RowSchema(many=True)


def seal(looked: Looked) -> str:
    """As one value of a hidden field that nobody else can have written."""
    found = looked.extract
    said: Mapping[str, Any] = {
        "uid": found.trust_uid,
        "name": found.trust_name,
        "rows": ROWS.dump(found.rows),
        "doubts": found.doubts,
        "as_at": looked.as_at.isoformat(),
        "closed": looked.with_closed,
    }
    return sealed.seal("extract", said)


def unseal(text: str) -> Looked | None:
    """None when it is empty, altered or a day old."""
    said = sealed.unseal("extract", text)
    if said is None:
        return None
    rows = tuple(Establishment(**row) for row in ROWS.load(said["rows"]))
    extract = Extract(said["uid"], said["name"], rows, tuple(said["doubts"]))
    return Looked(extract, date.fromisoformat(said["as_at"]), said["closed"])
