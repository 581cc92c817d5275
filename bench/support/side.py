"""One side of a comparison: a trust and its server, in a process of its own that does as it is told on its input.

The same file runs in the tree of another commit, so it names that tree's modules by its arguments and leans on nothing
of them but `ground()`, `served()` and `Visitor`. Orders and answers are lines: `cases 20` gives the ids of the tasks
that wait, `processor` the processor seconds of the server so far; the end of the input is the end of the server.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import psutil

STEP = "triage"
ROLE = "director_of_education"


def main(trust: str, serving: str) -> None:
    """trust, serving: the modules that fill a trust and that serve it."""
    places, server = import_module(trust), import_module(serving)
    transaction = import_module("storage.database").transaction
    token_of = import_module("web.access.csrf" if "support" in trust else "web.csrf").token_of
    with places.ground() as here:
        url = here.database.url.render_as_string(hide_password=False)
        with server.served(url, here.folder, CLOCK="no") as process:
            visitor = server.Visitor(process.port, here.database, here.people[ROLE].id)
            _say(process.port, visitor.cookie, token_of(server.SECRET, visitor.cookie))
            for line in sys.stdin:
                order, _, number = line.strip().partition(" ")
                if order == "cases":
                    _say(*(_waiting(here, transaction) for _ in range(int(number))))
                elif order == "processor":
                    used = psutil.Process(process.pid).cpu_times()
                    _say(used.user + used.system)


def _waiting(here: Any, transaction: Any) -> Any:
    with transaction(here.database) as store:
        case = here.start(store)
        return next(task.id for task in store.open_tasks(case.id) if task.step == STEP)


def _say(*words: object) -> None:
    print(*words, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
