"""The application in this process, so that its statements can be counted."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from bench.support.served import SECRET
from bench.support.trust import Ground
from engine.model.access import Session
from storage.access import sessions as stored_sessions
from storage.database import transaction
from storage.files.files import Files
from web.access import csrf, sessions
from web.app import create_app
from web.context import settings
from web.context.trusts import OpenTrust, Trusts

HEADERS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Browser:
    """Somebody signed in."""

    client: FlaskClient
    url: str
    cookie: str

    def post(self, path: str, form: Mapping[str, list[str]]) -> int:
        """Send a form; the status."""
        fields = {**form, csrf.FIELD: [csrf.token_of(SECRET, self.cookie)]}
        return self.client.post(path, base_url=self.url, data=fields, headers=HEADERS).status_code

    def get(self, path: str) -> str:
        """Open a page; its text."""
        answer = self.client.get(path, base_url=self.url, headers=HEADERS)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return answer.get_data(as_text=True)


@contextmanager
def inside(here: Ground, role: str) -> Iterator[Browser]:
    """A browser of whoever holds the role."""
    chosen = settings.read(
        {
            "DATABASE_URL": here.database.url.render_as_string(hide_password=False),
            "VAR_DIR": str(here.folder),
            "FILES_DIR": str(here.folder / "files"),
            "SECRET_KEY": SECRET,
        }
    )
    app = create_app(Trusts(OpenTrust(chosen, here.database, Files(chosen.files_dir))))
    cookie, now = secrets.token_urlsafe(32), datetime.now(UTC)
    day = now + timedelta(days=1)
    with transaction(here.database) as store:
        session = Session(sessions.id_hash(cookie), here.people[role].id, now, now, day, day)
        stored_sessions.add_session(store.connection, session)
    client = app.test_client()
    client.set_cookie(sessions.LOCAL_COOKIE, cookie, domain="127.0.0.1")
    yield Browser(client, chosen.public_url, cookie)
