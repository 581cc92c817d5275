"""Every page says who may open it, on the page itself. A page that does not say so opens to nobody."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from inspect import signature
from typing import Any, TypeVar

from flask import Flask, current_app, request

from engine import policy
from engine.errors import NotAllowed
from engine.model.people import Me
from web.access import sessions

ANYONE = "anyone"
SIGNED_IN = "anyone signed in"

Page = TypeVar("Page", bound=Callable[..., Any])


def allowed(rule: str, *, look: bool = False) -> Callable[[Page], Page]:
    """Say who may open a page: ANYONE, SIGNED_IN or the name of a rule in engine/policy.py.

    A rule that only looks at the person is asked before the page runs. One that also looks at a case or a task is
    asked by the page's command or query, which has it in hand; naming it here keeps the table of permissions whole.

    look: the page shows its form again, filled in and not carried out, when `view.looking()`; that is how somebody
    who was signed out in the middle gets back what they typed.
    """
    if rule not in {ANYONE, SIGNED_IN} and not callable(getattr(policy, rule, None)):
        raise ValueError(f"engine/policy.py has no rule {rule!r}")

    def mark(page: Page) -> Page:
        page.rule = rule  # type: ignore[attr-defined]
        page.look = look  # type: ignore[attr-defined]
        return page

    return mark


def rule_of(page: Callable[..., Any]) -> str | None:
    """Who may open a page, as it says itself."""
    rule: str | None = getattr(page, "rule", None)
    return rule


def can_look(endpoint: str | None) -> bool:
    """Whether a page can show its form again with what was typed."""
    return bool(getattr(current_app.view_functions.get(endpoint or ""), "look", False))


def table(app: Flask) -> dict[str, str | None]:
    """Every page of the app by its endpoint, with its rule."""
    return {rule.endpoint: rule_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()}


def check() -> None:
    """Before every page: is it open to whoever asks?"""
    if request.endpoint is None:
        return  # no such page: the router says so itself
    rule = rule_of(current_app.view_functions[request.endpoint])
    if rule == ANYONE:
        return
    me = sessions.me()
    if rule is None or not may(rule, me):
        raise NotAllowed


def may(rule: str, me: Me) -> bool:
    """Whether the person passes a rule, as far as it can be told from the person alone."""
    if rule in {ANYONE, SIGNED_IN}:
        return True
    return bool(getattr(policy, rule)(me)) if _asks_person_only(rule) else True


def may_open(endpoint: str, me: Me) -> bool:
    """Whether to show somebody the way to a page."""
    page = current_app.view_functions.get(endpoint)
    rule = rule_of(page) if page else None
    return rule is not None and may(rule, me)


@lru_cache(maxsize=64)
def _asks_person_only(rule: str) -> bool:
    return list(signature(getattr(policy, rule)).parameters) == ["me"]
