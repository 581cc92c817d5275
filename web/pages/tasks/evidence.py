"""Files that people attached, to be downloaded by whoever may read the case."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from engine import policy
from engine.errors import NotFound
from storage.database import reading
from storage.queries.cases.evidence import attached_file
from storage.queries.sight import is_named
from web.access import guard
from web.site.page import database, me, trust

pages = Blueprint("evidence", __name__)


@pages.get("/evidence/<uuid:evidence_id>")
@guard.asked_by_command(policy.may_read_evidence)
def download(evidence_id: UUID) -> ResponseReturnValue:
    """One file. It is saved, never shown inside the page: what it holds is somebody else's.

    Raises NotFound for whoever may not read it.
    """
    with reading(database()) as connection:
        found = attached_file(connection, evidence_id)
        named = is_named(connection, policy.sight(me()), found.case.id)
    if not policy.may_read_evidence(me(), found.case, found.school, named, found.evidence.by, found.unseen):
        raise NotFound  # nobody learns that it is there
    data = BytesIO(trust().files.read(found.evidence.sha256))
    file = found.evidence
    response = send_file(data, file.media_type, as_attachment=True, download_name=file.name)
    response.headers["Cache-Control"] = "no-store"
    return response
