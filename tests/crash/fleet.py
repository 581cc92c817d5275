"""Processes of Headway that are killed without warning and started again."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

SECRET = "crash-" * 8


@dataclass
class Member:
    """One process group: `headway serve` on a port of its own, or `headway work`."""

    verb: str
    env: dict[str, str]
    log: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, without waiting."""
        env = {**os.environ, **self.env, "PORT": str(self.port or 8000)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "web.cli.main", self.verb],
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill -9, its whole group: nobody gets to say goodbye."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def answers(self) -> bool:
        """Whether it serves."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def wait(self, seconds: float = 60) -> None:
        """Until it serves; a process without pages counts as ready."""
        until = time.monotonic() + seconds
        while self.port and not self.answers():
            if time.monotonic() > until or (self.process and self.process.poll() is not None):
                raise AssertionError(f"it did not come up:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)


@dataclass
class Fleet:
    """All of them."""

    url: str
    folder: Path
    smtp_port: int
    members: list[Member] = field(default_factory=list)

    def add(self, verb: str) -> Member:
        """One more, started."""
        env = {
            "DATABASE_URL": self.url,
            "VAR_DIR": str(self.folder),
            "FILES_DIR": str(self.folder / "files"),
            "SECRET_KEY": SECRET,
            "PUBLIC_URL": "http://127.0.0.1:8000",  # one for all: a repeat by another process says the same
            "SMTP_URL": f"smtp://127.0.0.1:{self.smtp_port}?tls=no",
            "MAIL_FROM": "headway@crash.example",
            "WORKERS": "1",
        }
        port = free_port() if verb == "serve" else 0
        member = Member(verb, env, self.folder / f"{verb}-{len(self.members)}.log", port)
        self.members.append(member)
        member.start()
        return member

    @property
    def ports(self) -> list[int]:
        """Where pages may be asked for."""
        return [member.port for member in self.members if member.port]

    def close(self) -> None:
        """End them all."""
        for member in self.members:
            member.kill()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
