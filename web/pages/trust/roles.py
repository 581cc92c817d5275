"""Roles: what they are called here, who does their tasks while nobody holds them, and where nobody does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import policy
from engine.commands.trust import settings as commands
from engine.errors import NotFound
from engine.model.people import RIGHTS, Role
from engine.model.role_names import split_names
from engine.model.wording import in_a_row
from storage.database import reading, reading_store, transaction
from storage.queries.trust.holders import Gap, gaps
from storage.queries.trust.people import roles_page
from web.access import guard
from web.pages.trust.frame import form_page, items, office_page
from web.parts.sent_fields import SentForm, Typed
from web.site.page import back_to, database, looking, me, now, today

pages = Blueprint("roles", __name__)

FEW = 3  # schools to name before the rest is counted
GIVEN = "yes"
DONE = {
    "yes": "The role is changed.",
    "added": "The role is added. Give it to somebody under People.",
}
GIVES = {  # what a role may give: on its own page, in the list of roles, and what it means
    "leader": (
        "Lead",
        "leads",
        "Read cases that are open to leaders, and see where cases wait: at their school or cluster, or everywhere if "
        "they hold the role for the trust.",
    ),
    "manager": (
        "Manage cases",
        "manages cases",
        "Pause, stop and correct cases, hand tasks to somebody else and give them more time: at their school or "
        "cluster. Whoever holds the role for the trust does so everywhere, and sees what needs attention.",
    ),
    "designer": (
        "Publish procedures",
        "publishes procedures",
        "Upload and publish procedures for the whole trust, and take them out of use, wherever they hold the role.",
    ),
}


@pages.get("/roles")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """Every role, with how many hold it and where nobody does."""
    with reading(database()) as connection:
        rows = roles_page(connection, today())
        missing = gaps(connection, [row.role.key for row in rows], today())
    labels = {row.role.key: row.role.label for row in rows}
    return office_page(
        "trust/roles/index.html",
        rows=rows,
        labels=labels,
        missing={key: nobody(gap) for key, gap in missing.items()},
        gives={row.role.key: given(row.role) for row in rows},
        may_change=policy.may_administer(me()),
        done=DONE.get(request.args.get("done", ""), ""),
    )


def given(role: Role) -> str:
    """What holding a role gives, in words: “leads and manages cases”."""
    return in_a_row(tuple(GIVES[right][1] for right in RIGHTS if right in role.rights))


def nobody(gap: Gap) -> str:
    """Where nobody holds a role, in words."""
    if gap.everywhere:
        return "Nobody holds this"
    named, more = gap.schools[:FEW], len(gap.schools) - FEW
    rest = f" and {more} more {'school' if more == 1 else 'schools'}" if more > 0 else ""
    return f"Nobody holds this at {', '.join(named)}{rest}"


@pages.get("/roles/add")
@guard.allowed(policy.may_administer)
def ask_add() -> ResponseReturnValue:
    """A role of the trust's own. label: what a procedure calls it already."""
    with reading_store(database()) as store:
        return _form(None, {"label": request.args.get("label", "")}, store.roles())


@pages.post("/roles/add")
@guard.allowed(policy.may_administer, look=True)
def add() -> ResponseReturnValue:
    """Keep it, after those there are."""
    asked = SentForm()
    if not looking():
        with asked.trying(), asked.checked(), transaction(database()) as store:
            commands.add_role(store, me(), **_said(asked))
        if not asked.messages:
            return back_to("roles.index", done="added")
    with reading_store(database()) as store:
        return _form(None, asked, store.roles())


@pages.get("/roles/<key>")
@guard.allowed(policy.may_administer)
def change(key: str) -> ResponseReturnValue:
    """One role. Raises NotFound for no such role."""
    with reading_store(database()) as store:
        roles = store.roles()
    role = roles.get(key)
    if role is None:
        raise NotFound
    known = {"label": role.label, "falls_to": role.falls_to or "", "line": role.line or ""}
    known["also"] = "\n".join(role.also)
    return _form(key, known | dict.fromkeys(role.rights, GIVEN), roles)


@pages.post("/roles/<key>")
@guard.allowed(policy.may_administer, look=True)
def save(key: str) -> ResponseReturnValue:
    """Keep it; open tasks follow the role they fall to."""
    asked = SentForm()
    if not looking():
        with asked.trying(), asked.checked(), transaction(database()) as store:
            commands.change_role(store, me(), key, now=now(), **_said(asked))
        if not asked.messages:
            return back_to("roles.index", done="yes")
    with reading_store(database()) as store:
        return _form(key, asked, store.roles())


def _said(asked: SentForm) -> dict[str, Any]:
    """What was sent about a role. A form that says nothing of other names leaves them as they are."""
    also = {"also": split_names(asked.text("also"))} if "also" in asked.typed else {}
    return {
        "label": asked.text("label"),
        "falls_to": asked.text("falls_to") or None,
        "line": asked.text("line") or None,
        "gives": [right for right in RIGHTS if asked.typed[right] == GIVEN],
        **also,
    }


def _form(key: str | None, asked: SentForm | Mapping[str, str], roles: Mapping[str, Role]) -> ResponseReturnValue:
    """key: None for a new role. Raises NotFound for no such role."""
    if key is not None and key not in roles:
        raise NotFound
    typed = asked.typed if isinstance(asked, SentForm) else Typed(asked)
    others = [(role.key, role.label) for role in roles.values() if role.key != key]
    return form_page(
        "trust/roles/change.html",
        asked,
        role=roles.get(key or ""),
        falls_to=items([("", "Nobody"), *others], typed["falls_to"]),
        line=items([("", "Nobody"), *others], typed["line"]),
        gives=[_right(right, typed[right] == GIVEN) for right in GIVES],
    )


def _right(right: str, checked: bool) -> dict[str, object]:
    text, _, hint = GIVES[right]
    box = {"value": GIVEN, "name": right, "id": right, "text": text, "hint": {"text": hint}}
    return {**box, "checked": checked}
