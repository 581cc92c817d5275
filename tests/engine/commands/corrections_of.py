"""Cases that stopped at a rule, and correcting what it goes by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.bpmn.package import Package
from engine.commands.cases import correct, manage, tasks
from engine.errors import (
    Refused,
)
from engine.model.casework import Case
from engine.model.people import Person
from storage.database import transaction
from storage.tables import notices as kept
from tests.engine.bpmn import sketch
from tests.engine.commands.place import NOW, Place, form, tasks_of
from tests.engine.commands.procedures_of import begun, does, in_use


def question(kind: str, key: str, **more: Any) -> dict[str, object]:
    """One question of a form."""
    return {"type": kind, "id": f"F_{key}", "key": key, "label": key.replace("_", " ").capitalize(), **more}


def asked_before(condition: str, *questions: dict[str, object], extra: tuple[str, ...] = (), way: str = "") -> Package:
    """The head answers questions; once the director has confirmed, a condition reads the answers."""
    parts = (
        sketch.user("say", "Say what you know", form="known"),
        sketch.user("confirm", "Confirm it", role="director_of_education", form="confirmed"),
        *extra,
        sketch.gateway("which", default="f_which_e"),
        sketch.user("more", "Look further"),
    )
    flows = f"s>say>confirm>{way}which>e which>more?{condition.replace(' ', '_')} more>e"
    confirmed = form("confirmed", question("textfield", "remark"))
    return Package(
        sketch.sketch(*parts, flows=flows, key="small"), {"known": form("known", *questions), "confirmed": confirmed}
    )


def stuck(place: Place, package: Package, **answered: str) -> Case:
    """A case that stopped when the director completed the second step."""
    in_use(place, package)
    case = begun(place, "small")
    does(place, place.head, case, "say", **answered)
    return stops(place, case, "confirm", remark="Seen")


def stops(place: Place, case: Case, step: str, **posted: str) -> Case:
    """The director completes a step, and the case stops as it does on the page."""
    given = {name: [value] for name, value in posted.items()}
    with transaction(place.database) as store:
        task, me = tasks_of(store, case)[step], place.me(store, place.director)
    with pytest.raises(Refused) as refused, transaction(place.database) as store:
        tasks.complete_task(store, me, task.id, given, NOW)
    with transaction(place.database) as store:
        tasks.save_draft(store, me, task.id, given, NOW)
        manage.needs_attention(store, case.id, refused.value.sentence, NOW, refused.value.step)
        return store.case(case.id)


def corrects(
    place: Place, case: Case, reason: str = "Typed by mistake", who: Person | None = None, later: int = 1, **posted: Any
) -> correct.Corrected:
    """Somebody corrects answers, seeing the case as it was given."""
    given = {name: value if isinstance(value, list) else [value] for name, value in posted.items()}
    with transaction(place.database) as store:
        me = place.me(store, who or place.director)
        return correct.correct_answers(store, me, case.id, given, reason, case.revision, NOW + timedelta(hours=later))


def notices(store: Any, person: Person) -> list[tuple[str, str]]:
    """What somebody was told, latest first."""

    wanted = select(kept.c.subject, kept.c.text).where(kept.c.person_id == person.id).order_by(kept.c.at.desc())
    return [(subject, text) for subject, text in store.connection.execute(wanted)]
