"""Starting another procedure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from engine.bpmn.runtime.rest import Said
from engine.casework.context import CaseInHand
from engine.casework.words.raise_action import Wanted, add_action
from engine.errors import WordRefused
from engine.model.casework import EntryKind, Job, JobKind

NOT_YET: Final = object()  # the answer comes later, by a job
NOT_STARTED = {"started": False}


def start_procedure(run: CaseInHand, said: Said) -> object:
    """Start another procedure, or give a plain task to somebody while the trust does not run it."""
    key = str(said.parameters["procedure"])
    instead = {name: said.parameters.get(name) for name in ("title", "due", "text")}
    instead |= {"role": said.parameters.get("fallback_role"), "step": said.step}
    if run.store.live_version(key) is None:
        act_instead(run, key, instead)
        return NOT_STARTED
    payload = {
        "procedure": key,
        "title": said.parameters.get("title") or run.case.title,
        "answers": said.parameters.get("answers") or {},
        "token": said.answer_to,
        "instead": instead,
    }
    job_key = f"start:{run.case.id}:{uuid4()}"
    run.writes.jobs.append(Job(uuid4(), JobKind.START, job_key, run.now, payload, run.case.id, said.answer_to))
    run.writes.note(EntryKind.PROCEDURE, f"Asked for the procedure “{key}” to be started.", step=said.step)
    return NOT_YET


def act_instead(run: CaseInHand, key: str, instead: Mapping[str, Any]) -> None:
    """A plain task in place of a procedure that is not in use. Raises WordRefused when nobody is named to do it."""
    if not instead["role"]:
        raise WordRefused(f"The procedure “{key}” is not in use, and nobody is named to act instead.")
    wanted = Wanted(instead["role"], instead["title"] or key, instead["due"], instead["text"])
    add_action(run, wanted, instead["step"])


def start_and_go_on(run: CaseInHand, said: Said) -> None:
    """Start another procedure without waiting for it."""
    start_procedure(run, said)
