"""What gunicorn reads: one worker a core, threads in each, and time to finish when asked to stop."""

from __future__ import annotations

import sys
from typing import Any

from flask import Flask

from web.context import logs, settings
from web.serving.process import Process, assemble
from web.serving.servers import TURN_SECONDS

_settings = settings.read()

bind = f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
workers = _settings.workers
threads = _settings.threads
worker_class = "gthread"
graceful_timeout = 30
timeout = 60
keepalive = 5
forwarded_allow_ips = ""  # ProxyFix reads those headers, by TRUSTED_PROXIES

_running: list[Process] = []  # one a worker


def app() -> Flask:
    """In each worker: the application, and its own clock."""
    logs.set_up()
    sys.setswitchinterval(TURN_SECONDS)
    process = assemble(_settings)
    process.clock.start()
    _running.append(process)
    return process.app


def worker_exit(_server: Any, _worker: Any) -> None:
    """After the last request: let the clock finish what it has begun."""
    while _running:
        _running.pop().close()
