"""Every way a request can be refused. The docstring is the sentence people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from engine.model.fault import Fault


class Refused(Exception):
    """This cannot be done."""

    step: str | None = None  # of the procedure, where something it says could not be carried out

    def __init__(self, sentence: str = "") -> None:
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        super().__init__(self.sentence)


@contextmanager
def at_step(step: str) -> Iterator[None]:
    """Whatever is refused inside tells at which step of the procedure that was."""
    try:
        yield
    except Refused as refusal:
        refusal.step = refusal.step or step
        raise


class NotFound(Refused):
    """We cannot find that. It may have been closed, or the address may be wrong."""


class NotAllowed(Refused):
    """Your role does not let you do this."""


class WouldCloseMany(Refused):
    """This file would close more than a fifth of the open schools. If that is right, say so with --close."""


class AlreadyDone(Refused):
    """Someone has already completed this task."""

    def __init__(self, sentence: str = "", *, by: str = "", at: datetime | None = None) -> None:
        super().__init__(sentence)
        self.by = by
        self.at = at


class AlreadyClaimed(Refused):
    """A colleague has taken this task."""


class CaseMovedOn(Refused):
    """The case moved on while you were working. Look at it again before you go on."""


class CaseNotOpen(Refused):
    """This case is paused or has ended, so its tasks cannot be done."""


class CaseStuck(Refused):
    """This step could not be carried out, so nothing was changed. An administrator can see why."""


UNREADABLE = (
    "What Headway keeps of where this case rests cannot be read, so the case cannot go on. Its answers and files are"
    " kept. Ask whoever looks after Headway to bring it back from a backup, or stop the case and start it again."
)


class BadAnswers(Refused):
    """Some answers need another look."""

    def __init__(self, messages: Mapping[str, Sequence[str]]) -> None:
        """messages: question path (`key`, `list[0].key`) -> sentences about it."""
        super().__init__()
        self.messages = {path: list(sentences) for path, sentences in messages.items()}


class UnknownAnswers(Refused):
    """The page sent answers to questions that this form does not ask."""


class BadFile(Refused):
    """This file cannot be read."""


class TooLarge(Refused):
    """This file is too large."""


class BadProcedure(Refused):
    """This procedure cannot be published yet."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


class ExpressionStopped(Refused):
    """A rule in this procedure could not be worked out."""


class WordRefused(Refused):
    """The procedure asked for something that could not be carried out."""


BROKEN = (CaseStuck, ExpressionStopped, WordRefused)  # the procedure failed, not the person


class AlreadyPublished(Refused):
    """This version of the procedure has been published already."""


class AlreadyHolds(Refused):
    """This person holds that role there already."""


class AlreadyKnown(Refused):
    """Someone with this email address is known already."""


class NeedsAReason(Refused):
    """Give a reason, so that others can understand the decision later."""


class BadDetails(Refused):
    """Some details need another look."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        """messages: field name -> sentence."""
        super().__init__()
        self.messages = dict(messages)


class SignedOut(Refused):
    """You have been signed out. Sign in again to go on; what you typed is kept."""


class WrongPassword(Refused):
    """The email address or the password is not right."""


class TooManyTries(Refused):
    """There were too many tries to sign in. Wait 15 minutes and try again."""


class LinkUsed(Refused):
    """This link has been used or has run out. Ask for a new one."""


class StaleForm(Refused):
    """This page was open too long or came from another site. Check your answers and send them again."""


class Unavailable(Refused):
    """Headway cannot reach its records at the moment. Nothing you typed is lost: try again in a minute."""
