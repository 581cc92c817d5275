"""`headway people`: the first administrator, and invitations when nobody can sign in to send them."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.trust import people as commands
from engine.errors import BadDetails, NotFound
from engine.model.access import LinkKind
from engine.model.calendar import LONDON
from engine.model.people import TRUST_WIDE, Person, Scope, ScopeKind
from engine.model.role_names import key_of, near
from engine.model.wording import in_a_row, quoted
from storage.database import transaction
from storage.store.sql_store import SqlStore
from web.access import links
from web.cli.common import begin, opened, say
from web.context.settings import Settings
from web.context.utc import utc_now


def people(asked: Namespace) -> int:
    """Add somebody, or invite them again."""
    with opened() as trust:
        chosen = trust.settings
        with transaction(trust.database) as store:
            begin(store)
            person = _add(store, asked) if asked.does == "add" else _known(store, asked.EMAIL)
            address = links.send(store, chosen, person, LinkKind.INVITATION, utc_now())
    _tell(chosen, person, address)
    return 0


def _add(store: SqlStore, asked: Namespace) -> Person:
    """The person, with the role they were asked to hold from today."""
    person = commands.add_person(store, None, asked.NAME, asked.EMAIL, asked.administrator)
    if not asked.role and (asked.school or asked.trust):
        raise BadDetails({"role": "Say which role with --role, such as --role headteacher"})
    if asked.role:
        now, role = utc_now(), _role(store, asked.role)
        scope = TRUST_WIDE if asked.trust else _scope(store, asked.school)
        commands.give_post(store, None, person.id, role, scope, now.astimezone(LONDON).date(), None, now)
    return person


def _role(store: SqlStore, name: str) -> str:
    """The key of a role, from its key or any name that it goes by."""
    roles = store.roles()
    key = key_of(name, roles)
    if key is None:
        close = [f"{key_of(label, roles)} ({label})" for label in near(name, roles)]
        hint = f"Did you mean {in_a_row(close, 'or')}?" if close else f"There are: {', '.join(roles)}"
        raise BadDetails({"role": f"{quoted(name)} is no role here. {hint}"})
    return key


def _scope(store: SqlStore, urn: str | None) -> Scope:
    if not urn:
        raise BadDetails({"place": "Say where they hold the role: --school with its URN, or --trust"})
    school = next((each for each in store.schools() if each.urn == urn), None)
    if school is None:
        raise BadDetails({"place": f"No open school has the URN {urn}. Import schools with: headway import gias"})
    return Scope(ScopeKind.SCHOOL, school.id)


def _known(store: SqlStore, email: str) -> Person:
    person = store.person_by_email(email)
    if person is None:
        raise NotFound("Nobody with this email address is known. Add them with: headway people add")
    return person


def _tell(chosen: Settings, person: Person, address: str) -> None:
    say(f"{person.name} can choose a password at this address, once, within 7 days:")
    say(address)
    if chosen.smtp_url:
        say(f"The same goes to {person.email} by mail.")
