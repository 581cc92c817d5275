"""`headway demo`: a made-up trust of twelve schools, with cases at every stage."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from engine.commands import jobs, procedures
from engine.commands.trust import calendars, set_up
from engine.errors import NotFound
from engine.model.calendar import LONDON, Calendar
from engine.model.people import School
from storage import job_queue as queue
from storage.database import Database, transaction
from web.cli import demo_people
from web.cli.common import opened, say
from web.cli.demo_cases import Player, Scene
from web.context.library import files_of, shipped_procedures, shipped_roles
from web.context.utc import utc_now

ALL = 99  # every move of a story
DIAGNOSIS, DEFECT = "diagnosis", "estates_defect"
IMPROVEMENT = "improvement is needed, so goals come next"
STRENGTH = "a strength is diagnosed on site by three experts and shared"
SENT_BACK = "sent back once and still not sound, it goes to a meeting"
QUICK_FIX = "a quick fix is agreed and checked back"
PLANNED = "small and clear, it is planned in one meeting"
NO_LOOK = "no further look is needed, and nobody needs to learn from it"
NOT_FIXED = "not fixed, it is opened again and then fixed"
REPAIRED = "the site team repairs it"
FIXED = "whoever reported it says that it is fixed"

SEEN = "Absence 2 points above similar schools, three weeks running"  # what the stories of a worrying signal begin with
ASKED = "Why do more pupils stay away on Fridays?"


def _year(year: str) -> dict[str, str]:
    """The stories about attendance in Year 9, told of another year."""
    return {"Year 9": year}


def _seen(seen: str, asked: str = ASKED) -> dict[str, str]:
    """The stories about attendance, begun with something else."""
    return {SEEN: seen, ASKED: asked}


SCENES = (
    Scene(DIAGNOSIS, IMPROVEMENT, 1, "Heron Bank Primary School", 0, "Phonics in Year 1",
          says=_seen("A third of the class is not yet secure in what was taught last term")),
    Scene(DIAGNOSIS, IMPROVEMENT, 1, "Uplands School", 3, "Attendance in Year 9"),
    Scene(DIAGNOSIS, IMPROVEMENT, 2, "Saltmarsh Primary School", 1, "Attendance in Year 4", says=_year("Year 4")),
    Scene(DIAGNOSIS, IMPROVEMENT, 2, "Fellside Primary School", 2, "Writing in Key Stage 2",
          says=_seen("Two thirds of the books show less writing than last autumn", "What has become of writing?")),
    Scene(DIAGNOSIS, IMPROVEMENT, 3, "Quayside Primary School", 2, "Suspensions since September",
          says=_seen("Five suspensions, after one in all of last year", "What leads to them, and when?")),
    Scene(DIAGNOSIS, IMPROVEMENT, 5, "Harbour Academy", 4, "Attendance in Year 8", says=_year("Year 8")),
    Scene(DIAGNOSIS, IMPROVEMENT, 7, "Tidewater Primary School", 5, "Fridays in Year 2", says=_year("Year 2")),
    Scene(DIAGNOSIS, IMPROVEMENT, 8, "Estuary High School", 6, "Attendance in Year 7", says=_year("Year 7")),
    Scene(DIAGNOSIS, IMPROVEMENT, 9, "Larkfield Primary School", 9, "Persistent absence", says=_year("Year 6")),
    Scene(DIAGNOSIS, IMPROVEMENT, 11, "Lantern Street Primary School", 9, "Fridays in Year 6", says=_year("Year 6")),
    Scene(DIAGNOSIS, IMPROVEMENT, ALL, "Ashdown Primary School", 24, "Attendance in Year 5", says=_year("Year 5")),
    Scene(DIAGNOSIS, STRENGTH, 3, "The Beacon School", 1, "Communication at The Beacon",
          says={"Every class reads fluently": "Every pupil asks for what they need"}),
    Scene(DIAGNOSIS, STRENGTH, ALL, "Saltmarsh Primary School", 30, "Early reading at Saltmarsh"),
    Scene(DIAGNOSIS, SENT_BACK, 11, "Uplands School", 13, "Attendance in Year 10", says=_year("Year 10")),
    Scene(DIAGNOSIS, QUICK_FIX, ALL, "Harbour Academy", 26, "Friday afternoons in Year 9"),
    Scene(DIAGNOSIS, IMPROVEMENT, 4, "Estuary High School", 8, "Attendance in Year 11",
          paused="Inspection in progress", says=_year("Year 11")),
    Scene(DIAGNOSIS, PLANNED, ALL, "Fellside Primary School", 15, "Spelling in Year 4"),
    Scene(DIAGNOSIS, NO_LOOK, ALL, "Larkfield Primary School", 20, "One week of low attendance",
          says={SEEN: "Absence rose to 12% in one week", "one year group": "one week"}),
    Scene(DEFECT, REPAIRED, 1, "Estuary High School", 1, "Loose tile, food room", says={"Room 12": "Food room"}),
    Scene(DEFECT, REPAIRED, 2, "Uplands School", 3, "Broken window catch, room 12",
          says={"Ceiling tile hanging": "The window does not shut", "The clip has gone": "The catch has snapped"}),
    Scene(DEFECT, NOT_FIXED, 4, "Harbour Academy", 8, "Leaking gutter, sports hall",
          says={"Room 12": "Sports hall", "Ceiling tile hanging": "The gutter drips over the door",
                "The clip has gone": "A joint has come apart", "New clip": "New joint",
                "It hangs again": "It drips again", "The rail is bent": "The bracket is bent"}),
    Scene(DEFECT, "a price over the limit is approved by finance", 3, "The Beacon School", 6, "No hot water, science"),
    Scene(DEFECT, FIXED, ALL, "Saltmarsh Primary School", 12, "Dripping tap, Year 2",
          says={"Room 12": "Year 2", "Ceiling tile hanging": "The tap drips all day",
                "The clip has gone": "The washer has worn out", "New clip": "New washer"}),
)  # fmt: skip


def demo(asked: Namespace) -> int:
    """Fill an empty database. Refuses one that has a trust in it already."""
    with opened() as trust:
        if _named(trust.database):
            if asked.if_empty:
                return 0
            say("There is a trust in this database already, so nothing was changed.")
            return 1
        say("Making up a trust of twelve schools; this takes a moment.")
        fill(trust.database, utc_now())
    say("Done.")
    return 0


def fill(database: Database, now: datetime, scenes: Sequence[Scene] = SCENES) -> None:
    """Make up the trust in an empty database, as it stands at this moment."""
    schools = _people(database, now)
    _procedures(database, now)
    for scene in scenes:
        _play(database, scene, schools[scene.school], now)
    _catch_up(database, now)


def _named(database: Database) -> bool:
    with transaction(database) as store:
        try:
            return bool(store.trust())
        except NotFound:
            return False


def _people(database: Database, now: datetime) -> dict[str, School]:
    today = now.astimezone(LONDON).date()
    made = demo_people.made(today)
    with transaction(database) as store:
        set_up.begin(store, demo_people.TRUST, shipped_roles(), today)
        for cluster in made.clusters:
            store.add_cluster(cluster)
        store.add_schools(made.schools)
        for person in made.people:
            store.add_person(person)
        for post in made.posts:
            store.add_post(post)
        for cover in made.covers:
            store.add_cover(cover)
        calendars.change_calendar(store, None, None, made.calendar, now)
        for school_id, own in made.own_days.items():
            calendars.change_calendar(store, None, school_id, own, now)
    return {school.name: school for school in made.schools}


def _procedures(database: Database, now: datetime) -> None:
    for path in shipped_procedures():
        with transaction(database) as store:
            procedures.publish(store, None, procedures.package_of(files_of([path])), now)


def _play(database: Database, scene: Scene, school: School, now: datetime) -> None:
    with transaction(database) as store:
        calendar = store.calendar(school.id, now.date() - timedelta(days=400))
    begins = _begins(calendar, scene.days_ago, now)
    Player(database, scene, school, calendar, now, begins).play()


def _begins(calendar: Calendar, days_ago: int, now: datetime) -> datetime:
    """A morning so many school days ago; today: an hour ago."""
    day = now.astimezone(LONDON).date()
    if days_ago == 0:
        return now - timedelta(hours=1)
    return datetime.combine(calendar.step(day, -days_ago, "school"), time(8, 40), LONDON).astimezone(UTC)


def _catch_up(database: Database, now: datetime) -> None:
    """Do what came due for every case, each at its own moment. Mail of the past is not sent."""
    while queue.work_one(database, now, lambda store, job: jobs.do(store, job, job.run_at)):
        pass
    while (mail := queue.claim_delivery(database, now)) is not None:
        queue.delivered(database, mail.id)
