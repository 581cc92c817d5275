"""One process: its trusts, its pages and its clock, put together."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from web.app import create_app
from web.context.settings import Settings
from web.context.trusts import Trusts, open_trust
from web.serving.allocator import give_memory_back
from web.serving.ticks import Clock


@dataclass(frozen=True)
class Process:
    """What runs; `close` it to end."""

    trusts: Trusts
    app: Flask
    clock: Clock

    def close(self) -> None:
        """Finish what was begun, and let go of the database."""
        self.clock.stop()
        self.trusts.close()


def assemble(settings: Settings) -> Process:
    """Everything, connected but not started."""
    give_memory_back()
    trusts = Trusts(open_trust(settings))
    return Process(trusts, create_app(trusts), Clock(trusts))
