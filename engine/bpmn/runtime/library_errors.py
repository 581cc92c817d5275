"""The one place where whatever the workflow library raises becomes a refusal. What it was working on is discarded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from engine.errors import CaseStuck, Refused

for name in ("spiff", "spiff.task", "spiff.workflow"):
    logging.getLogger(name).setLevel(logging.WARNING)  # they describe every step, answers included

log = logging.getLogger(__name__)
Made = TypeVar("Made")


def guarded(work: Callable[[], Made]) -> Made:
    """Do what calls the library. A refusal of ours passes; anything else is CaseStuck, its cause kept for the log."""
    try:
        return work()
    except Refused:
        raise
    except Exception as error:
        log.error("The workflow library raised %s", type(error).__name__)  # its message may hold answers
        raise CaseStuck from error
