"""Serving: waitress in this process by default, gunicorn beside a PostgreSQL. Both finish what they have begun."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore

from web.context import logs
from web.context.settings import Settings
from web.site.limits import TIMES

DRAIN_SECONDS = 30.0
# How long one thread may keep the others from running. Whoever writes holds up all writers behind it, and comes back
# from the disk and from V8 twenty times: with Python's own 5 ms, eight at once completed a fifth fewer tasks.
TURN_SECONDS = 0.0005
BIG = 2 * TIMES  # files: what waitress itself still takes in, so that our own page can say “too large”


def open_server(app: Flask, settings: Settings) -> Any:
    """waitress, listening: the port is open, so it may be told to people."""
    return create_server(
        app,
        sockets=[_listen(settings)],
        threads=settings.threads,
        ident="headway",
        max_request_body_size=BIG * settings.upload_bytes,
        clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
        channel_timeout=60,
    )


def serve(server: Any, ready: Callable[[], object] = lambda: None) -> None:
    """Serve until told to stop, then finish every request that has begun. ready: called once it can be told to."""
    sys.setswitchinterval(TURN_SECONDS)
    with stopping(server.pull_trigger) as stop:
        ready()
        while not stop.is_asked():
            _turn(server)
        _drain(server)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=1024)
    except OSError as error:
        raise SystemExit(
            f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
            f"Is Headway running already? Else choose another port: PORT={settings.port + 1}"
        ) from error


def _turn(server: Any, seconds: float = 1.0) -> None:
    """Let the server look after its connections once."""
    wasyncore.loop(timeout=seconds, use_poll=True, map=server._map, count=1)


def _drain(server: Any) -> None:
    """Take in whoever is at the door, shut it, and stay until the last answer has been sent."""
    _turn(server, 0.0)
    server.accepting = False
    until = time.monotonic() + DRAIN_SECONDS
    while _busy(server) and time.monotonic() < until:
        _turn(server, 0.05)
    server.task_dispatcher.shutdown(cancel_pending=False, timeout=5)
    server.close()
    logs.say("drained")


def _busy(server: Any) -> bool:
    channels = list(server.active_channels.values())
    return any(channel.requests or channel.request or channel.total_outbufs_len for channel in channels)


class Stop:
    """Whether somebody has asked this process to end. No lock in it: a second signal can come while the first is being
    handled, in the very thread that waits, and would wait for that lock for ever.
    """

    def __init__(self, wake: Callable[[], object] | None) -> None:
        self._asked = False
        self._wake = wake
        self._hears, self._says = socket.socketpair()  # Windows selects on sockets alone
        self._says.setblocking(False)

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """What a signal does, however often it comes."""
        if self._asked:
            return
        self._asked = True
        self._says.send(b".")
        if self._wake:
            self._wake()

    def is_asked(self) -> bool:
        """Whether to end."""
        return self._asked

    def wait(self) -> None:
        """Until somebody asks. Windows hears no signal in the middle of a wait, so this looks up every second."""
        while not self._asked:
            select.select([self._hears], [], [], 1.0)

    def close(self) -> None:
        """Let go of the sockets."""
        self._hears.close()
        self._says.close()


@contextmanager
def stopping(wake: Callable[[], object] | None = None) -> Iterator[Stop]:
    """SIGTERM and Ctrl+C ask it to stop, so that whatever runs can end in its own time. wake: called once, then.

    Once asked, this process is on its way out, and asking again does not hurry it.
    """
    stop = Stop(wake)
    signals = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, stop.ask) for number in signals}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            # On the way out Python gives its handlers up, and a late signal would end the process as if it had died.
            signal.signal(number, signal.SIG_IGN if stop.is_asked() else handler)
        stop.close()


def serve_many() -> None:
    """Become gunicorn: one worker a core, settings in web/serving/gunicorn_settings.py. Does not return."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:web.serving.gunicorn_settings"]
    os.execv(sys.executable, [*command, "web.serving.gunicorn_settings:app()"])  # noqa: S606 - our own program, no shell
