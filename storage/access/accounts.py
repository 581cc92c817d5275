"""Accounts, links and addresses. Secrets arrive here as hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    and_,
    delete,
    func,
    select,
    update,
)

from engine.model.access import Account, Link, LinkKind
from engine.model.people import Person
from engine.readers.addresses import address_key
from storage.store.keeper import columns, upsert, values
from storage.store.people import PERSON
from storage.tables import (
    accounts,
    clusters,
    links,
    people,
    posts,
    roles,
    schools,
    sessions,
    throttle,
    trust,
)

ACCOUNT = columns(accounts, Account)


@dataclass(frozen=True)
class Pick:
    """Somebody the demo lets you be, with a role they hold today, if any, and where."""

    person: Person
    role: str | None
    place: str | None


@dataclass(frozen=True)
class Addressee:
    """Where to write to somebody."""

    email: str
    trust_name: str


def account_by_email(connection: Connection, email: str) -> Account | None:
    """The account of an active person with this address, upper or lower case."""
    wanted = (
        select(*ACCOUNT)
        .join_from(accounts, people, people.c.id == accounts.c.person_id)
        .where(people.c.email_key == address_key(email), people.c.active)
    )
    row = connection.execute(wanted).first()
    return Account(*row) if row else None


def set_password(connection: Connection, person_id: UUID, password_hash: str, now: datetime) -> None:
    """Give somebody a password, their first or a new one."""
    changed = {"password_hash": password_hash, "changed_at": now}
    written = upsert(connection.dialect.name, accounts).values(person_id=person_id, **changed)
    connection.execute(written.on_conflict_do_update(index_elements=[accounts.c.person_id], set_=changed))


def renew_password_hash(connection: Connection, person_id: UUID, before: str, after: str) -> None:
    """The same password kept better. One that was changed meanwhile stays as it is."""
    held = (accounts.c.person_id == person_id) & (accounts.c.password_hash == before)
    connection.execute(update(accounts).where(held).values(password_hash=after))


def add_link(connection: Connection, link: Link) -> None:
    """Write down a link that was made."""
    connection.execute(links.insert().values(values(link)))


def person_of_link(connection: Connection, token_hash: str, kind: LinkKind, now: datetime) -> Person | None:
    """The active person a link lets in, while it is good."""
    wanted = (
        select(*PERSON)
        .join_from(links, people, people.c.id == links.c.person_id)
        .where(_good(token_hash, kind, now), people.c.active)
    )
    row = connection.execute(wanted).first()
    return Person(*row) if row else None


def use_link(connection: Connection, token_hash: str, kind: LinkKind, now: datetime) -> bool:
    """Use a link up. False when somebody else has, or it has run out."""
    used = connection.execute(update(links).where(_good(token_hash, kind, now)).values(used_at=now))
    return used.rowcount == 1


def spend_links(connection: Connection, person_id: UUID, now: datetime) -> None:
    """Whatever links somebody still has are good no more: they have just chosen a password."""
    these = and_(links.c.person_id == person_id, links.c.used_at.is_(None))
    connection.execute(update(links).where(these).values(used_at=now))


def _good(token_hash: str, kind: LinkKind, now: datetime) -> Any:
    return and_(
        links.c.token_hash == token_hash, links.c.kind == kind, links.c.used_at.is_(None), links.c.expires_at > now
    )


def tidy(connection: Connection, now: datetime, keep: timedelta, window: timedelta) -> None:
    """Forget sessions and links that ran out so long ago, and counters whose window is over."""
    connection.execute(delete(sessions).where(sessions.c.ends_at < now - keep))
    connection.execute(delete(links).where(links.c.expires_at < now - keep))
    connection.execute(delete(throttle).where(throttle.c.began_at < now - window))


def anybody(connection: Connection) -> str | None:
    """The address of somebody who can sign in, an administrator if there is one, for whoever starts the server."""
    wanted = (
        select(people.c.email)
        .join_from(people, accounts, accounts.c.person_id == people.c.id)
        .where(people.c.active)
        .order_by(people.c.administrator.desc(), people.c.name)
    )
    return connection.execute(wanted.limit(1)).scalar()


def addressee(connection: Connection, person_id: UUID) -> Addressee | None:
    """Where to write to an active person. None: they have left."""
    trust_name = func.coalesce(select(trust.c.name).scalar_subquery(), "")
    wanted = select(people.c.email, trust_name).where(people.c.id == person_id, people.c.active)
    row = connection.execute(wanted).first()
    return Addressee(*row) if row else None


def picks(connection: Connection, day: date, email_ending: str) -> list[Pick]:
    """Active people with an address of this ending and the posts they hold on the day: trust, clusters, schools."""
    held = and_(posts.c.person_id == people.c.id, posts.c.from_on <= day, func.coalesce(posts.c.to_on, day) >= day)
    place = func.coalesce(clusters.c.name, schools.c.name)
    wanted = (
        select(*PERSON, roles.c.label, place)
        .join_from(people, posts, held, isouter=True)
        .join(roles, roles.c.key == posts.c.role, isouter=True)
        .join(clusters, clusters.c.id == posts.c.scope_id, isouter=True)
        .join(schools, schools.c.id == posts.c.scope_id, isouter=True)
        .where(people.c.active, people.c.email_key.endswith(email_ending, autoescape=True))
        .order_by(clusters.c.name.is_(None), place, roles.c.place, people.c.name)
    )
    return [Pick(Person(*row[: len(PERSON)]), *row[len(PERSON) :]) for row in connection.execute(wanted)]


def pick_of_session(connection: Connection, id_hash: str, email_ending: str) -> Person | None:
    """Whose session this is or was, if they are one of those the demo lets you be."""
    wanted = (
        select(*PERSON)
        .join_from(sessions, people, people.c.id == sessions.c.person_id)
        .where(sessions.c.id_hash == id_hash, people.c.active)
        .where(people.c.email_key.endswith(email_ending, autoescape=True))
    )
    row = connection.execute(wanted).first()
    return Person(*row) if row else None
