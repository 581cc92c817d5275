"""Mail addresses, read by one strict reader: one address, of one person, that any mail server takes."""

from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from engine.model.text import one_line

LONGEST = 254  # characters, by RFC 5321
RIGHT = "Enter an email address in the correct format"
LIKE = f"{RIGHT}, like name@example.com"
TOO_LONG = f"{RIGHT}: it must be {LONGEST} characters or fewer"
FOREIGN = f"{RIGHT}: before the @ sign it must have no accents, only letters from a to z, numbers and signs"


class BadAddress(ValueError):
    """It is no address that mail can be sent to. The message says what to enter."""


@dataclass(frozen=True)
class Address:
    """One mail address, as people write it and as mail servers do."""

    shown: str  # with the domain's own letters
    wire: str  # the domain in ASCII (IDNA)


def read_address(typed: str) -> Address:
    """The address that was typed. No network is asked. Raises BadAddress."""
    text = one_line(typed)
    if len(text) > LONGEST:
        raise BadAddress(TOO_LONG)
    if not text.partition("@")[0].isascii():
        raise BadAddress(FOREIGN)
    try:
        found = validate_email(
            text, allow_smtputf8=False, strict=True, check_deliverability=False, globally_deliverable=False
        )
    except EmailNotValidError as error:
        raise BadAddress(LIKE) from error
    if "." not in found.domain:
        raise BadAddress(LIKE)
    return Address(found.normalized, str(found.ascii_email))


def address_key(typed: str) -> str:
    """The form in which two addresses are compared; of what is no address, what can be seen of it."""
    try:
        return read_address(typed).shown.casefold()
    except BadAddress:
        return one_line(typed).casefold()
