"""Links sent by mail: an invitation, or a way back in. Good once, and not for long.

The secret part is worked out from a random seed and the secret key. The seed travels in the mail's job, and the
database keeps a hash of the result: whoever reads the database alone, or a copy of it, cannot make the link.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from engine.model.access import Link, LinkKind
from engine.model.casework import Job, JobKind
from engine.model.people import Person
from storage.access import accounts
from storage.store.sql_store import SqlStore
from web.context.settings import Settings

LASTS = {LinkKind.INVITATION: timedelta(days=7), LinkKind.RESET: timedelta(hours=2)}
PATHS = {LinkKind.INVITATION: "invitation", LinkKind.RESET: "reset"}
SUBJECTS = {LinkKind.INVITATION: "Your invitation to Headway", LinkKind.RESET: "Choose a new password for Headway"}
TEXTS = {
    LinkKind.INVITATION: (
        "Hello {name},\n\nyou have been invited to Headway, where {trust} runs its procedures. "
        "Open this link to choose your password:\n\n{link}\n\nIt works once, within 7 days."
    ),
    LinkKind.RESET: (
        "Hello {name},\n\nsomebody, probably you, asked for a new password for Headway. "
        "Open this link to choose one:\n\n{link}\n\nIt works once, within 2 hours. "
        "If it was not you, you need do nothing."
    ),
}


def send(store: SqlStore, settings: Settings, person: Person, kind: LinkKind, now: datetime) -> str:
    """Make a link and the mail that carries it, in one transaction with what it is for. Returns its address."""
    seed = secrets.token_hex(16)
    link = Link(token_hash(secret(settings.secret_key, seed)), person.id, kind, now, now + LASTS[kind])
    accounts.add_link(store.connection, link)
    text = TEXTS[kind].format(name=person.name, trust=store.trust().name, link="{link}")
    payload = {"person": str(person.id), "subject": SUBJECTS[kind], "text": text, "link": [PATHS[kind], seed]}
    store.add_jobs([Job(uuid4(), JobKind.MAIL, f"mail:link:{uuid4()}", now, payload)])
    return address(settings, PATHS[kind], seed)


def address(settings: Settings, path: str, seed: str) -> str:
    """What the person opens."""
    return f"{settings.public_url}/{path}/{secret(settings.secret_key, seed)}"


def secret(secret_key: str, seed: str) -> str:
    """The part of the address that nobody can guess."""
    digest = hmac.new(secret_key.encode(), b"link:" + seed.encode(), sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def token_hash(secret_part: str) -> str:
    """What the database keeps of it."""
    return sha256(secret_part.encode()).hexdigest()
