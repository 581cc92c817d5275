"""Mail over a real SMTP server: what it says, how repeats are told, and what happens when it fails."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from engine.errors import NotFound
from engine.model.access import LinkKind
from engine.model.casework import Job, JobKind
from engine.model.people import Person
from storage import job_queue
from storage.database import transaction
from tests.web.site import Site
from web.access import links
from web.serving import ticks
from web.serving.mail import NO_ADDRESS, NotDelivered, Postman


@dataclass
class PostOffice:
    """A mail server that keeps what it takes, and can be told to refuse."""

    mail: list[EmailMessage] = field(default_factory=list)
    callers: set[tuple[str, int]] = field(default_factory=set)  # the other end of each connection
    lines: list[Any] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    says: str = "250 OK"
    says_to_address: str = "250 OK"
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name for it
        self, server: Any, session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.callers.add(session.peer)
        self.lines.append(server)
        if self.says_to_address.startswith("250"):
            envelope.rcpt_tos.append(address)
            self.rcpt.append(address)
        return self.says_to_address

    def hangs_up(self) -> None:
        """As servers do whose caller is silent for long."""
        for line in self.lines:
            line.loop.call_soon_threadsafe(line.transport.close)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.says.startswith("250"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.mail.append(message_from_bytes(content, policy=policy.default))
        return self.says


@contextmanager
def opened(host: str = "127.0.0.1") -> Iterator[PostOffice]:
    """A post office on a free port."""
    with socket.create_server((host, 0)) as free:
        port = free.getsockname()[1]
    office = PostOffice(port=port)
    controller = Controller(office, hostname=host, port=port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """One that is open during the test."""
    with opened() as office:
        yield office


@pytest.fixture
def posting(sites: Callable[..., Site], office: PostOffice) -> Site:
    """A site that sends its mail there."""
    return sites(SMTP_URL=f"smtp://127.0.0.1:{office.port}", MAIL_FROM="Headway <headway@northlea.example>")


def mail_job(site: Site, person: Person, **payload: Any) -> Job:
    """A message to a person, due now."""
    facts = {"person": str(person.id), "subject": "Give an account", "text": "It is due on Friday.", **payload}
    job = Job(uuid4(), JobKind.MAIL, f"mail:{uuid4()}", site.clock(), facts)
    with transaction(site.trust.database) as store:
        store.add_jobs([job])
    return job


def found(site: Site, job: Job) -> Job:
    with transaction(site.trust.database) as store:
        return store.job(job.id)


def gone(site: Site, job: Job) -> bool:
    try:
        found(site, job)
    except NotFound:
        return True
    return False


def deliver(site: Site, job: Job, now: datetime) -> None:
    """One message on its own."""
    with Postman(site.trust) as postman:
        postman.deliver(job, now)


def tick(site: Site) -> int:
    """One ring of the clock for what is to be sent."""
    return ticks.send(site.trust, site.clock, Event())


def test_a_message_reaches_its_person(posting: Site, office: PostOffice) -> None:
    amina = posting.person("Amina Head")
    task = UUID(int=7)
    job = mail_job(posting, amina, task=str(task), case=str(UUID(int=8)))

    tried = tick(posting)

    (mail,) = office.mail
    assert tried == 1
    assert mail["From"] == "Headway <headway@northlea.example>"
    assert mail["To"] == "amina.head@northlea.example"
    assert mail["Subject"] == "Give an account"
    assert mail["Date"] == "Mon, 02 Nov 2026 09:30:00 +0000"
    assert mail["Idempotency-Key"] == job.key
    assert mail["Auto-Submitted"] == "auto-generated"
    lines = mail.get_content().splitlines()
    assert lines[0] == "It is due on Friday."
    assert lines[2] == f"See it in Headway: https://headway.example.org/tasks/{task}"
    assert "your work at Northlea Schools Trust" in lines[-1]
    assert gone(posting, job)


def test_every_try_of_one_message_carries_the_same_identity(posting: Site, office: PostOffice) -> None:
    amina = posting.person("Amina Head")
    first, other = mail_job(posting, amina), mail_job(posting, amina)

    for job in (first, first, other):
        deliver(posting, job, posting.clock())
        posting.clock.passes(minutes=1)

    ids = [mail["Message-ID"] for mail in office.mail]
    assert ids[0] == ids[1] != ids[2]
    assert [mail["Idempotency-Key"] for mail in office.mail] == [first.key, first.key, other.key]


def test_nothing_typed_can_add_a_header(posting: Site, office: PostOffice) -> None:
    deliver(
        posting,
        mail_job(posting, posting.person("Amina Head"), subject="Hello\r\nBcc: everybody@northlea.example"),
        posting.clock(),
    )

    assert office.mail[0]["Subject"] == "Hello Bcc: everybody@northlea.example"
    assert office.mail[0]["Bcc"] is None


def test_a_name_with_accents_arrives_as_written(posting: Site, office: PostOffice) -> None:
    deliver(
        posting, mail_job(posting, posting.person("Amina Head"), subject="Zoë and Chloé", text="Zoë"), posting.clock()
    )

    assert office.mail[0]["Subject"] == "Zoë and Chloé"
    assert "Zoë" in office.mail[0].get_content()


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        ({"says": "451 try later"}, "The mail server said no (451)."),
        ({"says": "554 spam from amina"}, "The mail server said no (554)."),
        ({"says_to_address": "550 no amina here"}, "The mail server refused the address (550)."),
        ({"says_to_address": "450 busy"}, "The mail server refused the address (450)."),
    ],
)
def test_a_refused_message_is_tried_again_later_under_the_same_key(
    posting: Site, office: PostOffice, refusal: dict[str, str], reason: str
) -> None:
    job = mail_job(posting, posting.person("Amina Head"))
    for name, value in refusal.items():
        setattr(office, name, value)
    tick(posting)
    resting = found(posting, job)

    office.says = office.says_to_address = "250 OK"
    at_once = tick(posting)
    posting.clock.passes(minutes=1)
    later = tick(posting)

    assert (resting.attempts, resting.reason) == (1, reason)
    assert resting.run_at == job.run_at + timedelta(minutes=1)
    assert (at_once, later) == (0, 1)
    assert [mail["Idempotency-Key"] for mail in office.mail] == [job.key]
    assert gone(posting, job)


@pytest.mark.slow
def test_a_message_that_fails_again_and_again_stops_and_needs_attention(posting: Site, office: PostOffice) -> None:
    job = mail_job(posting, posting.person("Amina Head"))
    office.says = "451 not today"

    for _ in range(20):
        tick(posting)
        posting.clock.passes(days=1)

    stopped = found(posting, job)
    assert stopped.attempts == len(job_queue.DELIVERY_BACK_OFF) + 1
    assert stopped.stopped_at is not None
    assert stopped.reason == "The mail server said no (451)."


def test_messages_of_one_round_share_a_connection(posting: Site, office: PostOffice) -> None:
    amina = posting.person("Amina Head")
    for _ in range(5):
        mail_job(posting, amina)

    tick(posting)

    assert (len(office.mail), len(office.callers)) == (5, 1)


def test_one_message_that_is_refused_does_not_keep_the_others(posting: Site, office: PostOffice) -> None:
    amina = posting.person("Amina Head")
    first, second = (mail_job(posting, amina) for _ in range(2))
    office.says = "554 not this"

    with Postman(posting.trust) as postman:
        with pytest.raises(NotDelivered):
            postman.deliver(first, posting.clock())
        office.says = "250 OK"
        postman.deliver(second, posting.clock())

    assert [mail["Idempotency-Key"] for mail in office.mail] == [second.key]


def test_a_server_that_hangs_up_between_messages_is_called_again(sites: Callable[..., Site]) -> None:
    with opened() as office:
        site = sites(SMTP_URL=f"smtp://127.0.0.1:{office.port}", MAIL_FROM="headway@northlea.example")
        amina = site.person("Amina Head")
        with Postman(site.trust) as postman:
            postman.deliver(mail_job(site, amina), site.clock())
            office.hangs_up()
            postman.deliver(mail_job(site, amina), site.clock())

    assert (len(office.mail), len(office.callers)) == (2, 2)


def test_a_mail_server_that_is_away_is_no_disaster(sites: Callable[..., Site]) -> None:
    site = sites(SMTP_URL="smtp://127.0.0.1:9", MAIL_FROM="headway@northlea.example")
    job = mail_job(site, site.person("Amina Head"))

    with pytest.raises(NotDelivered, match=r"The mail server could not be reached \(ConnectionRefusedError\)\."):
        deliver(site, job, site.clock())


def test_no_password_or_text_is_said_to_a_server_without_encryption(sites: Callable[..., Site]) -> None:
    with opened("127.0.0.2") as office:  # an address that the settings do not know as this computer
        told = {"SMTP_URL": f"smtp://127.0.0.2:{office.port}", "MAIL_FROM": "headway@northlea.example"}
        careful, trusting = sites(**told), sites(**{**told, "SMTP_URL": told["SMTP_URL"] + "?tls=no"})

        with pytest.raises(NotDelivered, match="SMTPNotSupportedError"):
            deliver(careful, mail_job(careful, careful.person("Amina Head")), careful.clock())
        deliver(trusting, mail_job(trusting, trusting.person("Amina Head")), trusting.clock())

    assert len(office.mail) == 1


def test_whoever_has_left_is_written_to_no_more(posting: Site, office: PostOffice) -> None:
    job = mail_job(posting, posting.person("Left Longago", active=False))

    tick(posting)

    assert office.mail == []
    assert gone(posting, job)


def test_an_invitation_carries_a_link_that_works(posting: Site, office: PostOffice) -> None:
    amina = posting.person("Amina Head")
    with transaction(posting.trust.database) as store:
        address = links.send(store, posting.trust.settings, amina, LinkKind.INVITATION, posting.clock())

    tick(posting)

    text = office.mail[0].get_content()
    path = address.removeprefix("https://headway.example.org")
    assert address in text.splitlines()
    assert "{" not in text
    assert "Amina Head" in posting.browser().get(path).text


def test_without_a_mail_server_mail_is_put_into_a_folder(site: Site) -> None:
    job = mail_job(site, site.person("Amina Head"))

    tick(site)

    (mail,) = site.mail()
    assert "To: amina.head@northlea.example" in mail
    assert "It is due on Friday." in mail
    assert gone(site, job)


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?q?Bcc=3A_x?= hello", "Why =?", "=?=?=?", "=?iso-8859-1?Q?=E9?= Zoë",
        "\U0001f469\u200d\U0001f469", "a\r\n b\nBcc: x@y.org",
        "Zoë " * 60, "=?utf-8?b?" + "a" * 200, "x" * 1200, "=?utf-8?q?a?= " * 40, "“Quoted”: a, b; <c@d.org>",
    ],
)  # fmt: skip
def test_the_subject_arrives_as_the_very_text(posting: Site, office: PostOffice, subject: str) -> None:
    deliver(posting, mail_job(posting, posting.person("Amina Head"), subject=subject), posting.clock())

    (mail,) = office.mail
    assert str(mail["Subject"]) == " ".join(subject.split())
    assert mail["Bcc"] is None
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("name", ["=?utf-8?q?Bcc=3A_x?= Trust", "Zoë, Head", "Headway"])
def test_the_sender_is_named_by_the_very_text(sites: Callable[..., Site], office: PostOffice, name: str) -> None:
    quoted = f'"{name}"' if "," in name else name
    site = sites(SMTP_URL=f"smtp://127.0.0.1:{office.port}", MAIL_FROM=f"{quoted} <headway@northlea.example>")

    deliver(site, mail_job(site, site.person("Amina Head")), site.clock())

    (sender,) = office.mail[0]["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "headway@northlea.example")


def having(site: Site, email: str) -> Person:
    """Somebody who was kept with this address before addresses were read strictly."""
    person = replace(site.person("Amina Head"), email=email)
    with transaction(site.trust.database) as store:
        store.save_person(person)
    return person


def test_the_letters_of_a_domain_are_sent_as_mail_servers_take_them(posting: Site, office: PostOffice) -> None:
    deliver(posting, mail_job(posting, having(posting, "a@bücher.example")), posting.clock())

    assert office.rcpt == ["a@xn--bcher-kva.example"]
    assert office.mail[0]["To"] == "a@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "email", ["a,b@example.org", "ann@example.org.", "zoë@example.org", "ann@example.org\nBcc: b@c.org"]
)
def test_a_kept_address_that_is_not_one_is_said_to_be_so_and_not_tried_again(
    posting: Site, office: PostOffice, email: str
) -> None:
    job = mail_job(posting, having(posting, email))
    tick(posting)
    posting.clock.passes(days=2)

    assert tick(posting) == 0
    assert office.mail == []
    assert found(posting, job).stopped_at == posting.clock() - timedelta(days=2)
    assert found(posting, job).reason == NO_ADDRESS
