"""Every page says who may open it, on the page itself. A page that does not say so opens to nobody.

Three ways to say it. `open_to_all`: strangers too. `allowed(rule)`: the rule looks at the person alone and is asked
here, before the page runs, every time. `asked_by_command(rule)`: the rule also looks at a case, a task or a school,
which only the page's command or query has in hand; that one asks it, and the page says which.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request

from engine import policy
from engine.errors import NotAllowed
from engine.model.people import Me
from web.access import sessions

Page = TypeVar("Page", bound=Callable[..., Any])
PersonRule = Callable[[Me], bool]


@dataclass(frozen=True)
class Lock:
    """What a page says about who may open it."""

    rule: str  # the name of a rule of engine/policy.py; empty: strangers may open it
    ask: PersonRule | None  # asked before the page runs; None: nothing is to be asked of the person alone
    look: bool = False

    @property
    def for_all(self) -> bool:
        """Whether strangers may open it."""
        return not self.rule

    @property
    def asked_here(self) -> bool:
        """Whether the rule is asked before the page runs; otherwise its command or query asks it."""
        return self.ask is not None


def open_to_all(page: Page) -> Page:
    """Anybody may open this page, strangers included."""
    return _locked(page, Lock("", None))


def allowed(rule: PersonRule, *, look: bool = False) -> Callable[[Page], Page]:
    """Whoever passes a rule about the person may open this page. It is asked before the page runs: a rule that comes to
    need more than the person fails there, and the page opens to nobody.

    look: the page shows its form again, filled in and not carried out, when `view.looking()`; that is how somebody
    who was signed out in the middle gets back what they typed.
    """
    name = _name(rule)
    return lambda page: _locked(page, Lock(name, rule, look))


def asked_by_command(rule: Callable[..., Any], *, look: bool = False) -> Callable[[Page], Page]:
    """Anybody signed in reaches this page, and its command or query asks the rule about what the page is about.

    look: as in `allowed`.
    """
    name = _name(rule)
    return lambda page: _locked(page, Lock(name, None, look))


def _name(rule: Callable[..., Any]) -> str:
    name = getattr(rule, "__name__", "")
    if getattr(policy, name, None) is not rule:
        raise ValueError(f"{rule!r} is no rule of engine/policy.py")
    return name


def _locked(page: Page, lock: Lock) -> Page:
    page.lock = lock  # type: ignore[attr-defined]
    return page


def lock_of(page: Callable[..., Any] | None) -> Lock | None:
    """What a page says about who may open it; None: nothing, so nobody may."""
    lock: Lock | None = getattr(page, "lock", None)
    return lock


def can_look(endpoint: str | None) -> bool:
    """Whether a page can show its form again with what was typed."""
    lock = lock_of(current_app.view_functions.get(endpoint or ""))
    return lock is not None and lock.look


def table(app: Flask) -> dict[str, Lock | None]:
    """Every page of the app by its endpoint, with its lock."""
    return {rule.endpoint: lock_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()}


def check() -> None:
    """Before every page: is it open to whoever asks? Raises SignedOut, NotAllowed."""
    if request.endpoint is None:
        return  # no such page: the router says so itself
    lock = lock_of(current_app.view_functions[request.endpoint])
    if lock is not None and lock.for_all:
        return
    me = sessions.me()
    if lock is None or not may(lock, me):
        raise NotAllowed


def may(lock: Lock, me: Me) -> bool:
    """Whether the person passes a page's rule, as far as it can be told from the person alone."""
    return lock.ask is None or lock.ask(me)


def may_open(endpoint: str, me: Me) -> bool:
    """Whether to show somebody the way to a page."""
    lock = lock_of(current_app.view_functions.get(endpoint))
    return lock is not None and may(lock, me)
