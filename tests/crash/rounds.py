"""A trust whose cases go round for ever: a task, a message to somebody, a wait, a record, and the task again."""

from __future__ import annotations

import http.client
import json
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from urllib.parse import urlencode
from uuid import UUID, uuid4

from sqlalchemy import func, select

from engine.bpmn.package import Package
from engine.commands.cases import start
from engine.model.access import Session
from engine.model.casework import EntryKind
from engine.model.people import TRUST_WIDE, Person, Post, Role, School, Scope, ScopeKind, Trust
from storage.access import sessions as stored_sessions
from storage.database import Database, reading, transaction
from storage.tables import entries, jobs, notices, records, submissions, tasks
from tests.crash.fleet import SECRET, Fleet
from tests.engine.bpmn import sketch
from tests.engine.commands.place import publish
from web.access import csrf, sessions

BPMN = sketch.sketch(
    sketch.properties(trust__prefix="RND", trust__names="stop"),
    sketch.start(),
    sketch.end(),
    sketch.user("write", "Write a figure", form="write", due="3 school days"),
    sketch.word("say", "tell", role="director", subject="Figure {{ figure }}", text="It came."),
    sketch.wait("pause", "PT1S"),
    sketch.word("keep", "record", kind="round", title="Round", fields="figure"),
    sketch.gateway("again", default="f_again_write"),
    flows='s>write>say>pause>keep>again>write again>e?stop="yes"',
    key="rounds",
    ends=False,
)
FORM = json.dumps(
    {
        "type": "default",
        "schemaVersion": 18,
        "components": [
            {"id": "F", "type": "textfield", "key": "figure", "label": "Figure", "validate": {"required": True}}
        ],
    }
).encode()


@dataclass
class Rounds:
    """The cases, who works on them, and what they were told was done."""

    database: Database
    fleet: Fleet
    count: int = 24
    workers: int = 4
    acknowledged: dict[UUID, str] = field(default_factory=dict)  # task -> the number it was completed with
    stopping: Event = field(default_factory=Event)
    faults: list[str] = field(default_factory=list)

    def fill(self) -> None:
        """The trust and its cases."""
        now = datetime.now(UTC)
        head, director = (Person(uuid4(), name, f"{name}@crash.example") for name in ("head", "director"))
        school = School(uuid4(), "900001", "School", "primary", "Academy converter")
        with transaction(self.database) as store:
            store.save_trust(Trust("Crash Trust"))
            store.save_roles([Role("headteacher", "Headteacher"), Role("director", "Director")])
            store.add_schools([school])
            for person in (head, director):
                store.add_person(person)
            since = (now - timedelta(days=30)).date()
            store.add_post(Post(uuid4(), head.id, "headteacher", Scope(ScopeKind.SCHOOL, school.id), since))
            store.add_post(Post(uuid4(), director.id, "director", TRUST_WIDE, since))
            publish(store, Package(BPMN, {"write": FORM}))
            me = store.me(head.id, now.date())
            made = [start.start_case(store, me, "rounds", school.id, "Round", {}, now) for _ in range(self.count)]
            self.cookie = secrets.token_urlsafe(32)
            day = now + timedelta(days=1)
            session = Session(sessions.id_hash(self.cookie), head.id, now, now, day, day)
            stored_sessions.add_session(store.connection, session)
        self.cases = [case.id for case in made]

    def begin(self) -> list[Thread]:
        """People who complete whatever waits, each on cases of their own, until told to stop."""
        threads = [Thread(target=self._work, args=(number,), daemon=True) for number in range(self.workers)]
        for thread in threads:
            thread.start()
        return threads

    def _work(self, number: int) -> None:
        mine = self.cases[number :: self.workers]
        turn = 0
        while not self.stopping.is_set():
            for task_id in self._waiting(mine):
                turn += 1
                self._complete(task_id, f"{number}-{turn}", self.fleet.ports[turn % len(self.fleet.ports)])
            time.sleep(0.1)  # completions, timers and deliveries keep pace with one another

    def _waiting(self, mine: list[UUID]) -> list[UUID]:
        with reading(self.database) as connection:
            wanted = select(tasks.c.id).where(tasks.c.case_id.in_(mine), tasks.c.listed, tasks.c.step == "write")
            return list(connection.execute(wanted).scalars())

    def _complete(self, task_id: UUID, number: str, port: int) -> None:
        """Note the number only when the server said that it was done."""
        fields = {"figure": number, "complete": "", csrf.FIELD: csrf.token_of(SECRET, self.cookie)}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{sessions.LOCAL_COOKIE}={self.cookie}",
            "Sec-Fetch-Site": "same-origin",
        }
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
        try:
            connection.request("POST", f"/tasks/{task_id}", urlencode(fields), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            return
        finally:
            connection.close()
        if answer.status == 303:
            self.acknowledged[task_id] = number
        elif answer.status not in (409, 503):
            self.faults.append(f"a completion answered {answer.status}")

    def drain(self, patience: float = 60) -> None:
        """Wait until nothing is due, for as long as something happens. Raises when nothing does for `patience` seconds.

        A delivery that was under way when its process died is let out of its lease, once: then nobody dies any more.
        """
        with transaction(self.database) as store:
            leased = select(jobs.c.id).where(jobs.c.delivers, jobs.c.attempts > 0)
            now = datetime.now(UTC)
            store.move_jobs({job_id: now for job_id in store.connection.execute(leased).scalars()})
        least, since = self._left(), time.monotonic()
        while least:
            time.sleep(0.5)
            left = self._left()
            if left < least:
                least, since = left, time.monotonic()
            if time.monotonic() - since > patience:
                raise AssertionError(f"{left} jobs were never done")

    def _left(self) -> int:
        with reading(self.database) as connection:
            wanted = select(func.count()).select_from(jobs).where(jobs.c.kind != "chase")
            return connection.execute(wanted).scalar_one()

    def check(self, mail: Counter[str], bodies: dict[str, set[str]]) -> None:
        """Nothing acknowledged is missing; every completion had each of its effects exactly once."""
        with reading(self.database) as connection:
            answered = connection.execute(select(submissions.c.task_id, submissions.c.answers))
            done: dict[UUID, dict[str, str]] = {task_id: answers for task_id, answers in answered}
            found = connection.execute(select(records.c.case_id, records.c.number, records.c.body))
            kept: list[tuple[UUID, int, dict[str, str]]] = [(case_id, at, body) for case_id, at, body in found]
            said = connection.execute(select(entries.c.kind, func.count()).group_by(entries.c.kind)).all()
            told = connection.execute(select(func.count()).select_from(notices)).scalar_one()
            open_ones = connection.execute(select(tasks.c.case_id).where(tasks.c.listed)).scalars().all()
        journal = {kind: count for kind, count in said}
        lost = {task: number for task, number in self.acknowledged.items() if done.get(task) != {"figure": number}}
        assert not self.faults
        assert not lost, f"{len(lost)} acknowledged completions are gone"
        assert sorted(answers["figure"] for answers in done.values()) == sorted(body["figure"] for *_, body in kept)
        assert sorted(number for _, number, _ in kept) == sorted(_numbers(kept))
        assert journal[EntryKind.DONE] == journal[EntryKind.TOLD] == journal[EntryKind.RECORD] == len(done)
        assert journal[EntryKind.WOKE] == len(done)
        assert sorted(open_ones) == sorted(self.cases)
        assert told == len(done)
        assert len(mail) == len(done), "a message was lost, or one came under two keys"
        assert all(len(texts) == 1 for texts in bodies.values()), "a repeat said something else"


def _numbers(kept: Sequence[tuple[UUID, int, object]]) -> list[int]:
    """1, 2, 3, … for each case, as many as it has records."""
    counts = Counter(case_id for case_id, _, _ in kept)
    return [number for count in counts.values() for number in range(1, count + 1)]
