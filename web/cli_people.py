"""`headway people`: the first administrator, and invitations when nobody can sign in to send them."""

from __future__ import annotations

from argparse import Namespace

from engine.commands import people as commands
from engine.errors import NotFound
from engine.model.people import Person
from storage.access_nouns import LinkKind
from storage.database import transaction
from storage.store import SqlStore
from web import links
from web.cli import say
from web.cli_trust import begin, opened
from web.moment import utc_now
from web.settings import Settings


def people(asked: Namespace) -> int:
    """Add somebody, or invite them again."""
    with opened() as trust:
        chosen = trust.settings
        with transaction(trust.database) as store:
            begin(store)
            if asked.does == "add":
                person = commands.add_person(store, None, asked.NAME, asked.EMAIL, asked.administrator)
            else:
                person = _known(store, asked.EMAIL)
            address = links.send(store, chosen, person, LinkKind.INVITATION, utc_now())
    _tell(chosen, person, address)
    return 0


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
