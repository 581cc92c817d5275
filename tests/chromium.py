"""A real Chromium: found on this machine, fetched from Debian's packages when root, or a sentence saying what to do."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_SECONDS = 600
MISSING = (
    "The browser tests need Chromium or Google Chrome. On Debian: apt-get install chromium. "
    "Elsewhere install either and put it on the PATH, or name its program in the environment variable CHROMIUM."
)
# No sandbox, because tests may run as root in a container; the others keep Chromium from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoChromium(RuntimeError):
    """There is no Chromium here and none could be installed."""


def chromium() -> Path:
    """The program to start, installed first when that is possible and needed."""
    found = find()
    if found is None and _may_install():
        with _one_at_a_time():
            if find() is None:
                _install()
        found = find()
    if found is None:
        raise NoChromium(MISSING)
    return found


def find() -> Path | None:
    """The first program of a known name that answers as a browser: Ubuntu's may only be a signpost to the shop."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else NAMES:
        path = shutil.which(name)
        if path and _answers(path):
            return Path(path)
    return None


def _answers(program: str) -> bool:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return said.returncode == 0 and "Chrom" in said.stdout


def _may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Of several test processes one installs, and the others wait for it."""
    with (Path(tempfile.gettempdir()) / "headway-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install() -> None:
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(
            ["apt-get", *command], env=quietly, stdin=subprocess.DEVNULL, capture_output=True, timeout=INSTALL_SECONDS
        )
