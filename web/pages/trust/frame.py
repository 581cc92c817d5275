"""The frame of the pages about people, schools, calendars and what else an administrator looks after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from engine.model.people import Cluster, School, Scope, ScopeKind
from web.access import guard
from web.parts.sent_fields import SentForm, Typed
from web.site.page import me, page

SECTIONS = (
    ("People", "people.index", {"people", "person"}),
    ("Schools", "schools.index", {"schools", "imports"}),
    ("Calendar", "calendars.index", {"calendars"}),
    ("Cover", "cover.index", {"cover"}),
    ("Reminders", "reminders.index", {"reminders"}),
    ("Roles", "roles.index", {"roles"}),
)


def office_page(template: str, status: int = 200, **values: object) -> ResponseReturnValue:
    """A page of the office, with the way to its other pages."""
    return page(template, status, sections=_sections(), **values)


def form_page(template: str, asked: SentForm | Mapping[str, str], **values: object) -> ResponseReturnValue:
    """A page with a form on it: empty or filled in, or as it was sent with what is wrong."""
    messages = asked.messages if isinstance(asked, SentForm) else {}
    typed = asked.typed if isinstance(asked, SentForm) else Typed(asked)
    return office_page(template, 422 if messages else 200, messages=messages, typed=typed, **values)


def _sections() -> list[dict[str, object]]:
    return [
        {"text": text, "href": url_for(endpoint), "current": request.blueprint in blueprints}
        for text, endpoint, blueprints in SECTIONS
        if guard.may_open(endpoint, me())
    ]


def place_items(clusters: Iterable[Cluster], schools: Iterable[School], chosen: str) -> list[dict[str, object]]:
    """Where a role may be held, for a select: the trust, a cluster, a school."""
    found: list[tuple[str, str]] = [("", "Choose where"), ("trust", "The whole trust")]
    found += [(f"cluster:{cluster.id}", f"{cluster.name} (cluster)") for cluster in clusters]
    found += [(f"school:{school.id}", school.name) for school in schools]
    return [{"value": value, "text": text, "selected": value == chosen} for value, text in found]


def read_place(text: str) -> Scope | None:
    """What was chosen of `place_items`."""
    kind, _, key = text.partition(":")
    try:
        scope = Scope(ScopeKind(kind), UUID(key) if key else None)
    except ValueError:
        return None
    return scope if (scope.kind is ScopeKind.TRUST) == (scope.id is None) else None


def items(pairs: Iterable[tuple[str, str]], chosen: str) -> list[dict[str, object]]:
    """A select's options from (value, text)."""
    return [{"value": value, "text": text, "selected": value == chosen} for value, text in pairs]
