"""The demo trust served by waitress to real browsers, on a clock that tests move."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

from flask import Flask
from waitress import wasyncore

from storage.migrations import migrate
from tests.web.site import Moment
from web.app import create_app
from web.cli.demo import SCENES, fill
from web.cli.demo_cases import Scene
from web.cli.demo_people import person_id
from web.context import settings
from web.context.trusts import OpenTrust, Trusts, open_trust
from web.serving import servers
from web.serving import ticks as ticking

DAY = datetime(2026, 11, 17, 10, 10, tzinfo=UTC)  # a Tuesday in term


@dataclass
class Served:
    """A running server and what stands behind it."""

    url: str
    trust: OpenTrust
    app: Flask
    clock: Moment

    def work(self) -> None:
        """Do what is due by now, and send what is to be sent."""
        ticking.work(self.trust, self.clock, Event())
        ticking.send(self.trust, self.clock, Event())


def make_demo(folder: Path, at: datetime = DAY, scenes: Sequence[Scene] = SCENES) -> None:
    """The demo trust as it stands at a moment."""
    chosen = settings.read({"VAR_DIR": str(folder)})
    migrate(chosen.database_url)
    trust = open_trust(chosen)
    fill(trust.database, at, scenes)
    trust.database.close()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def serving(demo: Path, folder: Path, at: datetime = DAY, **environment: str) -> Iterator[Served]:
    """Serve a copy of the demo, kept in the folder. Settings as keyword arguments."""
    shutil.copytree(demo, folder, dirs_exist_ok=True)
    env = {"VAR_DIR": str(folder), "PORT": str(free_port()), "DEMO": "yes", **environment}
    chosen = settings.read(env)
    trust, clock, stop = open_trust(chosen), Moment(at), Event()
    app = create_app(Trusts(trust), clock)
    server = servers.open_server(app, chosen)
    thread = Thread(target=_serve, args=(server, stop))
    thread.start()
    try:
        yield Served(chosen.public_url, trust, app, clock)
    finally:
        stop.set()
        server.pull_trigger()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(server._map)
        trust.database.close()


def _serve(server: Any, stop: Event) -> None:
    while not stop.is_set():
        wasyncore.loop(timeout=1.0, use_poll=True, map=server._map, count=1)


def id_of(name: str) -> str:
    """How the page for picking somebody knows them."""
    return str(person_id(name))
