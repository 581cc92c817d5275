"""Fifty times kill -9 on a server that works through completions, timers and deliveries."""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from pathlib import Path

from storage.database import Database
from storage.migrations import migrate
from tests.crash.fleet import Fleet
from tests.crash.rounds import Rounds
from tests.web.serving.test_mail import PostOffice, opened

KILLS = 50


def kill_and_check(url: str, folder: Path, verbs: list[str], between: tuple[float, float]) -> None:
    """The whole story: fill, work, kill, start again, drain, check."""
    dice = random.Random(5)
    migrate(url)
    database = Database(url)
    with opened() as office:
        fleet = Fleet(url, folder, office.port)
        try:
            rounds = Rounds(database, fleet)
            rounds.fill()
            members = [fleet.add(verb) for verb in verbs]
            for member in members:
                member.wait()
            people = rounds.begin()
            for _ in range(KILLS):
                time.sleep(dice.uniform(*between))
                member = dice.choice(members)
                member.kill()
                member.start()
                member.wait()
            rounds.stopping.set()
            for person in people:
                person.join(30)
            rounds.drain()
            assert len(rounds.acknowledged) > KILLS
            rounds.check(*_received(office))
        finally:
            fleet.close()
            database.close()


def _received(office: PostOffice) -> tuple[Counter[str], dict[str, set[str]]]:
    """How often each key came, and what was said under it."""
    bodies: dict[str, set[str]] = defaultdict(set)
    for message in office.mail:
        bodies[str(message["Idempotency-Key"])].add(
            f"{message['Subject']} {message['Message-ID']} {message.get_content()}"
        )
    return Counter(str(message["Idempotency-Key"]) for message in office.mail), bodies
