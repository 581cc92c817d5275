"""`headway trust name`: what the trust is called, until its schools are imported and after."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.trust.settings import name_trust
from storage.database import transaction
from web.cli.common import begin, opened, say


def trust(asked: Namespace) -> int:
    """Call the trust by another name, on every page and in every message from now on."""
    with opened() as here, transaction(here.database) as store:
        begin(store)
        before = store.trust().name
        name_trust(store, None, asked.NAME)
        say(f"“{before}” is now called “{store.trust().name}”.")
    return 0
