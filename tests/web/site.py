"""A whole web site for tests: a trust in a database of its own, a clock that tests move, and browsers."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from justhtml import JustHTML
from werkzeug.test import TestResponse

from engine.model.access import Session
from engine.model.people import TRUST_WIDE, Person, Post, Role, Scope
from engine.model.people import Trust as TrustNoun
from storage.access import accounts
from storage.access import sessions as stored_sessions
from storage.database import transaction
from storage.store.version_cache import Memory
from web.access import csrf, passwords, sessions
from web.app import create_app
from web.context import settings
from web.context.library import shipped_roles
from web.context.trusts import OpenTrust, Trusts, open_trust

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PASSWORD = "three plain words"
BROWSER = "Mozilla/5.0 (test)"


@dataclass
class Moment:
    """What the site takes for now."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        """Let time pass: hours=2, minutes=5."""
        self.now += timedelta(**span)


@dataclass
class Site:
    """One trust's site. Its application is shared with other tests and serves whichever site asks."""

    trust: OpenTrust
    clock: Moment
    roles: dict[str, Role] = field(default_factory=dict)
    own: Flask | None = None

    @property
    def app(self) -> Flask:
        """The application, serving this site."""
        return self.lends(lambda: self.own or _shared_app())

    def lends(self, app: Callable[[], Flask]) -> Flask:
        """An application that is lent out, serving this site from now on."""
        _Borrowed.site = self
        return app()

    def own_app(self) -> Flask:
        """An application of this site's own, for a test that adds pages or needs its settings."""
        self.own = _made(Trusts(self.trust), self.clock)
        return self.own

    def person(self, name: str, role: str | None = None, scope: Scope = TRUST_WIDE, **facts: Any) -> Person:
        """Somebody with a password, and a post when a role is given."""
        person = Person(uuid4(), name, f"{name.lower().replace(' ', '.')}@northlea.example", **facts)
        with transaction(self.trust.database) as store:
            store.add_person(person)
            accounts.set_password(store.connection, person.id, _hash(), self.clock())
            if role:
                gives: dict[str, Any] = dict.fromkeys(_shipped()[role].rights if role in _shipped() else (), True)
                self.roles.setdefault(role, Role(role, role.replace("_", " ").capitalize(), **gives))
                store.save_roles(self.roles.values())
                store.add_post(Post(uuid4(), person.id, role, scope, date(2025, 9, 1)))
        return person

    def browser(self, person: Person | None = None) -> Browser:
        """A browser, signed in when a person is given."""
        browser = Browser(self)
        if person:
            browser.be(person.id)
        return browser

    def mail(self) -> list[str]:
        """What was put down as mail, as text."""
        return [path.read_text() for path in sorted(self.trust.settings.mail_dir.glob("*.eml"))]


@cache
def _shipped() -> dict[str, Role]:
    return {role.key: role for role in shipped_roles()}


class Browser:
    """Flask's test client behaving as browsers do: it keeps cookies, sends where a request comes from, and tokens."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._client: FlaskClient = site.app.test_client()
        self.url = site.trust.settings.public_url
        self.headers = {"User-Agent": BROWSER, "Sec-Fetch-Site": "same-origin"}

    @property
    def cookie(self) -> str | None:
        """The session's id, as the browser keeps it."""
        host = urlsplit(self.url).hostname or ""
        kept = (self.client.get_cookie(name, host) for name in (sessions.COOKIE, sessions.LOCAL_COOKIE))
        return next((cookie.value for cookie in kept if cookie), None)

    @property
    def token(self) -> str:
        """The token its forms carry."""
        return csrf.token_of(self.site.trust.settings.secret_key, self.cookie or "")

    def be(self, person_id: UUID) -> None:
        """Sign in without the form."""
        cookie, now = secrets.token_urlsafe(32), self.site.clock()
        limits = self.site.trust.settings
        session = Session(sessions.id_hash(cookie), person_id, now, now, now + limits.idle, now + limits.longest)
        with transaction(self.site.trust.database) as store:
            stored_sessions.add_session(store.connection, session)
        self.client.set_cookie(sessions.COOKIE, cookie, domain=urlsplit(self.url).hostname or "")

    @property
    def client(self) -> FlaskClient:
        """The client itself, its site being served."""
        assert self.site.app is self._client.application
        return self._client

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, base_url=self.url, headers=self._headers(options), **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form, with this browser's token unless the form has one."""
        if self.cookie is None:
            self.get("/sign-in")  # any page with a form on it gives a browser its cookie
        form = {csrf.FIELD: self.token, **(data or {})}
        return self.client.post(path, base_url=self.url, headers=self._headers(options), data=form, **options)

    def press(self, page: str, action: str) -> TestResponse:
        """Press the button of the form with this action, as the page has it."""
        sent = urlencode(fields_of(page, action))
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        return self.client.post(action, base_url=self.url, headers=headers, data=sent)

    def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
        """Sign in with the form."""
        page = self.get("/sign-in")
        form = {csrf.FIELD: hidden(page.text, csrf.FIELD), "email": email, "password": password, **more}
        return self.post("/sign-in", form)

    def _headers(self, options: dict[str, Any]) -> dict[str, str]:
        return {**self.headers, **options.pop("headers", {})}


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden field {name}"
    return found[1]


def elements(page: str, selector: str) -> list[Any]:
    """The elements of a page that a CSS selector finds."""
    found: list[Any] = JustHTML(page, sanitize=False).query(selector)
    return found


def fields_of(page: str, action: str) -> list[tuple[str, str]]:
    """What a browser sends for the form with this action when its button is pressed."""
    form = next(each for each in elements(page, "form") if each.attrs.get("action") == action)
    pairs = [(each.attrs["name"], _value(each)) for each in form.query("input, textarea") if "name" in each.attrs]
    assert form.attrs.get("method") == "post"
    return pairs


def _value(field: Any) -> str:
    if field.name == "input":
        return field.attrs.get("value") or ""
    typed = "".join(child.data for child in field.children)
    return typed.replace("\r\n", "\n").replace("\n", "\r\n")


def make_site(folder: Path, clock: Moment | None = None, **environment: str) -> Site:
    """A site on the SQLite file that is in the folder (or DATABASE_URL), with a trust called Northlea."""
    chosen = settings.read({"VAR_DIR": str(folder), "PUBLIC_URL": "https://headway.example.org", **environment})
    site = Site(open_trust(chosen), clock or Moment())
    name(site.trust)
    if environment.keys() & {"UPLOAD_MB", "TRUSTED_PROXIES"}:  # settings that the application itself is made with
        site.own_app()
    return site


def name(trust: OpenTrust) -> None:
    """What the trust is called."""
    with transaction(trust.database) as store:
        store.save_trust(TrustNoun("Northlea Schools Trust"))


@dataclass
class Stand:
    """One folder and one connection for site after site: statements compiled for one serve the next."""

    folder: Path
    trust: OpenTrust | None = None

    def put_up(self, file: Path) -> Site:
        """A site whose database begins as a copy of the file; nothing is left of the one before."""
        shutil.copy(file, self.folder / "headway.db")
        if self.trust is None:
            self.trust = make_site(self.folder).trust
        self.trust.database.memory = Memory()
        name(self.trust)
        return Site(self.trust, Moment())

    def clear(self) -> None:
        """Take the site down, with all that it wrote."""
        if self.trust:
            self.trust.database.close()
        shutil.rmtree(self.folder)
        self.folder.mkdir()


class _Borrowed(Trusts):
    """The trusts of the application that tests share: that of the site which asked last."""

    site: ClassVar[Site]

    def __init__(self) -> None:
        """Nothing of its own."""

    def __getattribute__(self, name: str) -> Any:
        """Whatever is asked of it is asked of that site's."""
        return getattr(Trusts(_Borrowed.site.trust), name)


@cache
def _shared_app() -> Flask:
    """Made once: putting an application together takes longer than most tests."""
    return lent_app()


def lent_app() -> Flask:
    """An application that serves whichever site asks."""
    return _made(_Borrowed(), lambda: _Borrowed.site.clock())


def _made(trusts: Trusts, clock: Callable[[], datetime]) -> Flask:
    app = create_app(trusts, clock)
    app.testing = True
    app.jinja_env.bytecode_cache = _COMPILED
    return app


class Compiled(BytecodeCache):
    """Templates compiled once for all tests: their text does not change between two of them."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take it, if it was compiled before."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = Compiled()
_HASHES: list[str] = []


def _hash() -> str:
    """One hash for everybody: hashing is slow on purpose."""
    if not _HASHES:
        _HASHES.append(passwords.hashed(PASSWORD))
    return _HASHES[0]
