"""What the trust decides for itself: calendars, reminders, roles, clusters, cover."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from engine.commands.cases import start
from engine.commands.trust import calendars, clusters, settings
from engine.commands.trust import cover as covering
from engine.errors import BadDetails, NotAllowed, NotFound
from engine.model.calendar import Calendar
from engine.model.casework import Case, JobKind
from engine.model.people import Cover, Role, Trust
from engine.model.reminders import HOLDER, LINE, Chase
from engine.model.role_names import key_of
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore
from tests.engine.commands.place import NOW, Place, jobs_of, run_job, tasks_of

TODAY = NOW.date()
TERM = (date(2026, 9, 2), date(2026, 12, 18))


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def started(store: SqlStore, place: Place, school: UUID) -> Case:
    return start.start_case(store, place.me(store, place.director), "trial", school, "Attendance", {}, NOW)


def test_a_closed_day_moves_the_deadlines_and_timers_of_that_school_alone(place: Place) -> None:
    with transaction(place.database) as store:
        here, there = started(store, place, place.school.id), started(store, place, place.quiet.id)
        before = {case.id: tasks_of(store, case)["account"].due_at for case in (here, there)}
        own = Calendar(closed=frozenset({date(2026, 11, 3)}))
        moved = calendars.change_calendar(store, None, place.school.id, own, NOW)

        assert moved == 1
        due = tasks_of(store, here)["account"].due_at
        assert (before[here.id], due) == (NOW.replace(day=5, hour=17), NOW.replace(day=6, hour=17))
        assert tasks_of(store, there)["account"].due_at == before[there.id]
        wakes = [job.run_at.date() for job in jobs_of(store, here.id) if job.kind is JobKind.WAKE]
        assert wakes == [date(2026, 11, 5)]
        assert calendars.change_calendar(store, None, place.school.id, own, NOW) == 0


def test_calendars_are_an_administrators_and_of_schools_there_are(place: Place) -> None:
    with transaction(place.database) as store:
        with pytest.raises(NotAllowed):
            calendars.change_calendar(store, place.me(store, place.head), None, Calendar(), NOW)
        with pytest.raises(NotFound):
            calendars.change_calendar(store, None, uuid4(), Calendar(), NOW)


def test_terms_that_cannot_be_are_told_apart() -> None:
    day = date(2026, 9, 1)
    terms = [(day, day), (day, day - timedelta(days=1)), (day, day + timedelta(days=5)), (day, date(2028, 9, 1)), TERM]

    assert sorted(calendars.wrong_terms(terms)) == [1, 2, 3, 4]
    assert calendars.wrong_terms([TERM]) == {}


def test_the_table_of_reminders_is_followed_from_the_next_reminder_on(place: Place) -> None:
    with transaction(place.database) as store:
        case = started(store, place, place.school.id)
        store.save_trust(Trust("Harbour Vale"))
        (job,) = [job for job in jobs_of(store, case.id) if job.kind is JobKind.CHASE]
        rows = {"0": Chase(1, LINE, 1, "Level 1"), "1": Chase(1, HOLDER, 0, "Late")}
        settings.change_reminders(store, None, rows)

        run_job(store, job, job.run_at)
        task = tasks_of(store, case)["account"]
        (following,) = [job for job in jobs_of(store, case.id) if job.kind is JobKind.CHASE]
        assert task.level == 0  # the row it was planned for is gone: nobody is told
        assert task.due_at
        assert following.run_at == task.due_at + timedelta(days=1)

        run_job(store, following, following.run_at)
        assert tasks_of(store, case)["account"].level == 1
        assert [job for job in jobs_of(store, case.id) if job.kind is JobKind.CHASE] == []
        told = [row for row in store.connection.exec_driver_sql("select subject from notices order by subject")]
        assert ("Late: Give your account",) in told
        assert ("Reminder: Give your account",) in told


def test_reminders_that_make_no_sense_are_refused_on_their_fields(place: Place) -> None:
    rows = {"a": Chase(99, "king", 7, " "), "b": Chase(1, HOLDER, 0, "x" * 61), "c": Chase(1, HOLDER, 1, "Twice")}

    with transaction(place.database) as store, pytest.raises(BadDetails) as refused:
        settings.change_reminders(store, None, rows)

    assert set(refused.value.messages) == {"a-days", "a-to", "a-level", "a-label", "b-label", "rows"}


def test_a_role_is_renamed_and_its_tasks_follow_the_role_it_falls_to(place: Place) -> None:
    with transaction(place.database) as store:
        case = started(store, place, place.quiet.id)
        settings.change_role(store, None, "headteacher", " Head  of school ", "director_of_education", None, NOW)

        assert store.roles()["headteacher"].label == "Head of school"
        assert next(iter(store.roles())) == "headteacher"
        assert tasks_of(store, case)["account"].pool == "director_of_education@trust"


def test_what_a_role_gives_is_changed_with_it_and_stays_where_nothing_is_said(place: Place) -> None:
    with transaction(place.database) as store:
        renamed = settings.change_role(store, None, "cluster_lead", "Hub lead", None, None, NOW)
        given = settings.change_role(store, None, "headteacher", "Head", None, None, NOW, ["manager", "designer"])

        assert renamed.rights == {"leader", "manager"}
        assert given.rights == {"manager", "designer"}
        assert store.me(place.head.id, NOW.date()).managing == {"headteacher"}
        assert store.me(place.head.id, NOW.date()).leading == frozenset()


@pytest.mark.parametrize(
    ("label", "falls_to", "line", "field"),
    [
        ("", None, None, "label"),
        ("cluster LEAD", None, None, "label"),
        ("x" * 61, None, None, "label"),
        ("Head", "king", None, "falls_to"),
        ("Head", "headteacher", None, "falls_to"),
        ("Head", None, "headteacher", "line"),
        ("Head", None, "king", "line"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused_on_its_field(
    place: Place, label: str, falls_to: str | None, line: str | None, field: str
) -> None:
    with transaction(place.database) as store, pytest.raises(BadDetails) as refused:
        settings.change_role(store, None, "headteacher", label, falls_to, line, NOW)

    assert set(refused.value.messages) == {field}


def test_a_role_of_the_trusts_own_is_added_with_other_names(place: Place) -> None:
    with transaction(place.database) as store:
        added = settings.add_role(
            store, None, " Attendance\u200b  lead ", "headteacher", None, ["leader"], ["AL", " Attendance officer "]
        )
        settings.add_role(store, None, "Add", also=[])
        settings.add_role(store, None, "3rd in charge")
        settings.add_role(store, None, "Élève référent")

        roles = store.roles()
        assert roles["attendance_lead"] == added
        assert (added.label, added.also) == ("Attendance lead", ("AL", "Attendance officer"))
        assert added.rights == {"leader"}
        assert list(roles)[-4:] == ["attendance_lead", "add_2", "role_3rd_in_charge", "eleve_referent"]
        assert key_of("attendance officers", roles) == "attendance_lead"


@pytest.mark.parametrize(
    ("label", "also", "field", "said"),
    [
        ("", [], "label", "Enter what people read"),
        ("\u200b", [], "label", "Enter what people read"),
        ("x" * 61, [], "label", "it is 1 too long"),
        ("head teachers", [], "label", "“head teachers” already means the role “Headteacher”"),
        ("HEADTEACHER", [], "label", "Another role has this name"),
        ("cluster_lead", [], "label", "already means the role “Cluster lead”"),
        ("!!!", [], "label", "is no name"),
        ("Lead", ["Principal"], "also", "“Principal” already means the role “Headteacher”"),
        ("Lead", ["Head Teacher"], "also", "already means the role “Headteacher”"),
        ("Lead", ["SLT", "s.l.t."], "also", "“s.l.t.” stands here twice"),
        ("Lead", ["leads"], "also", "“leads” is what the role is called already"),
        ("Lead", ["y" * 61], "also", "it is 1 too long"),
        ("Lead", ["..."], "also", "“...” is no name"),
        ("Lead", [f"Name {number}" for number in range(13)], "also", "up to 12 other names"),
    ],
)
def test_names_by_which_nobody_could_tell_the_role_are_refused_on_their_field(
    place: Place, label: str, also: list[str], field: str, said: str
) -> None:
    with transaction(place.database) as store:
        head = store.roles()["headteacher"]
        settings.change_role(store, None, "headteacher", head.label, head.falls_to, head.line, NOW, also=["Principal"])
        with pytest.raises(BadDetails) as refused:
            settings.add_role(store, None, label, also=also)

    assert set(refused.value.messages) == {field}
    assert said in refused.value.messages[field]


def test_other_names_stay_where_nothing_is_said_of_them_and_go_when_they_are_taken_out(place: Place) -> None:
    with transaction(place.database) as store:
        said = ("Headteacher", None, None, NOW)
        settings.change_role(store, None, "headteacher", *said, also=["Principal", ""])
        kept = settings.change_role(store, None, "headteacher", *said)
        gone = settings.change_role(store, None, "headteacher", *said, also=[])

    assert (kept.also, gone.also) == (("Principal",), ())


def test_only_an_administrator_adds_a_role(place: Place) -> None:
    with transaction(place.database) as store, pytest.raises(NotAllowed):
        settings.add_role(store, place.me(store, place.lead), "Attendance lead")


def test_a_trust_has_so_many_roles_and_no_more(place: Place) -> None:
    with transaction(place.database) as store:
        store.save_roles(Role(f"role_{number}", f"Role number {number}") for number in range(settings.MOST_ROLES))
        with pytest.raises(BadDetails) as refused:
            settings.add_role(store, None, "One more")

    assert "up to 200 roles" in refused.value.messages["label"]


def test_roles_never_fall_in_a_circle(place: Place) -> None:
    with transaction(place.database) as store, pytest.raises(BadDetails) as refused:
        settings.change_role(store, None, "director_of_education", "Director", "headteacher", None, NOW)

    assert set(refused.value.messages) == {"falls_to"}


def test_a_school_moves_to_another_cluster_and_so_do_its_tasks(place: Place) -> None:
    with transaction(place.database) as store:
        case = started(store, place, place.quiet.id)
        west = clusters.add_cluster(store, None, "West")
        clusters.place_school(store, None, place.quiet.id, west.id, NOW)

        assert tasks_of(store, case)["account"].pool == "director_of_education@trust"
        assert clusters.rename_cluster(store, None, west.id, "west").name == "west"
        with pytest.raises(BadDetails):
            clusters.add_cluster(store, None, "WEST")
        with pytest.raises(BadDetails):
            clusters.place_school(store, None, place.quiet.id, uuid4(), NOW)


def test_cover_is_arranged_told_and_stopped_early(place: Place) -> None:
    with transaction(place.database) as store:
        me = place.me(store, place.head)
        until = TODAY + timedelta(days=4)
        cover = covering.arrange_cover(store, me, place.head.id, place.lead.id, TODAY, until, "Holiday", NOW)
        told = list(store.connection.exec_driver_sql("select subject, text from notices"))
        assert place.me(store, place.lead).covered_people == {place.head.id}
        assert told == [
            (
                "You cover for Ruth Adeyemi",
                "From 2 November to 6 November 2026. Their tasks appear on your list on those days.",
            )
        ]
        with pytest.raises(BadDetails) as refused:
            covering.arrange_cover(store, me, place.head.id, place.lead.id, until, until, "Again", NOW)
        assert set(refused.value.messages) == {"by"}

        covering.stop_cover(store, me, cover.id, NOW)
        assert place.me(store, place.lead).covered_people == frozenset()


def test_a_cover_that_is_stopped_after_some_days_keeps_them(place: Place) -> None:
    with transaction(place.database) as store:
        me = place.me(store, place.head)
        until = TODAY + timedelta(days=4)
        cover = covering.arrange_cover(store, me, place.head.id, place.lead.id, TODAY, until, "Holiday", NOW)
        covering.stop_cover(store, me, cover.id, NOW + timedelta(days=2))

        assert store.cover(cover.id).to_on == TODAY + timedelta(days=1)


def test_cover_for_others_is_for_those_who_manage_them(place: Place) -> None:
    with transaction(place.database) as store:
        lead, director, head = (place.me(store, who) for who in (place.lead, place.director, place.head))
        with pytest.raises(NotAllowed):
            covering.arrange_cover(store, head, place.lead.id, place.head.id, TODAY, TODAY, "Ill", NOW)
        covering.arrange_cover(store, lead, place.head.id, place.lead.id, TODAY, TODAY, "Ill", NOW)
        cover = covering.arrange_cover(store, director, place.head.id, place.director.id, TODAY, TODAY, "Ill", NOW)
        with pytest.raises(NotAllowed):
            covering.stop_cover(store, head, _of(store, place.director.id, place.lead.id), NOW)
        covering.stop_cover(store, head, cover.id, NOW)
        with pytest.raises(NotFound):
            store.cover(cover.id)


def _of(store: SqlStore, absent: UUID, by: UUID) -> UUID:
    """A cover that the trust's own arrangement made."""
    cover = Cover(uuid4(), absent, by, TODAY, TODAY, "Course")
    store.add_cover(cover)
    return cover.id


def test_cover_that_makes_no_sense_is_refused_on_its_fields(place: Place) -> None:
    with transaction(place.database) as store:
        me = place.me(store, place.head)
        yesterday = TODAY - timedelta(days=1)
        for by, first, last, fields in (
            (place.head.id, TODAY, yesterday, {"by", "to", "reason"}),
            (place.lead.id, yesterday, yesterday, {"to", "reason"}),
            (place.lead.id, TODAY, TODAY + timedelta(days=500), {"to", "reason"}),
        ):
            with pytest.raises(BadDetails) as refused:
                covering.arrange_cover(store, me, place.head.id, by, first, last, " ", NOW)
            assert set(refused.value.messages) == fields
