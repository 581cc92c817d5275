"""Who may do and read what."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from engine import policy
from engine.model.casework import Answers, Case, CaseStatus, Sensitivity, Task
from engine.model.people import TRUST_WIDE, Me, Person, Post, School, Scope, ScopeKind, pool
from engine.readers.roles import read_roles

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CLUSTER = uuid4()
HERE = School(uuid4(), "900001", "Saltmarsh Primary School", "primary", "Academy converter", cluster_id=CLUSTER)
THERE = School(uuid4(), "900002", "Quayside School", "secondary", "Academy converter")
AT_SCHOOL = Scope(ScopeKind.SCHOOL, HERE.id)
SHIPPED = read_roles((Path(__file__).parents[2] / "processes" / "roles.yaml").read_bytes())


def me(*posts: tuple[str, Scope], covered: tuple[tuple[UUID, str, Scope], ...] = ()) -> Me:
    """Somebody whose roles give what the shipped ones do."""
    person = Person(uuid4(), "Ruth Adeyemi", "r@harbourvale.example")
    held = [SHIPPED[role] for role, _ in posts] + [SHIPPED[role] for _, role, _ in covered]
    return Me(
        person,
        tuple(Post(uuid4(), person.id, role, scope, date(2026, 9, 1)) for role, scope in posts),
        tuple(Post(uuid4(), whose, role, scope, date(2026, 9, 1)) for whose, role, scope in covered),
        frozenset(whose for whose, _, _ in covered),
        leading=frozenset(role.key for role in held if role.leader),
        managing=frozenset(role.key for role in held if role.manager),
        designing=frozenset(role.key for role in held if role.designer),
    )


def case(sensitivity: Sensitivity = Sensitivity.STAFF) -> Case:
    return Case(
        uuid4(),
        "DIA-2026-0001",
        uuid4(),
        HERE.id,
        "Attendance",
        CaseStatus.OPEN,
        sensitivity,
        b"",
        Answers(),
        NOW,
        None,
    )


def task(**other: object) -> Task:
    plain = Task(
        uuid4(), uuid4(), "account", "Give your account", "headteacher", pool("headteacher", AT_SCHOOL), "t1", NOW, None
    )
    return replace(plain, **other)  # type: ignore[arg-type]


def test_a_task_is_its_holders_and_nobody_elses() -> None:
    head = me(("headteacher", AT_SCHOOL))
    other_head = me(("headteacher", Scope(ScopeKind.SCHOOL, THERE.id)))

    assert policy.may_complete(head, task())
    assert not policy.may_complete(other_head, task())
    assert not policy.may_complete(me(), task())


def test_a_claimed_task_is_only_the_claimants() -> None:
    head, deputy = me(("headteacher", AT_SCHOOL)), me(("headteacher", AT_SCHOOL))
    claimed = task(person_id=head.person.id)

    assert policy.may_complete(head, claimed)
    assert not policy.may_complete(deputy, claimed)
    assert not policy.may_claim(deputy, claimed)


def test_cover_does_the_task_in_somebodys_name() -> None:
    absent = uuid4()
    deputy = me(covered=((absent, "headteacher", AT_SCHOOL),))

    assert policy.holder(deputy, task()) == absent
    assert policy.holder(deputy, task(person_id=absent)) == absent


def test_staff_read_staff_cases_of_their_own_school_only() -> None:
    teacher = me(("staff", AT_SCHOOL))

    assert policy.may_read_case(teacher, case(), HERE, named=False)
    assert not policy.may_read_case(teacher, replace(case(), school_id=THERE.id), THERE, named=False)
    assert not policy.may_read_case(teacher, case(Sensitivity.LEADERS), HERE, named=False)


def test_leaders_cases_are_read_by_those_who_lead_there() -> None:
    leaders = case(Sensitivity.LEADERS)

    assert policy.may_read_case(me(("headteacher", AT_SCHOOL)), leaders, HERE, named=False)
    assert policy.may_read_case(me(("cluster_lead", Scope(ScopeKind.CLUSTER, CLUSTER))), leaders, HERE, named=False)
    assert policy.may_read_case(me(("director_of_qa", TRUST_WIDE)), leaders, HERE, named=False)
    assert not policy.may_read_case(me(("data_lead", TRUST_WIDE)), leaders, HERE, named=False)


def test_a_role_that_the_trust_counts_as_leading_reads_what_leaders_read() -> None:
    deputy = replace(me(("staff", AT_SCHOOL)), leading=frozenset({"staff"}))

    assert policy.may_read_case(deputy, case(Sensitivity.LEADERS), HERE, named=False)
    assert policy.may_read_case(deputy, case(Sensitivity.LEADERS), None, named=False)
    assert not policy.may_read_case(deputy, replace(case(Sensitivity.LEADERS), school_id=THERE.id), THERE, named=False)
    assert policy.may_monitor(deputy)
    assert not policy.may_monitor(me(("staff", AT_SCHOOL)))


def test_no_role_gives_anything_by_its_name() -> None:
    """What each shipped role gives is on the role: whoever holds all of them, given nothing, may do nothing."""
    named = me(*((role, TRUST_WIDE) for role in SHIPPED))
    bare = replace(named, leading=frozenset(), managing=frozenset(), designing=frozenset())

    for rule in (policy.may_monitor, policy.may_publish, policy.may_see_attention, policy.may_arrange_for_others):
        assert rule(named)
        assert not rule(bare)
    assert policy.may_manage(named, HERE)
    assert not policy.may_manage(bare, HERE)
    assert not policy.may_read_case(bare, case(Sensitivity.LEADERS), HERE, named=False)


def test_whoever_manages_one_school_sees_no_list_of_what_got_stuck_in_the_trust() -> None:
    at_school = replace(me(("deputy_head", AT_SCHOOL)), managing=frozenset({"deputy_head"}))

    assert policy.may_manage(at_school, HERE)
    assert not policy.may_manage(at_school, THERE)
    assert not policy.may_see_attention(at_school)
    assert policy.may_arrange_for_others(at_school)


def test_cover_for_a_manager_manages_nothing() -> None:
    """Cover does tasks and reads; it takes no case in hand."""
    standing_in = me(covered=((uuid4(), "director_of_qa", TRUST_WIDE),))

    assert not policy.may_manage(standing_in, HERE)
    assert not policy.may_publish(standing_in)
    assert not policy.may_monitor(standing_in)
    assert policy.may_read_case(standing_in, case(Sensitivity.LEADERS), HERE, named=False)


def test_cases_for_named_people_are_read_by_nobody_else() -> None:
    named = case(Sensitivity.NAMED)

    assert not policy.may_read_case(me(("chief_executive", TRUST_WIDE)), named, HERE, named=False)
    assert policy.may_read_case(me(), named, HERE, named=True)


def test_an_answer_unseen_until_all_are_in_is_its_authors_alone() -> None:
    expert = me()

    assert policy.may_read_submission(expert, expert.person.id, unseen=True)
    assert not policy.may_read_submission(expert, uuid4(), unseen=True)
    assert policy.may_read_submission(expert, uuid4(), unseen=False)


def test_the_holder_extends_once_and_a_manager_after_that() -> None:
    head, director = me(("headteacher", AT_SCHOOL)), me(("director_of_education", TRUST_WIDE))

    assert policy.may_extend(head, task(), HERE)
    assert not policy.may_extend(head, task(extended=1), HERE)
    assert policy.may_extend(director, task(extended=1), HERE)


def test_a_cluster_lead_manages_their_cluster_only() -> None:
    lead = me(("cluster_lead", Scope(ScopeKind.CLUSTER, CLUSTER)))

    assert policy.may_manage(lead, HERE)
    assert not policy.may_manage(lead, THERE)
    assert not policy.may_manage(me(("headteacher", AT_SCHOOL)), HERE)


def test_a_procedure_is_started_by_the_roles_it_names() -> None:
    teacher, head = me(("staff", AT_SCHOOL)), me(("headteacher", AT_SCHOOL))

    assert policy.may_start(teacher, (), HERE)
    assert not policy.may_start(teacher, (), THERE)
    assert not policy.may_start(teacher, ("headteacher",), HERE)
    assert policy.may_start(head, ("headteacher",), HERE)


def test_a_task_concerns_whoever_holds_it_did_it_or_has_it_on_a_list() -> None:
    head, stranger = me(("headteacher", AT_SCHOOL)), me()

    assert policy.is_involved(head, task(person_id=uuid4()))
    assert policy.is_involved(stranger, task(person_id=stranger.person.id))
    assert policy.is_involved(stranger, task(done_by=stranger.person.id))
    assert policy.is_involved(me(covered=((uuid4(), "headteacher", AT_SCHOOL),)), task(person_id=uuid4()))
    assert not policy.is_involved(stranger, task())
