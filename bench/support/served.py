"""A server process to measure through, and a signed-in visitor who keeps one connection open."""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from werkzeug.test import encode_multipart

from engine.model.access import Session
from storage.access import sessions as stored_sessions
from storage.database import Database, transaction
from web.access import csrf, sessions

SECRET = "bench-" * 8
EMPTY = "/bench/empty"


@contextmanager
def served(url: str, folder: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """`headway serve` with one page added that does nothing for whoever is signed in. The port: see `.port`."""
    port = _free_port()
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "VAR_DIR": str(folder),
        "FILES_DIR": str(folder / "files"),
        "SECRET_KEY": SECRET,
        "PORT": str(port),
        **more,
    }
    process = subprocess.Popen([sys.executable, "-m", "bench.support.server"], env=env, stdout=subprocess.DEVNULL)
    process.port = port  # type: ignore[attr-defined]
    try:
        _wait(port, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not come up")


@dataclass
class Visitor:
    """Somebody signed in, posting forms over one connection."""

    port: int
    database: Database
    person_id: UUID
    said: bytes = b""  # the last answer
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def __post_init__(self) -> None:
        """Sign in."""
        now = datetime.now(UTC)
        day = now + timedelta(days=1)
        with transaction(self.database) as store:
            session = Session(sessions.id_hash(self.cookie), self.person_id, now, now, day, day)
            stored_sessions.add_session(store.connection, session)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def post(self, path: str, form: Mapping[str, list[str]]) -> tuple[int, str]:
        """Status and where it leads."""
        fields = {**form, csrf.FIELD: [csrf.token_of(SECRET, self.cookie)]}
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self._headers()}
        self.connection.request("POST", path, urlencode(fields, doseq=True), headers)
        return self._answer()

    def send(self, path: str, form: Mapping[str, Any]) -> tuple[int, str]:
        """The same for a form with files among its values, each a FileStorage; a list sends each of its values."""
        boundary, body = encode_multipart({**form, csrf.FIELD: csrf.token_of(SECRET, self.cookie)})
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", **self._headers()}
        self.connection.request("POST", path, body, headers)
        return self._answer()

    def get(self, path: str) -> tuple[int, str]:
        """Status and where it leads."""
        self.connection.request("GET", path, headers=self._headers())
        return self._answer()

    def _headers(self) -> dict[str, str]:
        return {"Cookie": f"{sessions.LOCAL_COOKIE}={self.cookie}", "Sec-Fetch-Site": "same-origin"}

    def _answer(self) -> tuple[int, str]:
        answer = self.connection.getresponse()
        self.said = answer.read()
        return answer.status, answer.headers.get("Location", "")
