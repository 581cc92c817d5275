"""Everything at once, sent to a server: completions with their pages, lists, timers, a long loop, files, checks, rules.

One `helping` is so much of each. A second one asks for the same again, so it shows what a process does not give back.
"""

from __future__ import annotations

import random
import string
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from werkzeug.datastructures import FileStorage

from bench.figures.complete_task import STEP
from bench.figures.loop import LETTERS, LOOPING
from bench.figures.timers import open_looks, waiting
from bench.support import many_tasks
from bench.support.served import Visitor
from bench.support.trust import TODAY, TRIAGE, Ground, publish
from engine.bpmn.package import Package
from engine.commands.cases.start import start_case
from engine.model.casework import Case
from engine.model.people import TRUST_WIDE, Person, Post, pool
from storage.database import transaction
from web.context.library import SHIPPED, files_of

CLIENTS = 8
COMPLETIONS = 1_000  # each with the pages before and after it
LISTED = 10_000
TIMERS = 500
ROUNDS = 400  # of one loop, with 5 KB of answers each
PHOTOS = 24
CHECKS = 8  # of each shipped procedure
HOSTILE = 5  # of each rule
LARGE = 10_000_000  # bytes of a file that is refused
DEFECT: Mapping[str, str] = {
    "where": "Room 12",
    "what": "Ceiling tile hanging",
    "danger": "no",
    "stops_use": "no",
    "planned_will_do": "no",
    "since": "Monday",
    "title": "Ceiling tile",
    "start": "",
    "anyway": "yes",
}
RULES = (
    "count(for a in 1..100000, b in 1..100000 return a) &gt; 1",
    "count(for a in 1..30, b in 1..30, c in 1..30, d in 1..30 return string join(for e in 1..30 return text)) &gt; 1",
)


@dataclass
class MixedWork:
    """Who asks, and of what."""

    here: Ground
    port: int
    done: int = 0  # helpings

    def __post_init__(self) -> None:
        """People sign in; the procedures that nobody ships are published."""
        self.head = self._visitor(self.here.people["headteacher"])
        self.leaders = [self._visitor(self._leader(number)) for number in range(CLIENTS)]
        with transaction(self.here.database) as store:
            publish(store, LOOPING)
            for number, rule in enumerate(RULES):
                publish(store, _hostile(number, rule))
            me = self.here.me(store, "headteacher")
            school = self.here.schools[0].id
            self.loop = start_case(store, me, "loop", school, "Loop", {}, datetime.now(UTC))

    def helping(self, look: Callable[[], float]) -> Mapping[str, float]:
        """So much of everything. Returns what `look` gave after each part."""
        seen = {}
        parts = (self.complete, self.read_lists, self.wait, self.go_round, self.attach, self.check, self.stop_rules)
        for part in parts:
            part()
            seen[part.__name__.replace("_", " ")] = look()
        self.done += 1
        return seen

    def complete(self) -> None:
        """Each completion with the form, then the list and the case."""
        with transaction(self.here.database) as store:
            cases = [self.here.start(store) for _ in range(COMPLETIONS)]
            waiting = [(case, task.id) for case in cases for task in store.open_tasks(case.id) if task.step == STEP]

        def once(visitor: Visitor, work: tuple[Case, UUID]) -> None:
            case, task_id = work
            _got(visitor, f"/tasks/{task_id}")
            _sent(visitor, visitor.post(f"/tasks/{task_id}", {**TRIAGE, "complete": [""]}))
            _got(visitor, "/tasks")
            _got(visitor, f"/cases/{case.ref}")

        self._together(once, waiting)

    def read_lists(self) -> None:
        """The lists of people who have thousands of tasks, and where everything stands."""
        many_tasks.add(self.here, LISTED, [pool("director_of_education", TRUST_WIDE)])
        paths = ("/tasks", "/cases", "/monitoring", "/monitoring/diagnosis", "/attention", "/people", "/procedures")
        self._together(_got, paths * (4 * CLIENTS))

    def wait(self) -> None:
        """Timers come due, and the server wakes their cases."""
        waiting(self.here, TIMERS, datetime.now(UTC))
        wanted, until = TIMERS * (self.done + 1), time.monotonic() + 300
        while open_looks(self.here) < wanted:
            if time.monotonic() > until:
                raise RuntimeError("timers that are due do not fire")
            time.sleep(0.5)

    def go_round(self) -> None:
        """A case goes round and round, each time with its page."""
        draw = random.Random(self.done)
        self.head.connection.close()
        for _ in range(ROUNDS):
            with transaction(self.here.database) as store:
                (task,) = store.open_tasks(self.loop.id)
            _got(self.head, f"/tasks/{task.id}")
            text = "".join(draw.choices(string.ascii_letters, k=LETTERS))
            _sent(self.head, self.head.post(f"/tasks/{task.id}", {"text": [text], "again": ["yes"], "complete": [""]}))

    def attach(self) -> None:
        """Photos of defects, and files that are too large or not what they say."""
        photo = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + random.Random(1).randbytes(4_000_000)

        def once(visitor: Visitor, number: int) -> None:
            data = photo + str((self.done, number)).encode()
            form = {**DEFECT, "school": str(self.here.schools[0].id), "photo_reported": _file("photo.jpg", data)}
            _sent(visitor, visitor.send("/start/estates_defect", form))

        self._together(once, range(PHOTOS))

    def check(self) -> None:
        """Procedures uploaded and looked over, among them faulty and large ones, and a national extract of schools."""
        large = b"<!--" + b"x" * LARGE + b"-->"

        def once(visitor: Visitor, work: tuple[str, bytes, int]) -> None:
            name, extra, number = work
            files = files_of([SHIPPED / name])
            files[name] += b"<!-- %d %d -->" % (self.done, number) + extra
            form = {"key": "", "files": [_file(each, data) for each, data in files.items()]}
            status, leads = visitor.send("/procedures/upload", form)
            if status == 303:
                _got(visitor, leads)

        extras = [b""] * CHECKS + [b"<", large]
        names = ("diagnosis.bpmn", "estates_defect.bpmn")
        self._together(once, [(name, extra, number) for name in names for number, extra in enumerate(extras)])
        self._together(_extract, [_schools(self.done)] * 3)

    def stop_rules(self) -> None:
        """Rules that run on and on, or want all the memory, are stopped."""

        def once(visitor: Visitor, key: str) -> None:
            with transaction(self.here.database) as store:
                me = self.here.me(store, "headteacher")
                case = start_case(store, me, key, self.here.schools[0].id, "Hostile", {}, datetime.now(UTC))
                (task,) = store.open_tasks(case.id)
            visitor.post(f"/tasks/{task.id}", {"text": ["x" * 1_000], "again": ["yes"], "complete": [""]})

        self.head.connection.close()
        for _ in range(HOSTILE):
            for number in range(len(RULES)):
                once(self.head, f"hostile{number}")

    def _together(self, once: Callable[[Visitor, Any], None], work: Iterable[Any]) -> None:
        """Several people at a time, each taking the next thing when theirs is done."""
        left = list(work)

        def take(visitor: Visitor) -> None:
            visitor.connection.close()  # it opens again: the server has ended those that were quiet for a minute
            while left:
                try:
                    mine = left.pop()
                except IndexError:
                    return
                once(visitor, mine)

        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(take, self.leaders))

    def _visitor(self, person: Person) -> Visitor:
        return Visitor(self.port, self.here.database, person.id)

    def _leader(self, number: int) -> Person:
        person = Person(uuid4(), f"Leader {number}", f"leader{number}@bench.example", administrator=True)
        with transaction(self.here.database) as store:
            store.add_person(person)
            for role in ("director_of_education", "staff"):
                store.add_post(Post(uuid4(), person.id, role, TRUST_WIDE, TODAY))
        return person


def _hostile(number: int, rule: str) -> Package:
    bpmn = LOOPING.bpmn.replace(b'=again = "yes"', b"=" + rule.encode())
    return Package(bpmn.replace(b'id="loop"', b'id="hostile%d"' % number), LOOPING.forms)


def _file(name: str, data: bytes) -> FileStorage:
    return FileStorage(BytesIO(data), name)


def _extract(visitor: Visitor, data: bytes) -> None:
    form = {"uid": "99001", "file": _file("edubasealldata20260901.csv", data)}
    visitor.send("/schools/import", form)


COLUMNS: Sequence[str] = (
    "URN", "LA (code)", "LA (name)", "EstablishmentNumber", "EstablishmentName", "TypeOfEstablishment (name)",
    "EstablishmentStatus (name)", "OpenDate", "CloseDate", "PhaseOfEducation (name)", "StatutoryLowAge",
    "StatutoryHighAge", "SchoolCapacity", "NumberOfPupils", "TrustSchoolFlag (name)", "Trusts (code)", "Trusts (name)",
    "UKPRN", "Postcode",
)  # fmt: skip


def _schools(number: int) -> bytes:
    """40,000 schools, 60 of them the trust's."""
    lines = [",".join(f'"{name}"' for name in COLUMNS)]
    for urn in range(100_000, 140_000):
        trust = "99001" if urn % 700 == number else "99002"
        lines.append(
            f"{urn},383,Harbourshire,{urn % 10_000},School {urn},Academy converter,Open,01-09-2015,,Primary,3,11,210,"
            f"198,Supported by a multi-academy trust,{trust},TRUST {trust},{urn + 10_000_000},HV1 1AA"
        )
    return "\r\n".join(lines).encode("cp1252")


def _got(visitor: Visitor, path: str) -> None:
    status, _ = visitor.get(path)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")


def _sent(visitor: Visitor, answer: tuple[int, str]) -> None:
    status, leads = answer
    if status != 303:
        raise RuntimeError(f"a form was answered {status} {leads}: {visitor.said[:2000]!r}")
