"""Servers that finish what they have begun: waitress in the process, gunicorn beside a PostgreSQL."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

ROOT = Path(__file__).parents[3]
SLOW_APP = """
import sys, time
from pathlib import Path
from flask import Flask
from web.context import logs, settings
from web.serving import servers
app = Flask("slow")
@app.get("/slow")
def slow():
    print("began", flush=True)
    time.sleep(1)
    return "x" * 3_000_000
@app.get("/")
def quick():
    return "quick"
logs.set_up()
server = servers.open_server(app, settings.read())
print("ready", flush=True)
servers.serve(server)
print("ended", flush=True)
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(command: list[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def until(process: subprocess.Popen[str], word: str) -> list[str]:
    """What the process says, up to a line with this word."""
    said = []
    assert process.stdout
    for line in process.stdout:
        said.append(line.rstrip())
        if word in line:
            return said
    raise AssertionError(said)


def answers(port: int, path: str = "/healthz", seconds: float = 20) -> int:
    """The status, once the server answers at all."""
    last = time.monotonic() + seconds
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            status = connection.getresponse().status
            connection.close()
        except OSError:
            if time.monotonic() > last:
                raise
            time.sleep(0.1)
        else:
            return status


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_request_that_has_begun_is_answered_whole_before_the_server_ends(
    tmp_path: Path, told: signal.Signals
) -> None:
    port, got = free_port(), []
    idle = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/slow")
        got.append(len(connection.getresponse().read()))
        connection.close()

    with running([sys.executable, "-c", SLOW_APP], {"VAR_DIR": str(tmp_path), "PORT": str(port)}) as process:
        until(process, "ready")
        idle.request("GET", "/")
        idle.getresponse().read()  # and the connection stays open, as browsers keep it
        asking = Thread(target=ask)
        asking.start()
        until(process, "began")
        at = time.monotonic()
        process.send_signal(told)
        until(process, "ended")
        took = time.monotonic() - at
        asking.join()
        assert process.wait(5) == 0
    idle.close()

    assert got == [3_000_000]
    assert took < 5


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["serve", "work"])
def test_being_told_to_end_many_times_at_once_ends_it_too(tmp_path: Path, verb: str) -> None:
    env = {"VAR_DIR": str(tmp_path), "PORT": str(free_port()), "DATABASE_URL": f"sqlite:///{tmp_path / 'headway.db'}"}
    with running([sys.executable, "-m", "web.cli.main", verb], env) as process:
        until(process, "Stop it with Ctrl+C")
        for told in (signal.SIGTERM, signal.SIGINT) * 20:
            with suppress(ProcessLookupError):
                process.send_signal(told)

        assert process.wait(30) == 0


@pytest.mark.slow
def test_serve_says_where_it_is_and_who_can_sign_in(tmp_path: Path) -> None:
    port = free_port()
    headway = [sys.executable, "-m", "web.cli.main"]
    env = {"VAR_DIR": str(tmp_path), "PORT": str(port)}

    with running([*headway, "serve"], env) as process:
        said = until(process, "Stop it")
        health, page = answers(port), answers(port, "/sign-in")
        process.send_signal(signal.SIGTERM)
        until(process, "drained")
        ended = process.wait(10)

    assert said[0] == f"Headway is running on http://127.0.0.1:{port}"
    assert "headway people add" in said[2]
    assert (health, page, ended) == (200, 200, 0)


@pytest.mark.slow
def test_a_port_that_is_taken_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        env = {**os.environ, "VAR_DIR": str(tmp_path), "PORT": str(port)}
        done = subprocess.run(
            [sys.executable, "-m", "web.cli.main", "serve"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert f"Else choose another port: PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_beside_a_postgresql_many_workers_serve_and_end_in_order(tmp_path: Path, postgres_database_url: str) -> None:
    port = free_port()
    env = {
        "DATABASE_URL": postgres_database_url,
        "FILES_DIR": str(tmp_path / "files"),
        "SECRET_KEY": "k" * 40,
        "VAR_DIR": str(tmp_path),
        "PORT": str(port),
        "WORKERS": "2",
    }
    headway = [sys.executable, "-m", "web.cli.main"]
    done = {**os.environ, **env}
    behind = subprocess.run([*headway, "serve"], cwd=ROOT, env=done, capture_output=True, text=True, check=False)
    subprocess.run([*headway, "migrate"], cwd=ROOT, env=done, check=True)

    with running([*headway, "serve"], env) as process, running([*headway, "work"], env) as worker:
        until(process, "Stop it")
        until(worker, "doing what is due")
        statuses = {answers(port) for _ in range(20)}
        for each in (process, worker):
            each.send_signal(signal.SIGTERM)
        ended = process.wait(20), worker.wait(20)

    assert "Run: headway migrate" in behind.stderr
    assert statuses == {200}
    assert ended == (0, 0)
