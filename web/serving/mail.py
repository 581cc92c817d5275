"""Sending what has to leave the house: mail over SMTP. Outside any transaction, with the job's key on every try."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

from engine.model.casework import Job
from engine.model.text import clean, one_line
from engine.readers.addresses import BadAddress, read_address
from storage.access import accounts
from storage.database import reading
from web.access import links
from web.context.settings import LOOPBACK, Settings
from web.context.trusts import OpenTrust

NO_ADDRESS = "The email address is not one that mail can be sent to. Correct it on the person's page."
ENCODED_WORD = "=?"  # begins a word that mail programs decode (RFC 2047)
TIMEOUT = 20.0  # seconds, for each step of talking to the mail server
FOOT = "\n\n-- \nHeadway sent this because of your work at {trust}. Please do not answer it.\n"


class NotDelivered(Exception):
    """It could not be sent; the reason names no person. for_good: no later try can do better."""

    def __init__(self, reason: str, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


@dataclass(frozen=True)
class Mail:
    """One message to one person. `key`: the same on every try, so that a repeat can be told."""

    key: str
    address: str
    subject: str
    text: str


class Postman:
    """Carries deliveries for a while over one connection: greeting a mail server and signing in can take longer than
    the message. It is opened with the first message, and again when the server has hung up in between.
    """

    def __init__(self, trust: OpenTrust) -> None:
        self._trust = trust
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Postman:
        """Nothing is opened yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        if self._server:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()

    def deliver(self, job: Job, now: datetime) -> bool:
        """Send a mail job's message. False: its person has left, so there is nobody to send it to.

        Raises NotDelivered.
        """
        mail = _mail(self._trust, job)
        if mail is None:
            return False
        settings = self._trust.settings
        message = compose(settings, mail, now)
        if settings.smtp_url:
            with _refusals():
                self._send(settings.smtp_url, message)
        else:
            _put_down(settings, mail, message)
        return True

    def _send(self, smtp_url: str, message: EmailMessage) -> None:
        sender = parseaddr(str(message["From"]))[1]
        if self._server is None or not _listens(self._server):
            self._server = _connect(urlsplit(smtp_url))
        try:
            self._server.send_message(message, from_addr=sender, to_addrs=[message["To"].addresses[0].addr_spec])
        except (smtplib.SMTPException, OSError):
            self._server.close()  # whatever state it is in, the next message does not depend on it
            self._server = None
            raise


def _listens(server: smtplib.SMTP) -> bool:
    try:
        return server.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        server.close()
        return False


def _mail(trust: OpenTrust, job: Job) -> Mail | None:
    with reading(trust.database) as connection:
        to = accounts.addressee(connection, UUID(job.payload["person"]))
    if to is None:
        return None
    text = _text(trust.settings, job.payload) + FOOT.format(trust=to.trust_name)
    return Mail(job.key, _address(to.email), str(job.payload["subject"]), text)


def _address(email: str) -> str:
    """Where mail servers take it. Raises NotDelivered for what was kept before addresses were read strictly."""
    try:
        return read_address(email).wire
    except BadAddress as error:
        raise NotDelivered(NO_ADDRESS, for_good=True) from error


def _text(settings: Settings, payload: Mapping[str, Any]) -> str:
    """The text, with the address of what it is about."""
    text = str(payload["text"])
    if "link" in payload:
        path, seed = payload["link"]
        return text.replace("{link}", links.address(settings, path, seed))
    for noun, path in (("task", "tasks"), ("case", "cases")):
        if payload.get(noun):
            return f"{text}\n\nSee it in Headway: {settings.public_url}/{path}/{payload[noun]}"
    return text


def compose(settings: Settings, mail: Mail, now: datetime) -> EmailMessage:
    """The message, with an identity that follows from its key."""
    message = EmailMessage()
    host = urlsplit(settings.public_url).hostname or "localhost"
    _put(message, "From", *parseaddr(settings.mail_from))
    message["To"] = Address(addr_spec=mail.address)
    _put(message, "Subject", one_line(mail.subject))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{sha256(mail.key.encode()).hexdigest()[:40]}@{host}>"
    message["Idempotency-Key"] = mail.key
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(clean(mail.text))
    return message


def _put(message: EmailMessage, name: str, text: str, address: str = "") -> None:
    """A header that every reader shows as this very text: one that looks encoded already is encoded once more."""
    if ENCODED_WORD in text:
        encoded = Header(text, "utf-8", header_name=name).encode(linesep="\n")
        message.set_raw(name, f"{encoded}\n <{address}>" if address else encoded)
    else:
        message[name] = Address(text, addr_spec=address) if address else text


@contextmanager
def _refusals() -> Iterator[None]:
    """What the mail server says, in words that name nobody."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        raise NotDelivered(f"The mail server refused the address ({', '.join(map(str, codes))}).") from error
    except smtplib.SMTPResponseException as error:
        raise NotDelivered(f"The mail server said no ({error.smtp_code}).") from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(f"The mail server could not be reached ({type(error).__name__}).") from error


def _connect(parts: SplitResult) -> smtplib.SMTP:
    """A connection that is safe to say a password on; `?tls=no` in its address is for a relay of one's own."""
    host, safe = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=safe)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
    try:
        if parts.scheme == "smtp" and host not in LOOPBACK and parts.query != "tls=no":
            server.starttls(context=safe)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _put_down(settings: Settings, mail: Mail, message: EmailMessage) -> None:
    """Without a mail server: into a folder, where whoever tries Headway out can read it."""
    settings.mail_dir.mkdir(parents=True, exist_ok=True)
    name = sha256(mail.key.encode()).hexdigest()[:16]
    (settings.mail_dir / f"{name}.eml").write_bytes(message.as_bytes())
