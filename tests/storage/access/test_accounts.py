"""Sessions, links, passwords and counters, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Thread
from uuid import uuid4

from engine.model.access import Link, LinkKind, Session
from engine.model.people import Cluster, Cover, Person, Role, Trust
from storage.access import accounts, throttle
from storage.access import sessions as stored_sessions
from storage.database import Database, counting, reading, transaction
from storage.store.office import Office
from tests.storage.made import DAY, HOUR, NOW, TODAY, at_school, person, post, school

WINDOW = timedelta(minutes=15)


def session_of(somebody: Person, **facts: object) -> Session:
    made = Session(uuid4().hex, somebody.id, NOW, NOW, NOW + 2 * HOUR, NOW + 12 * HOUR)
    return replace(made, **facts)  # type: ignore[arg-type]


def known(database: Database, *people: Person) -> None:
    with transaction(database) as store:
        store.save_trust(Trust("Northlea"))
        for somebody in people:
            store.add_person(somebody)


def test_a_session_tells_its_person_posts_and_cover_in_one_statement(database: Database) -> None:
    amina, away, resting, other = (person(name) for name in ("Amina", "Away", "Resting", "Other"))
    here = school()
    session = session_of(amina)
    known(database, amina, away, resting, other)
    with transaction(database) as store:
        store.add_schools([here])
        store.save_roles(
            [
                Role("headteacher", "Head", leader=True),
                Role("cluster_lead", "Lead", leader=True, manager=True, designer=True),
                Role("site_manager", "Site manager", manager=True),
                Role("chief_executive", "Chief", designer=True),
            ]
        )
        for holder, role in ((amina, "headteacher"), (away, "cluster_lead"), (other, "site_manager")):
            store.add_post(post(holder, role, at_school(here.id)))
        store.add_post(post(amina, "chief_executive", to_on=TODAY - DAY))
        for absent in (away, resting):
            store.add_cover(Cover(uuid4(), absent.id, amina.id, TODAY, TODAY, "ill"))
        store.add_cover(Cover(uuid4(), other.id, amina.id, TODAY + DAY, TODAY + DAY, "course"))
        stored_sessions.add_session(store.connection, session)
        expected = store.me(amina.id, TODAY)

    with counting(database) as counted, reading(database) as connection:
        found = stored_sessions.session_me(connection, Office(), session.id_hash, NOW)

    assert found == stored_sessions.SessionMe(expected, "Northlea", NOW)
    assert found
    assert found.me.leading == {"headteacher", "cluster_lead"}
    assert found.me.managing == {"cluster_lead"}
    assert found.me.designing == {"cluster_lead"}
    assert expected.covered_people == {away.id, resting.id}
    assert [each.role for each in expected.covered] == ["cluster_lead"]
    assert len(counted.statements) == 1
    assert counted.commits == 0


def test_somebody_without_any_post_can_be_signed_in(database: Database) -> None:
    amina = person()
    session = session_of(amina)
    known(database, amina)
    with transaction(database) as store:
        stored_sessions.add_session(store.connection, session)

    with reading(database) as connection:
        found = stored_sessions.session_me(connection, Office(), session.id_hash, NOW)

    assert found
    assert found.me.person == amina
    assert found.me.posts == ()


def test_a_session_that_ran_out_or_was_ended_lets_nobody_in(database: Database) -> None:
    amina, left = person("Amina"), person("Left", active=False)
    known(database, amina, left)
    sessions = [
        session_of(amina, idle_ends_at=NOW),
        session_of(amina, ends_at=NOW),
        session_of(amina, revoked_at=NOW - HOUR),
        session_of(left),
    ]
    with transaction(database) as store:
        for session in sessions:
            stored_sessions.add_session(store.connection, session)

    with reading(database) as connection:
        found = [stored_sessions.session_me(connection, Office(), session.id_hash, NOW) for session in sessions]
        owner = stored_sessions.owner_of_session(connection, sessions[0].id_hash)

    assert found == [None] * 4
    assert owner == amina.id


def test_ending_sessions_ends_those_of_one_person(database: Database) -> None:
    amina, other = person("Amina"), person("Other")
    known(database, amina, other)
    mine, hers = [session_of(amina), session_of(amina)], session_of(other)
    with transaction(database) as store:
        for session in (*mine, hers):
            stored_sessions.add_session(store.connection, session)
        stored_sessions.end_sessions(store.connection, amina.id, NOW)

    with reading(database) as connection:
        found = [stored_sessions.session_me(connection, Office(), each.id_hash, NOW + HOUR) for each in (*mine, hers)]

    assert [each is not None for each in found] == [False, False, True]


def test_being_seen_puts_off_the_end(database: Database) -> None:
    amina = person()
    session = session_of(amina)
    known(database, amina)
    with transaction(database) as store:
        stored_sessions.add_session(store.connection, session)
        stored_sessions.seen(store.connection, session.id_hash, NOW + HOUR, NOW + 3 * HOUR)

    with reading(database) as connection:
        found = stored_sessions.session_me(connection, Office(), session.id_hash, NOW + 2 * HOUR)

    assert found
    assert found.seen_at == NOW + HOUR


def test_a_password_is_found_by_address_and_can_be_changed(database: Database) -> None:
    amina, left = person("Amina"), person("Left", active=False)
    known(database, amina, left)
    with transaction(database) as store:
        for number, somebody in enumerate((amina, left, amina)):
            accounts.set_password(store.connection, somebody.id, f"hash {number}", NOW)

    with reading(database) as connection:
        found = accounts.account_by_email(connection, " AMINA@example.org")
        gone = accounts.account_by_email(connection, "left@example.org")
        anybody = accounts.anybody(connection)

    assert found
    assert (found.person_id, found.password_hash) == (amina.id, "hash 2")
    assert gone is None
    assert anybody == "amina@example.org"


def test_a_link_is_used_once_however_many_press_at_the_same_moment(database: Database) -> None:
    amina = person()
    known(database, amina)
    with transaction(database) as store:
        accounts.add_link(store.connection, Link("hash", amina.id, LinkKind.RESET, NOW, NOW + HOUR))
    used: list[bool] = []

    def press() -> None:
        with transaction(database) as store:
            used.append(accounts.use_link(store.connection, "hash", LinkKind.RESET, NOW))

    threads = [Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(used) == [False] * 5 + [True]


def test_a_link_is_good_for_its_kind_its_time_and_its_person(database: Database) -> None:
    amina, left = person("Amina"), person("Left", active=False)
    known(database, amina, left)
    with transaction(database) as store:
        accounts.add_link(store.connection, Link("good", amina.id, LinkKind.RESET, NOW, NOW + HOUR))
        accounts.add_link(store.connection, Link("left", left.id, LinkKind.RESET, NOW, NOW + HOUR))

    with transaction(database) as store:
        look = store.connection
        assert accounts.person_of_link(look, "good", LinkKind.RESET, NOW) == amina
        assert accounts.person_of_link(look, "good", LinkKind.INVITATION, NOW) is None
        assert accounts.person_of_link(look, "good", LinkKind.RESET, NOW + HOUR) is None
        assert accounts.person_of_link(look, "left", LinkKind.RESET, NOW) is None
        accounts.spend_links(look, amina.id, NOW)
        assert accounts.person_of_link(look, "good", LinkKind.RESET, NOW) is None


def test_tries_are_counted_in_windows_and_none_is_lost(database: Database) -> None:
    counts: list[int] = []

    def guess() -> None:
        with transaction(database) as store:
            counts.append(throttle.count_try(store.connection, "key", NOW, WINDOW))

    threads = [Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction(database) as store:
        later = throttle.count_try(store.connection, "key", NOW + WINDOW, WINDOW)
        again = throttle.count_try(store.connection, "key", NOW + WINDOW + HOUR / 60, WINDOW)
        throttle.take_back_try(store.connection, "key")
        taken_back = throttle.count_try(store.connection, "key", NOW + WINDOW + HOUR / 60, WINDOW)
        throttle.forget_tries(store.connection, "key")
        fresh = throttle.count_try(store.connection, "key", NOW + WINDOW + HOUR / 60, WINDOW)

    assert sorted(counts) == list(range(1, 9))
    assert (later, again, taken_back, fresh) == (1, 2, 2, 1)


def test_what_ran_out_is_forgotten_and_what_holds_is_kept(database: Database) -> None:
    amina = person()
    known(database, amina)
    with transaction(database) as store:
        for ends in (NOW - 3 * DAY, NOW - DAY, NOW + DAY):
            stored_sessions.add_session(store.connection, session_of(amina, id_hash=str(ends), ends_at=ends))
            accounts.add_link(store.connection, Link(str(ends), amina.id, LinkKind.RESET, NOW - 9 * DAY, ends))
        throttle.count_try(store.connection, "old", NOW - HOUR, WINDOW)
        accounts.tidy(store.connection, NOW, 2 * DAY, WINDOW)

    with reading(database) as connection:
        owner, ended = stored_sessions.owner_of_session, (NOW - 3 * DAY, NOW - DAY, NOW + DAY)
        owners = [owner(connection, str(ends)) for ends in ended]

    assert owners == [None, amina.id, amina.id]


def test_whom_the_demo_lets_one_be(database: Database) -> None:
    trust_wide, head, real = person("Chief"), person("Head"), person("Real")
    made_up = [replace(each, email=f"{each.name.lower()}@northlea.example") for each in (trust_wide, head)]
    here, coast = school("Oakfield Primary"), Cluster(uuid4(), "Coast")
    session = session_of(head)
    known(database, *made_up, real)
    with transaction(database) as store:
        store.add_cluster(coast)
        store.add_schools([here])
        store.save_roles([Role("headteacher", "Headteacher"), Role("chief_executive", "Chief executive")])
        store.add_post(post(made_up[0], "chief_executive"))
        store.add_post(post(made_up[1], "headteacher", at_school(here.id)))
        stored_sessions.add_session(store.connection, session)

    with reading(database) as connection:
        picks = accounts.picks(connection, TODAY, ".example")
        picked = accounts.pick_of_session(connection, session.id_hash, ".example")
        nobody = accounts.pick_of_session(connection, session.id_hash, ".other")

    assert {(pick.person.name, pick.role, pick.place) for pick in picks} == {
        ("Chief", "Chief executive", None),
        ("Head", "Headteacher", "Oakfield Primary"),
    }
    assert picked == made_up[1]
    assert nobody is None


def test_mail_goes_to_whoever_is_still_there(database: Database) -> None:
    amina, left = person("Amina"), person("Left", active=False)
    known(database, amina, left)

    with reading(database) as connection:
        found = [accounts.addressee(connection, each.id) for each in (amina, left)]

    assert found == [accounts.Addressee("amina@example.org", "Northlea"), None]
