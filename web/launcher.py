"""Serving: waitress in this process by default, gunicorn beside a PostgreSQL. Both finish what they have begun."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore

from web import logs
from web.bodies import TIMES
from web.settings import Settings

DRAIN_SECONDS = 30.0
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


def serve(server: Any) -> None:
    """Serve until told to stop, then finish every request that has begun."""
    with stopping(server.pull_trigger) as stop:
        while not stop.is_set():
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


@contextmanager
def stopping(wake: Any = None) -> Iterator[Event]:
    """An event that SIGTERM and Ctrl+C set, so that whatever runs can end in its own time."""
    stop = Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()
        if wake:
            wake()

    signals = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, ask) for number in signals}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serve_many() -> None:
    """Become gunicorn: one worker a core, settings in web/gunicorn_settings.py. Does not return."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:web.gunicorn_settings"]
    os.execv(sys.executable, [*command, "web.gunicorn_settings:app()"])  # noqa: S606 - our own program, no shell
