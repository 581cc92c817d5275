"""This tree and the one it is compared with, served side by side by processes of their own and measured in turn."""

from __future__ import annotations

import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

from bench.support.trust import TRIAGE

BASE_COMMIT = "a769ce9"  # what Headway was before it was made faster: the gains are gains over it
ROOT = Path(__file__).resolve().parents[2]
NOW_NAMES = ("bench.support.trust", "bench.support.served")
BASE_NAMES = ("bench.ground", "bench.served")
COOKIE = "headway"


@dataclass
class Side:
    """A server and whoever visits it."""

    process: subprocess.Popen[str]
    port: int = 0
    cookie: str = ""
    token: str = ""
    waiting: list[str] = field(default_factory=list)  # ids of tasks

    def __post_init__(self) -> None:
        """Wait until it serves."""
        port, self.cookie, self.token = self._answer()
        self.port = int(port)

    def add_cases(self, count: int) -> None:
        """So many more tasks wait."""
        self.waiting += self.ask(f"cases {count}")

    def processor(self) -> float:
        """The processor seconds of its server."""
        return float(self.ask("processor")[0])

    def ask(self, order: str) -> list[str]:
        """What it answers to an order."""
        stdin = self.process.stdin
        if stdin is None:
            raise RuntimeError("the side has no input")
        stdin.write(f"{order}\n")
        stdin.flush()
        return self._answer()

    def _answer(self) -> list[str]:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError("one side of the comparison ended")
        return line.split()

    def visitor(self) -> Visitor:
        """One more connection of whoever is signed in."""
        return Visitor(self)


class Visitor:
    """A connection that costs next to nothing: it shares the processor with what it measures."""

    def __init__(self, side: Side) -> None:
        self._socket = socket.create_connection(("127.0.0.1", side.port), timeout=60)
        self._file = self._socket.makefile("rb")
        self._side = side
        self._head = f"Host: 127.0.0.1:{side.port}\r\nCookie: {COOKIE}={side.cookie}\r\nSec-Fetch-Site: same-origin\r\n"

    def get(self, path: str) -> str:
        """Open a page. Returns where it leads, empty for a page."""
        return self._sent(f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode(), 200)

    def complete(self, task: str) -> str:
        """Complete a task. Returns where it leads."""
        body = urlencode({**TRIAGE, "complete": [""], "csrf_token": [self._side.token]}, doseq=True)
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        head = f"POST /tasks/{task} HTTP/1.1\r\n{self._head}{kind}Content-Length: {len(body)}\r\n\r\n"
        return self._sent(f"{head}{body}".encode(), 303)

    def round(self, task: str) -> None:
        """The task's page, its completion, and the list that it leads to."""
        self.get(f"/tasks/{task}")
        self.get(self.complete(task))

    def _sent(self, request: bytes, wanted: int) -> str:
        self._socket.sendall(request)
        status = int(self._file.readline().split()[1])
        length, leads = 0, ""
        while line := self._file.readline().strip():
            name, _, value = line.decode().partition(": ")
            if name.lower() == "content-length":
                length = int(value)
            elif name.lower() == "location":
                leads = value
        self._file.read(length)
        if status != wanted:
            raise RuntimeError(f"{request[:60]!r} answered {status}")
        return leads

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()


def together(side: Side, clients: int, each: Callable[[Visitor, str], object]) -> float:
    """Seconds that so many clients at once take for every waiting task."""
    threads = [Thread(target=_work, args=(side, each)) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if side.waiting:
        raise RuntimeError("clients gave up")
    return time.perf_counter() - began


def _work(side: Side, each: Callable[[Visitor, str], object]) -> None:
    visitor = side.visitor()
    while side.waiting:
        try:
            task = side.waiting.pop()
        except IndexError:
            break
        each(visitor, task)
    visitor.close()


@contextmanager
def two_sides() -> Iterator[tuple[Side, Side] | None]:
    """The base and this tree, both serving. None when this clone does not have the base's commit."""
    found = subprocess.run(["git", "archive", BASE_COMMIT], cwd=ROOT, capture_output=True, check=False)
    if found.returncode:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="headway-base-") as name:
        base = Path(name)
        with tarfile.open(fileobj=BytesIO(found.stdout)) as archive:
            archive.extractall(base, filter="data")
        (base / "node_modules").symlink_to(ROOT / "node_modules")
        subprocess.run(["node", "web/assets/build.mjs"], cwd=base, check=True, stdout=subprocess.DEVNULL)
        (base / "bench" / "side.py").write_text(Path(__file__).with_name("side.py").read_text("utf-8"), "utf-8")
        with _side(base, "bench.side", BASE_NAMES) as before, _side(ROOT, "bench.support.side", NOW_NAMES) as after:
            yield before, after


@contextmanager
def _side(tree: Path, module: str, names: Sequence[str]) -> Iterator[Side]:
    command = [sys.executable, "-m", module, *names]
    process = subprocess.Popen(command, cwd=tree, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Side(process)
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait(60)
